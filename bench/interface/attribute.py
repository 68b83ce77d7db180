# Reads two attributes and writes one a turn.
class Thing:
    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 3


def run(n):
    thing = Thing()
    for i in range(n):
        thing.c = thing.a
        thing.b
    return thing.c
