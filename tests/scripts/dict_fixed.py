# Dicts that cannot be changed.
# needs: collections
import errno
import sys

codes = errno.errorcode
before = codes.copy()


class Plain:
    one = 1

    def two(self):
        pass


def setting():
    codes[1] = 2


def deleting():
    del codes[1]


for change in (
    setting,
    deleting,
    codes.clear,
    codes.popitem,
    lambda: codes.pop(0),
    lambda: codes.setdefault(0, 0),
    lambda: codes.update([(1, 2)]),
    lambda: Plain.__dict__.update(three=3),
    lambda: sys.__dict__.clear(),
    lambda: int.__dict__.clear(),
):
    try:
        change()
        print("changed")
    except TypeError:
        pass
print(codes == before, codes[2])  # expect: True ENOENT
print(Plain.__dict__["one"], "two" in Plain.__dict__)  # expect: 1 True
print("from_bytes" in int.__dict__, sys.__dict__["__name__"])  # expect: True sys

# A key that cannot be hashed is not in an empty dict, and can be in an OrderedDict.
from collections import OrderedDict

try:
    {}[:]
except KeyError as error:
    print(error.args)  # expect: (slice(None, None, None),)
try:
    {}[:] = 1
except TypeError:
    print("slice")  # expect: slice
ordered = OrderedDict()
ordered[:"a"] = 1
ordered["b"] = 2
print(list(ordered))  # expect: [slice(None, 'a', None), 'b']
