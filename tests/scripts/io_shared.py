# io.BytesIO and io.StringIO of immutable content, which is copied when it is written to.
# needs: weakref
import gc
import io

data = bytes(range(256)) * 40
text = "äöü€ line\n" * 1000
gc.collect()
before = gc.mem_alloc()
bytes_in = io.BytesIO(data)
text_in = io.StringIO(text)
print(gc.mem_alloc() - before < 2000)  # expect: True
print(bytes_in.getvalue() is data, text_in.getvalue() is text)  # expect: True True
print(bytes_in.read(3), bytes_in.tell(), text_in.readline(), end="")  # expect: b'\x00\x01\x02' 3 äöü€ line
print(len(bytes_in.read()), bytes_in.read(), len(text_in.read()) == len(text) - 10)  # expect: 10237 b'' True
print(bytes_in.seek(-2, 2), bytes_in.read(9))  # expect: 10238 b'\xfe\xff'
into = bytearray(4)
print(bytes_in.seek(20000), bytes_in.read(), bytes_in.readinto(into))  # expect: 20000 b'' 0
bytes_in.seek(1)
print(bytes_in.readinto(into), into, bytes_in.getvalue() is data)  # expect: 4 bytearray(b'\x01\x02\x03\x04') True

# The first write copies.
bytes_in.seek(2)
print(bytes_in.write(b"xy"), bytes_in.getvalue()[:6], data[:6])  # expect: 2 b'\x00\x01xy\x04\x05' b'\x00\x01\x02\x03\x04\x05'
text_in = io.StringIO("short")
print(text_in.write("SH"), text_in.getvalue(), text_in.read())  # expect: 2 SHort ort
empty = io.BytesIO(b"")
print(empty.write(b"ab"), empty.getvalue(), io.StringIO("").getvalue() == "")  # expect: 2 b'ab' True
gap = io.BytesIO(b"12")
gap.seek(4)
gap.write(b"5")
print(gap.getvalue())  # expect: b'12\x00\x005'

# Mutable content is copied at once; text as bytes is bytes.
changing = bytearray(b"abc")
stream = io.BytesIO(changing)
changing[0] = 0
print(stream.getvalue(), io.BytesIO("é").getvalue())  # expect: b'abc' b'\xc3\xa9'
stream = io.BytesIO(b"abc")
stream.close()
try:
    stream.read()
except ValueError as error:
    print(error)  # expect: I/O operation on closed file
for line in io.StringIO("a\nb"):
    print(line.strip())
# expect: a
# expect: b
