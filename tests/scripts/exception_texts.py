# The text of an exception is its argument's. COMPAT: CPython shows the key of a KeyError as repr does.
print(KeyError("k"), str(KeyError("a b")), repr(KeyError("k")))  # expect: k a b KeyError('k',)
print(KeyError(1, 2), [KeyError()], len(str(KeyError())))  # expect: (1, 2) [KeyError()] 0
print(ValueError("v"), repr(ValueError("v")), ValueError(None))  # expect: v ValueError('v',) None
try:
    {}["absent"]
except KeyError as error:
    print(error, error.args)  # expect: absent ('absent',)
