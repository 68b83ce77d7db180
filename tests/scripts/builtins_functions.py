# Builtin functions: numbers, texts, attributes, programs.
# needs: complex
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


class Number:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __int__(self):
        return self.value


print(abs(-3), abs(-2.5), abs(-(2**70)), abs(True), abs(3 + 4j))  # expect: 3 2.5 1180591620717411303424 1 5.0
print(bin(10), bin(-10), bin(0), oct(64), hex(255), hex(-1), hex(2**68), bin(True))  # expect: 0b1010 -0b1010 0b0 0o100 0xff -0x1 0x100000000000000000 0b1
print(failure(lambda: bin(1.5)), failure(lambda: hex("1")), failure(lambda: chr(-1)), failure(lambda: chr(0x110000)))  # expect: TypeError TypeError ValueError ValueError
print(chr(65), chr(0x20AC), chr(0x1F600), ord("a"), ord("€"), ord(b"z"), failure(lambda: ord("ab")), failure(lambda: ord(1)))  # expect: A € 😀 97 8364 122 TypeError TypeError
print(divmod(7, 2), divmod(-7, 2), divmod(7.5, 2), pow(2, 10), pow(2, -1), pow(3, 200, 7), pow(2, 100, 1000))  # expect: (3, 1) (-4, 1) (3.0, 1.5) 1024 0.5 2 376
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2), round(1.5), type(round(1.0)).__name__, type(round(1.0, 1)).__name__)  # expect: 2 4 -2 2.67 1200 2 int float
print(hash(7), hash("ab") == hash("a" + "b"), hash((1, 2)) == hash((1, 2)), failure(lambda: hash([])), failure(lambda: hash({})))  # expect: 7 True True TypeError TypeError
print(len("héé"), len(b"abc"), len([1, 2]), len({}), len(range(10)), failure(lambda: len(5)))  # expect: 3 3 2 0 10 TypeError
print(callable(print), callable(failure), callable(Number), callable(Number(1)), callable(1), callable("".join))  # expect: True True True False False True
print(repr("a'b"), repr([1, "x"]), repr(None), repr(1.0), repr(b"\x00"))  # expect: "a'b" [1, 'x'] None 1.0 b'\x00'
print(isinstance(1, int), isinstance(True, int), isinstance("", (int, str)), isinstance(Number(1), Number), isinstance(1, ()), isinstance([], (int, (str, list))))  # expect: True True True True False True
print(issubclass(bool, int), issubclass(int, bool), issubclass(KeyError, (ValueError, LookupError)), failure(lambda: issubclass(1, int)), failure(lambda: isinstance(1, 1)))  # expect: True False True TypeError TypeError
box = Number(5)
print(getattr(box, "value"), getattr(box, "other", "none"), hasattr(box, "value"), hasattr(box, "other"), failure(lambda: getattr(box, "other")))  # expect: 5 none True False AttributeError
setattr(box, "other", 6)
print(box.other, delattr(box, "other"), hasattr(box, "other"), failure(lambda: delattr(box, "other")))  # expect: 6 None False AttributeError
print(eval("1 + 2"), eval("x * 2", {"x": 21}), eval("x + y", {"x": 1}, {"y": 2}), failure(lambda: eval("1 +")), eval("(1,\n2)"))  # expect: 3 42 3 SyntaxError (1, 2)
space = {}
exec("def double(x):\n    return 2 * x\nvalue = double(8)", space)
print(space["value"], sorted(name for name in space if name[0] != "_"), exec("pass"))  # expect: 16 ['double', 'value'] None
print(eval(compile("3 * 4", "<test>", "eval")), exec(compile("probe = 1", "<test>", "exec")), probe)  # expect: 12 None 1
print(failure(lambda: exec("a = ")), failure(lambda: exec("1/0")), failure(lambda: eval("missing")), failure(lambda: compile("1", "f", "other")))  # expect: SyntaxError ZeroDivisionError NameError ValueError
print(eval(b"1 + 1"), eval(bytearray(b"2 + 2")), failure(lambda: eval(5)))  # expect: 2 4 TypeError
print("box" in globals(), globals() is locals(), "failure" in dir(), "value" in dir(box), "append" in dir(list))  # expect: True True True True True


class Base:
    one = 1


class Derived(Base):
    two = 2


names = dir(Derived())
print("one" in names, "two" in names, names == sorted(names), "three" in names)  # expect: True True True False
print(type(1) is int, type("") is str, type(box) is Number, type(Number).__name__, type(type).__name__)  # expect: True True True type type
Made = type("Made", (Base,), {"three": 3})
print(Made().one, Made().three, Made.__name__, isinstance(Made(), Base))  # expect: 1 3 Made True
print(id(box) == id(box), id(box) == id(Number(5)), Ellipsis, NotImplemented)  # expect: True False Ellipsis NotImplemented
print(sum([1, 2, 3]), sum([0.5, 0.25], 1), sum([[1], [2]], []), sum(range(1000)), failure(lambda: sum(["a"])))  # expect: 6 1.75 [1, 2] 499500 TypeError
print(__import__("math").pi > 3, __name__)  # expect: True __main__
print(1, "a", 2.5, sep="-", end="!\n")  # expect: 1-a-2.5!
print(*[1, 2], sep="")  # expect: 12
print(sep="")  # expect:
print("x", end=""), print("y")  # expect: xy
print(failure(lambda: print(other=1)), failure(lambda: print(sep=1)))  # expect: TypeError TypeError
