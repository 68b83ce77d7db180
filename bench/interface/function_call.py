# A call of a function with two arguments a turn.
def add(a, b):
    return a


def run(n):
    f = add
    for i in range(n):
        f(i, 1)
    return n
