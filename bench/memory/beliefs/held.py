# "The heap is so fragmented that 200 KB cannot be had of 300 KB." A loop that asks for more and more
# in the same name holds the last buffer while it asks for the next, so it ends at half of what is
# free in any implementation. Prints how far it comes so, and how far when it lets go first.
import gc


def largest(lets_go):
    gc.collect()
    free = gc.mem_free()
    step = free // 100
    size = 0
    buffer = None
    while True:
        if lets_go:
            buffer = None
        try:
            buffer = bytearray(size + step)
        except MemoryError:
            return size * 100 // free
        size += step


print("largest buffer, in per cent of what is free:")
print("  while the one before is held:", largest(False))
print("  after it was let go:", largest(True))
