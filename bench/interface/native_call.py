# A native with two arguments that allocates its result, a turn.
def run(n):
    f = divmod
    for i in range(n):
        f(i, 7)
    return n
