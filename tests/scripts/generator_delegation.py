# Throwing and closing through `yield from`.


class Numbers:
    """An iterator that can be closed and thrown to."""

    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, thrown):
        print("thrown", thrown)
        return 2

    def close(self):
        print("closed")


def plain():
    yield from Numbers()


g = plain()
next(g)
print(g.throw(5))  # expect: thrown 5
# expect: 2
print(g.throw(ValueError))  # expect: thrown <class 'ValueError'>
# expect: 2
g.close()  # expect: closed


def inner():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("inner ends")
        return 3
    except KeyError as error:
        print("inner got", error)
        return 4


def outer():
    try:
        print("result", (yield from inner()))
        yield 5
    except GeneratorExit:
        print("outer ends")
        raise


g = outer()
print(next(g))  # expect: 1
g.close()  # expect: inner ends
# expect: outer ends
print(list(g))  # expect: []
g = outer()
next(g)
print(g.throw(KeyError("k")))  # expect: inner got k
# expect: result 4
# expect: 5


def over_range():
    yield from range(2)
    print("not reached")


g = over_range()
next(g)
try:
    g.throw(StopIteration)
except RuntimeError as error:
    print(error)  # expect: generator raised StopIteration
g = over_range()
next(g)
try:
    g.throw(7)
except TypeError:
    print("TypeError")  # expect: TypeError


# What is thrown may make the generator end before it gets there.
def once():
    yield 1


g = once()
next(g)


class Meddler(Exception):
    def __init__(self):
        list(g)


try:
    g.throw(Meddler)
except Meddler:
    print("Meddler")  # expect: Meddler


# A long chain of generators is a RuntimeError at worst.
def chain(n):
    if n:
        yield from chain(n - 1)
    else:
        yield "deep"


for depth in (10, 100000):
    try:
        g = chain(depth)
        print(next(g))  # expect: deep
        g.throw(ValueError)
    except ValueError:
        print("ValueError")  # expect: ValueError
    except RuntimeError:
        print("RuntimeError")  # expect: RuntimeError


def closes_itself():
    yield 1
    itself.close()
    yield 2


itself = closes_itself()
try:
    print(list(itself))
except ValueError as error:
    print(error)  # expect: generator already executing
