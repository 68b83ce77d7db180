# id() of what may be a key by it stays the same when the object moves: instances, streams.

import gc, io, sys


class Plain:
    pass


def spread(make):
    # Every second one dies, so that the others have somewhere to go.
    made = [make() for i in range(64)]
    del made[::2]
    return made


objects = spread(Plain) + spread(io.StringIO) + spread(lambda: io.BytesIO(b"x"))
objects.append(sys.stdin)
numbers = {id(thing): thing for thing in objects}
print(len(numbers))  # expect: 97
gc.collect()
gc.compact()
filler = [bytes(50) for i in range(64)]
print(all(numbers[id(thing)] is thing for thing in objects))  # expect: True
print(min(numbers) >= 0, len(set(numbers)))  # expect: True 97
