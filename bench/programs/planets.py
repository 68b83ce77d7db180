# Bodies that attract each other: floats in attributes and a square root.
# turns: 800
from math import sqrt


class Body:
    def __init__(self, x, y, vx, vy, mass):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy
        self.mass = mass


def step(bodies, dt):
    count = len(bodies)
    for i in range(count):
        a = bodies[i]
        for j in range(i + 1, count):
            b = bodies[j]
            dx = a.x - b.x
            dy = a.y - b.y
            square = dx * dx + dy * dy + 0.01
            force = dt / (square * sqrt(square))
            a.vx -= dx * b.mass * force
            a.vy -= dy * b.mass * force
            b.vx += dx * a.mass * force
            b.vy += dy * a.mass * force
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy


def run(steps):
    bodies = [Body(1.0 + i, 0.5 * i, 0.1 * i, 1.0 / (1 + i), 1.0 + i % 3) for i in range(6)]
    for _ in range(steps):
        step(bodies, 0.001)
    return "%.6f %.6f" % (bodies[0].x, bodies[-1].vy)
