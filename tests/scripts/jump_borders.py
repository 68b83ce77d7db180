# Jumps of every length around those where their encoding gets longer: bodies of n statements, for
# n around the border. What runs is compared with what the program says itself.


def run(text, arguments):
    names = {}
    exec(text, names)
    return [names["f"](argument) for argument in arguments]


def body(n, indent):
    # Two bytes and three by turns.
    space = " " * indent
    return "".join(space + ("-a\n" if i & 1 else "a\n") for i in range(n))


FORMS = (
    "def f(a):\n if a:\n{2}  return 'yes'\n else:\n{2}  return 'no'\n",
    "def f(a):\n n = 0\n while n < a:\n  n += 1\n{2}  if n > 3: break\n  else: continue\n  n = 9\n return n\n",
    "def f(a):\n r = []\n for i in range(a):\n  if i & 1: continue\n{2}  r.append(i)\n else:\n{2}  r.append('end')\n return r\n",
    "def f(a):\n r = []\n for i in (1, 2, 3):\n  try:\n{3}   if i == a: break\n   if i == a - 1: continue\n   1 // (a - i - 2)\n  except ZeroDivisionError:\n{3}   r.append('except')\n  finally:\n{3}   r.append(i)\n return r\n",
    "class C:\n def __enter__(self): return 1\n def __exit__(self, *e): return True\ndef f(a):\n with C() as c:\n{2}  if a: return 'early'\n{2}  1 // 0\n return 'late'\n",
    "def f(a):\n return a and (a or 0) and [a for a in (a, -a) if a > 0 or a < -1]\n",
    "def f(a):\n try:\n{2}  g(a)\n except NameError as e:\n{2}  return e.args[0][:4]\n",
)


def fill(form, n):
    for indent in (2, 3):
        form = form.replace("{%d}" % indent, body(n, indent))
    return form


for form in FORMS:
    results = []
    differ = 0
    for n in list(range(12, 29)) + list(range(45, 57)) + [150]:
        got = run(fill(form, n), range(5))
        if not results:
            results = got
        elif got != results:
            differ += 1
    print(differ, results)
# expect: 0 ['no', 'yes', 'yes', 'yes', 'yes']
# expect: 0 [0, 1, 2, 3, 4]
# expect: 0 [['end'], [0, 'end'], [0, 'end'], [0, 2, 'end'], [0, 2, 'end']]
# expect: 0 [[1, 2, 3], [1], [1, 2], ['except', 1, 2, 3], [1, 'except', 2, 3]]
# expect: 0 ['late', 'early', 'early', 'early', 'early']
# expect: 0 [0, [1], [2, -2], [3, -3], [4, -4]]
# expect: 0 ['name', 'name', 'name', 'name', 'name']

# Inner jumps bring the outer ones near, level by level, in every direction.
for n in range(1, 60, 3):
    text = "def f(a):\n r = 0\n"
    for level in range(8):
        text += " " * (level + 1) + ("if a > %d:" % level, "for i%d in range(2):" % level)[level & 1] + "\n"
    text += body(n, 9) + " " * 9 + "r += 1\n return r\n"
    if run(text, (0, 3, 7)) != [0, 0, 16]:
        print("levels", n)

# The line of an error is that of its statement, whatever became shorter before it.
import sys, io

wrong = 0
for n in range(0, 80, 3):
    text = "def f(a):\n if a: a\n" + " if a: a\n" * n + "\n" * 20 + " 1 // a\n"
    try:
        run(text, (0,))
    except ZeroDivisionError as error:
        out = io.StringIO()
        sys.print_exception(error, out)
        if ("line %d," % (n + 23)) not in out.getvalue():
            wrong += 1
print(wrong)
# expect: 0

# Too far is refused, and what is just near enough is not.
for n in (2600, 3300):
    try:
        exec("def f(a):\n if a:\n" + "  if a: a\n" * n + " else: a = 5\n return a\n")
        print(n, f(0), f(1))
    except RuntimeError as error:
        print(n, error)
# expect: 2600 5 1
# expect: 3300 bytecode overflow
