# Bytes that objects take: those of docs/PERFORMANCE.md, or fewer. Floats are left out, whose size
# depends on the board.
import gc

N = 40


class Thing:
    def __init__(self, n):
        for i in range(n):
            setattr(self, "abcdefghij"[i], i)

    def method(self):
        pass


def generator():
    yield 1


def grown(made, add):
    for i in range(10):
        add(made, i)
    return made


def with_defaults(i):
    return lambda a=i, b=i: a


def closure(i):
    return lambda: i


def compiled():
    names = {}
    exec("def f(a):\n    return a\n", names)
    return names


thing = Thing(1)
buffer = bytearray(4)
LIMITS = (
    ("int, small", 0, lambda i: i),
    ("int, 2**40", 16, lambda i: (1 << 40) + i),
    ("int, 2**100", 24, lambda i: (1 << 100) + i),
    ("str", 32, lambda i: "abcdefghijklmnop" + str(1000 + i)),
    ("bytearray", 40, lambda i: bytearray(20)),
    ("tuple of 1", 8, lambda i: (i,)),
    ("tuple of 3", 16, lambda i: (i, i, i)),
    ("list of 1", 24, lambda i: [i]),
    ("list, empty", 8, lambda i: []),
    ("list, grown", 56, lambda i: grown([], list.append)),
    ("dict, empty", 8, lambda i: {}),
    ("dict of 1", 24, lambda i: {i: i}),
    ("dict, grown", 96, lambda i: grown({}, lambda d, n: d.setdefault(n, n))),
    ("set", 64, lambda i: {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}),
    ("instance", 16, lambda i: Thing(0)),
    ("instance of 3", 40, lambda i: Thing(3)),
    ("instance of 10", 72, lambda i: Thing(10)),
    ("bound method", 16, lambda i: thing.method),
    ("function", 8, lambda i: lambda: 1),
    ("defaults", 16, with_defaults),
    ("closure", 24, closure),
    ("generator", 32, lambda i: generator()),
    ("iterator", 16, lambda i: iter([])),
    ("range", 8, lambda i: range(i + 1)),
    ("memoryview", 16, lambda i: memoryview(buffer)),
    ("exception", 32, lambda i: ValueError(i)),
    ("compiled function", 96, lambda i: compiled()),
)

kept = [None] * N
for name, limit, make in LIMITS:
    for i in range(N):
        kept[i] = None
    make(0)
    gc.collect()
    before = gc.mem_alloc()
    for i in range(N):
        kept[i] = make(i)
    gc.collect()
    size = (gc.mem_alloc() - before) // N
    if name == "iterator":
        size -= 8  # the list
    if size > limit:
        print(name, size)
print(len(LIMITS), "looked at")  # expect: 27 looked at

# Keyword defaults share the word of the others.


def both(a, b=2, *, c=3, d, e=5):
    return a, b, c, d, e


def only(*, c=3):
    return c


print(both(1, d=4), both(1, 9, d=4, e=8), only(), only(c=1))  # expect: (1, 2, 3, 4, 5) (1, 9, 3, 4, 8) 3 1
for wrong in (lambda: both(d=1), lambda: both(1)):
    try:
        wrong()
    except TypeError as error:
        print(error)
# expect: function missing required positional argument #1
# expect: function missing required keyword argument 'd'
view = memoryview(bytearray(b"abcdefgh"))[2:7]
print(bytes(view[1:3]), len(view), view.itemsize)  # expect: b'de' 5 1
view[0] = 120
print(bytes(memoryview(b"xyz")[1:]), bytes(view))  # expect: b'yz' b'xdefg'
