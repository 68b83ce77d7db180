# os: directories, the current one, what paths are.
import os

base = "/tmp" if "tmp" in os.listdir("/") else "/flash"
before = os.getcwd()
os.chdir(base)
os.mkdir("octopy_os_paths")
os.chdir("octopy_os_paths")
print(os.getcwd() == base + "/octopy_os_paths", os.sep, os.listdir(), list(os.ilistdir()))  # expect: True / [] []
os.mkdir("sub")
with open("sub/file", "w") as file:
    file.write("12345")
open("other", "w").close()
print(sorted(os.listdir()), sorted(os.listdir("sub")), sorted(os.listdir("../octopy_os_paths/./sub/")))  # expect: ['other', 'sub'] ['file'] ['file']
print(sorted(entry[:2] for entry in os.ilistdir(".")))  # expect: [('other', 32768), ('sub', 16384)]
print(list(os.ilistdir("sub")))  # expect: [('file', 32768, 0, 5)]
print(os.stat("sub")[0], os.stat("sub/file")[:7], len(os.stat("other")))  # expect: 16384 (32768, 0, 0, 0, 0, 0, 5) 10
os.rename("sub/file", "moved")
os.rename("moved", "other")
print(sorted(os.listdir()), os.stat("other")[6])  # expect: ['other', 'sub'] 5
os.chdir("sub")
os.remove("../other")
os.chdir("..")
os.rmdir("sub")
print(os.listdir(), len(os.statvfs("/")), os.statvfs(".")[0] > 0, os.stat("/")[0])  # expect: [] 10 True 16384
os.chdir("..")
os.rmdir("octopy_os_paths")
os.chdir("/")
print(os.getcwd(), base[1:] in os.listdir(), os.stat(base[1:])[0])  # expect: / True 16384
os.chdir(before)
name = os.uname()
print(len(name), name[0] == name.sysname, name.machine == name[4], os.sync())  # expect: 5 True True None
print(len(os.urandom(7)), os.urandom(16) != os.urandom(16))  # expect: 7 True
