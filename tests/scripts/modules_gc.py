# gc: figures, thresholds, the log, MemoryError. COMPAT: CPython has none of them.
import gc

info = gc.info()
print(sorted(info))  # expect: ['collections', 'compactions', 'cycles', 'free', 'full', 'last_pause', 'longest_pause', 'mark_overflows', 'max_block', 'max_free', 'minor', 'missing', 'moved', 'num_1block', 'num_2block', 'pinned', 'regions', 'remembered_overflows', 'slices', 'total', 'used']
print(info["free"] + info["used"] == info["total"], info["max_free"] <= info["free"], info["max_block"] <= info["free"])  # expect: True True True
print(gc.mem_alloc() + gc.mem_free() == info["total"])  # expect: True
regions = info["regions"]
print(sum(region["total"] for region in regions.values()) == info["total"], all(region["used"] + region["free"] == region["total"] for region in regions.values()))  # expect: True True
print(all(sorted(region) == ["base", "fast", "fragmentation", "free", "max_free", "pinned", "total", "used"] for region in regions.values()))  # expect: True
print(sum(region["used"] for region in regions.values()) == info["used"])  # expect: True
before = gc.info()["collections"]
print(type(gc.collect()), gc.info()["collections"] > before, type(gc.compact()))  # expect: <class 'int'> True <class 'int'>
print(gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), gc.isenabled())  # expect: True None False None True
print(gc.threshold(), gc.threshold(10000), gc.threshold(), gc.threshold(-1), gc.threshold())  # expect: -1 None 10000 None -1
gc.collect()
used = gc.mem_alloc()
keep = bytearray(50000)
grown = gc.mem_alloc() - used
print(50000 <= grown < 50200)  # expect: True
del keep
freed = gc.collect()
print(freed >= 50000)  # expect: True
try:
    bytearray(2**30)
except MemoryError as error:
    text = error.args[0]
    print(text.startswith("memory allocation failed, allocating 10737418"), "free, largest run" in text, "region" in text)  # expect: True True True
last = gc.log()[-1]
print(last[1] >= 2**30, last[2] in regions, last[5])  # expect: True True failed
gc.collect()
block, fits = 0, False
for _ in range(3):
    block = gc.info()["max_block"]
    fits = len(bytearray(block)) == block
    gc.collect()
    print(fits)
# expect: True
# expect: True
# expect: True
try:
    bytearray(gc.info()["total"])
    print("allocated")
except MemoryError:
    print("MemoryError")  # expect: MemoryError
print(gc.log(True), gc.log(False), gc.log()[-1][3] > 0)  # expect: None None True
