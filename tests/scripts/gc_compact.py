# gc.collect() may leave a few holes among many objects; gc.compact() leaves none. COMPAT: CPython has
# no gc.compact().
import gc

block = 0
gc.compact()
kept = []
gone = []
for i in range(2500):
    kept.append([i])
    if i % 50 == 0:
        gone.append([i])
gc.compact()
gone = None
freed = gc.collect()
print(freed >= 50 * 16)  # expect: True
gc.compact()
info = gc.info()
# In a zeal build, the figures' own object comes behind a hole of eight bytes.
print(info["num_1block"] <= 1, info["num_2block"])  # expect: True 0
print(all(region["fragmentation"] <= 1 for region in info["regions"].values()))  # expect: True
print(all(kept[i] == [i] for i in range(2500)))  # expect: True
block = gc.info()["max_block"]
kept.append(bytearray(block))
print(len(kept[-1]) == block)  # expect: True
