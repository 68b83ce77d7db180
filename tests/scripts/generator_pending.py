# Exceptions that wait in a generator until it is resumed.
def count():
    n = 0
    while True:
        try:
            yield n
        except KeyError:
            print("key")
        n += 1


g = count()
print(next(g), g.pend_throw(KeyError()))  # expect: 0 None
print(next(g))  # expect: key
# expect: 1
g.pend_throw(KeyError)
for n in g:  # expect: key
    print(n)  # expect: 2
    break
g.pend_throw(OSError(1))
print(repr(g.pend_throw(None)), next(g))  # expect: OSError(1,) 3
g.pend_throw(IndexError())
try:
    g.send(1)
except IndexError:
    print("index", list(g))  # expect: index []

fresh = count()
fresh.pend_throw(KeyError())
try:
    next(fresh)
except KeyError:
    print("not started")  # expect: not started


def own():
    mine.pend_throw(KeyError())
    yield


mine = own()
try:
    next(mine)
except ValueError as error:
    print(error)  # expect: generator already executing


# What StopIteration carries comes through.
class Ends:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration(5)


for wrapped in Ends(), enumerate(Ends()), map(str, Ends()), zip(Ends()), filter(None, Ends()):
    try:
        next(wrapped)
    except StopIteration as stop:
        print(stop.value, end=";")
print()  # expect: 5;5;5;5;5;
try:
    next(iter([]))
except StopIteration as stop:
    print(stop.value)  # expect: None
