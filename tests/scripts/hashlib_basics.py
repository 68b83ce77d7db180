# Hashes, hexadecimal digits, base 64 and CRC.
# needs: hashlib binascii
import binascii
import hashlib


def digest(kind, *parts):
    hash = kind()
    for part in parts:
        hash.update(part)
    return binascii.hexlify(hash.digest()).decode()


print(digest(hashlib.sha256))  # expect: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
print(digest(hashlib.sha256, b"abc"))  # expect: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
print(digest(hashlib.sha1, b"a", bytearray(b"b"), memoryview(b"xc")[1:]))  # expect: a9993e364706816aba3e25717850c26c9cd0d89d
print(digest(hashlib.md5, "abc"))  # expect: 900150983cd24fb0d6963f7d28e17f72
many = bytes(range(256)) * 20
for kind in (hashlib.sha256, hashlib.sha1, hashlib.md5):
    whole = digest(kind, many)
    pieces = digest(kind, *(many[at : at + 37] for at in range(0, len(many), 37)))
    print(whole == pieces, binascii.hexlify(kind(many).digest()).decode() == whole)
# expect: True True
# expect: True True
# expect: True True
hash = hashlib.sha256(b"x")
hash.digest()
for action in (hash.digest, lambda: hash.update(b"")):
    try:
        action()
    except ValueError as error:
        print(error)
# expect: hash is final
# expect: hash is final
try:
    hashlib.md5(5)
except TypeError:
    print("bytes only")  # expect: bytes only
print(binascii.hexlify(b"\x00\xfe"), binascii.hexlify(b"abc", "-"), binascii.hexlify(b"", ":"), binascii.unhexlify("00Ff"))  # expect: b'00fe' b'61-62-63' b'' b'\x00\xff'
for size in range(5):
    print(binascii.b2a_base64(b"\xff\xee\xdd\xcc"[:size]), binascii.a2b_base64(binascii.b2a_base64(b"\xff\xee\xdd\xcc"[:size])))
# expect: b'\n' b''
# expect: b'/w==\n' b'\xff'
# expect: b'/+4=\n' b'\xff\xee'
# expect: b'/+7d\n' b'\xff\xee\xdd'
# expect: b'/+7dzA==\n' b'\xff\xee\xdd\xcc'
print(binascii.b2a_base64(b"hi", newline=False), binascii.a2b_base64("a G\nk="))  # expect: b'aGk=' b'hi'
for bad in (lambda: binascii.a2b_base64("abc"), lambda: binascii.unhexlify("0"), lambda: binascii.unhexlify("zz")):
    try:
        bad()
    except ValueError:
        print("refused")
# expect: refused
# expect: refused
# expect: refused
print(binascii.crc32(b"123456789"), binascii.crc32(b"56789", binascii.crc32(b"1234")), binascii.crc32(b""))  # expect: 3421780262 3421780262 0
