# A long module is compiled in segments, which must not be seen: in names, in the namespaces of
# exec, in tracebacks.
import io
import sys

lines = []
for n in range(200):
    lines.append("a%d = %d + len('%d')\n" % (n % 50, n, n))
    lines.append("def f%d():\n    return %d\n" % (n % 50, n))
lines.append("del a3\nfrom math import *\n")
text = "".join(lines)

space = {}
exec(text + "total = a49 + f49()\n", space)
print(space["total"], "a3" in space, space["f0"](), "sin" in space)  # expect: 401 False 150 True

names = {}
exec(text + "total = a49 + f49()\n", {"len": len}, names)
print(names["total"], "a3" in names, "len" in names)  # expect: 401 False False


def places(text):
    try:
        exec(text, {})
    except Exception as error:
        out = io.StringIO()
        sys.print_exception(error, out)
        for line in out.getvalue().split("\n")[2:]:
            print(line.strip())


places(text + "undefined\n")
# expect: File "<string>", line 603, in <module>
# expect: NameError: name 'undefined' isn't defined
# expect:
places(text + "def g():\n    exec('1//0')\ng()\n")
# expect: File "<string>", line 605, in <module>
# expect: File "<string>", line 604, in g
# expect: File "<string>", line 1, in <module>
# expect: ZeroDivisionError: divide by zero
# expect:
places("exec('undefined')\n" + text)
# expect: File "<string>", line 1, in <module>
# expect: File "<string>", line 1, in <module>
# expect: NameError: name 'undefined' isn't defined
# expect:
places(text + "exec('undefined')\n")
# expect: File "<string>", line 603, in <module>
# expect: File "<string>", line 1, in <module>
# expect: NameError: name 'undefined' isn't defined
# expect:
places("undefined\n" + text)
# expect: File "<string>", line 1, in <module>
# expect: NameError: name 'undefined' isn't defined
# expect:
try:
    exec(text + "1 = 2\n", names)
except SyntaxError as error:
    print(error)  # expect: can't assign to expression
