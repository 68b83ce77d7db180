# Text files: characters, lines, positions, iteration, with.
import os

path = ("/tmp" if "tmp" in os.listdir("/") else "/flash") + "/octopy_file_text.txt"
with open(path, "w") as file:
    print(file.write("häuser\nzwei\n\nlast"))  # expect: 18
with open(path) as file:
    print(file.read(2), file.tell())  # expect: hä 3
    print(repr(file.readline()), file.tell())  # expect: 'user\n' 8
    print(file.readline(3), repr(file.readline(3)), repr(file.readline()))  # expect: zwe 'i\n' '\n'
    print(file.read(), repr(file.read()), repr(file.readline()))  # expect: last '' ''
    print(file.seek(0), file.readlines())  # expect: 0 ['häuser\n', 'zwei\n', '\n', 'last']
    print(file.seek(0), file.read(1), file.seek(3), file.read(4))  # expect: 0 h 3 user
with open(path, "a") as file:
    file.write("!")
print([line for line in open(path)])  # expect: ['häuser\n', 'zwei\n', '\n', 'last!']
with open(path, "r+") as file:
    file.seek(8)
    print(file.readline(1))  # expect: z
    file.write("WEI")
    file.seek(0)
    print(file.read().split())  # expect: ['häuser', 'zWEI', 'last!']
with open(path, "wb") as file:
    file.write(b"a\xffb")
try:
    open(path).read()
except UnicodeError:
    print("no text")  # expect: no text
# Lines longer than any buffer, and many of them.
with open(path, "w") as file:
    for number in range(300):
        file.write("line %d\n" % number)
    file.write("x" * 5000)
total = 0
count = 0
for line in open(path):
    count += 1
    total += len(line)
print(count, total)  # expect: 301 7590
with open(path) as file:
    text = file.read()
    file.seek(0)
    pieces = []
    while True:
        piece = file.read(7)
        if not piece:
            break
        pieces.append(piece)
    print("".join(pieces) == text, len(text))  # expect: True 7590
os.remove(path)
