# array.array: typecodes, changes in place, slices, views.
# needs: array
from array import array


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print(array("b", [1, -2]), array("B"), array("h", [-300]), array("H", (65535,)), array("i", range(3)))  # expect: array('b', [1, -2]) array('B') array('h', [-300]) array('H', [65535]) array('i', [0, 1, 2])
print(array("I", [2**32 - 1]), array("q", [-(2**63)]), array("Q", [2**64 - 1]), array("f", [1.5]), array("d", [0.25, -2]))  # expect: array('I', [4294967295]) array('q', [-9223372036854775808]) array('Q', [18446744073709551615]) array('f', [1.5]) array('d', [0.25, -2.0])
print(failure(lambda: array("X")), failure(lambda: array("b", 5)), failure(lambda: array(1)), failure(lambda: array("b", ["a"])))  # expect: ValueError TypeError TypeError TypeError
a = array("h", [1, 2, 3])
a.append(4)
a.extend([5, 6])
a.extend(array("h", [7]))
a += array("h", [8])
print(a, len(a), a[0], a[-1], a[2:4], a[::2], list(a), sum(a))  # expect: array('h', [1, 2, 3, 4, 5, 6, 7, 8]) 8 1 8 array('h', [3, 4]) array('h', [1, 3, 5, 7]) [1, 2, 3, 4, 5, 6, 7, 8] 36
a[1] = -20
a[2:4] = array("h", [30, 31, 32, 33])
print(a, bytes(a[:2]))  # expect: array('h', [1, -20, 30, 31, 32, 33, 5, 6, 7, 8]) b'\x01\x00\xec\xff'
del a[0]
del a[1:4]
print(a, a + array("h", [9]), array("h", [1]) * 3)  # expect: array('h', [-20, 33, 5, 6, 7, 8]) array('h', [-20, 33, 5, 6, 7, 8, 9]) array('h', [1, 1, 1])
print(array("b", [1, 2]) == array("h", [1, 2]), array("b", [1]) < array("b", [2]), array("d", [1]) == array("f", [1]), a == [1])  # expect: True True True False
print(failure(lambda: a[100]), bool(array("i")), bool(a), [x for x in array("f", [0.5])], array("B", b"ab"), array("h", b"\x01\x00\x02\x00"))  # expect: IndexError False True [0.5] array('B', [97, 98]) array('h', [1, 2])
view = memoryview(array("H", [1, 2, 3]))
view[1] = 513
print(len(view), view.itemsize, view[1], list(view[1:]), bytes(view[1:2]))  # expect: 3 2 513 [513, 3] b'\x01\x02'
grown = array("i")
for i in range(5000):
    grown.append(i)
print(len(grown), sum(grown), grown[4999])  # expect: 5000 12497500 4999
