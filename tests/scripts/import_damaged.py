# import of damaged .mpy files: cut short, and each byte made another; nothing but exceptions.
# needs: mpy
import os
import sys

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


def ending(content):
    with open("octopy_damaged.mpy", "wb") as file:
        file.write(content)
    sys.modules.pop("octopy_damaged", None)
    try:
        import octopy_damaged

        octopy_damaged.f(1, 2, 3)
    except Exception as error:
        return type(error)


print({ending(compiled[:end]) for end in range(0, len(compiled), 3)})  # expect: {<class 'ValueError'>}
endings = {}
for at in range(2, len(compiled), 2):
    for other in (0x00, 0x40, 0x63, 0xB2):
        name = ending(compiled[:at] + bytes([other]) + compiled[at + 1 :])
        endings[name] = endings.get(name, 0) + 1
print(endings[None] > 20, endings[ValueError] > 100, len(endings) > 3)  # expect: True True True
print(ending(compiled))  # expect: None
os.remove("octopy_damaged.mpy")
sys.path.pop(0)
os.chdir(before)
