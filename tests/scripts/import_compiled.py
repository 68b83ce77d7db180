# import of a .mpy file: what it defines, which file is preferred, other versions.
# needs: mpy
import os
import sys

# def f(a, *b):
#     def g():
#         return a + len(b)
#     return [g() for i in b]
# big = 1 << 70, 'a long text that is no name', b'bytes', 2.5
compiled = bytes.fromhex(
    "4d06001f090308712e70790081570b026700143c6c697374636f6d703e0002610002660006626967000f051b"
    "61206c6f6e6720746578742074686174206973206e6f206e616d650006056279746573000803322e35815418"
    "060864203200160681228046f02300230123022a041607516301816ca1808040890106052047000102b0b120"
    "00022702b220010125013401630281002208030202402500120125013401f26381384208040202602b00b15f"
    "4b8900c2250034002f14423463"
)
base = "/tmp" if "tmp" in os.listdir("/") else "/flash"
before = os.getcwd()
os.chdir(base)
sys.path.insert(0, "")


def write(name, content):
    with open(name, "wb") as file:
        file.write(content)


def refusal(content):
    write("octopy_part.mpy", content)
    try:
        import octopy_part
    except ValueError as error:
        return error
    finally:
        os.remove("octopy_part.mpy")


write("octopy_whole.mpy", compiled)
import octopy_whole

print(octopy_whole.f(1, 2, 3), octopy_whole.f.__name__, octopy_whole.big)  # expect: [3, 3] f (1180591620717411303424, 'a long text that is no name', b'bytes', 2.5)
print(octopy_whole.__name__, octopy_whole.__file__)  # expect: octopy_whole octopy_whole.mpy
try:
    octopy_whole.f("text", 1)
except TypeError as error:
    print("TypeError")  # expect: TypeError
del sys.modules["octopy_whole"]
write("octopy_whole.py", b"source = True")
import octopy_whole

print(octopy_whole.source, hasattr(octopy_whole, "f"))  # expect: True False
os.remove("octopy_whole.py")
os.remove("octopy_whole.mpy")
print(refusal(b"M\x05" + compiled[2:]), refusal(b"X" + compiled[1:]))  # expect: incompatible .mpy file incompatible .mpy file
print("octopy_part" in sys.modules)  # expect: False
sys.path.pop(0)
os.chdir(before)
