# Issue: one bytearray stays alive while one 50 KB larger is asked for. Two must fit 8 MiB:
# 4100 KB succeeds, 4150 KB is a MemoryError, and the board goes on.
import gc

size = 100
live = bytearray(size * 1024)
try:
    while True:
        live[0] = size & 0xFF
        live[-1] = 0x5A
        larger = bytearray((size + 50) * 1024)
        assert live[0] == size & 0xFF and live[-1] == 0x5A
        size += 50
        live = larger
        larger = None
except MemoryError as error:
    print("largest", size, "KB")  # expect: largest 4100 KB
    print(str(error).startswith("memory allocation failed, allocating"))  # expect: True

live = None
gc.collect()
print(len(bytearray(4100 * 1024)))  # expect: 4198400
