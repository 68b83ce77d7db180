# Allocates a tuple of 1 a turn.
def run(n):
    for i in range(n):
        t = (i,)
    return len(t)
