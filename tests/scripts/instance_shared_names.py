# Instances of a class share the names of their attributes; those that differ have their own.


class Thing:
    pass


def shown(thing):
    return " ".join("%s=%s" % pair for pair in thing.__dict__.items())


# The order is that of the assignments, whatever other instances did.
first, second, third = Thing(), Thing(), Thing()
first.a, first.b, first.c = 1, 2, 3
second.c, second.a = 4, 5
third.b = 6
third.z = 7
print(shown(first), "|", shown(second), "|", shown(third))  # expect: a=1 b=2 c=3 | c=4 a=5 | b=6 z=7
del first.b
print(shown(first), hasattr(first, "b"), hasattr(third, "a"))  # expect: a=1 c=3 False False
first.b = 8
first.d = 9
print(shown(first))  # expect: a=1 c=3 b=8 d=9
print([name for name in dir(second) if name < "_"], [name for name in dir(second) if name > "`"])  # expect: [] ['a', 'c']

# What is not there is looked for in the class.
Thing.b = "class"
print(first.b, second.b, third.b)  # expect: 8 class 6
del third.b
print(third.b, shown(third))  # expect: class z=7
try:
    del third.b
except AttributeError:
    print("no b")  # expect: no b

# Many attributes, in many orders, beside a dict that says what is to be there.
state = 1


def random(limit):
    global state
    state = (state * 1103515245 + 12345) & 0x3FFFFFFF
    return (state >> 12) % limit


class Bag:
    pass


class Failure(Exception):
    pass


for make in (Bag, Failure, lambda: Thing()):
    things = [make() for _ in range(4)]
    model = [{} for _ in range(4)]
    order = [[] for _ in range(4)]
    wrong = 0
    for turn in range(1500):
        n = random(4)
        # Some have few names, some many.
        name = "n%d" % random((3, 12, 20, 60)[n])
        if random(3) == 0:
            if name in model[n]:
                del model[n][name]
                order[n].remove(name)
                delattr(things[n], name)
        else:
            if name not in model[n]:
                order[n].append(name)
            model[n][name] = turn
            setattr(things[n], name, turn)
        if getattr(things[n], name, None) != model[n].get(name):
            wrong += 1
    for thing, expected, names in zip(things, model, order):
        for number in range(60):
            name = "n%d" % number
            if getattr(thing, name, None) != expected.get(name):
                wrong += 1
        wrong += list(thing.__dict__) != names
    print(wrong)
# expect: 0
# expect: 0
# expect: 0

# The same place in a program sees instances with different places for a name.


def read(thing):
    return thing.x


def write(thing, value):
    thing.x = value


class Other:
    pass


one, two, other = Thing(), Other(), Other()
one.p, one.q, one.x = 1, 2, 3
two.x = 4
other.y, other.x = 5, 6
print([read(thing) for thing in (one, two, other, one, other, two)])  # expect: [3, 4, 6, 3, 6, 4]
for thing in (one, two, other):
    write(thing, thing.x * 10)
print(one.x, two.x, other.x, one.p, other.y)  # expect: 30 40 60 1 5

# A name that was taken away and set again has two places among the names.


class Pair:
    def __init__(self):
        self.a = 1
        self.b = 2


def set_a(pair, value):
    pair.a = value


one, two = Pair(), Pair()
del one.a
one.a = 3
set_a(one, 4)
two.c = 5
del two.c
set_a(two, 6)
print(one.a, two.a, shown(one), "|", shown(two))  # expect: 4 6 b=2 a=4 | a=6 b=2
