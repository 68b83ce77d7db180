# StringIO and BytesIO.
import io

text = io.StringIO("one\nzwölf\n")
print(text.read(1), text.readline(), text.tell(), list(text), repr(text.read()))  # expect: o ne
# expect:  4 ['zwölf\n'] ''
print(text.seek(0), text.readlines(), repr(text.getvalue()))  # expect: 0 ['one\n', 'zwölf\n'] 'one\nzwölf\n'
text.seek(4)
print(text.write("ZWÖLF und"), repr(text.getvalue()))  # expect: 10 'one\nZWÖLF und'
out = io.StringIO()
print(1, "x", file=out)
print(repr(out.getvalue()), str(out).startswith("<io.StringIO "))  # expect: '1 x\n' True
data = io.BytesIO(b"0123456789")
buffer = bytearray(4)
print(data.read(2), data.readinto(buffer), buffer, data.seek(-1, 2), data.read(5))  # expect: b'01' 4 bytearray(b'2345') 9 b'9'
print(data.seek(12), data.read(), data.write(b"!"), data.getvalue())  # expect: 12 b'' 1 b'0123456789\x00\x00!'
print(data.seek(1, 0), data.seek(2, 1), data.seek(-100, 1))  # expect: 1 3 0
with io.BytesIO(100) as sized:
    print(sized.getvalue(), sized.write(b"abc"), sized.getvalue())  # expect: b'' 3 b'abc'
for action in (sized.read, sized.getvalue, lambda: sized.write(b"x")):
    try:
        action()
    except ValueError as error:
        print(error)
# expect: I/O operation on closed file
# expect: I/O operation on closed file
# expect: I/O operation on closed file


class Shouting(io.StringIO):
    def shout(self):
        return self.getvalue().upper()


loud = Shouting("hey\n")
loud.seek(4)
loud.write("you")
print(loud.shout(), [line for line in Shouting("a\nb")])  # expect: HEY
# expect: YOU ['a\n', 'b']
big = io.BytesIO()
for number in range(2000):
    big.write(b"%d," % number)
print(len(big.getvalue()), big.getvalue()[-10:])  # expect: 8890 b'1998,1999,'
