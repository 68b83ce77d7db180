# struct: formats, byte orders, alignment, buffers.
# needs: struct
import struct


def failure(action):
    try:
        action()
    except Exception as error:
        # COMPAT: CPython has struct.error for all of these.
        return "error"
    return "none"


print(struct.pack("<bBhHiI", -1, 255, -2, 65534, -3, 4294967293))  # expect: b'\xff\xff\xfe\xff\xfe\xff\xfd\xff\xff\xff\xfd\xff\xff\xff'
print(struct.pack(">bBhHiI", -1, 255, -2, 65534, -3, 4294967293))  # expect: b'\xff\xff\xff\xfe\xff\xfe\xff\xff\xff\xfd\xff\xff\xff\xfd'
print(struct.unpack("<bBhH", b"\xff\xff\xfe\xff\xfe\xff"), struct.unpack(">hH", b"\xff\xfe\xff\xfe"), struct.unpack("!I", b"\x00\x00\x01\x00"))  # expect: (-1, 255, -2, 65534) (-2, 65534) (256,)
print(struct.pack("<qQ", -(2**63), 2**64 - 1), struct.unpack("<qQ", struct.pack("<qQ", -(2**63), 2**64 - 1)))  # expect: b'\x00\x00\x00\x00\x00\x00\x00\x80\xff\xff\xff\xff\xff\xff\xff\xff' (-9223372036854775808, 18446744073709551615)
print(struct.pack("<fd", 1.5, -2.25), struct.unpack("<fd", struct.pack("<fd", 1.5, -2.25)), struct.pack(">e", 0.333), struct.unpack("<e", b"\x00\x3c"))  # expect: b'\x00\x00\xc0?\x00\x00\x00\x00\x00\x00\x02\xc0' (1.5, -2.25) b'5T' (1.0,)
print(struct.calcsize("<bi"), struct.calcsize("bi"), struct.calcsize("bq"), struct.calcsize("3s"), struct.calcsize("<4x2H"), struct.calcsize(""), struct.calcsize("b0i"))  # expect: 5 8 16 3 8 0 4
print(struct.pack("bi", 1, 2), struct.pack("=bi", 1, 2), struct.pack("<hxh", 1, 2))  # expect: b'\x01\x00\x00\x00\x02\x00\x00\x00' b'\x01\x02\x00\x00\x00' b'\x01\x00\x00\x02\x00'
print(struct.pack("5s", b"abc"), struct.pack("2s", b"abc"), struct.unpack("2s1s", b"abc"), struct.pack("?", 5), struct.unpack("??", b"\x00\x02"))  # expect: b'abc\x00\x00' b'ab' (b'ab', b'c') b'\x01' (False, True)
data = bytearray(8)
struct.pack_into(">H", data, 2, 0x1234)
struct.pack_into("<H", data, -2, 0x5678)
print(data, struct.unpack_from(">H", data, 2), struct.unpack_from("<H", data, -2), struct.unpack_from("<2H", memoryview(data)[4:]))  # expect: bytearray(b'\x00\x00\x124\x00\x00xV') (4660,) (22136,) (0, 22136)
print(struct.unpack("2H", b"\x01\x00\x02\x00"), struct.unpack("<", b""), struct.pack("3b", 1, 2, 3))  # expect: (1, 2) () b'\x01\x02\x03'
print(failure(lambda: struct.unpack("I", b"abc")), failure(lambda: struct.calcsize("z")), failure(lambda: struct.calcsize("3")), failure(lambda: struct.pack_into("I", bytearray(3), 0, 1)))  # expect: error error error error
print(failure(lambda: struct.unpack_from("H", b"abc", 2)), failure(lambda: struct.pack_into("H", b"abc", 0, 1)), failure(lambda: struct.calcsize("99999999999999999999i")), failure(lambda: struct.pack("h", "x")))  # expect: error error error error
