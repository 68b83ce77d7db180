# Builtin iterators: map, filter, zip, enumerate, reversed, sorted, min, max, iter, next.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print(list(map(str, [1, 2])), list(map(lambda a, b: a * b, [1, 2, 3], [4, 5])), list(map(abs, [])), failure(lambda: map(abs)))  # expect: ['1', '2'] [4, 10] [] TypeError
print(list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, range(4))), failure(lambda: filter(None)))  # expect: [1, 'a'] [2, 3] TypeError
print(list(zip()), list(zip([1, 2])), list(zip([1, 2, 3], "ab", (True, False))), dict(zip("ab", [1, 2])))  # expect: [] [(1,), (2,)] [(1, 'a', True), (2, 'b', False)] {'a': 1, 'b': 2}
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate(["x"], start=-1)), list(enumerate([])))  # expect: [(0, 'a'), (1, 'b')] [(5, 'a'), (6, 'b')] [(-1, 'x')] []
print(list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed((1, 2))), list(reversed(range(3))), list(reversed([])))  # expect: [3, 2, 1] ['c', 'b', 'a'] [2, 1] [2, 1, 0] []
print(sorted([3, 1, 2]), sorted("bca"), sorted([3, 1, 2], reverse=True), sorted(["bb", "a"], key=len), sorted({2: 0, 1: 0}))  # expect: [1, 2, 3] ['a', 'b', 'c'] [3, 2, 1] ['a', 'bb'] [1, 2]
print(sorted([(1, "b"), (1, "a"), (0, "c")], key=lambda pair: pair[0]), failure(lambda: sorted([1, "a"])), failure(lambda: sorted(5)))  # expect: [(0, 'c'), (1, 'b'), (1, 'a')] TypeError TypeError
print(min(3, 1, 2), max(3, 1, 2), min([4, 2]), max("hello"), min([], default="none"), max(["aa", "b"], key=len))  # expect: 1 3 2 o none aa
print(failure(lambda: min([])), failure(lambda: max()), failure(lambda: min(1)), min(2.5, 1), max((1, 2), (1, 3)))  # expect: ValueError TypeError TypeError 1 (1, 3)
print(all([]), all([1, 2]), all([1, 0]), any([]), any([0, 2]), any(x > 2 for x in range(4)))  # expect: True True False False True True
numbers = iter([1, 2])
print(next(numbers), next(numbers), next(numbers, "end"), failure(lambda: next(numbers)), iter(numbers) is numbers)  # expect: 1 2 end StopIteration True


def counter():
    yield 1
    return "result"


steps = counter()
print(next(steps))  # expect: 1
try:
    next(steps)
except StopIteration as stop:
    print(stop.value)  # expect: result
print(next(steps, "over"))  # expect: over


class Countdown:
    def __init__(self, start):
        self.left = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return self.left


print(list(Countdown(3)), sum(Countdown(4)), list(zip(Countdown(2), "abc")), sorted(Countdown(3)), max(Countdown(5)))  # expect: [2, 1, 0] 6 [(1, 'a'), (0, 'b')] [0, 1, 2] 4
print(list(map(lambda pair: pair[0] + pair[1], enumerate([10, 20]))), [a + b for a, b in zip(range(3), map(int, "123"))])  # expect: [10, 21] [1, 3, 5]


class Sequence:
    def __len__(self):
        return 3

    def __getitem__(self, index):
        if index >= 3:
            raise IndexError
        return index * 10


print(list(Sequence()), list(reversed(Sequence())), 20 in Sequence(), max(Sequence()))  # expect: [0, 10, 20] [20, 10, 0] True 20
print(failure(lambda: iter(5)), failure(lambda: next([])), failure(lambda: list(map(int, ["x"]))), failure(lambda: list(map(lambda: 1, [1]))))  # expect: TypeError TypeError ValueError TypeError


class Backwards(Sequence):
    def __reversed__(self):
        return iter("special")


print("".join(reversed(Backwards())))  # expect: special
nested = iter([1])
for _ in range(20):
    nested = map(lambda x: x + 1, nested)
print(list(nested))  # expect: [21]
