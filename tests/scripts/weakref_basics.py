# weakref: what is referred to dies; callbacks and finalizers run once.
# needs: weakref
import gc
import weakref


class Thing:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


for value in (None, True, 0, "", ()):
    try:
        weakref.ref(value)
        print("made")
    except TypeError as error:
        print(error)
# expect: not a heap object
# expect: not a heap object
# expect: not a heap object
# expect: not a heap object
# expect: not a heap object

thing = Thing("a")
plain = weakref.ref(thing)
print(plain(), plain() is thing, plain)  # expect: a True <ref>
gc.collect()
print(plain())  # expect: a
keeper = [thing]
thing = None
gc.collect()
print(plain())  # expect: a
keeper.clear()
gc.collect()
print(plain())  # expect: None

# A callback has the reference; an exception in it is only printed.
thing = Thing("b")
told = weakref.ref(thing, lambda reference: print("gone", reference(), reference is told))
thing = None
gc.collect()  # expect: gone None True
gc.collect()

# A reference that is gone first is not told.
thing = Thing("c")
told = weakref.ref(thing, lambda reference: print("never"))
told = None
gc.collect()
thing = None
gc.collect()

# A finalizer lives as long as its object; the newest comes first, references come last.
thing = Thing("d")
refs = [weakref.ref(thing, lambda reference: print("ref 1")), weakref.ref(thing, lambda reference: print("ref 2"))]
weakref.finalize(thing, print, "finalizer", 1, sep="-")
last = weakref.finalize(thing, print, "finalizer", 2)
print(last.alive, last.peek()[0], last.peek()[2:])  # expect: True d (('finalizer', 2), {})
gc.collect()
thing = None
gc.collect()
# expect: finalizer 2
# expect: finalizer-1
# expect: ref 2
# expect: ref 1
print(last.alive, last.peek(), last.detach(), last())  # expect: False None None None

# Called or detached, it does nothing when the object dies.
thing = Thing("e")
early = weakref.finalize(thing, lambda *values, **names: (values, names), 1, a=2)
print(early(), early(), early.alive)  # expect: ((1,), {'a': 2}) None False
detached = weakref.finalize(thing, print, "never")
print(detached.detach()[2], detached.alive)  # expect: ('never',) False
try:
    weakref.finalize(thing, lambda: 1 // 0)()
except ZeroDivisionError as error:
    print(error)  # expect: divide by zero
thing = None
gc.collect()

# Cycles die too, and what is reachable by weak references only.
first, second = Thing("f"), Thing("g")
first.other, second.other = second, first
both = weakref.ref(first), weakref.ref(second)
first = None
gc.collect()
print(both[0](), both[1]().other)  # expect: f f
second = None
gc.collect()
print(both[0](), both[1]())  # expect: None None

# Many, while everything moves; some die.
things = [Thing("t%d" % n) for n in range(100)]
refs = [weakref.ref(item) for item in things]
del things[50:]
for round in range(5):
    junk = [[n] * 10 for n in range(200)]
    gc.collect()
print([reference().name for reference in refs[:50]] == ["t%d" % n for n in range(50)])  # expect: True
print(sum(reference() is None for reference in refs))  # expect: 50

# A callback that makes weak references, and one that saves its own.
thing = Thing("h")
saved = []


def again(reference):
    other = Thing("i")
    saved.append(other)
    saved.append(weakref.ref(other))
    saved.extend(weakref.ref(other) for n in range(20))


told = weakref.ref(thing, again)
thing = None
gc.collect()
print(len(saved), saved[-1]() is saved[0])  # expect: 22 True

# COMPAT: the methods that Python calls at the end are not called, as in MicroPython.
class Ended:
    def __del__(self):
        print("never")


Ended()
gc.collect()
print("end")  # expect: end
