# A queue of bytes of fixed size.
# needs: ring-io
from micropython import RingIO

ring = RingIO(4)
print(ring, ring.any(), ring.read(), ring.read(1))  # expect: <RingIO> 0 b'' b''
print(ring.write(b"abcdef"), ring.any(), ring.write(b"x"))  # expect: 4 4 0
print(ring.read(3), ring.write(b"ghi"), ring.any(), ring.read())  # expect: b'abc' 3 4 b'dghi'
buffer = bytearray(5)
ring = RingIO(buffer)
print(ring.write("a\nbc"), ring.readline(), ring.readinto(buffer))  # expect: 4 b'a\n' 2
for size in 0, 65535, bytearray(1), None, b"read-only":
    try:
        RingIO(size)
        print("taken")
    except (TypeError, ValueError) as error:
        print(type(error).__name__, end=";")
print()  # expect: ValueError;ValueError;ValueError;TypeError;TypeError;

import os

path = ("/tmp" if "tmp" in os.listdir("/") else "/flash") + "/octopy_execfile.py"
with open(path, "w") as file:
    file.write("found = __name__, outer")
outer = 1
execfile(path)
print(found)  # expect: ('__main__', 1)
names = {"__name__": "n", "outer": 2}
execfile(path, names)
print(names["found"])  # expect: ('n', 2)
os.remove(path)
try:
    execfile(path)
except OSError:
    print("no file")  # expect: no file
