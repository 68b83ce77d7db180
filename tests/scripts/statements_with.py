# with: entering, leaving, errors that are swallowed, several managers at once.

log = []


class Manager:
    def __init__(self, name, swallow=False, fail=None):
        self.name = name
        self.swallow = swallow
        self.fail = fail

    def __enter__(self):
        log.append("+" + self.name)
        if self.fail == "enter":
            raise OSError(self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        log.append("-" + self.name + (":" + kind.__name__ if kind else ""))
        if self.fail == "exit":
            raise OSError(self.name)
        return self.swallow


def run(what):
    del log[:]
    try:
        res = what()
    except Exception as error:
        res = type(error).__name__, error.args
    print(res, log)


def plain():
    with Manager("a") as name:
        return name


def many():
    with Manager("a") as x, Manager("b"), Manager("c") as z:
        log.append(x + z)
    return "end"


def raises(swallow):
    with Manager("a", swallow) as x, Manager("b") as y:
        raise KeyError(x + y)
    return "swallowed"


def failing(where):
    with Manager("a", True), Manager("b", fail=where):
        log.append("body")
    return "swallowed"


def loop():
    for i in range(4):
        with Manager(str(i)):
            if i == 1:
                continue
            if i == 2:
                break
    else:
        return "not here"
    return i


def both():
    try:
        with Manager("a"):
            try:
                return "value"
            finally:
                log.append("finally")
    finally:
        log.append("last")


run(plain)  # expect: A ['+a', '-a']
run(many)  # expect: end ['+a', '+b', '+c', 'AC', '-c', '-b', '-a']
run(lambda: raises(False))
# expect: ('KeyError', ('AB',)) ['+a', '+b', '-b:KeyError', '-a:KeyError']
run(lambda: raises(True))  # expect: swallowed ['+a', '+b', '-b:KeyError', '-a:KeyError']
run(lambda: failing("enter"))  # expect: swallowed ['+a', '+b', '-a:OSError']
run(lambda: failing("exit"))  # expect: swallowed ['+a', '+b', 'body', '-b', '-a:OSError']
run(loop)  # expect: 2 ['+0', '-0', '+1', '-1', '+2', '-2']
run(both)  # expect: value ['+a', 'finally', '-a', 'last']


# The target may be anything that can be assigned to.
class Box:
    pass


class Pair:
    def __enter__(self):
        return 1, [2, 3]

    def __exit__(self, *args):
        log.append(len(args))


box = Box()
del log[:]
log.append(None)
with Pair() as (box.x, [y, *z]), Manager("m") as log[0]:
    print(box.x, y, z)  # expect: 1 2 [3]
print(log)  # expect: ['M', '+m', '-m', 3]


def generate():
    with Manager("g"):
        yield 1
        yield 2


def closing():
    generator = generate()
    next(generator)
    generator.close()
    return "closed"


run(closing)  # expect: closed ['+g', '-g:GeneratorExit']


# What is no manager is not entered.
def nothing():
    with 5:
        log.append("never")


try:
    nothing()
except (AttributeError, TypeError):
    print("no manager", log)  # expect: no manager ['+g', '-g:GeneratorExit']
