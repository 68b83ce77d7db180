# Where modules are known to differ from CPython: what happens here.
# needs: array json struct random
import array
import errno
import json
import random
import struct
import sys


def failure(action, *args):
    try:
        return action(*args)
    except Exception as error:
        return type(error).__name__


# COMPAT: what does not fit is cut.
print(array.array("b", [257, -1, 128]))  # expect: array('b', [1, -1, -128])
# Differences of MicroPython that are not there.
items = array.array("b", [1, 2, 3, 4])
del items[1]
print(items, items[::2], 3 in items)  # expect: array('b', [1, 3, 4]) array('b', [1, 4]) True
print(array.array("b", [1, 2]) == array.array("i", [1, 2]))  # expect: True

# COMPAT: CPython refuses too few and too many values; blanks are allowed there.
print(struct.pack("bb", 1), struct.pack("bb", 1, 2, 3), failure(struct.pack, "b b", 1, 2))
# expect: b'\x01\x00' b'\x01\x02' ValueError

# COMPAT: what JSON has no form for is written as its text.
print(json.dumps(b"bytes"))  # expect: "bytes"

# COMPAT: 32 bits at a time, and numbers of a machine word.
print(failure(random.getrandbits, 33), failure(random.randint, 0, 1 << 128))
# expect: ValueError OverflowError

# COMPAT: names of one error code each.
print(hasattr(errno, "ENOTSUP"), errno.errorcode[errno.EOPNOTSUPP])  # expect: False EOPNOTSUPP
names = [name for name in dir(errno) if name[0] == "E"]
print(all(errno.errorcode[getattr(errno, name)] == name for name in names))  # expect: True
print(failure(setattr, sys, "stdout", None))  # expect: AttributeError
