# gc.alloc on a machine without external RAM. COMPAT: CPython and MicroPython have no gc.alloc.
# needs: placement
# only: host
import gc

print(len(gc.alloc(1000)), gc.alloc(3, gc.FAST))  # expect: 1000 bytearray(b'\x00\x00\x00')
try:
    gc.alloc(1000, gc.LARGE)
except MemoryError as error:
    print(error)  # expect: this board has no large memory
