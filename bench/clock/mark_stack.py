# What a collection takes with graphs that want few entries of the mark stack and many: in
# microseconds of the clock, which are 1,000 instructions each
# (`cargo xtask icount --full --script bench/clock/mark_stack.py`, on MicroPython's firmware too).
import gc, time

N = 2000


def overflows():
    try:
        return gc.info()["mark_overflows"]
    except AttributeError:
        return "not counted"


def collect(name):
    gc.collect()
    before = overflows()
    start = time.ticks_us()
    gc.collect()
    took = time.ticks_diff(time.ticks_us(), start)
    print("%-32s %5d us; overflows: before %s, after %s" % (name, took, before, overflows()))


collect("nothing")
kept = [[None] * 3 for i in range(N)]
collect("lists that hold nothing")
rest = 1
for i in range(N):
    for j in range(3):
        rest = (rest * 75 + 74) % 65537
        kept[i][j] = kept[(rest * 31 + i) % N]
collect("lists that hold each other")
kept = kept[0]
collect("the same, held by one of them")
kept = None
for i in range(N):
    kept = (kept, i, 0)
collect("a chain of tuples")
