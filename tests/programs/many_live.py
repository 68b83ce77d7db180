# Fifteen bytearrays of 50 to 1000 KB live together, filled and checked, then released.
import gc

SIZES = (50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 480, 1000)


def pattern(number, at):
    return (number * 37 + at * 11 + (at >> 8)) & 0xFF


gc.collect()
before = gc.mem_free()
buffers = []
total = 0
for number, size in enumerate(SIZES):
    buffer = bytearray(size * 1024)
    block = bytes(pattern(number, at) for at in range(1024))
    for start in range(0, len(buffer), 1024):
        buffer[start : start + 1024] = block
    buffers.append(buffer)
    total += len(buffer)
print(len(buffers), total)  # expect: 15 6174720

wrong = 0
for number, buffer in enumerate(buffers):
    block = bytes(pattern(number, at) for at in range(1024))
    for start in range(0, len(buffer), 1024):
        if buffer[start : start + 1024] != block:
            wrong += 1
print("wrong", wrong)  # expect: wrong 0

buffers = buffer = block = None
gc.collect()
print("back", before - gc.mem_free() < 2048)  # expect: back True
