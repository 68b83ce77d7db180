# The text of a program may be anywhere in the heap: what is free below it can be had all the same.
import gc

pieces = ["%d:%d," % (n, n) for n in range(2000)]
gc.collect()
below = bytearray(gc.info()["max_block"] - 60000)
text = "table = {" + "".join(pieces) + "}"
del pieces, below
exec(text)
print(len(table), table[1999])
# expect: 2000 1999
