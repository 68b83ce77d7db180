# Bytes of heap that an object takes, with all that belongs to it alone.
import gc

N = 500


class Thing:
    def __init__(self, n):
        for i in range(n):
            setattr(self, "abcdefghij"[i], i)

    def method(self):
        pass


class Index:
    def __getitem__(self, index):
        return index


def generator():
    yield 1


def started():
    made = generator()
    next(made)
    return made


def grown_list():
    made = []
    for i in range(10):
        made.append(i)
    return made


def grown_dict():
    made = {}
    for i in range(10):
        made[i] = i
    return made


def function():
    def inner():
        pass

    return inner


def with_defaults(i):
    def inner(a=i, b=i):
        pass

    return inner


def closure(i):
    def inner():
        return i

    return inner


def compiled():
    names = {}
    exec("def f(a):\n    return a\n", names)
    return names


thing = Thing(1)
index = Index()
text = "abcdefghijklmnop"
buffer = bytearray(4)
items = [1]

KINDS = (
    ("small int", lambda i: i),
    ("int, 2**100", lambda i: (1 << 100) + i),
    ("int, 2**40", lambda i: (1 << 40) + i),
    ("float", lambda i: i + 0.5),
    ("str of 20", lambda i: text + str(1000 + i)),
    ("bytes of 20", lambda i: b"abcdefghijklmnop" + str(1000 + i).encode()),
    ("bytearray of 20", lambda i: bytearray(20)),
    ("tuple of 1", lambda i: (i,)),
    ("tuple of 3", lambda i: (i, i, i)),
    ("tuple of 10", lambda i: (i, i, i, i, i, i, i, i, i, i)),
    ("list, empty", lambda i: []),
    ("list of 1", lambda i: [i]),
    ("list of 10", lambda i: [i, i, i, i, i, i, i, i, i, i]),
    ("list of 10, appended", lambda i: grown_list()),
    ("dict, empty", lambda i: {}),
    ("dict of 1", lambda i: {i: i}),
    ("dict of 10", lambda i: {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9}),
    ("dict of 10, grown", lambda i: grown_dict()),
    ("set of 10", lambda i: {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}),
    ("instance, 0 attributes", lambda i: Thing(0)),
    ("instance, 1 attribute", lambda i: Thing(1)),
    ("instance, 3 attributes", lambda i: Thing(3)),
    ("instance, 10 attributes", lambda i: Thing(10)),
    ("bound method", lambda i: thing.method),
    ("function", lambda i: function()),
    ("function, 2 defaults", with_defaults),
    ("closure, 1 variable", closure),
    ("lambda", lambda i: lambda: 1),
    ("generator, new", lambda i: generator()),
    ("generator, started", lambda i: started()),
    ("list iterator", lambda i: iter(items)),
    ("range", lambda i: range(i + 1)),
    ("slice", lambda i: index[i:2]),
    ("memoryview", lambda i: memoryview(buffer)),
    ("complex", lambda i: complex(i, 1)),
    ("exception", lambda i: ValueError(i)),
    ("function compiled by exec", lambda i: compiled()),
)

kept = [None] * N
for name, make in KINDS:
    for i in range(N):
        kept[i] = None
    make(0)
    gc.collect()
    before = gc.mem_alloc()
    for i in range(N):
        kept[i] = make(i)
    gc.collect()
    # What the loop itself holds is less than a byte an object.
    print("B", (gc.mem_alloc() - before) // N, name)
