# Allocates a tuple of 3 a turn.
def run(n):
    for i in range(n):
        t = (i, i, i)
    return len(t)
