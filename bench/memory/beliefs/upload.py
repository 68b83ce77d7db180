# "Uploads die at 180 KB, though not always at the same byte." A raw REPL collects the text in a
# buffer that grows a little at a time. Prints what each 128 KB of it take, as a multiple of the
# first: the same if growing is cheap, ever more if each step walks over all that is there already.
import io
import time

try:
    ticks = time.ticks_us
except AttributeError:

    def ticks():
        return int(time.time() * 1000000)


PART = 128 * 1024
PIECE = b"x" * 16
buffer = io.BytesIO()
first = None
for part in range(8):
    start = ticks()
    for _ in range(PART // len(PIECE)):
        buffer.write(PIECE)
    took = ticks() - start
    first = first or took
    print("%4d KB: %.1f" % ((part + 1) * 128, took / first))
