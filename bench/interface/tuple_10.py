# Allocates a tuple of 10 a turn.
def run(n):
    for i in range(n):
        t = (i, i, i, i, i, i, i, i, i, i)
    return len(t)
