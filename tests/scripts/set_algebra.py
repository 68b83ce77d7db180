# set and frozenset: operators and methods against a model made of lists.
state = 11


def noise(limit):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 8) % limit


def some():
    return [noise(12) if noise(3) else "s%d" % noise(5) for _ in range(noise(14))]


def same(made, model):
    left = list(made)
    assert len(made) == len(left)
    for item in model:
        assert item in made
        if item in left:
            left.remove(item)
    assert not left, (made, model)


for _ in range(300):
    a, b = some(), some()
    s, t = set(a), frozenset(b)
    both = [item for item in a if item in b]
    only_a = [item for item in a if item not in b]
    only_b = [item for item in b if item not in a]
    same(s | t, a + b)
    same(s & t, both)
    same(s - t, only_a)
    same(t - s, only_b)
    same(s ^ t, only_a + only_b)
    same(s.union(b, "xy"), a + b + ["x", "y"])
    same(s.intersection(b, a), both)
    same(s.difference(b), only_a)
    same(t.symmetric_difference(a), only_a + only_b)
    assert (s <= t) == s.issubset(b) == (not only_a)
    assert (s >= t) == s.issuperset(b) == (not only_b)
    assert (s == t) == (not only_a and not only_b)
    assert (s < t) == (not only_a and s != t)
    assert s.isdisjoint(b) == (not both)
    assert hash(frozenset(a)) == hash(frozenset(reversed(a)))
    for change, model in (
        (set.update, a + b),
        (set.intersection_update, both),
        (set.difference_update, only_a),
        (set.symmetric_difference_update, only_a + only_b),
    ):
        copy = s.copy()
        assert change(copy, t) is None
        same(copy, model)
    u = v = set(a)
    u |= t
    u -= {1, 2}
    u &= set(range(9))
    u ^= {3, 30}
    assert u is v
    while u:
        u.pop()
print("algebra holds")  # expect: algebra holds
numbers = set()
for number in range(2000):
    numbers.add(number * 1024)
for number in range(0, 2000, 2):
    numbers.discard(number * 1024)
    numbers.discard("absent")
print(len(numbers), 1024 in numbers, 2048 in numbers, 1023 in numbers, sum(numbers) // 1024)  # expect: 1000 True False False 1000000
print(set(), {1}, frozenset(), frozenset([1]), type({1} | frozenset()).__name__, type(frozenset() | {1}).__name__)  # expect: set() {1} frozenset() frozenset({1}) set frozenset
print(1 in {1.0}, {1, 1.0, True}, {(1, 2)} == {(1.0, 2)}, {2**70} == {2.0**70}, {frozenset([1]): 2}[frozenset([1])])  # expect: True {1} True True 2


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print(failure(lambda: {[]}), failure(lambda: set().pop()), failure(lambda: {1}.remove(2)), failure(lambda: hash(set())), failure(lambda: {1} | [1]), failure(lambda: {1} < [1]), failure(lambda: [] in {1}), failure(lambda: set(1)))  # expect: TypeError KeyError KeyError TypeError TypeError TypeError TypeError TypeError


class Odd:
    """Hashes alike; changes the set it is in while being compared."""

    def __init__(self, name, prey=None):
        self.name = name
        self.prey = prey

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if self.prey:
            self.prey.clear()
        return self is other


prey = set()
for name in "abcdef":
    prey.add(Odd(name))
print(len(prey), Odd("g", prey) in prey, len(prey))  # expect: 6 False 6
prey.update([Odd("a"), Odd("b")])
prey.discard(Odd("h", prey))
print(len(prey))  # expect: 8

# Small sets are almost full, whatever the members' hashes.
for step in (1, 5, 7, 11, 32, -3, 1 << 20):
    members = set()
    for n in range(40):
        members.add(n * step)
        assert len(members) == n + 1 and all(m * step in members for m in range(n + 1))
        assert (n + 1) * step not in members
    for n in range(40):
        members.discard(n * step)
        assert n * step not in members and len(members) == 39 - n
    for n in range(100):
        members.add(n)
        members.discard(n - 9)
    assert sorted(members) == list(range(91, 100)), members
print({1, 2, 3, 4, 5, 6, 7, 8, 9, 0}, {"a"}, len({i for i in range(11)}))  # expect: {0, 1, 2, 3, 4, 5, 6, 7, 8, 9} {'a'} 11

# Ranges keep what they were made of.
for made in (range(5), range(0, 5), range(0, 5, 1), range(1, 5), range(0, 5, 2), range(1 << 31), range(-3)):
    copy = range(made.start, made.stop, made.step)
    assert copy == made and list(copy)[:2] == list(made)[:2] if made.stop < 9 else copy == made
    print(made, made.start, made.stop, made.step)
# expect: range(0, 5) 0 5 1
# expect: range(0, 5) 0 5 1
# expect: range(0, 5) 0 5 1
# expect: range(1, 5) 1 5 1
# expect: range(0, 5, 2) 0 5 2
# expect: range(0, 2147483648) 0 2147483648 1
# expect: range(0, -3) 0 -3 1
