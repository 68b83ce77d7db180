# A class derived from a native type that is not iterable itself can be so by __getitem__.


class Digits(int):
    def __getitem__(self, idx):
        if idx == 3:
            raise IndexError
        return self * 10 + idx


class Plain(int):
    pass


print(list(Digits(4)), 41 in Digits(4), sum(Digits(0)))  # expect: [40, 41, 42] True 3
for digit in Digits(1):
    print(digit)
# expect: 10
# expect: 11
# expect: 12


# What the native type does comes first.
class Items(list):
    def __getitem__(self, idx):
        return 0


print(list(Items([1, 2])), Items([1, 2])[5])  # expect: [1, 2] 0

try:
    iter(Plain(1))
except TypeError as error:
    print(error)  # expect: 'Plain' object isn't iterable
