# dict() and update() take whatever has keys() and subscripts.


class Squares:
    def __init__(self, n):
        self.n = n

    def keys(self):
        return range(self.n)

    def __getitem__(self, key):
        if key == 3:
            raise KeyError(key)
        return key * key


print(dict(Squares(3)))  # expect: {0: 0, 1: 1, 2: 4}
made = {1: "one", 7: "seven"}
made.update(Squares(2))
print(sorted(made.items()))  # expect: [(0, 0), (1, 1), (7, 'seven')]
try:
    made.update(Squares(5))
except KeyError as error:
    print(error.args, len(made))  # expect: (3,) 4


class NoKeys:
    keys = 3


try:
    dict(NoKeys())
except TypeError:
    print("not a mapping")  # expect: not a mapping
