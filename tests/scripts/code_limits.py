# What code cannot have is refused when it is compiled, and nothing is done wrongly at the borders.


def made(source, name="f"):
    names = {}
    try:
        exec(source, names)
    except (RuntimeError, SyntaxError):
        return "refused"
    return names[name]


def cell(n):
    lines = ["def f():"] + ["  l%d = %d" % (i, i) for i in range(n)]
    return made("\n".join(lines + ["  z = 7", "  return lambda: z"]))


print(cell(253)()(), cell(255)()())  # expect: 7 7
print(cell(256), cell(300))  # expect: refused refused


def keyword_only(n):
    params = ", ".join("k%d=%d" % (i, i) for i in range(n))
    return made("def f(*a, %s):\n  return a, k0, k%d" % (params, n - 1))


print(keyword_only(200)(5, k199=6), keyword_only(255)())  # expect: ((5,), 0, 6) ((), 0, 254)
print(keyword_only(256), keyword_only(300))  # expect: refused refused


def handlers(n):
    return made("def f(c):\n  with %s:\n    return 1" % ", ".join(["c"] * n))


class Manager:
    def __enter__(self):
        pass

    def __exit__(self, *raised):
        pass


print(handlers(63)(Manager()), handlers(64))  # expect: 1 refused

# More values on the stack than it can have.
try:
    deep = made("def f(x):\n  return len([" + "x," * 66000 + "])")
    print(deep if deep == "refused" else deep(1))
except (MemoryError, RuntimeError):
    print("refused")
# expect: refused

# As many arguments as there are figures for code that must bind them.
star = made("def f(*a):\n  return len(a)")
print([star(*range(n)) for n in (0, 255, 256, 511, 512, 1000)])  # expect: [0, 255, 256, 511, 512, 1000]


class Failure(Exception):
    pass


class Answering:
    def __getattr__(self, name):
        raise AttributeError(name)


failure, answering = Failure(), Answering()
failure.own = answering.own = 1
print("own" in dir(failure), "own" in dir(answering))  # expect: True True


class Methods:
    def f(self):
        return 1

    def g(self, other):
        return 2


methods = Methods()
print(hash(methods.f) == hash(methods.f), hash(methods.f) == hash(methods.g))  # expect: True False
