# Where short-lived small objects come to lie: with so many kilobytes of small objects alive, which
# share of those that are made after them, and live for a moment or for the next 200, is in the
# external RAM.
#
#     cargo xtask icount --full --script bench/clock/placement.py
#
# `id()` is the address of such an object (not of an instance). *new* is where it is made, *later* where it is when 200 others
# have been made after it.
import gc

ROUNDS = 20000
WINDOW = 200

regions = gc.info()["regions"]
large = max(regions.values(), key=lambda region: region["total"])
first, end = large["base"], large["base"] + large["total"]


def is_external(thing):
    return first <= id(thing) < end


MAKERS = (
    ("list of 3", lambda i: [i, i, i]),
    ("tuple of 3", lambda i: (i, i, i)),
    ("dict of 1", lambda i: {i: i}),
    ("str", lambda i: "number %d" % i),
)


def live(kilobytes):
    kept = []
    gc.collect()
    before = gc.mem_alloc()
    i = 0
    while gc.mem_alloc() - before < kilobytes * 1024:
        kept.append([(i, i, i) for i in range(20)])
        i += 1
        if i % 50 == 0:
            gc.collect()
    gc.collect()
    return kept, gc.mem_alloc() - before


def run(make):
    recent = [None] * WINDOW
    new = later = 0
    for i in range(ROUNDS):
        slot = i % WINDOW
        old = recent[slot]
        if old is not None:
            later += is_external(old)
        thing = make(i)
        new += is_external(thing)
        recent[slot] = thing
    return new, later


print("live KB    kind            in external RAM: new %   later %")
for kilobytes in (0, 50, 100, 150, 200, 250, 280, 300):
    kept, bytes = live(kilobytes)
    for name, make in MAKERS:
        new, later = run(make)
        print(
            "%7.1f    %-15s %20.2f %9.2f"
            % (bytes / 1024, name, new * 100 / ROUNDS, later * 100 / (ROUNDS - WINDOW))
        )
    info = gc.info()
    print("          ", {name: region["used"] for name, region in info["regions"].items()}, info["minor"], info["full"])
    kept = None
