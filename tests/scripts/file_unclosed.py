# Files that nobody has closed and nobody can reach do not use up the board's.
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
os.remove(path)
