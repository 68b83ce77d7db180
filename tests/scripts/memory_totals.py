# micropython.mem_total, mem_current and mem_peak: bytes handed out, in use, and the most that were. COMPAT: CPython has none of them.
# needs: memory-totals
import gc
import io
import micropython


def spent(make):
    """Bytes handed out while `make` runs, with what the calls themselves take."""
    before = micropython.mem_total()
    kept = make()
    return micropython.mem_total() - before


overhead = spent(lambda: None)
print(0 <= overhead < 200)  # expect: True
print(10_000 <= spent(lambda: bytearray(10_000)) - overhead < 10_100)  # expect: True
print(400_000 <= spent(lambda: [bytearray(4000) for _ in range(100)]) - overhead < 420_000)  # expect: True
data = b"1234" * 256
print(spent(lambda: io.BytesIO(data)) - overhead < len(data))  # expect: True


def shrunk():
    buffer = bytearray(8000)
    for _ in range(100):
        buffer.extend(b"x" * 10)
    return buffer


print(8000 <= spent(shrunk) - overhead < 40_000)  # expect: True

# What is dead is not taken from the total, only from what is in use.
gc.collect()
total, current, peak = micropython.mem_total(), micropython.mem_current(), micropython.mem_peak()
print(total >= peak >= current > 0)  # expect: True
for _ in range(300):
    garbage = bytearray(4000)
garbage = None
gc.collect()
print(1_200_000 <= micropython.mem_total() - total < 1_300_000, abs(micropython.mem_current() - current) < 500)  # expect: True True
print(current == gc.mem_alloc() or abs(micropython.mem_current() - gc.mem_alloc()) < 100)  # expect: True

# The most is what was seen at a collection or a question.
kept = bytearray(20_000)
top = micropython.mem_peak()
print(top >= micropython.mem_current() - 100)  # expect: True
kept = [bytearray(1000) for _ in range(30)]
kept = None
gc.collect()
print(micropython.mem_current() < top <= micropython.mem_peak())  # expect: True

# They need no memory of a locked heap while they are small.
micropython.heap_lock()
print(micropython.mem_current() > 0, micropython.mem_peak() > 0)  # expect: True True
micropython.heap_unlock()
