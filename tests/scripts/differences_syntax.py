# Where syntax is known to differ from CPython: what happens here.
import io
import sys


def outcome(text):
    try:
        return eval(text)
    except (SyntaxError, NotImplementedError) as error:
        return type(error).__name__


# COMPAT: CPython refuses numbers with underscores in the wrong places.
print(outcome("1__1"), outcome("1_"))  # expect: 11 1
# COMPAT: CPython ends a number where a name begins.
print(outcome("1and 0"), outcome("1if 1else 0"))  # expect: SyntaxError SyntaxError
print(outcome("0x1.to_bytes(1, 'big')"))  # expect: b'\x01'
# COMPAT: no names of characters.
print(outcome(r"'\N{DIGIT ONE}'"))  # expect: NotImplementedError
# COMPAT: CPython does not let := bind the variable of an outer comprehension.
print(outcome("[[(j := i) for i in range(2)] for j in range(2)]"))  # expect: [[0, 1], [0, 1]]
# COMPAT: CPython takes unpacked arguments behind keywords, and behind more than 30 others.
print(outcome("max(key=None, *(3, 4))"))  # expect: SyntaxError
print(outcome("max(" + "0," * 29 + "*(3, 4))"))  # expect: SyntaxError


# COMPAT: CPython refuses annotations of what is no name.
def annotated(expression):
    try:
        exec("def f():\n    %s: int" % expression)
        return "OK"
    except SyntaxError:
        return "SyntaxError"


print(annotated("g('x')"), annotated("[x, y]"), annotated("x, y"))  # expect: OK OK OK


# f-strings are whole here, as in CPython.
x = 1
print("a{}a" f"{x}", f"{x}" "a{}b")  # expect: a{}a1 1a{}b
print(f"{'hello { world'}", f"{'hello ] world'}", f"{'plain'!r}")
# expect: hello { world hello ] world 'plain'

# COMPAT: the condition of a loop stands at its end, where an error in it is said to be.
def lines(text):
    out = io.StringIO()
    try:
        exec(text, {})
    except IndexError as error:
        sys.print_exception(error, out)
    return [int(part.split(",")[0]) for part in out.getvalue().split(", line ")[1:]][-1]


print(lines("i = 0\nwhile 'ab'[i]:\n    x = 1\n    i += 1\n"))  # expect: 4
