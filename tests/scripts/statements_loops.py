# for and while: else, break, continue, and what their variables are afterwards.


def search(items, wanted):
    for idx, item in enumerate(items):
        if item == wanted:
            break
    else:
        return None
    return idx


print(search("abc", "b"), search("abc", "x"), search("", "x"))  # expect: 1 None None


def halve(n):
    steps = []
    while n > 1:
        if n % 2:
            steps.append("odd")
            n -= 1
            continue
        n //= 2
        steps.append(n)
        if n == 5:
            break
    else:
        steps.append("end")
    return steps


print(halve(8), halve(9), halve(40), halve(0))
# expect: [4, 2, 1, 'end'] ['odd', 4, 2, 1, 'end'] [20, 10, 5] ['end']


for i in range(3):
    pass
else:
    print("else", i)  # expect: else 2

for i in ():
    print("never")
else:
    print("empty", i)  # expect: empty 2

# Breaking out of the inner loop leaves the outer one alone.
found = []
for i in range(4):
    for j in range(4):
        if j > i:
            break
        if (i + j) % 2:
            continue
        found.append((i, j))
    else:
        found.append(i)
print(found)  # expect: [(0, 0), (1, 1), (2, 0), (2, 2), (3, 1), (3, 3), 3]

# A loop's variable may be any target.
box = {}
for box["key"] in (1, 2):
    pass
row = [0, 0, 0]
for row[1], row[2] in ((1, 2), (3, 4)):
    pass
for a, (b, *c) in ((1, (2, 3, 4)), (5, (6,))):
    print(a, b, c)
# expect: 1 2 [3, 4]
# expect: 5 6 []


print(box, row)  # expect: {'key': 2} [0, 3, 4]

# Changing the variable does not change the loop; changing the list does.
seen = []
for i in range(3):
    seen.append(i)
    i += 10
    seen.append(i)
print(seen)  # expect: [0, 10, 1, 11, 2, 12]
queue = [1]
for item in queue:
    if item < 5:
        queue.append(item + 1)
print(queue)  # expect: [1, 2, 3, 4, 5]

while True:
    break
else:
    print("never")
while False:
    print("never")
else:
    print("while else")  # expect: while else


# A loop that is left in the middle finishes its iterator no further.
def count():
    n = 0
    while True:
        n += 1
        yield n


numbers = count()
for n in numbers:
    if n == 3:
        break
print(next(numbers))  # expect: 4

# Conditions known at compile time.
while 1:
    if not 0:
        break
print([x for x in range(10) if x % 2 if x > 3], [x * y for x in (1, 2) for y in (3, 4)])
# expect: [5, 7, 9] [3, 4, 6, 8]

for x in 1, 2:
    if x == 1: continue
    print("one line", x)  # expect: one line 2
for x in "ab": print(x)
# expect: a
# expect: b
