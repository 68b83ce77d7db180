# The heap is filled with small objects, every second one is dropped, and one block of 95 % of
# what is free in the large region is asked for: objects move to make room.
import gc


def fill():
    items = []
    try:
        while True:
            items.append(bytearray(64))
    except MemoryError:
        # Room for what follows; the list itself is large by now.
        for _ in range(200):
            items.pop()
    return items


items = fill()
print(len(items) > 60000)  # expect: True
for at in range(0, len(items), 2):
    items[at] = None
gc.collect()
regions = gc.info()["regions"]
large = [r for r in regions.values() if not r["fast"]][0]
print(large["free"] > 2000000)  # expect: True
block = bytearray(large["free"] * 95 // 100)
print("served")  # expect: served
wrong = 0
for at in range(1, len(items), 2):
    if len(items[at]) != 64:
        wrong += 1
print("wrong", wrong)  # expect: wrong 0
