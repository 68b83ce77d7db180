# Functions of modules that go through much look for Ctrl-C.
# needs: array binascii hashlib heapq json re

import array, binascii, hashlib, heapq, json, micropython, re

names = {"micropython": micropython}
for module in (array, binascii, hashlib, heapq, json, re):
    names[module.__name__] = module
names["b"] = b"abc" * 1000
names["l"] = [1] * 1000


def ends(text):
    # Asked for in the same program, which does not jump back: only the native can look.
    program = "micropython.schedule(micropython.kbd_intr, None)\n" + text
    try:
        exec(program, names)
    except KeyboardInterrupt:
        return True
    except Exception:
        pass
    try:
        while True:
            pass
    except KeyboardInterrupt:
        return False


def deaf(*texts):
    print([text for text in texts if not ends(text)])


deaf("array.array('i', l)", "json.dumps(l)", "json.dumps({1: 2})", "heapq.heapify(l)")  # expect: []
deaf("re.search('b*d', b)", "hashlib.sha256(b)", "binascii.crc32(b)")  # expect: []
deaf("binascii.hexlify(b)", "binascii.b2a_base64(b)", "binascii.a2b_base64(b)")  # expect: []
