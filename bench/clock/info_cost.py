# What asking for the figures of the heap costs, in instructions of the clock, in which a microsecond
# is 1,000 (`cargo xtask icount --full --script bench/clock/info_cost.py`): the mean of 1,000 calls,
# less that of a method that does nothing.
import gc
import time

ROUNDS = 1000


class Nothing:
    def nothing(self):
        pass


def cost(what):
    gc.collect()
    start = time.ticks_us()
    for _ in range(ROUNDS):
        what()
    return time.ticks_diff(time.ticks_us(), start) * 1000 // ROUNDS


def figure():
    return gc.info()["max_block"]


print("cost of instructions")
for name, what in (
    ("gc.isenabled", gc.isenabled),
    ("gc.mem_free", gc.mem_free),
    ("gc.info", gc.info),
    ("gc.info()['max_block'] in a function", figure),
    ("str(gc.info())", lambda: str(gc.info())),
):
    print("cost", cost(what), name)
