# All ways of placing queens that do not attack each other: recursion and lists of flags.
# turns: 10


def place(row, size, columns, rising, falling):
    if row == size:
        return 1
    ways = 0
    for column in range(size):
        if columns[column] or rising[row + column] or falling[row - column + size]:
            continue
        columns[column] = rising[row + column] = falling[row - column + size] = True
        ways += place(row + 1, size, columns, rising, falling)
        columns[column] = rising[row + column] = falling[row - column + size] = False
    return ways


def run(size):
    return place(0, size, [False] * size, [False] * 2 * size, [False] * (2 * size + 1))
