# The Mandelbrot set as counts: additions and multiplications of floats in locals.
# turns: 70


def escape(cx, cy, limit):
    x = y = 0.0
    for step in range(limit):
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            return step
        y = 2.0 * x * y + cy
        x = xx - yy + cx
    return limit


def run(size):
    total = 0
    for row in range(size):
        cy = 2.5 * row / size - 1.25
        for column in range(size):
            total += escape(3.0 * column / size - 2.0, cy, 50)
    return total
