# Lists, tuples and sets of what a generator yields, however it ends and whatever it does meanwhile.


def numbers(n):
    for i in range(n):
        sent = yield i
        assert sent is None


print(list(numbers(20)), tuple(numbers(3)))  # expect: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] (0, 1, 2)
print(set(numbers(5)) == {0, 1, 2, 3, 4}, frozenset(numbers(3)) == {0, 1, 2})  # expect: True True
grown = [1]
grown.extend(numbers(4))
print(grown)  # expect: [1, 0, 1, 2, 3]


def failing(n):
    for i in range(n):
        yield i
    raise ValueError(n)


for make in (list, tuple, set, frozenset, sorted):
    try:
        make(failing(30))
    except ValueError as error:
        print(make.__name__ if make is not sorted else "sorted", error)
# expect: list 30
# expect: tuple 30
# expect: set 30
# expect: frozenset 30
# expect: sorted 30


# What cannot be added ends the set; the generator can go on behind it.
def unhashable():
    for i in range(5):
        yield i
    yield []
    yield 7


source = unhashable()
try:
    set(source)
except TypeError:
    print(next(source))  # expect: 7


def returning():
    yield 1
    return 5


def stopping():
    for i in range(6):
        yield i
    raise StopIteration


print(list(returning()))  # expect: [1]
try:
    list(stopping())
except RuntimeError as error:
    print(error)  # expect: generator raised StopIteration


def closing():
    try:
        for i in range(9):
            yield i
    finally:
        print("closed")


print(sorted(closing(), reverse=True))
# expect: closed
# expect: [8, 7, 6, 5, 4, 3, 2, 1, 0]


def delegating():
    yield from numbers(3)
    yield 9
    yield from [1, 2]


def recursive(n):
    if n:
        yield n
        yield from recursive(n - 1)


print(list(delegating()), tuple(delegating()), list(recursive(8)))  # expect: [0, 1, 2, 9, 1, 2] (0, 1, 2, 9, 1, 2) [8, 7, 6, 5, 4, 3, 2, 1]


# The generator changes what is being filled.
def clearing(container, n, at):
    for i in range(n):
        yield i
        if i % at == 0:
            container.clear()


filled = []
filled.extend(clearing(filled, 10, 6))
members = set()
members.update(clearing(members, 30, 7))
print(filled, sorted(members))  # expect: [7, 8, 9] [29]


class Same:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        return True


print(len(set(Same() for _ in range(5))), len({Same()} | set(i for i in range(5))))  # expect: 1 5
members = {Same()}
members.update(i for i in range(4))
print(len(members))  # expect: 4


def into_itself():
    yield 1
    yield list(again)


again = into_itself()
try:
    list(again)
except ValueError as error:
    print(error)  # expect: generator already executing
half = numbers(5)
next(half)
print(list(half), list(half))  # expect: [1, 2, 3, 4] []
print(len(set(x % 7 for x in range(1000))), sorted(set(str(x % 5) for x in range(100))))  # expect: 7 ['0', '1', '2', '3', '4']
print(list([j for j in (k for k in range(i))] for i in (n for n in range(4))))  # expect: [[], [0], [0, 1], [0, 1, 2]]
