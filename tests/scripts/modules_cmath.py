# cmath: values.
# needs: cmath
import cmath
import math


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-6)


print(close(abs(cmath.sqrt(-4)), 2), close(cmath.phase(-1), math.pi), close(cmath.polar(3 + 4j)[0], 5), close(cmath.rect(2, 0).real, 2), close(cmath.exp(1j * math.pi).real, -1))  # expect: True True True True True
print(close(cmath.log(-1).imag, math.pi), close(cmath.log10(100).real, 2), close(cmath.sin(1).real, math.sin(1)), close(cmath.cos(1j).real, math.cosh(1)))  # expect: True True True True
