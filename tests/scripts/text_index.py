# Subscripts of text and bytes: from either end, beyond both, where characters have several bytes.
def at(text, index):
    try:
        return text[index]
    except IndexError:
        return "none"


plain = "abcdefghij" * 5
mixed = "abcdefghé" + "ij€k" + "l𝄞m" + "nopqrstuvwxyz"
print([at(plain, i) for i in (0, 9, 10, 49, 50, -1, -50, -51, 1 << 40)])  # expect: ['a', 'j', 'a', 'j', 'none', 'j', 'a', 'none', 'none']
print([at(mixed, i) for i in (7, 8, 9, 11, 12, 14, 15, 16, 28, 29)])  # expect: ['h', 'é', 'i', '€', 'k', '𝄞', 'm', 'n', 'z', 'none']
print([at(mixed, i) for i in (-1, -13, -14, -15, -16, -18, -19, -21, -29, -30)])  # expect: ['z', 'n', 'm', '𝄞', 'l', '€', 'j', 'é', 'a', 'none']
print(mixed[7:13], mixed[-16:-13], mixed[8::7], mixed[::-9], plain[12:15], plain[-3:], plain[45:60])  # expect: héij€k l𝄞m émt zqjb cde hij fghij
print(at("", 0), at("", -1), at("é", 0), at("é", -1), at("é", 1), at("é", -2))  # expect: none none é é none none

for data in (b"\x00\x7f\x80\xff", bytearray(b"\x00\x7f\x80\xff")):
    print([at(data, i) for i in (0, 3, 4, -1, -4, -5)], list(data), [b for b in data])  # expect: [0, 255, 'none', 255, 0, 'none'] [0, 127, 128, 255] [0, 127, 128, 255]
    # expect: [0, 255, 'none', 255, 0, 'none'] [0, 127, 128, 255] [0, 127, 128, 255]

array = bytearray(4)
array[1] = 5
array[-1] = 6
array[0] ^= 3
for index in (4, -5):
    try:
        array[index] = 1
    except IndexError as error:
        print(error)  # expect: bytearray index out of range
        # expect: bytearray index out of range
print(array)  # expect: bytearray(b'\x03\x05\x00\x06')
for byte in array:
    # What is iterated over may grow meanwhile.
    if len(array) < 6:
        array.append(byte)
print(len(array), array[4], array[5])  # expect: 6 3 5
try:
    array[0] = "a"
except TypeError:
    print("TypeError")  # expect: TypeError
try:
    b"ab"[0] = 1
except TypeError:
    print("TypeError")  # expect: TypeError
