# What works while the heap is locked, and what does not.
from micropython import heap_lock, heap_unlock


class Counted:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 2:
            raise StopIteration
        self.n += 1
        return self.n

    def __call__(self, a, b):
        return a + b


def refused(action):
    heap_lock()
    try:
        action()
        return False
    except MemoryError:
        return True
    finally:
        heap_unlock()


print(refused(lambda: [1]), refused(lambda: {1: 2}), refused(lambda: (refused, 1)), refused(lambda: bytearray(4)))
# expect: True True True True

counted = Counted()
numbers = {1, 2}
pairs = {1: 2}
data = bytearray(range(8))
view = memoryview(data)
big = (1 << 29) - 1


def locked():
    heap_lock()
    for n in counted:
        pass
    for n in numbers:
        pass
    for n in pairs:
        pass
    for n in b"ab":
        pass
    data[1:3] = b"xy"
    view[3:5] = b"zw"
    total = counted(3, 4) + big
    error = None
    try:
        missing
    except NameError as caught:
        error = caught
    heap_unlock()
    return total, error


print(*locked())  # expect: 536870918 name 'missing' isn't defined
print(data)  # expect: bytearray(b'\x00xyzw\x05\x06\x07')


def raised():
    heap_lock()
    error = None
    try:
        raise ValueError(1, 2)
    except ValueError as caught:
        error = caught
    many = Exception(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39)
    heap_unlock()
    return error.args, many.args


print(*raised())  # expect: (1, 2) ()
