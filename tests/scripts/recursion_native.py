# Recursion through natives ends in an exception, never in a fault of the stack.
def through_sort():
    return sorted([1, 2], key=lambda x: through_sort())


def through_exec():
    exec("through_exec()")


def through_map():
    return "".join(map(lambda c: through_map(), "ab"))


def through_yield(n):
    yield from through_yield(n + 1)


class Endless:
    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other

    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __add__(self, other):
        return self + other

    def __hash__(self):
        return hash(self)

    def __call__(self):
        return self()

    def __len__(self):
        return len(self)


def check(name, action):
    try:
        action()
        print(name, "came back")
    except RuntimeError as error:
        print(name, error)


itself = {}
itself[1] = itself

check("sort", through_sort)  # expect: sort maximum recursion depth exceeded
check("exec", through_exec)  # expect: exec maximum recursion depth exceeded
check("map", through_map)  # expect: map maximum recursion depth exceeded
check("yield", lambda: next(through_yield(0)))  # expect: yield maximum recursion depth exceeded
check("repr", lambda: repr(Endless()))  # expect: repr maximum recursion depth exceeded
check("==", lambda: Endless() == 1)  # expect: == maximum recursion depth exceeded
check("+", lambda: Endless() + 1)  # expect: + maximum recursion depth exceeded
check("hash", lambda: hash(Endless()))  # expect: hash maximum recursion depth exceeded
check("call", lambda: Endless()())  # expect: call maximum recursion depth exceeded
check("len", lambda: len(Endless()))  # expect: len maximum recursion depth exceeded
check("dict", lambda: repr(itself))  # expect: dict maximum recursion depth exceeded
