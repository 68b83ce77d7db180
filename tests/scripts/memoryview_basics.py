# memoryview: reading, writing through, slices, resized bases.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


def store(view, index, value):
    view[index] = value


base = bytearray(b"0123456789")
view = memoryview(base)
print(view[0], view[-1], len(view), view.itemsize, bytes(view[2:5]), list(view[:3]))  # expect: 48 57 10 1 b'234' [48, 49, 50]
view[0] = 65
view[2:5] = b"xyz"
print(base, bytes(view[2:][1:3]), bytes(view[-3:]), bytes(view[5:2]))  # expect: bytearray(b'A1xyz56789') b'yz' b'789' b''
view[4:8] = view[0:4]
print(base)  # expect: bytearray(b'A1xyA1xy89')
inner = view[3:8]
inner[0:2] = bytearray(b"++")
print(base, bytes(inner), bytes(memoryview(inner)[1:]))  # expect: bytearray(b'A1x++1xy89') b'++1xy' b'+1xy'
print(view == base, view[:2] == b"A1", view == bytes(base), memoryview(b"ab") == memoryview(bytearray(b"ab")))  # expect: True True True True
print(failure(lambda: store(view, 0, 1)), failure(lambda: store(view, slice(0, 2), b"abc")), failure(lambda: view[100]))  # expect: none ValueError IndexError
fixed = memoryview(b"abc")
print(failure(lambda: store(fixed, 0, 1)), failure(lambda: store(fixed, slice(0, 1), b"x")), fixed[1], failure(lambda: memoryview(5)))  # expect: TypeError TypeError 98 TypeError
print(memoryview(b"\x01\xff").hex(), [x for x in memoryview(b"ab")], bytearray(memoryview(b"abc")), b"".join([b"a", bytes(memoryview(b"b"))]))  # expect: 01ff [97, 98] bytearray(b'abc') b'ab'
print(98 in list(fixed), bool(memoryview(b"")), bool(fixed), str(memoryview(b"caf\xc3\xa9"), "utf-8"))  # expect: True False True café
