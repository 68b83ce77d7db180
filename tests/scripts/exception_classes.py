# The built-in exceptions: which is derived from which, what they carry, and how they print.

tree = {
    ArithmeticError: (OverflowError, ZeroDivisionError),
    LookupError: (IndexError, KeyError),
    RuntimeError: (NotImplementedError,),
    SyntaxError: (IndentationError,),
    ValueError: (UnicodeError,),
    Exception: (
        ArithmeticError, AssertionError, AttributeError, EOFError, ImportError, LookupError,
        MemoryError, NameError, OSError, RuntimeError, StopAsyncIteration, StopIteration,
        SyntaxError, TypeError, ValueError,
    ),
    BaseException: (Exception, GeneratorExit, KeyboardInterrupt, SystemExit),
}
for base, derived in tree.items():
    print(base.__name__, all(issubclass(kind, base) for kind in derived))
# expect: ArithmeticError True
# expect: LookupError True
# expect: RuntimeError True
# expect: SyntaxError True
# expect: ValueError True
# expect: Exception True
# expect: BaseException True







print(issubclass(KeyboardInterrupt, Exception), issubclass(StopIteration, ValueError))
# expect: False False


for kind in set(tree[Exception]) - {OSError}:
    for args in ((), (1,), ("text", 2, 3)):
        error = kind(*args)
        if error.args != args or not isinstance(error, kind):
            print(kind, args)
    try:
        raise kind
    except kind as caught:
        if caught.args != ():
            print(kind, caught.args)

print(str(ValueError()), str(ValueError("a")), str(ValueError("a", 1)))  # expect:  a ('a', 1)

print(OSError(2, "text").errno, OSError().args, StopIteration(5).value)  # expect: 2 () 5

print(StopIteration().value, SystemExit(3).args, ImportError("x").args)  # expect: None (3,) ('x',)


class Own(LookupError):
    def __init__(self, code):
        super().__init__("code", code)
        self.code = code

    def __str__(self):
        return "own %d" % self.code


try:
    raise Own(7)
except LookupError as error:
    print(error, error.args, error.code, type(error).__name__, isinstance(error, Exception))
# expect: own 7 ('code', 7) 7 Own True


for wrong in (5, "text", int, None):
    try:
        raise wrong
    except TypeError:
        print("TypeError")
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError




try:
    exec("if 1:\n    x\n  y")
except IndentationError as error:
    print("IndentationError")  # expect: IndentationError
try:
    __build_class__
    print(callable(help), callable(input), callable(__build_class__))
except NameError:
    print("missing")  # expect: True True True


# A MemoryError needs no memory, and is as new each time, whatever was made of the last one.
def fail():
    try:
        bytearray(1 << 30)
    except MemoryError as error:
        return error


for args in (), (1,), (b"bytes", 2), ("text",):
    fail().args = args
    error = fail()
    print(type(error).__name__, len(error.args), str(error)[:24], error.__cause__)
# expect: MemoryError 1 memory allocation failed None
# expect: MemoryError 1 memory allocation failed None
# expect: MemoryError 1 memory allocation failed None
# expect: MemoryError 1 memory allocation failed None
