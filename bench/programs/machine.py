# A small machine that runs programs: dispatch by dict of bound methods, closures, exceptions.
# turns: 1500


class Halt(Exception):
    pass


class Machine:
    def __init__(self, program):
        self.program = program
        self.stack = []
        self.at = 0
        self.steps = 0
        self.actions = {
            "push": self.push,
            "add": self.add,
            "drop": self.drop,
            "jump": self.jump,
            "halt": self.halt,
        }

    def push(self, value):
        self.stack.append(value)

    def add(self, value):
        self.stack.append(self.stack.pop() + value)

    def drop(self, value):
        self.stack.pop()

    def jump(self, to):
        if self.stack[-1] < 50:
            self.at = to

    def halt(self, value):
        raise Halt(self.stack[-1])

    def run(self):
        try:
            while True:
                name, value = self.program[self.at]
                self.at += 1
                self.steps += 1
                self.actions[name](value)
        except Halt as halt:
            return halt.args[0]
        finally:
            self.stack = []


def counter():
    total = 0

    def more(n):
        nonlocal total
        total += n
        return total

    return more


def run(turns):
    more = counter()
    program = [("push", 0), ("add", 1), ("jump", 1), ("push", 7), ("drop", 0), ("halt", 0)]
    for _ in range(turns):
        machine = Machine(program)
        more(machine.run() + machine.steps)
    return more(0)
