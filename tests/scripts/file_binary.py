# Binary files: reading into buffers, seeking, appending, big ones.
import os

path = ("/tmp" if "tmp" in os.listdir("/") else "/flash") + "/octopy_file_binary.bin"
with open(path, "wb") as file:
    print(file.write(b"0123456789"), file.write(bytearray(b"ab")), file.write(memoryview(b"xcdx")[1:3]))  # expect: 10 2 2
    print(file.write("é"), file.write(b"abcdef", 2), file.write(b"abcdef", 4, 2), file.tell())  # expect: 2 2 2 20
with open(path, "rb") as file:
    print(file.read(3), file.tell(), file.seek(-8, 2), file.read(2), file.seek(-3, 1), file.read())  # expect: b'012' 3 12 b'cd' 11 b'bcd\xc3\xa9abef'
    print(file.read(), file.read(5), file.read(0))  # expect: b'' b'' b''
    buffer = bytearray(b".....")
    file.seek(0)
    print(file.readinto(buffer), buffer, file.readinto(buffer, 2), buffer)  # expect: 5 bytearray(b'56234') 2 bytearray(b'56234')
    file.seek(18)
    print(file.readinto(buffer), buffer, file.readinto(buffer))  # expect: 2 bytearray(b'ef234') 0
    file.seek(0)
    print(file.readinto(memoryview(buffer)[3:]), buffer)  # expect: 2 bytearray(b'ef201')
    for bad in ("text", b"bytes", 5):
        try:
            file.readinto(bad)
        except TypeError:
            print("no buffer")  # expect: no buffer
            # expect: no buffer
            # expect: no buffer
    try:
        file.seek(-1)
    except OSError as error:
        print(error)  # expect: [Errno 22] EINVAL
block = bytes(range(256)) * 8
with open(path, "wb") as file:
    for number in range(64):
        file.write(block)
with open(path, "rb") as file:
    data = file.read()
    print(len(data), data[:2048] == block, data[-2048:] == block)  # expect: 131072 True True
    print(file.seek(0), len(file.read(1 << 30)))  # expect: 0 131072
    file.seek(1000)
    print(file.read(5) == data[1000:1005], file.read(700) == data[1005:1705], file.tell())  # expect: True True 1705
with open(path, "ab") as file:
    file.write(b"end")
with open(path, "rb") as file:
    file.seek(-5, 2)
    print(file.read())  # expect: b'\xfe\xffend'
    file.seek(131072)
    print(file.readline(), file.readlines())  # expect: b'end' []
os.remove(path)
