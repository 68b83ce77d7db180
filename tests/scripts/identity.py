# id(): a number that no other living object has, and that stays when the object moves.
# needs: weakref
import gc


class Plain:
    pass


class Derived(list):
    pass


class Failure(Exception):
    pass


def closure(n):
    return lambda: n


def generator():
    yield 1


things = []
for n in range(12):
    garbage = [n] * 50
    things += [[n], {n: n}, {n}, "text %d" % n, b"%d" % n, (n, n), 10**20 + n, bytearray(n)]
    things += [Plain(), Derived([n]), Failure(n), ValueError(n), closure(n), generator(), things.append]
    things += [object(), range(n), slice(n), memoryview(b"abc"), iter([n]), type("T", (), {})]
    things += [None, True, 1, 2, 3, ..., len, int, gc]
del garbage, n
numbers = [id(thing) for thing in things]
distinct = len(set(numbers))
print(len(things) - distinct == 11 * 9)  # expect: True
stable = True
for turn in range(6):
    garbage = [[n] for n in range(100)]
    garbage = None
    gc.collect()
    if turn > 3:
        gc.compact()
    stable = stable and [id(thing) for thing in things] == numbers
print(stable)  # expect: True
print(id(things) == id(things), id(things) != id(list(things)))  # expect: True True

# What is compared by identity is found in large sets and dicts.
functions = [closure(n) for n in range(500)]
places = {function: n for n, function in enumerate(functions)}
gc.collect()
print(all(places[function] == n for n, function in enumerate(functions)))  # expect: True
methods = {thing.append for thing in [[] for _ in range(100)]}
print(len(methods), len({generator() for _ in range(100)}))  # expect: 100 100
failures = [Failure(n) for n in range(100)] + [ValueError(n) for n in range(100)]
print(len(set(failures)), all(failure in set(failures) for failure in failures[:3]))  # expect: 200 True
print(hash(functions[1]) == hash(functions[1]), functions[1] in places, len in places)  # expect: True True False

# Numbers of dead objects are used again.
highest = 0
for n in range(3000):
    highest = max(highest, id([n]))
print(highest < 100000)  # expect: True
