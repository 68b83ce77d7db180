# The longest time that one allocation took, in a heap that is full to some part of live objects.
import gc, time


def fill(share):
    gc.collect()
    until = gc.mem_free() * (100 - share) // 100
    rows = []
    while gc.mem_free() > until:
        row = []
        for i in range(200):
            row.append([i, i])
        rows.append(row)
    return rows


def longest(make, count):
    worst = 0
    for i in range(count):
        start = time.ticks_us()
        make(i)
        took = time.ticks_diff(time.ticks_us(), start)
        if took > worst:
            worst = took
    return worst


for share in (0, 50, 90):
    live = fill(share)
    print("us", longest(lambda i: [i, i], 100000), "longest pause, list, %d %% live" % share)
    print("us", longest(lambda i: bytearray(500), 20000), "longest pause, bytearray, %d %% live" % share)
    live = None
