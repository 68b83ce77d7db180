# const() takes constants of modules, in expressions too.
# needs: special-functions

import errno, math
from micropython import const

CIRCLE = const(2 * math.pi)
_MISSING = const(errno.ENOENT)
E: float = const(math.e)
print(CIRCLE == math.pi + math.pi, _MISSING == errno.ENOENT, E == math.e)  # expect: True True True
print(_MISSING + 1 == errno.ENOENT + 1, round(CIRCLE * 10))  # expect: True 63


def refused(text):
    try:
        exec("from micropython import const\n" + text)
    except SyntaxError as error:
        print(error)


refused("A = const(math)")  # expect: not a constant
refused("A = const(math.floor(1.5))")  # expect: not a constant
refused("A = const(math.pi.real)")  # expect: not a constant
refused("A = const(os.sep)")  # expect: not a constant
