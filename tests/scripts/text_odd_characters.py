# Characters that are none, and names that are too long.
print(repr(chr(0xD800)), len("\ud800"), ord("\udfff") == 0xDFFF)  # expect: '\ud800' 1 True
print(repr(b"\xf4\x90\x80\x80".decode()), "%c" % 0xDC00 == "\udc00")  # expect: '\U00110000' True
print(chr(0xE000) == "\ue000", ord("\U0010ffff"))  # expect: True 1114111
for bad in (b"\x80", b"\xf8\x80\x80\x80\x80", b"ab\xc3", b"\xe2\x82", b"\xc3("):
    try:
        bad.decode()
        print("taken", bad)
    except UnicodeError:
        pass
print(b"a\xc3b\x80c".decode("utf-8", "ignore"))  # expect: abc
try:
    chr(0x110000)
except ValueError:
    print("no character")  # expect: no character
try:
    ord("ab")
except TypeError as error:
    print(error)  # expect: ord() expected a character, but string of length 2 found

long = "n" * 256


class Empty:
    pass


for use in (
    lambda: exec(long + " = 1"),
    lambda: getattr(Empty(), long),
    lambda: type(long, (), {}),
    lambda: __import__(long),
    lambda: ("%(" + long + ")d") % {long: 1},
):
    try:
        use()
        print("taken")
    except RuntimeError as error:
        print(error, end=";")
print()  # expect: name too long;name too long;name too long;name too long;name too long;
exec(long[1:] + " = 1")
print(globals()[long[1:]])  # expect: 1

# A float that would be longer than 33 bytes is written with an exponent.
print("%.1f" % 1e10, "%.3f" % 1e37 == "1e+37")  # expect: 10000000000.0 True
