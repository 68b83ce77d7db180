# Assignment: targets of all kinds, several at once, with operators, and del.


class Box:
    pass


class Traced:
    def __init__(self):
        self.log = []

    def __setitem__(self, key, value):
        self.log.append((key, value))

    def __getitem__(self, key):
        self.log.append(key)
        return 10

    def __delitem__(self, key):
        self.log.append(("del", key))


a = b = c = [1]
print(a is b, b is c)  # expect: True True
a, b = b, 5
print(a, b)  # expect: [1] 5
(a), [b, (c,)] = 1, (2, [3])
print(a, b, c)  # expect: 1 2 3
*a, b = 1, 2, 3
print(a, b)  # expect: [1, 2] 3
a, *b, c = "xy"
print(a, b, c)  # expect: x [] y
a, *b = [1]
print(a, b)  # expect: 1 []
[a, *b, c] = range(5)
print(a, b, c)  # expect: 0 [1, 2, 3] 4
*a, = "ab"
print(a)  # expect: ['a', 'b']


def refused(text):
    try:
        exec(text, {"l": [1, 2, 3]})
    except (ValueError, TypeError, SyntaxError) as error:
        print(type(error).__name__)


refused("a, b = l")  # expect: ValueError
refused("a, b, c, d = l")  # expect: ValueError
refused("a, b, c, d, *e = l")  # expect: ValueError
refused("a, b = 5")  # expect: TypeError
refused("*a, *b = l")  # expect: SyntaxError
refused("f() = 1")  # expect: SyntaxError
refused("1 = l")  # expect: SyntaxError
refused("a + b = l")  # expect: SyntaxError
refused("None = 1")  # expect: SyntaxError
refused("(a, b) += 1")  # expect: SyntaxError

# Objects and places are looked up from left to right, after the value.
traced = Traced()
traced[1], traced["b"] = "x", "y"
traced[2] += 5
traced[1:2] = "s"
traced[1, 2] = "t"
del traced[3], traced[4:]
print(traced.log[:4], traced.log[5:6])
# expect: [(1, 'x'), ('b', 'y'), 2, (2, 15)] [((1, 2), 't')]

# Operators, in place where the type can.
box = Box()
box.n = 7
box.n += 1
box.n -= 2
box.n *= 5
box.n //= 4
box.n **= 2
box.n %= 30
box.n <<= 3
box.n >>= 1
box.n |= 1
box.n &= 0x7F
box.n ^= 2
print(box.n)  # expect: 79
box.n /= 2
print(box.n)  # expect: 39.5
l = m = [1]
l += (2,)
l *= 2
print(m, l is m)  # expect: [1, 2, 1, 2] True
t = u = (1,)
t += (2,)
print(u, t)  # expect: (1,) (1, 2)
d = {"k": 1}
d["k"] += 1
d["k"] <<= 4
print(d)  # expect: {'k': 32}
s = {1, 2, 3}
r = s
s -= {1}
s |= {9}
print(sorted(r), s is r)  # expect: [2, 3, 9] True


class Matrix:
    def __matmul__(self, other):
        return "matmul", other

    def __imatmul__(self, other):
        return "imatmul", other

    def __iadd__(self, other):
        return "iadd", other

    def __add__(self, other):
        return "add", other


m = Matrix()
print(m @ 1, m + 2)  # expect: ('matmul', 1) ('add', 2)
n = m
n += 3
m @= 4
print(n, m)  # expect: ('iadd', 3) ('imatmul', 4)

# Names with annotations; one without a value is no assignment.
x: int = 5
y: "not looked at" = x
print(x, y)  # expect: 5 5
try:
    z: int
    z
except NameError:
    print("no z")  # expect: no z
box.a: int = 3
print(box.a)  # expect: 3

# del of names, attributes, items, slices and several of them.
l = list(range(6))
del l[0], l[-1], l[1:3]
print(l)  # expect: [1, 4]
del box.a
print(hasattr(box, "a"))  # expect: False
p = q = 1
del p, (q)
for name in "p", "q":
    try:
        exec(name)
    except NameError:
        print("no", name)
# expect: no p
# expect: no q


def local():
    v = 1
    del v
    try:
        return v
    except NameError:
        return "deleted"


print(local())  # expect: deleted

# The walrus.
if (n := 10) > 5:
    print(n)  # expect: 10
print([last := i for i in range(3)], last)  # expect: [0, 1, 2] 2
print((w := 1, w + 1))  # expect: (1, 2)
while (n := n - 4) > 0:
    print("n", n)
# expect: n 6
# expect: n 2


# global and nonlocal
def outer():
    count = 0
    kept = []

    def inner():
        nonlocal count
        count += 1
        kept.append(count)

        def deepest():
            nonlocal count
            global seen
            count *= 10
            seen = count

        deepest()

    inner()
    inner()
    return count, kept


print(outer(), seen)  # expect: (110, [1, 11]) 110


def shadow():
    seen = "local"
    return seen


def declare():
    global fresh, seen
    fresh, seen = 1, 2


declare()
print(shadow(), fresh, seen)  # expect: local 1 2
refused("def f():\n x = 1\n global x")  # expect: SyntaxError
refused("def f():\n nonlocal nowhere")  # expect: SyntaxError
refused("nonlocal x")  # expect: SyntaxError
a = 1; b = 2; print(a, b); pass  # expect: 1 2
