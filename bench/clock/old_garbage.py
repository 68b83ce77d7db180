# How long automatic collections take when objects die old, so that old garbage has to be found:
# in a memory full of small objects, some are replaced all the time by new ones, which live long.
# Under a clock of instructions, a microsecond is 1000 of them:
#
#     cargo xtask icount --full --script bench/clock/old_garbage.py
import gc, time

# A pause longer than this is put in full view; shorter ones are counted in steps of STEP us.
STEP = 20
STEPS = 200
# What takes longer than this is a collection, not an allocation.
LONG = 8


def count(key):
    try:
        return gc.info()[key]
    except (AttributeError, KeyError):
        return 0


rows = []
rest = 1


def pick():
    global rest
    rest = (rest * 75 + 74) % 65537
    return rest


def fill(left):
    rows.clear()
    gc.collect()
    while gc.mem_free() > left:
        rows.append([(i, i, i) for i in range(100)])


def run(name, step, turns):
    pauses = bytearray(2 * STEPS)
    longest = n = 0
    before = [count(key) for key in ("minor", "cycles", "slices", "full")]
    started = time.ticks_ms()
    for i in range(turns):
        start = time.ticks_us()
        step(i)
        took = time.ticks_diff(time.ticks_us(), start)
        if took > LONG:
            n += 1
            if took > longest:
                longest = took
            at = min(took // STEP, STEPS - 1) * 2
            pauses[at] += 1
            if not pauses[at]:
                pauses[at + 1] += 1
    seen = p999 = 0
    for at in range(STEPS):
        seen += pauses[2 * at] + 256 * pauses[2 * at + 1]
        if seen >= n * 999 / 1000:
            p999 = (at + 1) * STEP
            break
    after = [count(key) for key in ("minor", "cycles", "slices", "full")]
    print(
        "%-26s %5d pauses, %6d us longest, %5d us p99.9; %d minor, %d cycles, %d slices, %d full; %d ms"
        % (
            (name, n, longest, p999)
            + tuple([b - a for a, b in zip(before, after)])
            + (time.ticks_diff(time.ticks_ms(), started),)
        )
    )


def tuples(i):
    rows[pick() % len(rows)][i % 100] = (i, i, i)


def lists(i):
    rows[pick() % len(rows)] = [i] * 100


def some(i):
    # One of ten stays.
    t = (i, i, i)
    if i % 10 == 0:
        rows[pick() % len(rows)][i % 100] = t


gc.collect()
free = gc.mem_free()
for live, turns in (1, 150000), (4, 300000), (8, 200000):
    fill(max(free - (live << 20), 400000))
    print(live, "MB:", len(rows) * 100, "tuples in lists,", gc.mem_free(), "bytes free")
    run("tuples replaced", tuples, turns)
    run("one of ten tuples kept", some, turns)
    run("lists of 100 replaced", lists, turns // 20)
