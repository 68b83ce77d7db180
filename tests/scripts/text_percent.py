# Formatting with the % operator.
def failure(text, args):
    try:
        text % args
    except Exception as error:
        return type(error).__name__
    return "none"


print("%d %i %u %s %r %%" % (1, -2, 3, "a", "b"), "%s" % 5, "%s" % "a", "%s and %s" % ("x", [1]))  # expect: 1 -2 3 a 'b' % 5 a x and [1]
print("%5d|%-5d|%05d|%+d|% d|%+5d|%-+5d|" % (42, 42, 42, 42, 42, 42, 42))  # expect:    42|42   |00042|+42| 42|  +42|+42  |
print("%x %X %#x %#X %o %#o" % (255, 255, 255, 255, 8, 8), "%08x" % 48879, "%x" % -255)  # expect: ff FF 0xff 0XFF 10 0o10 0000beef -ff
print("%c%c%5c|%-3c|" % (65, "é", "x", "y"), "%5s|%-5s|%.2s|%5.1s|" % ("a", "b", "cde", "fgh"))  # expect: Aé    x|y  |     a|b    |cd|    f|
print("%f %.2f %10.3f|%-10.3f|%+.1f|%08.2f" % (3.25, 3.14159, 2.5, 2.5, 1.0, -1.5), "%.0f %#.0f" % (2.5, 2.5))  # expect: 3.250000 3.14      2.500|2.500     |+1.0|-0001.50 2 2.
print("%e %.2e %E %g %G %g" % (12345.678, 12345.678, 0.00012, 1e10, 1e-10, 100000.0), "%f" % 7, "%d" % 3.9, "%d" % True)  # expect: 1.234568e+04 1.23e+04 1.200000E-04 1e+10 1E-10 100000 7.000000 3 1
print("%(a)s-%(b)d-%(a)s" % {"a": 1, "b": 2}, "%(x)5.1f|%%" % {"x": 2.25}, "nothing" % {"x": 1})  # expect: 1-2-1   2.2|% nothing
print("%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159), "%s" % ((1, 2),), "%s" % None, "%r %s" % (True, ()))  # expect:    42|42   |3.14 (1, 2) None True ()
print("%d %x" % (2**70, 2**70), "%.5d|%8.3d|%-8.3d|%+.3d|%.0d" % (42, 42, 42, 42, 5), "%ld" % 5)  # expect: 1180591620717411303424 400000000000000000 00042|     042|042     |+042|5 5
print(b"%s-%d-%c" % (b"a", 5, 65), b"%5s|" % b"x", "%s" % b"a")  # expect: b'a-5-A' b'    x|' b'a'
print(failure("%d", "a"), failure("%d %d", 1), failure("%d", (1, 2)), failure("%", 1), failure("%z", 1), failure("%(a)d", 1))  # expect: TypeError TypeError TypeError ValueError ValueError TypeError
print(failure("%c", "ab"), failure("%c", 1.5), failure("%s", ()), failure("abc", 1), failure("%(a", {"a": 1}), failure("%x", 1.5), failure("%(b)s", {"a": 1}))  # expect: TypeError TypeError TypeError TypeError ValueError TypeError KeyError


class Settings:
    def __getitem__(self, key):
        return "<" + key + ">"


print("%(a)s %(b)s" % Settings(), "%-6s|" % "ab", "%s" % type(Settings).__name__)  # expect: <a> <b> ab    | type
