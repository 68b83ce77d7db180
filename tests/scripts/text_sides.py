# Methods that MicroPython leaves out and Python programs use.
print("ab".ljust(5) + "|", "ab".rjust(5), "ab".ljust(5, "*"), "é".rjust(3, "à"), "abc".ljust(2))  # expect: ab   |    ab ab*** ààé abc
print("42".zfill(5), "-42".zfill(5), "+4".zfill(4), "abc".zfill(2), "".zfill(2))  # expect: 00042 -0042 +004 abc 00
print("hELLO wORLD".capitalize(), "".capitalize() == "")  # expect: Hello world True
print("ab1".isalnum(), "a b".isalnum(), "".isalnum())  # expect: True False False
print("prefix-text".removeprefix("prefix-"), "text".removeprefix("x"), "text.py".removesuffix(".py"), "text".removesuffix("") == "text")  # expect: text text text True
