# The probes that a collector for two memories failed in its time, each as a check.
import gc


def recovered(body):
    gc.collect()
    before = gc.mem_free()
    body()
    gc.collect()
    return before - gc.mem_free() < 1024


def one_by_one():
    for _ in range(5):
        block = bytearray(100 * 1024)
        block = None
        gc.collect()


def together():
    blocks = [bytearray(100 * 1024) for _ in range(5)]
    blocks = None


print("one by one", recovered(one_by_one))  # expect: one by one True
print("together", recovered(together))  # expect: together True

# Growing a large object keeps every byte.
data = bytearray(70 * 1024)
for at in range(0, len(data), 256):
    data[at : at + 256] = bytes((at >> 8) & 0xFF for _ in range(256))
data.extend(bytes(2048))
wrong = 0
for at in range(0, 70 * 1024, 256):
    if data[at : at + 256] != bytes((at >> 8) & 0xFF for _ in range(256)):
        wrong += 1
print("growth", len(data), wrong)  # expect: growth 73728 0

# A big dict.
table = {}
for n in range(9000):
    table[n] = n * 3
print("dict", len(table), sum(table[n] == n * 3 for n in range(9000)))  # expect: dict 9000 9000
table = None

# A long list of live strings survives collections.
names = ["name-" + str(n) for n in range(20000)]
gc.collect()
gc.collect()
print("names", all(names[n] == "name-" + str(n) for n in range(0, 20000, 7)))  # expect: names True
names = None

# More than there is.
try:
    bytearray(9 * 1024 * 1024)
    print("served")
except MemoryError:
    print("refused")  # expect: refused

# A graph far into the large memory, reached through one list.
filler = [bytearray(1000) for _ in range(2000)]
nested = [[n, [n + 1, [n + 2]]] for n in range(10000)]
gc.collect()
bad = 0
for n in range(10000):
    a = nested[n]
    if a[0] != n or a[1][0] != n + 1 or a[1][1][0] != n + 2:
        bad += 1
print("nested", bad)  # expect: nested 0
filler = nested = None

# Objects at the edge of what goes to the large memory.
for size in (51199, 51200, 51201, 65535, 65536, 65537):
    edge = bytearray(size)
    edge[size - 1] = 7
    assert len(edge) == size and edge[size - 1] == 7
print("edges")  # expect: edges

info = gc.info()
print(info["free"] + info["used"] == info["total"])  # expect: True
