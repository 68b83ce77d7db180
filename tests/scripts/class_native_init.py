# Native bases whose __init__ is never called get what the class was called with.
class Noted:
    def __init__(self, *args):
        self.noted = len(args)


class First(Noted, tuple):
    pass


class Last(tuple, Noted):
    pass


class Own(list):
    def __init__(self, items):
        pass


print(len(First((1, 2, 3))), len(Last((1, 2))), First((4, 5)) == Last((4, 5)))  # expect: 3 2 True
print(Own([1, 2]), First((1,)).noted)  # expect: [1, 2] 1

for of in 1, int:
    try:
        object.__new__(of)
    except TypeError:
        print("no class of ours")
# expect: no class of ours
# expect: no class of ours


class Bad:
    def __int__(self):
        return None

    def __dir__(self):
        return ["b", "a"]


try:
    int(Bad())
except TypeError:
    print("no int")  # expect: no int
print(dir(Bad()), "__dir__" in dir(Bad))  # expect: ['b', 'a'] True


class Pieces:
    def write(self, text):
        self.calls.append(text)


pieces = Pieces()
pieces.calls = []
print("a", 1, sep="-", file=pieces)
print(pieces.calls)  # expect: ['a', '-', '1', '\n']
