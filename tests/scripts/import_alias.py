# Native modules answer to their old names with a u.
# needs: network select hashlib binascii
import binascii, hashlib, io, os, select, socket, sys, time
import ubinascii, uhashlib, uio, uos, uselect, usocket, usys, utime

print(ubinascii is binascii, uhashlib is hashlib, uio is io, uos is os)  # expect: True True True True
print(uselect is select, usocket is socket, usys is sys, utime is time)  # expect: True True True True
for name in ("unothing", "u", "uuos"):
    try:
        __import__(name)
    except ImportError as error:
        print(error)
# expect: no module named 'unothing'
# expect: no module named 'u'
# expect: no module named 'uuos'
print(sys.stdin is sys.stdin, sys.stdout.buffer is sys.stdout.buffer, type(sys.stdout).__name__, sys.stderr.fileno())  # expect: True True TextIOWrapper 2
print(sys.stdout.write("written "), sys.stdout.write(b"bytes "), sys.stdout.buffer.write(b"and raw\n", 8))  # expect: written bytes and raw
# expect: 8 6 8
