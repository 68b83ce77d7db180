# Where classes and functions are known to differ from CPython: what happens here.


def failure(action, *args):
    try:
        return action(*args)
    except Exception as error:
        return type(error).__name__


# Differences that are there: no hooks of subclasses, no mangled names, no attributes of functions.
class Hook:
    made = []

    @classmethod
    def __init_subclass__(cls):
        cls.made.append(cls.__name__)


class Hooked(Hook):
    pass


# COMPAT: CPython calls it by itself, and has it in object.
print(Hook.made)  # expect: []
print(failure(Hooked.__init_subclass__), Hook.made)  # expect: None ['Hooked']


class Private:
    __secret = 5

    def tell(self):
        return self.__secret


# COMPAT: CPython has _Private__secret.
print(hasattr(Private, "__secret"), hasattr(Private, "_Private__secret"), Private().tell())
# expect: True False 5


def function():
    local = 1
    return "local" in locals(), "function" in locals()


# COMPAT: CPython's locals() has the local variables, and only these.
print(function())  # expect: (False, True)


# COMPAT: CPython's eval sees them too.
def evaluating():
    local = 1
    return eval("local")


print(failure(evaluating))  # expect: NameError
print(failure(setattr, function, "x", 1), failure(lambda: function.__module__))
# expect: AttributeError AttributeError

# COMPAT: the receiver is counted.
try:
    [].append()
except TypeError as error:
    print(error)  # expect: function takes 2 positional arguments but 1 were given


class Finalised:
    def __del__(self):
        print("gone")


# COMPAT: CPython calls __del__ here.
item = Finalised()
del item


class Text(str):
    pass


class Named:
    def __str__(self):
        return Text("name")


# COMPAT: CPython keeps the class of the text.
print(type(str(Named())) is str)  # expect: True


# COMPAT: super() knows one line of classes, not the whole order.
class A:
    def __init__(self):
        calls.append("A")


class B(A):
    def __init__(self):
        calls.append("B")
        super().__init__()


class C(A):
    def __init__(self):
        calls.append("C")
        super().__init__()


class D(B, C):
    def __init__(self):
        calls.append("D")
        super().__init__()


calls = []
D()
print(calls)  # expect: ['D', 'B', 'A']


# Differences of MicroPython that are not there.
class Several:
    def __dir__(self):
        return "cba"


class Wrong:
    def __str__(self):
        return 5


print(dir(Several()), failure(str, Wrong()))  # expect: ['c', 'b', 'a'] TypeError


class Early(list):
    def __init__(self, item):
        self.append(item)


class Shown:
    def __str__(self):
        return "shown"


class Both(tuple, Shown):
    pass


print(Early(1), Both((1, 2)))  # expect: [1] shown


class Base:
    @property
    def value(self):
        return 10


class Derived(Base):
    @property
    def value(self):
        return super().value + 1


print(Derived().value)  # expect: 11


class Whole(int):
    def __add__(self, other):
        return Whole(int(self) + other)


print(Whole(4) + Whole(5), type(Whole(4) + 5).__name__)  # expect: 9 Whole


# COMPAT: a generator that is dropped does not leave its with statement.
class Manager:
    def __enter__(self):
        calls.append("enter")

    def __exit__(self, *error):
        calls.append("exit")


def managed():
    with Manager():
        yield 1
        yield 2


calls = []
items = managed()
next(items)
items = None
print(calls)  # expect: ['enter']
# Closing it does.
items = managed()
next(items)
items.close()
print(calls)  # expect: ['enter', 'enter', 'exit']
