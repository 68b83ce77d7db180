# Repeating more often than a machine word can say.
for what in ([1], (1,), "a", b"a", bytearray(b"a"), []):
    for count in (1 << 64, -(1 << 64), 10**30):
        try:
            print(len(what * count))
        except OverflowError as error:
            if count == 10**30:
                print(error)
# expect: overflow converting long int to machine word
# expect: overflow converting long int to machine word
# expect: overflow converting long int to machine word
# expect: overflow converting long int to machine word
# expect: overflow converting long int to machine word
# expect: overflow converting long int to machine word
try:
    (1 << 64) * [1]
except OverflowError as error:
    print(error)  # expect: overflow converting long int to machine word
items = [1]
try:
    items *= 1 << 64
except OverflowError as error:
    print(error, items)  # expect: overflow converting long int to machine word [1]
try:
    [1] * (1 << 40)
except MemoryError:
    print("MemoryError")  # expect: MemoryError
print([1, 2] * True, [1] * False, (3,) * -5, "ab" * True)  # expect: [1, 2] [] () ab
