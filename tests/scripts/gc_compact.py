# gc.collect() may leave a few holes among many objects; gc.compact() leaves none. COMPAT: CPython has
# no gc.compact().
import gc

block = 0
gc.compact()
kept = []
gone = []
for i in range(6000):
    kept.append([i])
    if i % 100 == 0:
        gone.append([i])
gc.compact()
gone = None
freed = gc.collect()
print(freed >= 60 * 16)  # expect: True
gc.compact()
info = gc.info()
print(info["num_1block"], info["num_2block"])  # expect: 0 0
print(all(region["fragmentation"] == 0 for region in info["regions"].values()))  # expect: True
print(all(kept[i] == [i] for i in range(6000)))  # expect: True
block = gc.info()["max_block"]
kept.append(bytearray(block))
print(len(kept[-1]) == block)  # expect: True
