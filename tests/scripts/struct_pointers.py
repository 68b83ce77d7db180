# struct: O is an object, by a number that it keeps; P a number of four bytes; S a text at an address. COMPAT: CPython has only P.
# needs: struct weakref
import array
import gc
import struct


class Thing:
    pass


def failure(action):
    try:
        return action()
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


thing = Thing()
things = [thing, [1, 2], "a text that is no name", "name", b"bytes", 5, -7, 1 << 100, 1.5, 1e300, 0.0, None, True, ..., print, len, struct, int, Thing, lambda: 1, (), {}]
for order in "<>@":
    for one in things:
        packed = struct.pack(order + "O", one)
        (again,) = struct.unpack(order + "O", packed)
        if again is not one and again != one:
            print(order, one, packed, again)
print(struct.calcsize("<O"), struct.calcsize("bO"), struct.calcsize("<bP2S"))  # expect: 4 8 13

# The number stays when the object moves.
packed = struct.pack("<3O", thing, things, thing)
garbage = [bytearray(500) for _ in range(100)]
garbage = None
gc.collect()
first, second, third = struct.unpack("<3O", packed)
print(first is thing, second is things, third is thing)  # expect: True True True
print(struct.pack("<O", thing) == struct.pack("<O", thing), struct.pack("<O", thing) == struct.pack("<O", things))  # expect: True False

# It keeps nothing alive, and what is gone is not found, nor what never was.
packed = struct.pack("<O", [1, 2, 3])
gc.collect()
print(failure(lambda: struct.unpack("<O", packed)))  # expect: ValueError: no such object
for word in (0, 8 * 100000, 0xFFFFFFF8, 0x2F, 0x37, 0x3F, 0xFFFFFFFF, 0xFFFFFFFA, 0xFFFFFFFE, 0x0000FFFE, 7 << 19 | 5000 << 3 | 6):
    print(word, failure(lambda: struct.unpack("<O", struct.pack("<I", word))))
# expect: 0 ValueError: no such object
# expect: 800000 ValueError: no such object
# expect: 4294967288 ValueError: no such object
# expect: 47 ValueError: no such object
# expect: 55 ValueError: no such object
# expect: 63 ValueError: no such object
# expect: 4294967295 ValueError: no such object
# expect: 4294967290 ValueError: no such object
# expect: 4294967294 ValueError: no such object
# expect: 65534 ValueError: no such object
# expect: 3710022 ValueError: no such object
found = 0
for number in range(3000):
    try:
        struct.unpack("<O", struct.pack("<I", number * 2654435761 & 0xFFFFFFFF))
        found += 1
    except ValueError:
        pass
print(found > 0)  # expect: True

# P is a number.
print(struct.unpack("<2P", struct.pack("<2P", 1, -1)))  # expect: (1, 4294967295)
pointers = array.array("P", [1, 2])
pointers.append(0xFFFFFFFF)
print(pointers, len(bytes(pointers)))  # expect: array('P', [1, 2, 4294967295]) 12

# S reads up to the end of the text, or to a zero; when the text has moved since, it may find another or none.
try:
    import uctypes
except ImportError:
    uctypes = None
text = "abc" * 20
zero = b"first\x00second"
packed = lambda one: struct.pack("<S", uctypes.addressof(one))
print(uctypes is None or isinstance(failure(lambda: struct.unpack("<S", packed(text))[0]), str))  # expect: True
print(uctypes is None or isinstance(failure(lambda: struct.unpack("<S", packed(zero))[0]), str))  # expect: True
print(failure(lambda: struct.unpack("<S", struct.pack("<S", 12))))  # expect: ValueError: no text at this address
for code in "OS":
    print(failure(lambda: array.array(code)))
# expect: ValueError: bad typecode
# expect: ValueError: bad typecode
