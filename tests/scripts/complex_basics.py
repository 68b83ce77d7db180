# complex: construction, operators, text.
# needs: complex
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


a = 1 + 2j
print(a, -a, a.real, a.imag, 3j, complex(1.5, -2), complex(2), complex("1-2j"), complex("3j"), complex())  # expect: (1+2j) (-1-2j) 1.0 2.0 3j (1.5-2j) (2+0j) (1-2j) 3j 0j
print(a + 1, 1 - a, a * a, a * 2.5, (3 + 1j) / (1 - 1j), 2 / 1j, a == 1 + 2j, a == 1, 1 + 0j == 1, a != a)  # expect: (2+2j) -2j (-3+4j) (2.5+5j) (1+2j) -2j True False True False
print(abs(3 + 4j), bool(0j), bool(a), {1 + 2j: "key"}[a], +a)  # expect: 5.0 False True key (1+2j)
print(failure(lambda: a < a), failure(lambda: a // 1), failure(lambda: a / 0), failure(lambda: complex("x")), failure(lambda: complex([])), failure(lambda: float(a)), failure(lambda: 0j**-1))  # expect: TypeError TypeError ZeroDivisionError ValueError TypeError TypeError ZeroDivisionError
