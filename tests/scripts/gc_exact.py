# All that is free can be had, also after gc.collect() has left holes, and while collections are off.
# COMPAT: CPython has no gc.info().
import gc

block = 0
kept = []
gone = []
held = None


def make():
    for i in range(2500):
        kept.append([i])
        if i % 50 == 0:
            gone.append([i, i])


make()
gc.compact()
gone = None
gc.collect()
block = gc.info()["max_block"]
held = bytearray(block)
print(len(held) == block)  # expect: True
held = None
gone = []
make()
gc.compact()
gone = None
gc.collect()
gc.disable()
block = gc.info()["max_block"]
held = bytearray(block)
print(len(held) == block)  # expect: True
held = None
gc.collect()
gone = kept[::50]
kept = None
gc.collect()
block = gc.info()["max_block"]
held = bytearray(block)
print(len(held) == block)  # expect: True
gc.enable()
held = None
