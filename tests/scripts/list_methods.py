# list and tuple: methods and operators.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


a = [3, 1, 2]
a.append(4)
a.extend((5, 6))
a.extend("ab")
a.extend(a)
print(a, len(a))  # expect: [3, 1, 2, 4, 5, 6, 'a', 'b', 3, 1, 2, 4, 5, 6, 'a', 'b'] 16
a.insert(0, "first")
a.insert(-1, "late")
a.insert(100, "end")
a.insert(-100, "begin")
print(a)  # expect: ['begin', 'first', 3, 1, 2, 4, 5, 6, 'a', 'b', 3, 1, 2, 4, 5, 6, 'a', 'late', 'b', 'end']
print(a.pop(), a.pop(0), a.pop(-2), a.count(3), a.index(1), a.index(1, 5), a.index(6, -6), 6 in a, 7 not in a)  # expect: end begin late 2 2 10 14 True True
a.remove("first")
a.reverse()
print(a)  # expect: ['b', 'a', 6, 5, 4, 2, 1, 3, 'b', 'a', 6, 5, 4, 2, 1, 3]
b = a.copy()
b.clear()
print(a == a[:], a is a.copy(), b, bool(b), bool(a))  # expect: True False [] False True
print([1] + [2], [0, 1] * 2, 2 * ["x"], [1] * 0, [1] * -5, [[]] * 2)  # expect: [1, 2] [0, 1, 0, 1] ['x', 'x'] [] [] [[], []]
a = [1]
c = a
a += (2, 3)
a *= 2
print(c, c is a)  # expect: [1, 2, 3, 1, 2, 3] True
print([1, 2] < [1, 3], [1, 2] < [1, 2, 0], [2] > [1, 9], [1] == (1,), [1, [2]] == [1.0, [2.0]], [] <= [])  # expect: True True True False True True
print(failure(lambda: [].pop()), failure(lambda: [1].pop(1)), failure(lambda: [1].remove(2)), failure(lambda: [1].index(2)), failure(lambda: [1][1]), failure(lambda: [1]["0"]))  # expect: IndexError IndexError ValueError ValueError IndexError TypeError
print(failure(lambda: [1] + (2,)), failure(lambda: [1] < 1), failure(lambda: hash([])), failure(lambda: list(5)), failure(lambda: [1] * 1.5), failure(lambda: [1] < ["x"]))  # expect: TypeError TypeError TypeError TypeError TypeError TypeError
print(list("abc"), list({1: 2}), list(range(3)), list((i for i in "xy")), list())  # expect: ['a', 'b', 'c'] [1] [0, 1, 2] ['x', 'y'] []
print((1,), (), (1, (2, [3])), (1, 2) + (3,), (1, 2) * 2, 0 * (1,), tuple("ab"), tuple([1]), (1, 2, 1).count(1), (1, 2, 1).index(2))  # expect: (1,) () (1, (2, [3])) (1, 2, 3) (1, 2, 1, 2) () ('a', 'b') (1,) 2 1
print(hash((1, 2)) == hash((1.0, True + True)), {(1, "a"): 5}[(1, "a")], (1, 2) < (1, 3), (1,) == (1,), (1, 2)[-1], (1, 2, 3)[::2])  # expect: True 5 True True 2 (1, 3)
print(failure(lambda: hash(([],))), failure(lambda: (1,).index(3)), failure(lambda: (1,)[1]), failure(lambda: (1, 2) < 3))  # expect: TypeError ValueError IndexError TypeError
nested = []
for depth in range(20):
    nested = [nested]
print(str(nested))  # expect: [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]
big = list(range(1000))
while len(big) > 3:
    big.pop()
print(big, sum(range(1000)), [x for x in range(10) if x % 3 == 0])  # expect: [0, 1, 2] 499500 [0, 3, 6, 9]
r = range(10, 0, -3)
print(r, list(r), len(r), r[1], r[-1], 4 in r, 5 in r, 4.0 in r, "x" in r, r[1:], r[::-1], r == range(10, 1, -3), bool(range(0)))  # expect: range(10, 0, -3) [10, 7, 4, 1] 4 7 1 True False True False range(7, -2, -3) range(1, 13, 3) False False
print(range(2**40, 2**40 + 3)[1], list(range(2**62, 2**62 + 2)), range(5).start, range(5).stop, range(5).step, failure(lambda: range(1, 2, 0)), failure(lambda: range(1.5)))  # expect: 1099511627777 [4611686018427387904, 4611686018427387905] 0 5 1 ValueError TypeError


class Same:
    """Equal to everything, and shortens the list while being compared."""

    def __init__(self, items):
        self.items = items

    def __eq__(self, other):
        self.items.clear()
        return False


a = list(range(50))
print(Same(a) in a, a)  # expect: False []
a = list(range(50))
print(a.count(Same(a)), failure(lambda: a.index(Same(a))))  # expect: 0 ValueError
a = [1, 2, 3]
seen = []
for item in a:
    seen.append(item)
    if len(a) < 6:
        a.append(item + 10)
print(seen)  # expect: [1, 2, 3, 11, 12, 13]
