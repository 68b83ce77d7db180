# dict: keys of all kinds, found by whatever equals them, in tables of all sizes.


class Same:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n

    def __eq__(self, other):
        return self.n == (other.n if isinstance(other, Same) else other)


def check(size):
    d = {}
    for i in range(size):
        d[i] = -i
    d["text"] = "t"
    for i in range(0, size, 3):
        del d[i]
    for i in range(1, size, 3):
        d[i] = i
    missing = sum(1 for i in range(size) if i not in d)
    total = 0
    for i in range(size):
        if i % 3:
            total += d[i]
    return len(d), missing, total, d["te" + "xt"], d[True], d[1.0], d[Same(1)]


print(check(2))  # expect: (2, 1, 1, 't', 1, 1, 1)
print(check(8))  # expect: (6, 3, 5, 't', 1, 1, 1)
print(check(9))  # expect: (7, 3, -3, 't', 1, 1, 1)
print(check(1000))  # expect: (667, 334, -333, 't', 1, 1, 1)
print(check(30000))  # expect: (20001, 10000, -10000, 't', 1, 1, 1)

d = {i: i for i in range(20)}
d[True] = "one"
d[2.0] = "two"
d[Same(3)] = "three"
d[1 << 40] = "big"
d[-1] = "less"
print(d[1], d[2], d[3], d[1 << 40], d[-1], len(d))  # expect: one two three big less 22
for name in ("alpha", "beta"):
    d[name] = name
    d["".join(list(name))] = name * 2
print(d["alpha"], d["".join(("be", "ta"))], len(d))  # expect: alphaalpha betabeta 24

names = {}
for i in range(20):
    names["n%d" % i] = i
names["len"] = 0
names["len"] = 1
print(names["n7"], names["len"], len(names), [divmod(a, b) for a in (7, -7) for b in (2, -2)])  # expect: 7 1 21 [(3, 1), (-4, -1), (-4, 1), (3, -1)]
print(divmod(-(1 << 29), -1), -(1 << 29) // -1, divmod(0, 5), divmod(True, 2))  # expect: (536870912, 0) 536870912 (0, 0) (0, 1)
try:
    divmod(1, 0)
except ZeroDivisionError as error:
    print(error)  # expect: divide by zero

# An OrderedDict that was cleared is still one, and large tables find what is stored after it.
from collections import OrderedDict

for size in (0, 3, 10, 11, 40):
    ordered = OrderedDict((n, -n) for n in range(size))
    for n in range(0, size, 2):
        del ordered[n]
    assert len(ordered) == size // 2 and list(ordered) == list(range(1, size, 2))
    ordered.clear()
    assert len(ordered) == 0 and list(ordered) == [] and 1 not in ordered
    for n in range(40):
        ordered[str(n)] = n
        ordered[-n] = n
    assert len(ordered) == 80 and list(ordered)[:2] == ["0", 0] and ordered[-39] == 39
    assert repr(ordered).startswith("OrderedDict({'0': 0, 0: 0, '1': 1")
print(len(ordered))  # expect: 80
