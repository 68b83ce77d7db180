# Keys whose comparison or hash changes the very dict that they are looked up in.


class Key:
    def __init__(self, number=1):
        self.number = number

    def __hash__(self):
        return self.number

    def __eq__(self, other):
        change()
        return isinstance(other, Key)


def attempt(what):
    try:
        return what()
    except RuntimeError as error:
        return str(error)


def store(key, value):
    d[key] = value


def delete(key):
    del d[key]


def fill():
    global d
    d = {Key(): 1}


# Emptied, or without its last entry, while a key is compared. COMPAT: CPython begins the search
# anew, and stores the key or says that it is not there.
for changing in ("clear", "popitem"):
    for what in (
        lambda: d[Key()],
        lambda: store(Key(), 5),
        lambda: delete(Key()),
        lambda: d.pop(Key()),
        lambda: d.get(Key(), "none"),
        lambda: d.setdefault(Key(), 6),
        lambda: Key() in d,
    ):
        fill()
        change = lambda: getattr(d, changing)()
        print(attempt(what), len(d), list(d.values()))
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []
# expect: changed during search 0 []


# A large table replaced by a small one, with something else behind it.
def replace():
    global behind
    d.clear()
    d[1.5] = 2
    behind = list(range(1000))


d = {i: i for i in range(60)}
d[Key(1 << 20)] = 1
change = replace
print(attempt(lambda: store(Key(1 << 20), "new")))  # expect: changed during search
print([(i, x) for i, x in enumerate(behind) if x != i], d)  # expect: [] {1.5: 2}


# COMPAT: a dict that grows asks its keys for their hashes again; CPython keeps them. Meanwhile
# nothing can change it; and if a key fails, the dict stays as it was.
class Growing:
    armed = False

    def __hash__(self):
        if Growing.armed:
            Growing.armed = False
            change()
        return 7


def insert_many(change_it):
    global d, change
    change = change_it
    d = {Growing(): 0}
    failures = 0
    for i in range(40):
        Growing.armed = i > 15
        try:
            d[i] = i
        except TypeError as error:
            failures += 1
            text = str(error)
        except ValueError:
            failures += 1
            text = "its own"
    Growing.armed = False
    kept = len(d) + failures == 41 and all(d[i] == i for i in d if not isinstance(i, Growing))
    print(failures > 0 and text, kept)


def fail():
    raise ValueError


insert_many(lambda: d.clear())  # expect: dict is read-only True
insert_many(lambda: store(100, 100))  # expect: dict is read-only True
insert_many(fail)  # expect: its own True
insert_many(lambda: d.get(3))  # expect: False True


# A key whose hash empties the dict that it is put into.
class Emptying:
    def __hash__(self):
        d.clear()
        return 3


d = {"a": 1, 2: 3}
d[Emptying()] = 4
print(list(d.values()))  # expect: [4]
d = {"a": 1, "b": 3}
d[Emptying()] = 4
d["a"] = 5
print(list(d.values()), d["a"])  # expect: [4, 5] 5
