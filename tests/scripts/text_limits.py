# Requests that cannot be met, and what must not be lost by them.
def failure(action):
    try:
        action()
    except MemoryError:
        return "MemoryError"
    except Exception as error:
        return type(error).__name__
    return "none"


keep = bytearray(b"keep")
print(failure(lambda: bytearray(2 << 30)))  # expect: MemoryError
print(failure(lambda: bytes(1 << 40)), failure(lambda: "ab" * (1 << 60)), failure(lambda: keep * (1 << 31)), failure(lambda: 3 * b"abc" * (1 << 29)))  # expect: MemoryError MemoryError MemoryError MemoryError
print(failure(lambda: "{:1000000000}".format(1)), failure(lambda: "%999999999d" % 1))  # expect: MemoryError MemoryError
print(failure(lambda: ",".join(["x" * 100000] * 1000)), failure(lambda: ("a" * 100000).replace("a", "b" * 1000)))  # expect: MemoryError MemoryError
try:
    bytearray(2 << 30)
except MemoryError as error:
    print(str(error)[:45])  # expect: memory allocation failed, allocating 21474836
print(keep, failure(lambda: keep.extend(bytearray(8 << 20))), keep)  # expect: bytearray(b'keep') MemoryError bytearray(b'keep')
