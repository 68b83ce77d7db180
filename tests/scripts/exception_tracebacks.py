# What a traceback shows when an exception is raised again.
import io
import sys


def inner():
    raise ValueError("v")


def outer():
    inner()


def lines(error):
    out = io.StringIO()
    sys.print_exception(error, out)
    return [int(l.split("line ")[1].split(",")[0]) for l in out.getvalue().split("\n") if "line " in l]


def again():
    try:
        outer()
    except ValueError:
        raise


def at_last():
    try:
        outer()
    finally:
        pass


def named():
    try:
        outer()
    except ValueError as error:
        raise error


for function in (again, at_last, named):
    try:
        function()
    except ValueError as error:
        print(function.__name__, lines(error))
# expect: again [43, 22, 11, 7]
# expect: at_last [43, 29, 11, 7]
# expect: named [43, 38, 36, 11, 7]

try:
    raise ValueError("a") from None
except ValueError as error:
    print(error, error.__cause__)  # expect: a None

# What is no exception is printed as it is; what is no stream is refused.
out = io.StringIO()
sys.print_exception(12, out)
print(out.getvalue())  # expect: 12
# expect:
try:
    sys.print_exception(ValueError(), 1)
except OSError:
    print("no stream")  # expect: no stream


class Early(Exception):
    def __init__(self):
        raise self


class Late(Exception):
    def __init__(self):
        super().__init__(1, 2)
        raise self


for kind in Early, Late:
    try:
        kind()
    except Exception as error:
        print(type(error).__name__, error.args)
# expect: TypeError ('exceptions must derive from BaseException',)
# expect: Late (1, 2)
