# list: slices, their assignment and deletion, in every combination near the ends.
def reference(items, start, stop, step):
    """The places of a slice, by counting."""
    count = len(items)
    step = 1 if step is None else step
    low, high = (0, count) if step > 0 else (-1, count - 1)

    def place(index, missing):
        if index is None:
            return missing
        if index < 0:
            index += count
        return min(max(index, low), high)

    if step > 0:
        at, end = place(start, low), place(stop, high)
    else:
        at, end = place(start, high), place(stop, low)
    places = []
    while (at < end) if step > 0 else (at > end):
        places.append(at)
        at += step
    return places


ends = (None, -6, -5, -4, -1, 0, 1, 3, 4, 5, 9)
checked = 0
for count in (0, 1, 4, 5):
    items = list(range(count))
    for start in ends:
        for stop in ends:
            for step in (None, 1, 2, 3, 7, -1, -2, -5):
                places = reference(items, start, stop, step)
                expected = [items[place] for place in places]
                assert items[start:stop:step] == expected
                assert tuple(items)[start:stop:step] == tuple(expected)
                assert list(range(count)[start:stop:step]) == expected
                rest = items[:]
                del rest[start:stop:step]
                assert rest == [item for item in items if item not in expected]
                changed = items[:]
                if step in (None, 1):
                    at = places[0] if places else len(items[: start or 0])
                    changed[start:stop] = "ab"
                    assert changed == items[:at] + ["a", "b"] + items[at + len(places) :]
                else:
                    changed[start:stop:step] = [-place for place in places]
                    assert changed == [-item if item in places else item for item in items]
                checked += 1
print(checked)  # expect: 3872
a = [1, 2, 3]
a[1:1] = a
print(a)  # expect: [1, 1, 2, 3, 2, 3]
a[:] = a[::-1]
print(a)  # expect: [3, 2, 3, 2, 1, 1]
a[1:] = []
print(a)  # expect: [3]
a[len(a) :] = (i * i for i in range(4))
print(a, a[2**70 :], a[: 2**70], a[-(2**70) : 2])  # expect: [3, 0, 1, 4, 9] [] [3, 0, 1, 4, 9] [3, 0]


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


def assign(items, index, value):
    items[index] = value


print(failure(lambda: a[::0]), failure(lambda: assign(a, slice(None, None, 2), [1])), failure(lambda: assign(a, slice(0, 1), 5)), failure(lambda: assign(a, 9, 1)))  # expect: ValueError ValueError TypeError IndexError
print(slice(1, 5, 2).indices(4), slice(None).indices(3), slice(None, None, -1).indices(3), slice(2).stop, slice(1, 2) == slice(1, 2), slice(3, 4, None))  # expect: (1, 4, 2) (0, 3, 1) (2, -1, -1) 2 True slice(3, 4, None)
