# Comparisons of instances give whatever their methods return.


class Vector:
    def __init__(self, *items):
        self.items = items

    def __eq__(self, other):
        return [a == b for a, b in zip(self.items, other.items)]

    def __lt__(self, other):
        return "less"


print(Vector(1, 2) == Vector(1, 3))  # expect: [True, False]
print(Vector(1, 2) != Vector(1, 3))  # expect: False
print(Vector(1) < Vector(2), Vector(1) > Vector(2))  # expect: less less


class Odd:
    def __ne__(self, other):
        return NotImplemented

    def __neg__(self):
        return NotImplemented


odd = Odd()
print(odd == odd, odd != odd, odd == 1, odd != 1, -odd)  # expect: True False False True NotImplemented
try:
    odd < 1
except TypeError:
    print("TypeError")  # expect: TypeError


class Number(int):
    pass


print(Number(3) == 3, 3 == Number(3), Number(3) < 4, Number(3) != Number(3))  # expect: True True True False
nan = float("nan")
print(nan == nan, nan != nan, nan < nan)  # expect: False True False
try:
    try:
        1 / 0
    except 1:
        pass
except TypeError:
    print("no exception class")  # expect: no exception class


def keywords(**given):
    return given


try:
    keywords(**{"a": 1}, **{"a": 2})
except TypeError:
    print("repeated")  # expect: repeated
print(iter([7]).__next__(), enumerate("a").__next__())  # expect: 7 (0, 'a')


class Renamed:
    def __init__(self, other):
        self.other = other

    def __set_name__(self, owner, name):
        print("named", name)
        setattr(owner, self.other, name)


class Pair:
    a = Renamed("b")  # expect: named a
    b = Renamed("a")  # expect: named b


print(Pair.a, Pair.b)  # expect: b a


def closure(n):
    return lambda: n


function = type(closure)
print(function((lambda: x).__code__, {"x": 5})())  # expect: 5
try:
    function(closure(1).__code__, {})
except TypeError:
    print("needs its closure")  # expect: needs its closure


# != is the opposite of a class's ==, unless the class inherits both from a native type.
class Always:
    def __eq__(self, other):
        return True


class Word(str):
    def __eq__(self, other):
        return "yes"


class Number(int):
    def __eq__(self, other):
        return True


class Items(list):
    def __eq__(self, other):
        return False


def both(a, b):
    return a == b, a != b


print(both(Always(), 1), both(1, Always()))  # expect: (True, False) (True, False)
print(both(Word("a"), "b"), both(Word("a"), "a"))  # expect: ('yes', True) ('yes', False)
print(both("b", Word("a")), both(2, Number(1)))  # expect: ('yes', True) (True, True)
print(both(Number(1), 1), both(Items([1]), [1]))  # expect: (True, False) (False, False)
