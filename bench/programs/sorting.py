# Sorting numbers with own quick sort and heap, and with list.sort by key.
# turns: 12000


def quick(items, low, high):
    while low < high:
        pivot = items[(low + high) >> 1]
        i, j = low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j - low < high - i:
            quick(items, low, j)
            low = i
        else:
            quick(items, i, high)
            high = j


def sift(items, root, size):
    item = items[root]
    while True:
        child = 2 * root + 1
        if child >= size:
            break
        if child + 1 < size and items[child + 1] > items[child]:
            child += 1
        if items[child] <= item:
            break
        items[root] = items[child]
        root = child
    items[root] = item


def heap(items):
    size = len(items)
    for root in range(size // 2 - 1, -1, -1):
        sift(items, root, size)
    for last in range(size - 1, 0, -1):
        items[0], items[last] = items[last], items[0]
        sift(items, 0, last)


def run(size):
    numbers = []
    state = 1
    for _ in range(size):
        state = (state * 16807) % 65521
        numbers.append(state)
    a, b = list(numbers), list(numbers)
    quick(a, 0, size - 1)
    heap(b)
    c = sorted(numbers)
    d = sorted(numbers, key=lambda n: -n)
    d.reverse()
    return a == b and b == c and c == d, a[size // 2]
