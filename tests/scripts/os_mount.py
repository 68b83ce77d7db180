# File systems made in Python: mounting, paths, imports.
# needs: vfs
import io
import os
import sys
import vfs


class File(io.IOBase):
    def __init__(self, data):
        self.data = data
        self.at = 0

    def readinto(self, buffer):
        count = min(len(buffer), len(self.data) - self.at)
        buffer[:count] = self.data[self.at : self.at + count]
        self.at += count
        return count

    def ioctl(self, request, argument):
        if request == 4:
            print("closed")
        return -1


class System:
    files = {
        "mounted.py": b"value = 42\nprint(__name__, __file__)\n",
        "box/__init__.py": b"print('box')\n",
        "box/inner.py": b"text = 'inner'\n" + b"# filler\n" * 100,
    }

    def mount(self, readonly, mkfs):
        print("mount", readonly, mkfs)

    def umount(self):
        print("umount")

    def chdir(self, path):
        print("chdir", path)

    def getcwd(self):
        return "/"

    def stat(self, path):
        path = path.lstrip("/")
        if path in self.files:
            return (0x8000, 0, 0, 0, 0, 0, len(self.files[path]), 0, 0, 0)
        if path in ("", "box"):
            return (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        raise OSError(2)

    def ilistdir(self, path):
        return iter([("mounted.py", 0x8000, 0, 5), ("box", 0x4000, 0)])

    def open(self, path, mode):
        return File(self.files[path.lstrip("/")])

    def remove(self, path):
        print("remove", path)

    def rename(self, old, new):
        print("rename", old, new)


base = "/tmp" if "tmp" in os.listdir("/") else "/flash"
before = os.getcwd()
system = System()
vfs.mount(system, "/mounted", readonly=True)  # expect: mount True False
print((system, "/mounted") in vfs.mount(), "mounted" in os.listdir("/"))  # expect: True True
print(os.listdir("/mounted"), list(os.ilistdir("/mounted/box")))  # expect: ['mounted.py', 'box'] [('mounted.py', 32768, 0, 5), ('box', 16384, 0)]
os.remove("/mounted/x/y")  # expect: remove /x/y
os.chdir("/mounted")  # expect: chdir /
print(os.getcwd(), os.stat("box")[0], os.stat("/mounted/box")[0])  # expect: /mounted 16384 16384
os.rename("x", "y")  # expect: rename x y
sys.path.insert(0, "")
import mounted  # expect: closed
# expect: mounted mounted.py

import box.inner  # expect: closed
# expect: box
# expect: closed

print(mounted.value, box.inner.text)  # expect: 42 inner
try:
    vfs.mount(System(), "/mounted")  # expect: mount False False
except OSError as error:
    print(error)  # expect: [Errno 1] EPERM
for action in (lambda: os.rename("/mounted/x", base + "/other"), lambda: vfs.mount(5, "/x"), lambda: vfs.umount("/x"), lambda: vfs.umount(5)):
    try:
        action()
    except OSError as error:
        print(error.errno)
# expect: 1
# expect: 19
# expect: 22
# expect: 22
os.umount("/mounted")  # expect: umount
print(os.getcwd(), "mounted" in os.listdir("/"))  # expect: / False
sys.path.pop(0)
os.chdir(before)
