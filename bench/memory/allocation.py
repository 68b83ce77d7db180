# Making objects and dropping them at once, collections included, with little else alive and with
# half of the heap full of live objects.
import gc, time


class Thing:
    def __init__(self, n):
        self.n = n


def one(n):
    for i in range(n):
        (i,)


def three(n):
    for i in range(n):
        (i, i, i)


def lists(n):
    for i in range(n):
        [i, i]


def dicts(n):
    for i in range(n):
        {i: i}


def floats(n):
    x = 1.5
    for i in range(n):
        x * i


def strings(n):
    s = "abcdefghijklmnop"
    for i in range(n):
        s + "qrst"


def buffers(n):
    for i in range(n):
        bytearray(100)


def things(n):
    for i in range(n):
        Thing(i)


def closures(n):
    for i in range(n):
        lambda: i


KINDS = (
    ("1-tuples", one, 200000),
    ("3-tuples", three, 4000),
    ("lists", lists, 100000),
    ("dicts", dicts, 100000),
    ("floats", floats, 200000),
    ("strings", strings, 60000),
    ("bytearrays", buffers, 100000),
    ("instances", things, 100000),
    ("closures", closures, 100000),
)


def measure(what):
    for name, make, count in KINDS:
        gc.collect()
        start = time.ticks_us()
        make(count)
        took = time.ticks_diff(time.ticks_us(), start)
        print("us", took / count, "make %s, %s" % (name, what))


def fill(share):
    gc.collect()
    until = gc.mem_free() * (100 - share) // 100
    chain = None
    while gc.mem_free() > until:
        for i in range(500):
            chain = [chain, i]
    return chain


measure("empty heap")
live = fill(50)
measure("half full")
