# Files that nobody has closed and nobody can reach do not use up the board's.
import gc
import os

path = ("/tmp" if "tmp" in os.listdir("/") else "/flash") + "/octopy_file_unclosed"
with open(path, "w") as file:
    file.write("content")
total = 0
for number in range(100):
    total += len(open(path).read())
print(total)  # expect: 700
kept = open(path)
for number in range(100):
    open(path, "a").write("!")
print(kept.read(3), len(open(path).read()) >= 7)  # expect: con True
kept.close()
# What a file has still to write is there after a collection: it is closed.
gc.collect()
open(path + "2", "w").write("written")
gc.collect()
with open(path + "2") as file:
    print(file.read())  # expect: written
os.remove(path + "2")
os.remove(path)
