# micropython: const, schedule, heap_lock, opt_level, figures; uctypes. COMPAT: CPython has neither.
# needs: uctypes
import micropython
import uctypes
from micropython import const

SIZE = const(16)
print(SIZE, const("text"), micropython.const((1, 2)))  # expect: 16 text (1, 2)
done = []
print(micropython.schedule(done.append, 1), micropython.schedule(lambda item: done.append(item * 2), 2))  # expect: None None
for _ in range(3):
    pass
print(done)  # expect: [1, 4]


def nested(left):
    done.append(left)
    if left:
        micropython.schedule(nested, left - 1)


done.clear()
micropython.schedule(nested, 3)
for _ in range(10):
    pass
print(done)  # expect: [3, 2, 1, 0]
print(micropython.heap_locked(), micropython.heap_lock(), micropython.heap_lock(), micropython.heap_unlock(), micropython.heap_unlock())  # expect: 0 None None 1 0
result = error = None  # Names that are there need no memory.
micropython.heap_lock()
try:
    bytearray(10)
    result = "allocated"
except MemoryError as error:
    result = error
micropython.heap_unlock()
print(result)  # expect: memory allocation failed, heap is locked
level = micropython.opt_level()
print(micropython.opt_level(1), micropython.opt_level(), micropython.opt_level(level))  # expect: None 1 None
print(micropython.stack_use() > 0, micropython.alloc_emergency_exception_buf(100))  # expect: True None
data = bytearray(8)
print(uctypes.addressof(data) % 4, uctypes.addressof(memoryview(data)[2:]) - uctypes.addressof(data))  # expect: 0 2
