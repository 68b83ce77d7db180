# How long automatic collections take when so many megabytes of small objects live and the program
# goes on allocating. Under a clock of instructions, a microsecond is 1000 of them:
#
#     cargo xtask icount --script bench/clock/steady_pause.py
import gc, time

PAUSES = 4000
# What takes longer than this is a collection, not an allocation.
LONG = 3


def count(key):
    try:
        return gc.info()[key]
    except (AttributeError, KeyError):
        return 0


rows = []
recent = [None] * 500
many = 0


def fill(left):
    global many
    gc.collect()
    while gc.mem_free() > left:
        rows.append([(i, i, i) for i in range(100)])
    many = len(rows)


def report(name, pauses, n, before):
    figures = sorted(pauses[:n])
    if not figures:
        print(name, "none")
        return
    print(
        "%-24s %5d pauses, %6d us longest, %6d us p99.9, %5d us median; %d minor, %d full"
        % (
            name,
            n,
            figures[-1],
            figures[(n - 1) * 999 // 1000],
            figures[n // 2],
            count("minor") - before[0],
            count("full") - before[1],
        )
    )


def run(name, step, turns):
    pauses = [0] * PAUSES
    n = 0
    gc.collect()
    before = count("minor"), count("full")
    for i in range(turns):
        start = time.ticks_us()
        step(i)
        took = time.ticks_diff(time.ticks_us(), start)
        if took > LONG and n < PAUSES:
            pauses[n] = took
            n += 1
    report(name, pauses, n, before)


def garbage(i):
    return (i, i, i)


def window(i):
    recent[i % 500] = (i, i, i)


def change(i):
    rows[i * 7919 % many][i % 100] = (i, i, i)


def text(i):
    return "%d %d" % (i, i)


gc.collect()
free = gc.mem_free()
for live in 0, 1, 2, 4, 8:
    fill(max(free - (live << 20), 400000))
    print(live, "MB:", many * 100, "tuples in lists,", gc.mem_free(), "bytes free")
    start = time.ticks_us()
    gc.collect()
    print("%-24s %20d us" % ("gc.collect()", time.ticks_diff(time.ticks_us(), start)))
    run("tuples dropped at once", garbage, 50000)
    run("strings dropped at once", text, 20000)
    run("the last 500 tuples kept", window, 20000)
    if many:
        run("one old tuple replaced", change, 12000)
