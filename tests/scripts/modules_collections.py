# collections: namedtuple, deque, OrderedDict.
# needs: collections
from collections import OrderedDict, deque, namedtuple


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


Point = namedtuple("Point", ["x", "y"])
p = Point(1, y=2)
print(p, p.x, p.y, p[0], len(p), p == (1, 2), p == Point(1, 2), isinstance(p, tuple), hash(p) == hash((1, 2)))  # expect: Point(x=1, y=2) 1 2 1 2 True True True True
x, y = p
print(x, y, list(p), p + (3,), p[::-1], 2 in p, p.index(2), sorted([Point(2, 1), p])[0])  # expect: 1 2 [1, 2] (1, 2, 3) (2, 1) True 1 Point(x=1, y=2)
print(failure(lambda: Point(1)), failure(lambda: Point(1, 2, 3)), failure(lambda: Point(1, z=2)), failure(lambda: Point(1, x=2)), failure(lambda: p.z), failure(lambda: setattr(p, "x", 5)))  # expect: TypeError TypeError TypeError TypeError AttributeError AttributeError
Pair = namedtuple("Pair", "left right")
print(Pair(1, 2), Pair(*"ab"), dict(Pair(1, 2)._asdict()), {Pair(1, 2): "key"}[(1, 2)], Pair._fields)  # expect: Pair(left=1, right=2) Pair(left='a', right='b') {'left': 1, 'right': 2} key ('left', 'right')


class Vector(Point):
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    @property
    def total(self):
        return self.x + self.y


v = Vector(1, 2) + Vector(3, 4)
print(v, v.total, v.x, isinstance(v, Point))  # expect: Vector(x=4, y=6) 10 4 True

d = deque([1, 2, 3], 4)
d.append(4)
d.append(5)
print(list(d), len(d), d[0], d[-1], 3 in d, bool(d), bool(deque([], 1)))  # expect: [2, 3, 4, 5] 4 2 5 True True False
d.appendleft(0)
d[1] = "new"
print(list(d), d.pop(), d.popleft(), list(d))  # expect: [0, 'new', 3, 4] 4 0 ['new', 3]
d.extend([7, 8, 9])
d.extendleft("ab")
print(list(d), failure(lambda: d[9]), failure(lambda: deque([], 2).pop()), failure(lambda: deque([], 2).popleft()))  # expect: ['b', 'a', 3, 7] IndexError IndexError IndexError
d.clear()
print(list(d), len(d), list(deque(range(10), 3)), list(deque([1], 0)), failure(lambda: deque([], -1)))  # expect: [] 0 [7, 8, 9] [] ValueError
for n in range(1000):
    d.append(n)
    if n % 3:
        d.popleft()
print(list(d))  # expect: [996, 997, 998, 999]


class Queue(deque):
    def put(self, item):
        self.append(item)


q = Queue([], 5)
q.put("a")
q.put("b")
print(len(q), q.popleft(), q[0])  # expect: 2 a b

o = OrderedDict([("b", 1), ("a", 2)])
o["c"] = 3
print(list(o.items()), o == {"a": 2, "b": 1, "c": 3}, o == OrderedDict([("a", 2), ("b", 1), ("c", 3)]), o.popitem())  # expect: [('b', 1), ('a', 2), ('c', 3)] True False ('c', 3)
print(list(o), len(o), o.get("a"), isinstance(o, dict), failure(lambda: o["x"]))  # expect: ['b', 'a'] 2 2 True KeyError
