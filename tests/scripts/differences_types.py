# Where types are known to differ from CPython: what happens here.


def failure(action, *args, **names):
    try:
        return action(*args, **names)
    except Exception as error:
        return type(error).__name__


# COMPAT: three encodings, and arguments by place only.
print(b"caf\xc3\xa9".decode("utf8"), b"cafe".decode("ascii"), str(b"x", "UTF-8"), bytes("x", "ASCII"))
# expect: café cafe x b'x'
print(failure(b"\xe9".decode, "latin-1"), failure("x".encode, "cp1252"), failure(str, b"x", "none"))
# expect: LookupError LookupError LookupError
print(failure(b"x".decode, encoding="utf8"), failure(str, b"x", encoding="utf8"))
# expect: TypeError TypeError
print(failure(bytes, "x", encoding="utf8"))  # expect: TypeError
# COMPAT: CPython heeds the errors argument of encode.
print(failure("\u20ac".encode, "ascii", "ignore"), b"a\xffb".decode("utf-8", "ignore"))
# expect: UnicodeError ab

# COMPAT: bytes have format().
print(b"{} {}".format(1, "x"))  # expect: b'1 x'
# COMPAT: CPython refuses a grouping of digits that are not decimal.
print("{:,b} {:,x}".format(99, 99999))  # expect: 110,0011 1,869f
# COMPAT: CPython escapes characters that are none.
print(repr("\uffff").encode())  # expect: b"'\xef\xbf\xbf'"

# COMPAT: exceptions are not chained, have no attributes of one's own, and a value each.
error = Exception(1)
print(error.value, failure(setattr, error, "x", 1))  # expect: 1 AttributeError
print(failure(lambda: Exception.__init__), type(OSError(2)).__name__)  # expect: AttributeError OSError


class Early(Exception):
    def __init__(self):
        raise self


# COMPAT: CPython raises it.
print(failure(Early))  # expect: TypeError


# COMPAT: a bytearray takes bytes in a slice, not a list.
def store(target, where, items):
    target[where] = items
    return target


print(failure(store, bytearray(4), slice(0, 1), [1, 2]))  # expect: NotImplementedError
print(store(bytearray(4), slice(0, 1), b"ab"))  # expect: bytearray(b'ab\x00\x00\x00')

# A memoryview of what has grown keeps what it saw. (In MicroPython it may show freed memory;
# CPython does not let it grow.)
buffer = bytearray(b"abc")
view = memoryview(buffer)
buffer.extend(b"d" * 100)
print(bytes(view), len(buffer))  # expect: b'abc' 103

# Differences of MicroPython that are not there.
print("abcdef"[::2], b"abcdef"[::-1], (1, 2, 3, 4)[::2])  # expect: ace b'fedcba' (1, 3)
items = [1, 2, 3, 4]
items[::2] = 5, 6
del items[1::2]
items[0:1] = range(3)
print(items)  # expect: [0, 1, 2, 6]
print("abc".ljust(5) + "|", "abc".rjust(5), "a b c".rsplit(None, 1))  # expect: abc  |   abc ['a b', 'c']
print("{a[0]} {b.stop}".format(a=[1, 2], b=slice(3)))  # expect: 1 3
print("{:,f} {:011_.2f}".format(3141.25, 3141.25))  # expect: 3,141.250000 0_003_141.25
print({1: 2, 3: 4}.keys() & {1}, (255).bit_length())  # expect: {1} 8


class Number:
    def __float__(self):
        return 0.5


print(failure(lambda: 2.0 * Number()))  # expect: TypeError

# Ranges of any size; what CPython's len() cannot say is refused.
big = range(2**40, 2**40 + 2)
print(big, len(big), list(big)[1] - 2**40)  # expect: range(1099511627776, 1099511627778) 2 1

# An index as large as one likes, and keys without hash, also where all keys are names.
items = ["a", "b"]
items.insert(1 << 63, 1)
items.insert(-7 << 63, 2)
items.insert(-1 << 40, 3)
print(items)  # expect: [3, 2, 'a', 'b', 1]
names = {"a": 1}
print(failure(lambda: names.get([], 2)), failure(lambda: [] in names), failure(lambda: names[{}]))  # expect: TypeError TypeError TypeError
