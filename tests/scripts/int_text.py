# int: text and bytes to numbers and back.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print(int("12"), int(" -12\n"), int("+7"), int("1_000_000"), int("0012"), int(b"42"), int(bytearray(b"43")))  # expect: 12 -12 7 1000000 12 42 43
print(int("ff", 16), int("0xFF", 16), int("0b11", 0), int("0o17", 0), int("0X1f", 0), int("zZ", 36), int("101", 2))  # expect: 255 255 3 15 31 1295 5
print(int("123456789012345678901234567890"), int("-" + "9" * 40), int("f" * 30, 16), int("1" * 70, 2))  # expect: 123456789012345678901234567890 -9999999999999999999999999999999999999999 1329227995784915872903807060280344575 1180591620717411303423
print(int(3.99), int(-3.99), int(1e10), int(), int(False))  # expect: 3 -3 10000000000 0 0
for text in ("", " ", "-", "0x", "12a", "1 2", "--1", "0b2", "1.5", "010"):
    assert failure(lambda: int(text, 0)) == "ValueError", text
print(failure(lambda: int("9", 8)), failure(lambda: int("1", 1)), failure(lambda: int("1", 37)), failure(lambda: int(None)), failure(lambda: int("\xb2")))  # expect: ValueError ValueError ValueError TypeError ValueError
print(failure(lambda: int(float("nan"))), failure(lambda: int(float("inf"))))  # expect: ValueError OverflowError
print(str(10**50), hex(10**25), oct(-(10**15)), bin(2**40 + 5), hex(-255), hex(0))  # expect: 100000000000000000000000000000000000000000000000000 0x84595161401484a000000 -0o34327724461500000 0b10000000000000000000000000000000000000101 -0xff 0x0
digits = "1234567890" * 60
print(str(int(digits)) == digits, len(str(3**2000)), str(3**2000)[:20])  # expect: True 955 17478712517226516096
print((1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-2).to_bytes(2, "big", signed=True), (2**70).to_bytes(9, "little"), (0).to_bytes(0, "big"))  # expect: b'\x04\x00' b'\x00\x04\x00\x00' b'\xff\xfe' b'\x00\x00\x00\x00\x00\x00\x00\x00@' b''
print(int.from_bytes(b"\x01\x02", "big"), int.from_bytes(b"\x01\x02", "little"), int.from_bytes(b"\xff" * 12, "big"), int.from_bytes(b"", "big"))  # expect: 258 513 79228162514264337593543950335 0
print(int.from_bytes(b"\xff\xfe", "big", signed=True), int.from_bytes(b"\x80" + b"\0" * 8, "big", signed=True), int.from_bytes([1, 0], "big"))  # expect: -2 -2361183241434822606848 256
print((-128).to_bytes(1, "big", signed=True), (127).to_bytes(1, "big", signed=True), failure(lambda: (128).to_bytes(1, "big", signed=True)), failure(lambda: (-129).to_bytes(1, "big", signed=True)))  # expect: b'\x80' b'\x7f' OverflowError OverflowError
print(failure(lambda: (256).to_bytes(1, "big")), failure(lambda: (-1).to_bytes(4, "big")), failure(lambda: (1).to_bytes(-1, "big")))  # expect: OverflowError OverflowError ValueError
