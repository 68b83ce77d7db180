# Strings and bytes: literals, operators, subscripts, slices, iteration.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print("abc" + "def", "ab" * 3, 2 * "xy", "x" * -1 == "")  # expect: abcdef ababab xyxy True
print(repr("it's"), repr('say "x"'), repr("both ' and \""))  # expect: "it's" 'say "x"' 'both \' and "'
print(repr("\n\t\r\\\x00\x7f"), repr("déjà vu"), repr(b"ab\xff\x80'\n"))  # expect: '\n\t\r\\\x00\x7f' 'déjà vu' b"ab\xff\x80'\n"
print("hello"[1], "hello"[-1], "hello"[1:3], "hello"[-3:], "hello"[:-2])  # expect: e o el llo hel
print("hello"[::-1], "hello"[::2], "hello"[4:1:-2], "hello"[10:], "hello"[3:1] == "")  # expect: olleh hlo ol  True
text = "žluťoučký kůň"
print(len(text), text[1], text[-1], text[3:6], text[-3:], text[::-1])  # expect: 13 l ň ťou kůň ňůk ýkčuoťulž
print(text[::3], text[-4:0:-2], text[11:100], text.find("kůň"), text.rfind("ů"))  # expect: žťč ň  kuťl ůň 10 11
print([c for c in "aé日𝄞"], [len(c.encode()) for c in "aé日𝄞"])  # expect: ['a', 'é', '日', '𝄞'] [1, 2, 3, 4]
print("" in "abc", "bc" in "abc", "x" in "abc", "é" in "café")  # expect: True True False True
print("a" < "b", "abc" < "abd", "ab" < "abc", "é" > "z", "B" < "a", "a" == "a", "a" != "b")  # expect: True True True True True True True
print(hash("spam") == hash("sp" + "am"), {"a" + "b": 1}["ab"], bool(""), bool(" "))  # expect: True 1 False True
print(failure(lambda: "abc"[3]), failure(lambda: "abc"["a"]), failure(lambda: "abc"[::0]))  # expect: IndexError TypeError ValueError
print(failure(lambda: "a" + 1), failure(lambda: "a" + b"a"), failure(lambda: "a" < 1), failure(lambda: 1 in "a"))  # expect: TypeError TypeError TypeError TypeError
print(b"abc"[0], b"abc"[-1], b"abc"[1:], b"abc"[::-1], b"ab" + b"c", b"ab" * 2, list(b"ab"))  # expect: 97 99 b'bc' b'cba' b'abc' b'abab' [97, 98]
print(b"b" in b"abc", 98 in b"abc", b"" in b"abc", 200 in b"abc", b"abc" == b"abc", b"a" < b"b")  # expect: True True True False True True
print(b"a" == "a", hash(b"abc") == hash(b"ab" + b"c"), {b"k": 2}[b"k"])  # expect: False True 2
print(failure(lambda: 300 in b"abc"), failure(lambda: b"abc"[5]), failure(lambda: b"a" + "a"))  # expect: ValueError IndexError TypeError
print(str(), str(12), str(b"ab", "utf-8"), str(b"\xc3\xa9", "utf8"), str([1, "a"]))  # expect:  12 ab é [1, 'a']
print(bytes(), bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(range(3)), bytes(bytearray(b"x")))  # expect: b'' b'\x00\x00\x00' b'\x01\x02\xff' b'\xc3\xa9' b'\x00\x01\x02' b'x'
print(failure(lambda: bytes([256])), failure(lambda: bytes(-1)), failure(lambda: bytes("a")), failure(lambda: bytes([-1])))  # expect: ValueError ValueError TypeError ValueError
print("é".encode(), b"\xc3\xa9".decode(), "abc".encode("ascii"), b"abc".decode("ascii"))  # expect: b'\xc3\xa9' é b'abc' abc
print(b"a\xffb".decode("utf-8", "ignore"), b"a\xffb".decode("utf-8", "replace"), b"\xe2\x82".decode("utf-8", "replace"))  # expect: ab a�b �
def encoding(action):
    try:
        return action()
    except UnicodeError:
        return "UnicodeError"
    except LookupError:
        return "LookupError"
print(encoding(lambda: b"\xff".decode()), encoding(lambda: b"\xc3".decode()), encoding(lambda: b"\x80".decode()))  # expect: UnicodeError UnicodeError UnicodeError
print(encoding(lambda: b"\xc0\x40".decode()), encoding(lambda: b"\xf8\x90\x80\x80".decode()), encoding(lambda: "é".encode("ascii")), encoding(lambda: "é".encode("klingon")))  # expect: UnicodeError UnicodeError UnicodeError LookupError
print(b"\x01\xab".hex(), b"\x01\xab\xff".hex(":"), bytes.fromhex("01 Ab ff"), bytearray.fromhex("00ff"), b"".hex() == "")  # expect: 01ab 01:ab:ff b'\x01\xab\xff' bytearray(b'\x00\xff') True
print(failure(lambda: bytes.fromhex("abc")), failure(lambda: bytes.fromhex("zz")), failure(lambda: bytes.fromhex("a b")))  # expect: ValueError ValueError ValueError


class Name(str):
    pass


name = Name("hello")
print(name, name.upper(), name + "!", "<" + name, name[1], len(name), name[1:3])  # expect: hello HELLO hello! <hello e 5 el
print(name == "hello", "hello" == name, {name: 1}["hello"], "ell" in name, name.find(Name("l")))  # expect: True True 1 True 2
print("-".join([name, Name("b")]), "%s" % name, "{:>7}".format(name), f"{name}")  # expect: hello-b hello   hello hello
