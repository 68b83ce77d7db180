# What gc.map() and gc.info() cost, by the number of objects: in microseconds of the clock, which
# are 1,000 instructions each (`cargo xtask icount --full --script bench/clock/map_cost.py`).
import gc
import time


def cost(what):
    start = time.ticks_us()
    what()
    return time.ticks_diff(time.ticks_us(), start)


def one_letter():
    gc.map(1)


def cut_short():
    gc.map(1024, 15000)


made = 0
kept = None
print("cost of objects bytes mem_free info map map(1) map(1024,15000)")
for objects in (0, 1000, 10000, 50000, 100000, 200000, 400000, 500000):
    while made < objects:
        # An object of 16 bytes each: a tuple that holds the one before.
        kept = (kept, made, 0)
        made += 1
    gc.collect()
    figures = [cost(f) for f in (gc.mem_free, gc.info, gc.map, one_letter, cut_short)]
    print("cost", objects, gc.mem_alloc(), *figures)
