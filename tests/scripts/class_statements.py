# class: bodies, inheritance, order of bases, special methods, properties, attributes of classes.


class Empty:
    pass


class Base:
    "Text of the class."
    shared = []
    count = 0

    def __init__(self, x=0):
        self.x = x
        Base.count += 1

    def method(self):
        return "base", self.x

    def chained(self):
        return ["Base"]


class Left(Base):
    def __init__(self, x):
        super().__init__(x + 1)

    def chained(self):
        return ["Left"] + super().chained()


class Right(Base):
    def chained(self):
        return ["Right"] + super().chained()

    def method(self):
        return "right", Base.method(self)


print(Left(1).x, Left(1).method(), Right(5).method(), Base.count, Left.count)
# expect: 2 ('base', 2) ('right', ('base', 5)) 3 3
print(Left(0).chained(), issubclass(Left, Base), isinstance(Left(1), (int, Base)), Left.__name__)
# expect: ['Left', 'Base'] True True Left
Left(1).shared.append(1)
print(Base.shared, Right.shared is Base.shared)  # expect: [1] True
left = Left(3)
left.count = "own"
print(left.count, Left.count == Base.count)  # expect: own True
Left.added = lambda self, n: self.x + n
print(left.added(10), Left.added(left, 1))  # expect: 14 5
bound = left.method
left.x = 99
print(bound(), Base.method(left))  # expect: ('base', 99) ('base', 99)

# The body is a program with names of its own.
class Body:
    values = [i * 2 for i in range(3)]
    total = 0
    for value in values:
        total += value
    if total > 5:
        big = True
    else:
        small = True
    del value

    def inner(self, n=total):
        return n

    class Nested:
        depth = 2

        def up(self):
            return Body.total


print(Body.total, Body.big, hasattr(Body, "small"), hasattr(Body, "value"), Body().inner())
# expect: 6 True False False 6
print(Body.Nested.depth, Body.Nested().up())  # expect: 2 6


# Attributes that are not there, and how they are asked for.
class Dynamic:
    def __getattr__(self, name):
        if name.startswith("no"):
            raise AttributeError(name)
        return name.upper()


dynamic = Dynamic()
dynamic.real = 1
print(dynamic.real, dynamic.abc, getattr(dynamic, "nothing", "default"), hasattr(dynamic, "no"))
# expect: 1 ABC default False
setattr(dynamic, "set", 2)
print(dynamic.set)  # expect: 2
delattr(dynamic, "set")
print(dynamic.set)  # expect: SET


class Guarded:
    def __init__(self):
        object.__setattr__(self, "kept", {})

    def __setattr__(self, name, value):
        if name == "fixed":
            raise AttributeError(name)
        object.__setattr__(self, name, value * 2)

    def __delattr__(self, name):
        if name == "fixed":
            raise AttributeError(name)
        object.__delattr__(self, name)


guarded = Guarded()
guarded.a = 5
print(guarded.a)  # expect: 10
del guarded.a
print(hasattr(guarded, "a"))  # expect: False
for change in lambda: setattr(guarded, "fixed", 1), lambda: delattr(guarded, "fixed"):
    try:
        change()
    except AttributeError as error:
        print("refused", error.args)
# expect: refused ('fixed',)
# expect: refused ('fixed',)


# Properties, with everything they have.
class Celsius:
    def __init__(self):
        self._degrees = 0

    @property
    def degrees(self):
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        self._degrees = value

    @degrees.deleter
    def degrees(self):
        self._degrees = None

    only = property(lambda self: "read only")
    whole = property()
    whole = whole.getter(lambda self: "got")


celsius = Celsius()
celsius.degrees = 21
celsius.degrees += 1
print(celsius.degrees, celsius.only, celsius.whole)  # expect: 22 read only got
del celsius.degrees
print(celsius.degrees)  # expect: None
for name in "only", "whole":
    try:
        setattr(celsius, name, 1)
    except AttributeError:
        print("no setter", name)
# expect: no setter only
# expect: no setter whole


# Static and class methods, on the class and on objects of it and of derived classes.
class Methods:
    name = "methods"

    @staticmethod
    def fixed(a, b=2):
        return a, b

    @classmethod
    def of(cls, *args):
        return cls.name, args

    @classmethod
    def make(cls):
        return cls()


class Derived(Methods):
    name = "derived"

    @staticmethod
    def fixed(a):
        return "own", Methods.fixed(a)


print(Methods.fixed(1), Methods().fixed(1, 3), Derived.fixed(4), Derived().fixed(5))
# expect: (1, 2) (1, 3) ('own', (4, 2)) ('own', (5, 2))
print(Methods.of(1), Derived.of(), Derived().of(2, 3), type(Derived.make()).__name__)
# expect: ('methods', (1,)) ('derived', ()) ('derived', (2, 3)) Derived


# Special methods of objects that act as containers, numbers, functions.
class Vector:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, idx):
        return self.items[idx]

    def __setitem__(self, idx, value):
        self.items[idx] = value

    def __delitem__(self, idx):
        del self.items[idx]

    def __contains__(self, item):
        return item in self.items

    def __iter__(self):
        return iter(self.items)

    def __reversed__(self):
        return iter(self.items[::-1])

    def __call__(self, *args, **kwargs):
        return args, kwargs

    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self, other)))

    def __mul__(self, n):
        return Vector(*(a * n for a in self))

    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __eq__(self, other):
        return isinstance(other, Vector) and self.items == other.items

    def __lt__(self, other):
        return self.items < other.items

    def __bool__(self):
        return any(self.items)

    def __repr__(self):
        return "V" + repr(self.items)

    def __str__(self):
        return "<%s>" % self.items

    def __hash__(self):
        return len(self.items)


v = Vector(1, 2, 3)
print(len(v), v[0], v[-1], v[1:], 2 in v, 9 in v, list(v), list(reversed(v)), v(1, k=2))
# expect: 3 1 3 [2, 3] True False [1, 2, 3] [3, 2, 1] ((1,), {'k': 2})
v[0] = 10
del v[1]
print(v, repr(v), v + v, v * 2, 2 * v, -v, v == Vector(10, 3), v != Vector(1), v < Vector(11))
# expect: <[10, 3]> V[10, 3] <[20, 6]> <[20, 6]> <[20, 6]> <[-10, -3]> True True True
print(bool(Vector(0)), bool(v), [v], "%s %r" % (v, v), "{} {!r}".format(v, v), hash(v))
# expect: False True [V[10, 3]] <[10, 3]> V[10, 3] <[10, 3]> V[10, 3] 2
print({v: 1}[Vector(10, 3)], sorted([Vector(2), Vector(1)]), max(Vector(1), Vector(3)))
# expect: 1 [V[1], V[2]] <[3]>


# A class derived from a list or a dict is one, and can call it.
class Stack(list):
    def push(self, item):
        self.append(item)
        return self

    def __getitem__(self, idx):
        return "item", super().__getitem__(idx)


class Default(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value + 1)


stack = Stack([1]).push(2)
print(stack[0], len(stack), stack == [1, 2], isinstance(stack, list))
# expect: ('item', 1) 2 True True
default = Default()
default["a"] = 1
print(default["a"], dict.__getitem__(default, "a"), list.__getitem__(stack, 1))  # expect: 2 2 2
list.__setitem__(stack, 0, 5)
list.__delitem__(stack, 1)
dict.__setitem__(default, "b", 1)
dict.__delitem__(default, "a")
print(list.__getitem__(stack, 0), len(stack), sorted(default.items()))  # expect: 5 1 [('b', 1)]

# Types made by calling type, and what a class is not.
Made = type("Made", (Base,), {"extra": 7, "method": lambda self: "made"})
print(Made.__name__, Made(2).x, Made().method(), Made.extra)  # expect: Made 2 made 7
for wrong in lambda: Empty(1), lambda: Empty().missing, lambda: Base.missing, lambda: 5 + Empty():
    try:
        wrong()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__)
# expect: TypeError
# expect: AttributeError
# expect: AttributeError
# expect: TypeError
