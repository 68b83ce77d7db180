# gc.alloc: buffers in the memory that the program chooses stay there while objects move.
# needs: placement uctypes
# only: board
import gc
import uctypes

regions = gc.info()["regions"].values()
collections = gc.info()["collections"]
# In a zeal build regions have no fixed place; there the content alone is looked at.
has_places = gc.info()["collections"] == collections


def is_in(buffer, region):
    if not has_places:
        return True
    address = uctypes.addressof(buffer)
    for r in regions:
        if r["base"] <= address < r["base"] + r["total"]:
            return region == (gc.FAST if r["fast"] else gc.LARGE)
    return False


first = gc.alloc(100)
print(type(first), len(first), first == bytearray(100), is_in(first, gc.FAST))  # expect: <class 'bytearray'> 100 True True
print(is_in(gc.alloc(10, region=gc.LARGE), gc.LARGE))  # expect: True
print(is_in(gc.alloc(20000, gc.FAST), gc.FAST))  # expect: True
print(len(gc.alloc(0)), gc.FAST != gc.LARGE)  # expect: 0 True

# The program goes on: objects come and go, collections move what is alive.
kept = [first]
wrong = 0
for turn in range(60):
    region = gc.LARGE if turn % 3 == 0 else gc.FAST
    buffer = gc.alloc(40 + turn % 7, region)
    for at in range(len(buffer)):
        buffer[at] = turn
    kept.append((turn, region, buffer))
    garbage = [(turn, i) for i in range(turn * 2)]
    survivors = [[i] for i in range(turn)]
    kept.append(survivors)
    if turn % 10 == 9:
        gc.collect()
        del kept[1 : turn // 2]
    for entry in kept:
        if type(entry) is tuple:
            number, region, buffer = entry
            if not is_in(buffer, region) or buffer != bytes([number] * len(buffer)):
                wrong += 1
print(wrong)  # expect: 0

# What is full is full, whatever is free elsewhere.
try:
    gc.alloc(max(r["total"] for r in regions if r["fast"]), gc.FAST)
except MemoryError as error:
    fast = [name for name, r in gc.info()["regions"].items() if r["fast"]][0]
    print(error.args[0].endswith("region %s)" % fast))  # expect: True
count = 0
blocks = []
try:
    while True:
        blocks.append(gc.alloc(10000))
        count += 1
except MemoryError as error:
    print(count > 8, all(is_in(block, gc.FAST) for block in blocks))  # expect: True True
blocks = None
print(is_in(gc.alloc(50000), gc.FAST))  # expect: True

for size, region in ((-1, gc.FAST), (1, 7)):
    try:
        gc.alloc(size, region)
    except ValueError as error:
        print(error)
# expect: negative size
# expect: no such region

for arguments, keywords in (
    ((1, gc.FAST, 2), {}),
    ((1, gc.FAST), {"region": gc.FAST}),
    ((1,), {"size": 2}),
    ((), {}),
):
    try:
        gc.alloc(*arguments, **keywords)
    except TypeError as error:
        print(error)
# expect: too many arguments
# expect: too many arguments
# expect: unexpected keyword argument 'size'
# expect: function missing 1 required positional arguments
