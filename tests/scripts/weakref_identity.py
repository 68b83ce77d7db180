# Weak references whose id() has been asked for. COMPAT: MicroPython's rules of when things die.
# needs: weakref
import gc
import weakref


class Thing:
    pass


called = []
things = [Thing() for _ in range(4)]
refs = [weakref.ref(thing, called.append) for thing in things]
ends = [weakref.finalize(thing, called.append, n) for n, thing in enumerate(things)]
bare = weakref.ref(things[0])
numbers = [id(r) for r in refs] + [id(e) for e in ends] + [id(bare)]
print(len(set(numbers)))  # expect: 9
thing = None
things = None
gc.collect()
gc.collect()
print([r() for r in refs], bare())  # expect: [None, None, None, None] None
print([item for item in called if isinstance(item, int)])  # expect: [3, 2, 1, 0]
print(sorted(id(item) for item in called if not isinstance(item, int)) == sorted(numbers[:4]))  # expect: True


# A callback that collects garbage does not lose the others.
def collecting(ref):
    called.append(ref)
    gc.collect()


called = []
refs = [weakref.ref(Thing(), collecting) for _ in range(300)]
thing = None
gc.collect()
gc.collect()
print(len(called))  # expect: 300
