# What the compiler refuses, and what its levels leave out.
import micropython


def kind(text, mode="exec"):
    try:
        compile(text, "text", mode)
        return "fine"
    except Exception as error:
        return type(error).__name__


imported = "from micropython import const\n"
for text in ("1 @ 2", "1 << -1", "1 >> -1", "1 % 0", "1 // 0", "x"):
    print(kind(imported + "A = const(" + text + ")"), end=" ")
print(kind(imported + "A = const(1)\nA = const(2)"))
# expect: SyntaxError SyntaxError SyntaxError SyntaxError SyntaxError SyntaxError SyntaxError
print(kind("", "single"), kind("\\\n", "single"), kind("\n", "single"), kind("\\\n"))
# expect: SyntaxError SyntaxError fine fine
print(kind("1\\\n"), kind("\\\n1"), kind(r'"\N{DASH}"'))  # expect: SyntaxError fine NotImplementedError

micropython.opt_level(1)
exec("assert False\nprint(__debug__)")  # expect: False
micropython.opt_level(3)
try:
    exec("\n\n\nmissing")
except NameError as error:
    import io, sys

    out = io.StringIO()
    sys.print_exception(error, out)
    print("line 1," in out.getvalue())  # expect: True
micropython.opt_level(0)
try:
    exec("assert __debug__ is False")
except AssertionError:
    print("asserted")  # expect: asserted

_PAIR = micropython.const((1, "two"))
print(_PAIR is (1, "two"))  # expect: True

try:
    compile("1", "text", "eval", 0, 0, 0, 0)
except TypeError as error:
    print(error)  # expect: function expected at most 6 arguments, got 7
