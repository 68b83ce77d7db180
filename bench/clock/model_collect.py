# Which of the times between two readings of the clock are long, where the external memory is slow:
# with 2 MB of small objects, gc.collect(), then gc.map(), then tuples that are replaced, so that
# old garbage is collected. For `cargo xtask icount --full --model --script`.
import gc, time

rows = []
read = time.ticks_us
rest = 1


def pick():
    global rest
    rest = (rest * 75 + 74) % 65537
    return rest


def fill(size):
    while gc.mem_alloc() < size:
        read()
        rows.append([(i, i, i) for i in range(100)])
        read()


def replace(turns):
    for i in range(turns):
        row = rows[pick() % len(rows)]
        read()
        row[i % 100] = (i, i, i)


fill(2 << 20)
replace(40000)
info = gc.info()
print(info["cycles"], "cycles,", info["slices"], "slices,", info["minor"], "minor,", info["full"], "full")
for what in gc.collect, gc.map:
    start = read()
    what()
    took = time.ticks_diff(read(), start)
    print(what, took * 1000, "instructions")
