# Chains of `yield from`: each item moves the innermost generator only.
def chain(depth, inner):
    if depth:
        result = yield from chain(depth - 1, inner)
        return result and result + [depth]
    return (yield from inner)


def echo(count):
    got = []
    for n in range(count):
        got.append((yield n))
    return got


def run(generator, *values):
    out = [next(generator)]
    try:
        for value in values:
            out.append(generator.send(value))
    except StopIteration as stop:
        out.append(stop.value)
    return out


print(list(chain(5, echo(4))))  # expect: [0, 1, 2, 3]
print(run(chain(3, echo(3)), "a", "b", "c"))  # expect: [0, 1, 2, ['a', 'b', 'c', 1, 2, 3]]
print(run(chain(3, iter([7, 8])), None, None))  # expect: [7, 8, None]


class Sendable:
    def __init__(self):
        self.seen = []

    def __iter__(self):
        return self

    def __next__(self):
        return "next"

    def send(self, value):
        self.seen.append(value)
        if value == "stop":
            raise StopIteration(self.seen)
        return value * 2


print(run(chain(2, Sendable()), "x", None, "stop"))  # expect: ['next', 'xx', 'next', ['x', 'stop', 1, 2]]


def failing():
    yield 1
    raise ValueError("inner")


def catching(generator):
    try:
        yield from generator
    except ValueError as error:
        yield "caught " + str(error)
    yield "after"


print(list(catching(chain(4, failing()))))  # expect: [1, 'caught inner', 'after']


def finishing(log, name, generator):
    try:
        yield from generator
    finally:
        log.append(name)


log = []
generator = finishing(log, "a", finishing(log, "b", finishing(log, "c", echo(9))))
print(next(generator), next(generator), log)  # expect: 0 1 []
generator.close()
print(log)  # expect: ['c', 'b', 'a']


def itself():
    def inner():
        yield 1
        next(outer)

    yield from inner()


outer = itself()
print(next(outer))  # expect: 1
try:
    next(outer)
except ValueError as error:
    print(error)  # expect: generator already executing

stopped = chain(2, failing())
next(stopped)
try:
    next(stopped)
except ValueError as error:
    print(error, list(stopped))  # expect: inner []


def leaf():
    total = 0
    while total < 6:
        total += yield total
    return total


def twice():
    first = yield from leaf()
    second = yield from leaf()
    return first, second


print(run(chain(0, twice()), 3, 3, 5, 1))  # expect: [0, 3, 0, 5, (6, 6)]


def thrown_into():
    while True:
        try:
            yield "ready"
        except TypeError as error:
            yield "got " + str(error)


generator = chain(3, thrown_into())
print(next(generator), generator.throw(TypeError("k")), next(generator))  # expect: ready got k ready
