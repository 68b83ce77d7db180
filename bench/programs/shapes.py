# Vectors with operators and a small hierarchy of shapes: instances, methods, properties, super().
# turns: 3000


class Vector:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def scaled(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)


class Shape:
    def __init__(self, centre):
        self.centre = centre

    def hit(self, origin, direction):
        raise NotImplementedError

    @property
    def weight(self):
        return self.size() + 1


class Sphere(Shape):
    def __init__(self, centre, radius):
        super().__init__(centre)
        self.radius = radius

    def size(self):
        return self.radius * 4

    def hit(self, origin, direction):
        offset = origin - self.centre
        b = offset.dot(direction)
        c = offset.dot(offset) - self.radius * self.radius
        return b * b - c


class Plane(Shape):
    def size(self):
        return 1000

    def hit(self, origin, direction):
        return (self.centre - origin).dot(direction)


def run(rays):
    shapes = [Sphere(Vector(i, i * 2, 30 - i), 3 + i % 4) for i in range(5)]
    shapes.append(Plane(Vector(0, -1, 0)))
    total = 0
    for ray in range(rays):
        origin = Vector(ray % 7, ray % 5, 0)
        direction = Vector(ray % 3, 1, 2).scaled(2) + origin
        for shape in shapes:
            if shape.hit(origin, direction) > 0:
                total += shape.weight
    return total
