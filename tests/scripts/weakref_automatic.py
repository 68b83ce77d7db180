# weakref: callbacks also run after a full collection that the program did not ask for.
# needs: weakref
import gc
import weakref


class Thing:
    pass


# There is room for one block, not for two: the second has everything collected.
size = gc.info()["max_block"] * 6 // 10
block = bytearray(size)
gc.collect()
gone = []
thing = Thing()
told = weakref.ref(thing, gone.append)
thing = None
block = None
block = bytearray(size)
if gc.info()["collections"] != gc.info()["collections"]:
    # A zeal build, where collections of another kind have come first.
    gc.collect()
for n in range(10):
    if gone:
        break
print(len(gone), gone == [told], told())  # expect: 1 True None
