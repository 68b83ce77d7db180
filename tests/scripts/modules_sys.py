# sys, errno, builtins as modules.
import errno
import sys


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print(sys.byteorder, sys.maxsize > 2**30, sys.version_info[0], type(sys.version).__name__, type(sys.platform).__name__)  # expect: little True 3 str str
print(sys.modules["__main__"].failure is failure, isinstance(sys.path, list), isinstance(sys.argv, list))  # expect: True True True
print(hasattr(sys, "implementation"), type(sys.implementation.name).__name__, len(sys.implementation.version) >= 3)  # expect: True str True
try:
    sys.exit(3)
except SystemExit as end:
    print(end.args, failure(lambda: None))  # expect: (3,) none
try:
    sys.exit()
except SystemExit as end:
    print(end.args)  # expect: ()
try:
    raise KeyError("k")
except KeyError:
    kind, value, trace = sys.exc_info()
    print(kind is KeyError, value.args)  # expect: True ('k',)
print(sys.exc_info()[0])  # expect: None
path = sys.path
sys.path.append("/nowhere")
print(sys.path is path, sys.path.pop())  # expect: True /nowhere
sys.path = path[:]
print(sys.path == path, sys.intern("a" + "b") == "ab", sys.getsizeof([1, 2, 3]) > 0)  # expect: True True True
print(errno.ENOENT, errno.EEXIST, errno.EAGAIN, errno.ETIMEDOUT, errno.errorcode[errno.EINVAL], errno.errorcode[2])  # expect: 2 17 11 110 EINVAL ENOENT
try:
    raise OSError(errno.ENOENT, "missing")
except OSError as error:
    print(error.errno == errno.ENOENT)  # expect: True

import builtins

builtins.shared = 42
print(shared, builtins.len([1]), builtins.print is print)  # expect: 42 1 True
del builtins.shared
print(failure(lambda: shared))  # expect: NameError
