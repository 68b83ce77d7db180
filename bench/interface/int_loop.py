# Integer loop: additions, a comparison and a bit operation a turn.
def run(n):
    total = 0
    for i in range(n):
        if i & 1:
            total += i
        else:
            total -= 1
        total = total & 0xFFFFF
    return total
