# A method call on an instance a turn.
class Thing:
    def __init__(self):
        self.value = 1

    def get(self, x):
        return x


def run(n):
    thing = Thing()
    for i in range(n):
        thing.get(i)
    return n
