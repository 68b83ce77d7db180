# Float loop: a multiply, an add and a subtraction a turn.
def run(n):
    x = 0.5
    y = 1.25
    for i in range(n):
        x = x * 0.5 + y
        y = y - 0.0009765625
        if y < 0.5:
            y = 1.25
    return x > 0.0
