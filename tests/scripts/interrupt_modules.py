# Functions of modules that go through much look for Ctrl-C.
# needs: array binascii hashlib heapq json re

import array, binascii, hashlib, heapq, io, json, micropython, re

names = {"micropython": micropython}
for module in (array, binascii, hashlib, heapq, io, json, re):
    names[module.__name__] = module
names["b"] = b"abc" * 1000
names["l"] = [1] * 1000


def ends(text):
    # Asked for in the same program, which does not jump back: only the native can look.
    program = "micropython.schedule(micropython.kbd_intr, None)\n" + text
    try:
        exec(program, names)
    except KeyboardInterrupt:
        return True
    except Exception:
        pass
    try:
        while True:
            pass
    except KeyboardInterrupt:
        return False


def deaf(*texts):
    print([text for text in texts if not ends(text)])


deaf("array.array('i', l)", "json.dumps(l)", "json.dumps({1: 2})", "heapq.heapify(l)")  # expect: []
deaf("re.search('b*d', b)", "hashlib.sha256(b)", "binascii.crc32(b)")  # expect: []
deaf("binascii.hexlify(b)", "binascii.b2a_base64(b)", "binascii.a2b_base64(b)")  # expect: []

# Passes over one long text look, too, long before its end; short ones are done with sooner.
names["s"] = "Ab1 " * 20_000
names["u"] = "\u00e9" * 40_000
names["p"] = b"aBc " * 20_000
names["a"] = array.array("i", [1] * 5_000)
deaf("b.upper()", "hash(b)", "b.decode()", "len('\u00e9' * 1000)")  # expect: ['b.upper()', 'hash(b)', 'b.decode()', "len('é' * 1000)"]
deaf("s.upper()", "s.lower()", "p.upper()", "p.lower()", "bytearray(p).upper()", "('a' * 80_000).isalpha()", "(b'7' * 80_000).isdigit()", "('a' * 80_000).islower()")  # expect: []
deaf("hash(s)", "hash(p)", "hash(memoryview(p))", "p.decode()", "str(p, 'utf-8')", "u.encode().decode()", "len(u)", "len(s)", "s.count('')", "s.find('Ab2')", "u.find('e')")  # expect: []
deaf("a == array.array('i', a)", "memoryview(a) == a", "int.from_bytes(p, 'big')", "(1).to_bytes(5_000, 'little')", "re.sub('b', 'x', b)", "re.compile('c').split(b)", "io.BytesIO(p).readline()")  # expect: []

# Where a long text is cut for that cannot be seen.
for count in (65_533, 65_534, 65_535, 65_536, 65_537):
    for tail in ("\u00e9", "\u20ac", "\U0001f600", "Z"):
        text = "x" * count + tail + "\u00e9y"
        data = text.encode()
        again = data.decode()
        if not (again == text and len(text) == count + 3 and text.upper() == "X" * count + tail + "\u00e9Y" and hash(text) == hash(again)):
            print("cut", count, tail)
        broken = data[:count] + b"\xc3\xff" + data[count:]
        try:
            broken.decode()
            print("decoded", count, tail)
        except UnicodeError:
            pass
        if broken.decode("utf-8", "ignore") != text or len(broken) != len(data) + 2:
            print("ignored", count, tail)
print(("a" * 70_000 + "B").islower(), ("1" * 70_000 + "b").islower(), ("1" * 70_001).isupper(), (" " * 70_000 + "x").isspace(), ("a" + "B" * 70_000).capitalize() == "A" + "b" * 70_000)  # expect: False True False False True
