# What goes wrong with files.
import os

base = "/tmp" if "tmp" in os.listdir("/") else "/flash"


def failure(action):
    try:
        action()
    except OSError as error:
        return error.errno
    except Exception as error:
        return type(error).__name__
    return "none"


path = base + "/octopy_file_errors"
print(failure(lambda: open(path)), failure(lambda: open(path + "/x", "w")), failure(lambda: open(base)))  # expect: 2 2 21
print(failure(lambda: os.remove(path)), failure(lambda: os.rmdir(path)), failure(lambda: os.stat(path)))  # expect: 2 2 2
print(failure(lambda: os.rename(path, path + "2")), failure(lambda: os.listdir(path)), failure(lambda: os.chdir(path)))  # expect: 2 2 2
os.mkdir(path)
print(failure(lambda: os.mkdir(path)), failure(lambda: open(path, "w")), failure(lambda: os.mkdir(path + "/a/b")))  # expect: 17 21 2
with open(path + "/file", "x") as file:
    file.write("content")
print(failure(lambda: open(path + "/file", "x")), failure(lambda: os.rmdir(path)), failure(lambda: os.chdir(path + "/file")))  # expect: 17 39 20
print(failure(lambda: open(5.0)), failure(lambda: open()), failure(lambda: open(path, 5)), failure(lambda: open(path, bad=1)))  # expect: TypeError TypeError TypeError TypeError
print(failure(lambda: open(path + "\0", "w")), failure(lambda: open("x" * 2000)))  # expect: 22 36
print(failure(lambda: file.read()), failure(lambda: file.write("x")), failure(lambda: file.seek(0)), failure(lambda: file.flush()))  # expect: ValueError ValueError ValueError ValueError
print(file.close(), failure(lambda: list(file)), failure(lambda: type(file).read(5)))  # expect: None ValueError TypeError
try:
    open(path + "/nothing")
except OSError as error:
    print(error)  # expect: [Errno 2] ENOENT
os.remove(path + "/file")
os.rmdir(path)
