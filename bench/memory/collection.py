# A collection of a heap that is three quarters full of one kind of live objects.
import gc, time


def fill(make):
    gc.collect()
    until = gc.mem_free() // 4
    rows = []
    while gc.mem_free() > until:
        row = []
        for i in range(200):
            row.append(make(i))
        rows.append(row)
    return rows


def measure(name, make):
    live = fill(make)
    best = None
    for _ in range(5):
        start = time.ticks_us()
        gc.collect()
        took = time.ticks_diff(time.ticks_us(), start)
        if best is None or took < best:
            best = took
    print("us", best, "collect, %s" % name)
    return len(live)


class Thing:
    def __init__(self, n):
        self.n = n


gc.collect()
start = time.ticks_us()
gc.collect()
print("us", time.ticks_diff(time.ticks_us(), start), "collect, nothing")
measure("tuples", lambda i: (i, i, i))
measure("lists", lambda i: [i, i])
measure("dicts", lambda i: {i: i})
measure("instances", Thing)
measure("strings", lambda i: "text" + str(i))
measure("buffers of 1000", lambda i: bytearray(1000))
