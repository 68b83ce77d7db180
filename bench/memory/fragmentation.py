# The largest bytearray that can be had, in per cent of what is free, after every second object of
# a full heap was dropped.
import gc


def largest():
    gc.collect()
    free = gc.mem_free()
    low, high = 0, free
    while high - low > 64:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
    return low * 100 / free


def measure(name, make):
    gc.collect()
    rows = []
    spare = bytearray(4000)
    try:
        i = 0
        while True:
            row = [None] * 200
            rows.append(row)
            for place in range(200):
                row[place] = make(i)
                i += 1
    except MemoryError:
        spare = None
    for row in rows:
        for place in range(0, 200, 2):
            row[place] = None
    print("%", largest(), "largest block, %s" % name)


measure("lists of 2", lambda i: [i, i])
measure("bytearrays of 64", lambda i: bytearray(64))
measure("bytearrays of 1000", lambda i: bytearray(1000))
measure("bytearrays of 16 to 511", lambda i: bytearray(16 + i * 7919 % 496))
