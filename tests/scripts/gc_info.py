# What gc.info() returns reads as a dict does. COMPAT: CPython has no gc.info().
import gc
import json

info = gc.info()
same = dict(info)
print(type(same), same == info, info == same, info == {}, info != same)  # expect: <class 'dict'> True True False False
print(len(info) == len(same), "free" in info, "nothing" in info, bool(info))  # expect: True True False True
print(list(info) == list(same), info.get("free") == info["free"], info.get("nothing", 7))  # expect: True True 7
print(str(info) == str(same), json.loads(json.dumps(info)) == same)  # expect: True True
copy = {"x": 1}
copy.update(info)
print(len(copy) == len(info) + 1, sorted(info.items()) == sorted(same.items()))  # expect: True True
# It is of the moment in which it was made.
kept = bytearray(5000)
later = gc.info()
print(later["used"] >= info["used"] + 5000, info["used"] == same["used"])  # expect: True True
# Asking takes one object of a few hundred bytes.
gc.collect()
before = gc.mem_alloc()
info = None
gc.collect()
print(before - gc.mem_alloc() < 400)  # expect: True
try:
    info = gc.info()
    info["nothing"]
except KeyError as error:
    print(error.args)  # expect: ('nothing',)
try:
    info["free"] = 0
except TypeError:
    print("not changed")  # expect: not changed
