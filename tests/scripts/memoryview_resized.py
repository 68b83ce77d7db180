# A view shows the bytearray as it is now; what is gone raises IndexError.
# COMPAT: CPython refuses to resize while a view exists; MicroPython shows freed memory.
base = bytearray(b"abcdef")
view = memoryview(base)
tail = view[3:]
base.extend(b"0" * 100)
print(bytes(view), bytes(tail))  # expect: b'abcdef' b'def'
base[0] = 65
print(bytes(view[:2]), len(view))  # expect: b'Ab' 6
base[:] = b"xy"
print(len(view), bytes(view), len(tail), bytes(tail))  # expect: 2 b'xy' 0 b''
try:
    print(view[2])
except IndexError as error:
    print(error)  # expect: memoryview index out of range
try:
    tail[0] = 1
except IndexError as error:
    print(error)  # expect: memoryview index out of range
view[1] = 90
print(base)  # expect: bytearray(b'xZ')
view[:] = view
print(base, [x for x in tail])  # expect: bytearray(b'xZ') []


class View(memoryview):
    pass


nested = bytearray(b"xy")
for i in range(3000):
    nested = View(nested)
print(nested[1], bytes(nested), len(nested))  # expect: 121 b'xy' 2
