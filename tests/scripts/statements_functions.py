# def, lambda and calls: every kind of parameter and argument, defaults, decorators, recursion.


def refused(function):
    try:
        print(function())
    except TypeError:
        print("TypeError")


def plain(a, b=2, *rest, c, d=4, **more):
    return a, b, rest, c, d, sorted(more.items())


print(plain(1, c=3))  # expect: (1, 2, (), 3, 4, [])
print(plain(1, 5, 6, 7, c=8, d=9, e=10))  # expect: (1, 5, (6, 7), 8, 9, [('e', 10)])
print(plain(*[1, 2, 3], **{"c": 4, "z": 5}))  # expect: (1, 2, (3,), 4, 4, [('z', 5)])
print(plain(1, *(), c=3, **{}))  # expect: (1, 2, (), 3, 4, [])
print(plain(*"ab", *(1,), c=0, **{"x": 1}, **{"y": 2}))
# expect: ('a', 'b', (1,), 0, 4, [('x', 1), ('y', 2)])

print(plain(c=1, a=2))  # expect: (2, 2, (), 1, 4, [])
refused(lambda: plain())  # expect: TypeError
refused(lambda: plain(1))  # expect: TypeError
refused(lambda: plain(1, 2, a=3, c=4))  # expect: TypeError
refused(lambda: (lambda: 1)(1))  # expect: TypeError
refused(lambda: (lambda a: a)())  # expect: TypeError
refused(lambda: (lambda a: a)(1, 2))  # expect: TypeError
refused(lambda: (lambda a: a)(b=1))  # expect: TypeError
refused(lambda: (lambda a: a)(1, a=1))  # expect: TypeError
refused(lambda: (lambda *, k: k)())  # expect: TypeError
refused(lambda: (lambda *, k: k)(k=1))  # expect: 1
refused(lambda: plain(*5, c=1))  # expect: TypeError
refused(lambda: plain(1, c=1, **{1: 2}))  # expect: TypeError


# Defaults are computed once, when the function is made.
def keep(item, into=[]):
    into.append(item)
    return into


print(keep(1), keep(2), keep(3, []))  # expect: [1, 2] [1, 2] [3]
functions = [lambda n=i: n * 10 for i in range(3)]
print([function() for function in functions], functions[0](7))  # expect: [0, 10, 20] 70
late = [lambda: i for i in range(3)]
print([function() for function in late])  # expect: [2, 2, 2]


# What an argument list computes comes from left to right.
order = []


def note(value):
    order.append(value)
    return value


(lambda *args, **kwargs: None)(note(1), *[note(2)], k=note(3), **{"j": note(4)})
print(order)  # expect: [1, 2, 3, 4]


# Decorators, the lowest first, with arguments and on classes.
def twice(function):
    return lambda *args: function(*args) * 2


def plus(n):
    def wrap(function):
        def wrapped(*args, **kwargs):
            return function(*args, **kwargs) + n

        return wrapped

    return wrap


@plus(100)
@twice
def add(a, b):
    return a + b


print(add(1, 2))  # expect: 106


def named(name):
    def wrap(cls):
        cls.label = name
        return cls

    return wrap


@named("decorated")
class Thing:
    @staticmethod
    def fixed(a):
        return a

    @classmethod
    def made(cls, a):
        return cls.__name__, a

    @property
    def value(self):
        return "value"


print(Thing.label, Thing.fixed(1), Thing().fixed(2), Thing.made(3), Thing().made(4), Thing().value)
# expect: decorated 1 2 ('Thing', 3) ('Thing', 4) value



# Closures share their variables; each call makes new ones.
def counter(start):
    def step(by=1):
        nonlocal start
        start += by
        return start

    def reset():
        nonlocal start
        start = 0

    return step, reset


step, reset = counter(5)
other, _ = counter(50)
print(step(), step(10), other(), reset(), step())  # expect: 6 16 51 None 1


def recursive(n):
    return 1 if n < 2 else n * recursive(n - 1)


print(recursive(20))  # expect: 2432902008176640000
even = lambda n: n == 0 or odd(n - 1)
odd = lambda n: n != 0 and even(n - 1)
print(even(10), odd(10))  # expect: True False


# Many parameters, annotations, and a function without return.
def many(a, b, c, d, e, f, g, h, i, j, k=11, *, l=12):
    return a + b + c + d + e + f + g + h + i + j + k + l


def annotated(a: int, b: "text" = 1, *args: list, c: dict = {}, **kwargs: set) -> None:
    a


print(many(*range(10)), many(1, 2, 3, 4, 5, 6, 7, 8, 9, j=10, l=0), annotated(1))
# expect: 68 66 None

print((lambda a, *b, c=1, **d: (a, b, c, d))(1, 2, e=3))  # expect: (1, (2,), 1, {'e': 3})
print(max([3, -5, 4], key=abs), sorted("bca", key=lambda c: -ord(c)))  # expect: -5 ['c', 'b', 'a']
print(list(map(lambda a, b: a + b, "ab", "cd")))  # expect: ['ac', 'bd']



# Generators: return values, send, throw, delegation.
def inner():
    got = yield 1
    try:
        yield got
    except ValueError:
        yield "caught"
    return "result"


def delegating():
    res = yield from inner()
    yield res


generator = delegating()
print(next(generator), generator.send("sent"), generator.throw(ValueError), next(generator))
# expect: 1 sent caught result

try:
    next(generator)
except StopIteration as stop:
    print("stop", stop.value)  # expect: stop None
print(list(x * y for x in range(3) for y in range(x)), sum(i for i in range(5)))
# expect: [0, 0, 2] 10


# Code that runs with several globals makes functions that keep theirs, however deep.
code = compile(
    """
def outer(a, b=seed, *, c=seed + 1):
    def inner(d=seed * 10):
        return a, b, c, d, seed, (lambda: seed)()
    return inner
class Thing:
    kept = seed
    def method(self):
        return seed
""",
    "several",
    "exec",
)
spaces = [{"seed": n} for n in range(1, 4)]
for space in spaces:
    exec(code, space)
for space in spaces:
    print(space["outer"](0)(), space["Thing"]().method(), space["Thing"].kept)
# expect: (0, 1, 2, 10, 1, 1) 1 1
# expect: (0, 2, 3, 20, 2, 2) 2 2
# expect: (0, 3, 4, 30, 3, 3) 3 3
spaces[0]["seed"] = 7
print(spaces[0]["outer"](0)(), spaces[1]["outer"](0, 5, c=6)(8), spaces[0]["outer"].__globals__ is spaces[0])
# expect: (0, 1, 2, 70, 7, 7) (0, 5, 6, 8, 2, 2) True
again = type(code_of := spaces[0]["outer"])(code_of.__code__, spaces[2])
print(again(1, 2, c=3)(), again.__globals__ is spaces[2], code_of(1, 2, c=3)()[4])
# expect: (1, 2, 3, 30, 3, 3) True 7
try:
    again(1)
except TypeError as error:
    print(error)  # expect: function missing required positional argument #2
