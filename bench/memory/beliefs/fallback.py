# "The allocator never looks at the second memory." Two buffers, of which no region could hold both:
# on a board with 308 KB inside and 8 MB outside, the small one goes inside when the large memory is
# full. Prints how many blocks of 64 KB could be had, and how much of all memory that is.
import gc

SIZE = 64 * 1024
gc.collect()
free = gc.mem_free()
kept = [None] * (free // SIZE + 1)
count = 0
try:
    while True:
        kept[count] = bytearray(SIZE)
        count += 1
except MemoryError:
    pass
print("blocks of 64 KB:", count, "of", free // SIZE, "that would fit if all were one piece")
