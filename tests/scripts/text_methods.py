# Methods that str, bytes and bytearray share.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print("hello".find("l"), "hello".rfind("l"), "hello".find("z"), "hello".find("l", 3), "hello".find("l", 0, 2))  # expect: 2 3 -1 3 -1
print("hello".index("lo"), "hello".rindex("l"), failure(lambda: "a".index("b")), failure(lambda: b"a".rindex(b"b")))  # expect: 3 3 ValueError ValueError
print("hello".find(""), "hello".rfind(""), "hello".find("", 5), "hello".find("o", -1), "abc".find("abcd"))  # expect: 0 5 5 4 -1
print("banana".count("an"), "aaaa".count("aa"), "abc".count(""), "banana".count("a", 2), "banana".count("a", 2, 4), "日本日".count("日"))  # expect: 2 2 4 2 1 2
print(b"hello".find(b"l"), b"hello".find(108), b"hello".count(b"l"), b"hello".count(108), bytearray(b"hello").rfind(b"l"))  # expect: 2 2 2 2 3
print(failure(lambda: "a".find(1)), failure(lambda: "a".find(b"a")), failure(lambda: b"a".find("a")), failure(lambda: b"a".find(256)))  # expect: TypeError TypeError TypeError ValueError
print("abc".startswith("ab"), "abc".startswith("b", 1), "abc".startswith(("x", "a")), "abc".startswith(""), "abc".startswith("abcd"))  # expect: True True True True False
print("abc".endswith("bc"), "abc".endswith("b", 0, 2), "abc".endswith(("x", "c")), b"abc".endswith(b"c"))  # expect: True True True True
print("a,b,c".split(","), "a,b,c".split(",", 1), " a  b ".split(), " a  b  c ".split(None, 1), "".split(), "".split(","))  # expect: ['a', 'b', 'c'] ['a', 'b,c'] ['a', 'b'] ['a', 'b  c '] [] ['']
print("a<>b<>c".split("<>"), ",".split(","), "abc".split("x"), "a,b,c".split(",", 0), " a b ".split(" "), "a\tb\nc\x0bd".split())  # expect: ['a', 'b', 'c'] ['', ''] ['abc'] ['a,b,c'] ['', 'a', 'b', ''] ['a', 'b', 'c', 'd']
print("a,b,c".rsplit(","), "a,b,c".rsplit(",", 1), "a b c".rsplit(None, 1), " a b  c ".rsplit(None, 2), "abc".rsplit("x", 1))  # expect: ['a', 'b', 'c'] ['a,b', 'c'] ['a b', 'c'] [' a', 'b', 'c'] ['abc']
print(b"a,b".split(b","), bytearray(b"a b").split(), failure(lambda: "a".split("")), failure(lambda: "a".split(1)))  # expect: [b'a', b'b'] [bytearray(b'a'), bytearray(b'b')] ValueError TypeError
print("a\nb\r\nc\rd".splitlines(), "a\nb\n".splitlines(True), "a\r\nb".splitlines(keepends=True), "".splitlines(), "\n".splitlines())  # expect: ['a', 'b', 'c', 'd'] ['a\n', 'b\n'] ['a\r\n', 'b'] [] ['']
print("a.b.c".partition("."), "a.b.c".rpartition("."), "abc".partition("."), "abc".rpartition("."), failure(lambda: "a".partition("")))  # expect: ('a', '.', 'b.c') ('a.b', '.', 'c') ('abc', '', '') ('', '', 'abc') ValueError
print("  ab ".strip() + "|", "  ab ".lstrip() + "|", "  ab ".rstrip() + "|", "xyabyx".strip("xy"), "xyabyx".lstrip("x"), "xyabyx".rstrip("xy"))  # expect: ab| ab |   ab| ab yabyx xyab
print("éaé".strip("é"), "àaé".strip("é"), "   ".strip() == "", b"  a ".strip(), b"xax".strip(b"x"), bytearray(b" a ").strip())  # expect: a àa True b'a' b'a' bytearray(b'a')
print("a-b-c".replace("-", "+"), "aaa".replace("a", "bb", 2), "abc".replace("", "."), "é日".replace("", "."), "abc".replace("b", ""), "ab".replace("", "-", 1))  # expect: a+b+c bbbba .a.b.c. .é.日. ac -ab
print("".replace("", "x"), "abc".replace("x", "y"), b"aXb".replace(b"X", b"--"), bytearray(b"aa").replace(b"a", b"b"), "aa".replace("a", "b", 0), "aaa".replace("a", "b", -1))  # expect: x abc b'a--b' bytearray(b'bb') aa bbb
print(",".join(["a", "b"]), ",".join(("a",)), "".join([]) == "", "".join(c for c in "abc"), "é".join("日本"), b",".join([b"a", bytearray(b"b")]))  # expect: a,b a True abc 日é本 b'a,b'
print(failure(lambda: ",".join([1])), failure(lambda: ",".join([b"a"])), failure(lambda: b",".join(["a"])), failure(lambda: ",".join(1)))  # expect: TypeError TypeError TypeError TypeError
print("aBc".upper(), "aBc".lower(), b"aBc".upper(), bytearray(b"aBc").lower(), "ABC".upper())  # expect: ABC abc b'ABC' bytearray(b'abc') ABC
print("abc".isalpha(), "ab1".isalpha(), "".isalpha(), "123".isdigit(), "12a".isdigit(), " \t\n".isspace(), "".isspace())  # expect: True False False True False True False
print("abc1".islower(), "aBc".islower(), "ABC1".isupper(), "123".isupper(), b"abc".isalpha(), bytearray(b"1").isdigit())  # expect: True False True False True True
print("ab".center(6) + "|", "é".center(5) + "|", "abc".center(2), b"ab".center(4))  # expect:   ab  |   é  | abc b' ab '
print(type(bytearray(b"a b").split()[0]).__name__, type(bytearray(b"ab").upper()).__name__, type(bytearray(b"a.b").partition(b".")[0]).__name__)  # expect: bytearray bytearray bytearray
print(failure(lambda: str.upper(1)), failure(lambda: str.join(",", 1)), failure(lambda: bytearray.append(b"a", 1)), failure(lambda: "a".upper(1)))  # expect: TypeError TypeError TypeError TypeError
