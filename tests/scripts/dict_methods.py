# dict: methods, views and operators.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


d = dict(a=1, b=2)
d.update({"c": 3})
d.update([("d", 4), ["e", 5]], f=6)
d.update(g=7)
print(d, len(d), "a" in d, 1 in d)  # expect: {'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6, 'g': 7} 7 True False
print(d.get("a"), d.get("z"), d.get("z", 0), d.setdefault("a", 9), d.setdefault("h", 8), d.setdefault("i"), d.pop("i"), d.pop("zz", None))  # expect: 1 None 0 1 8 None None None
print(d.popitem(), d.popitem(), list(d), list(d.keys()), list(d.values()), list(d.items()))  # expect: ('h', 8) ('g', 7) ['a', 'b', 'c', 'd', 'e', 'f'] ['a', 'b', 'c', 'd', 'e', 'f'] [1, 2, 3, 4, 5, 6] [('a', 1), ('b', 2), ('c', 3), ('d', 4), ('e', 5), ('f', 6)]
del d["a"]
print(d, d.copy() == d, d.copy() is d, bool(d), bool({}), dict(d) == d)  # expect: {'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6} True False True False True
print(dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), dict([(1, 2)]), dict({1: 2}, x=3), dict())  # expect: {'a': None, 'b': None} {1: 0, 2: 0} {1: 2} {1: 2, 'x': 3} {}
print({1: 2} == {1.0: 2.0}, {1: 2} == {1: 3}, {1: 2} != {2: 2}, {1: {2: [3]}} == {1: {2: [3]}}, {1: 2} == [(1, 2)])  # expect: True False True True False
print({"a": 1} | {"a": 2, "b": 3}, {1: 1, 1.0: 2, True: 3}, {2**70: 1}[2**70], {None: 0, (): 1, "": 2}[()])  # expect: {'a': 2, 'b': 3} {1: 3} 1 1
e = {}
e |= {"x": 1}
e |= [("y", 2)]
print(e, e.keys(), e.values(), e.items(), len(e.items()), ("x", 1) in e.items(), ("x", 2) in e.items(), "y" in e.keys(), 2 in e.values())  # expect: {'x': 1, 'y': 2} dict_keys(['x', 'y']) dict_values([1, 2]) dict_items([('x', 1), ('y', 2)]) 2 True False True True
keys = e.keys()
e["z"] = 3
print(keys, sorted(keys & {"x", "q"}), sorted(keys | ["q"]), sorted(keys - {"x"}), sorted(keys ^ {"x", "q"}), keys == {"x", "y", "z"})  # expect: dict_keys(['x', 'y', 'z']) ['x'] ['q', 'x', 'y', 'z'] ['y', 'z'] ['q', 'y', 'z'] True
print(failure(lambda: {}["a"]), failure(lambda: {}.pop("a")), failure(lambda: {}.popitem()), failure(lambda: {[]: 1}), failure(lambda: [] in {1: 2}), failure(lambda: hash({})))  # expect: KeyError KeyError KeyError TypeError TypeError TypeError
print(failure(lambda: dict([(1, 2, 3)])), failure(lambda: dict(5)), failure(lambda: {}.update([1])), failure(lambda: {1: 2} < {}), failure(lambda: dict(1, 2)))  # expect: ValueError TypeError TypeError TypeError TypeError
state = 5
model_keys, model_values = [], []
d = {}
for turn in range(3000):
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    key = (state >> 8) % 200
    key = key if state >> 20 & 1 else "k%d" % key
    if state >> 21 & 3:
        d[key] = turn
        if key in model_keys:
            model_values[model_keys.index(key)] = turn
        else:
            model_keys.append(key)
            model_values.append(turn)
    elif key in d:
        del d[key]
        place = model_keys.index(key)
        model_keys.pop(place)
        model_values.pop(place)
    if turn % 100 == 0:
        assert list(d) == model_keys and list(d.values()) == model_values
print(len(d) == len(model_keys))  # expect: True
while len(d) > 2:
    assert d.popitem() == (model_keys.pop(), model_values.pop())
print(list(d) == model_keys)  # expect: True
d.clear()
d["fresh"] = 1
print(d)  # expect: {'fresh': 1}
