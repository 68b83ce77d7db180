# The figures of gc.info() add up whatever the program does, and max_block can be had.
import gc

seed = 1


def below(n):
    global seed
    seed = (seed * 1103515245 + 12345) & 0x3FFFFF
    return (seed >> 6) % n


def consistent(info):
    regions = info["regions"].values()
    sums = [sum(r[key] for r in regions) for key in ("total", "used", "free")]
    return (
        info["free"] + info["used"] == info["total"]
        and sums == [info["total"], info["used"], info["free"]]
        and info["max_free"] == max(r["max_free"] for r in regions)
        and info["max_block"] <= info["free"]
        and info["pinned"] == sum(r["pinned"] for r in regions) <= info["used"]
        and all(
            r["fragmentation"] == (r["free"] - r["max_free"]) * 1000 // (r["free"] or 1)
            for r in regions
        )
        and info["collections"] == info["minor"] + info["full"]
        and info["compactions"] <= info["full"]
        and info["last_pause"] <= info["longest_pause"]
    )


def step(kept):
    which = below(8)
    if which < 3:
        kept.append([(i, kept) for i in range(below(60))])
    elif which == 3:
        kept.append(bytearray(below(9000)))
    elif which == 4 and kept:
        kept[below(len(kept))] = {i: str(i) for i in range(below(40))}
    elif which == 5 and kept:
        kept.pop(below(len(kept)))
    elif which == 6:
        for b in kept:
            if isinstance(b, list) and b:
                b[below(len(b))] = (seed, which)
    else:
        del kept[: below(1 + len(kept) // 2)]


kept = []
wrong = 0
refused = 0
for turn in range(600):
    step(kept)
    if not consistent(gc.info()):
        wrong += 1
    if turn % 20 == 0:
        block = gc.info()["max_block"]
        try:
            bytearray(block)
        except MemoryError:
            refused += 1
print(wrong, refused)  # expect: 0 0

# Garbage is collected without looking at everything; but a zeal build does so at any time.
before = gc.info()
kept = [[], [], [], []]
at_any_time = gc.info()["collections"] > before["collections"] + 1
before = gc.info()
for i in range(30000 if not at_any_time else 10):
    (i, i, i)
after = gc.info()
print(at_any_time or after["full"] == before["full"])  # expect: True
print(after["minor"] > before["minor"])  # expect: True
