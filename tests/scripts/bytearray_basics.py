# bytearray: construction, changes in place, growth.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print(bytearray(), bytearray(3), bytearray(b"ab\xff"), bytearray([1, 2]), bytearray("é", "utf-8"), bytearray(range(3)))  # expect: bytearray(b'') bytearray(b'\x00\x00\x00') bytearray(b'ab\xff') bytearray(b'\x01\x02') bytearray(b'\xc3\xa9') bytearray(b'\x00\x01\x02')
print(failure(lambda: bytearray("a")), failure(lambda: bytearray(-1)), failure(lambda: bytearray([256])))  # expect: TypeError ValueError ValueError
b = bytearray(b"hello")
b[0] = 72
b[-1] = 33
print(b, len(b), b[0], b[1:3], b[::-1], b[::2], bytes(b))  # expect: bytearray(b'Hell!') 5 72 bytearray(b'el') bytearray(b'!lleH') bytearray(b'Hl!') b'Hell!'
b.append(63)
b.extend(b"ab")
b.extend([99, 100])
b.extend(i for i in (101, 102))
print(b)  # expect: bytearray(b'Hell!?abcdef')
b += b"!"
b += bytearray(b"?")
print(b, b + b"x", b"x" + b, bytearray(b"ab") * 2)  # expect: bytearray(b'Hell!?abcdef!?') bytearray(b'Hell!?abcdef!?x') b'xHell!?abcdef!?' bytearray(b'abab')
b = bytearray(b"0123456789")
b[2:5] = b"abcdef"
print(b)  # expect: bytearray(b'01abcdef56789')
b[2:8] = b""
print(b)  # expect: bytearray(b'0156789')
b[1:1] = b"xyz"
print(b)  # expect: bytearray(b'0xyz156789')
b[-2:] = bytearray(b"end")
print(b)  # expect: bytearray(b'0xyz1567end')
del b[0]
del b[1:3]
print(b)  # expect: bytearray(b'x1567end')
b = bytearray(b"0123456789")
del b[::3]
print(b)  # expect: bytearray(b'124578')
b[::2] = b"abc"
print(b)  # expect: bytearray(b'a2b5c8')
del b[::-2]
print(b)  # expect: bytearray(b'abc')
b[:] = b""
print(b, len(b), bool(b))  # expect: bytearray(b'') 0 False
b = bytearray(b"abc")
b.extend(b)
print(b)  # expect: bytearray(b'abcabc')
b[1:2] = b
print(b)  # expect: bytearray(b'aabcabccabc')
print(failure(lambda: b[100]), failure(lambda: b.append("a")), failure(lambda: hash(b)))  # expect: IndexError TypeError TypeError
print(bytearray(b"a") == b"a", b"a" == bytearray(b"a"), bytearray(b"a") == "a", bytearray(b"a") < b"b", 97 in bytearray(b"a"), b"b" in bytearray(b"abc"))  # expect: True True False True True True
print([x for x in bytearray(b"ab")], bytearray(b"abc").find(b"c"), bytearray(b"a,b").split(b","), bytearray(b"ab").decode())  # expect: [97, 98] 2 [bytearray(b'a'), bytearray(b'b')] ab
grown = bytearray()
for i in range(20000):
    grown.append(i & 255)
print(len(grown), all(grown[i] == i & 255 for i in range(20000)))  # expect: 20000 True
big = bytearray(70 * 1024)
for i in range(len(big)):
    big[i] = i % 251
for step in range(20):
    big.extend(bytes([step]) * 2048)
print(len(big), all(big[i] == i % 251 for i in range(70 * 1024)), all(big[70 * 1024 + i] == i // 2048 for i in range(20 * 2048)))  # expect: 112640 True True
