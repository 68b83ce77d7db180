# list.sort: order, stability, keys, and what programs may do meanwhile.
state = 3


def noise(limit):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 8) % limit


def is_sorted(items, key):
    return all(key(a) <= key(b) for a, b in zip(items, items[1:]))


for count in (0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 64, 100, 257, 1000):
    items = [(noise(10), place) for place in range(count)]
    plain = items[:]
    plain.sort()
    assert is_sorted(plain, lambda item: item) and len(plain) == count and set(plain) == set(items)
    stable = sorted(items, key=lambda item: item[0])
    assert stable == plain
    backwards = sorted(items, key=lambda item: item[0], reverse=True)
    assert is_sorted(backwards, lambda item: (-item[0], item[1]))
    plain.sort(reverse=True)
    assert plain == sorted(items, reverse=True) == list(reversed(sorted(items)))
print("sorted")  # expect: sorted
words = "the quick brown fox jumps over the lazy dog".split()
print(sorted(words), sorted(words, key=len), sorted(words, key=None, reverse=True))  # expect: ['brown', 'dog', 'fox', 'jumps', 'lazy', 'over', 'quick', 'the', 'the'] ['the', 'fox', 'the', 'dog', 'over', 'lazy', 'quick', 'brown', 'jumps'] ['the', 'the', 'quick', 'over', 'lazy', 'jumps', 'fox', 'dog', 'brown']
print(sorted([3, 1.5, True, -2]), sorted("hello"), sorted({2: 0, 1: 0}), sorted([[2], [1, 5], [1]]))  # expect: [-2, True, 1.5, 3] ['e', 'h', 'l', 'l', 'o'] [1, 2] [[1], [1, 5], [2]]


class Item:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value < other.value


print(is_sorted([item.value for item in sorted([Item(noise(100)) for _ in range(20)])], lambda value: value))  # expect: True
a = [5, 3, "x", 1, 9, 8, "y", 7, 6, 2, 4, 0]
try:
    a.sort()
except TypeError:
    print("TypeError", len(a), sorted(map(str, a)))  # expect: TypeError 12 ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'x', 'y']


def failing(item):
    if item == 2:
        raise OSError("no")
    return item


a = [3, 1, 2, 0]
try:
    a.sort(key=failing)
except OSError as error:
    print(error, a)  # expect: no [3, 1, 2, 0]


def growing(item):
    a.append(item)
    return item


a = [3, 1, 2]
try:
    a.sort(key=growing)
except ValueError:
    print("ValueError", a[:3])  # expect: ValueError [1, 2, 3]


class Meddler:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        global waste
        waste = [[] for _ in range(20)]
        a.clear()
        return self.value < other.value


a = [Meddler(noise(1000)) for _ in range(100)]
a.sort()
print(len(a), is_sorted([item.value for item in a], lambda value: value))  # expect: 100 True
