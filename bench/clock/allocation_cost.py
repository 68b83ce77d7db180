# What one more small object costs in instructions, in a heap that is nearly empty and in one with
# 8 MB of live objects: each of many objects of each kind is made between two readings of the clock,
# and the emulator counts the instructions from one to the other.
#
#     cargo xtask icount --full --model --script bench/clock/allocation_cost.py > seen.txt
#     python3 bench/clock/allocation_table.py seen.txt target/memory-model.txt
#
# The first command takes minutes. Readings that lie less than 5,000 instructions apart are not
# counted, so a loop that makes no object comes between them, and another before the next object.
import gc
import time

TURNS = 1000
# Turns of the loop between two readings, and of the one that marks where a kind begins.
PAD = 60
MARK = 10000

KINDS = (
    ("tuple of 1", "(a,)"),
    ("tuple of 2", "(a, a)"),
    ("tuple of 3", "(a, a, a)"),
    ("tuple of 4", "(a, a, a, a)"),
    ("tuple of 8", "(" + "a, " * 8 + ")"),
    ("tuple of 10", "(" + "a, " * 10 + ")"),
    ("tuple of 20", "(" + "a, " * 20 + ")"),
    ("list, empty", "[]"),
    ("list of 3", "[a, a, a]"),
    ("dict of 1", "{a: a}"),
    ("instance, empty class", "Empty()"),
    ("closure", "lambda: b"),
    ("bytes of 20", "b10 + b10"),
    ("bytes of 200", "b100 + b100"),
    ("str of 20", "s10 + s10"),
    ("str of 200", "s100 + s100"),
    ("int of 2**40", "big + a"),
    ("complex", "z + a"),
)


class Empty:
    pass


# A kind is compiled together with its loop, so that all of them have the same around them. What
# they are compared with is the same loop with an object that was made before.
TEXT = """
def loop(turns, b):
    a = 7
    b10, b100, s10, s100 = bytes(10), bytes(100), "ab" * 5, "ab" * 50
    big, z = 1 << 40, 1j
    y = (a,)
    for pad in (MARK, MARK):
        read()
        while pad:
            pad -= 1
    collected = collections()
    for turn in range(turns):
        pad = PAD
        read()
        while pad:
            pad -= 1
        x = %s
        read()
        pad = PAD
        while pad:
            pad -= 1
        now = collections()
        if now != collected:
            with_collection.append(turn)
            collected = now
    return lambda: b
"""


def collections():
    info = gc.info()
    return info["minor"] + info["full"] + info["slices"] + info["cycles"]


read = time.ticks_us
rows = []
with_collection = []


def measure(heap, name, expression):
    global with_collection
    with_collection = []
    exec(TEXT % expression, globals())
    loop(TURNS, 1)
    print("kind", heap, ";", name, ";", TURNS, ";", with_collection)


def measure_all(heap):
    measure(heap, "made before", "y")
    for name, expression in KINDS:
        measure(heap, name, expression)


gc.collect()
print("free", gc.mem_free())
measure_all("empty")
gc.collect()
while gc.mem_free() > 400000:
    rows.append([(i, i, i) for i in range(100)])
gc.collect()
print("free", gc.mem_free(), "after", len(rows) * 100, "tuples of 3 in lists")
measure_all("8 MB")
