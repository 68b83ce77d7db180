# math: values, domains, integers.
# needs: special-functions
import math


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-6)


print(close(math.pi, 3.1415927), close(math.e, 2.7182818), close(math.tau, 2 * math.pi), math.inf, -math.inf, math.nan)  # expect: True True True inf -inf nan
print(close(math.sin(1), 0.841471), close(math.cos(1), 0.540302), close(math.tan(1), 1.557408), close(math.asin(1), math.pi / 2), close(math.acos(0), math.pi / 2))  # expect: True True True True True
print(close(math.atan(1), math.pi / 4), close(math.atan2(1, -1), 3 * math.pi / 4), close(math.sinh(1), 1.175201), close(math.cosh(1), 1.543081), close(math.tanh(1), 0.761594))  # expect: True True True True True
print(close(math.asinh(1), 0.881374), close(math.acosh(2), 1.316958), close(math.atanh(0.5), 0.549306), close(math.exp(2), 7.389056), close(math.expm1(1e-5), 1e-5))  # expect: True True True True True
print(math.sqrt(9), math.log(1), close(math.log(8, 2), 3), math.log2(8), close(math.log10(1000), 3), math.pow(2, 10))  # expect: 3.0 0.0 True 3.0 True 1024.0
print(close(math.gamma(5), 24), close(math.lgamma(10), 12.801827), close(math.erf(1), 0.842701), close(math.erfc(1), 0.157299))  # expect: True True True True
print(math.floor(2.7), math.floor(-2.7), math.ceil(2.2), math.ceil(-2.2), math.trunc(-2.7), math.floor(5), math.ceil(10**30) == 10**30)  # expect: 2 -3 3 -2 -2 5 True
print(math.fabs(-3), math.fmod(7, 3), math.fmod(-7, 3), math.copysign(3, -0.0), math.frexp(8), math.ldexp(0.5, 4), math.modf(-3.25))  # expect: 3.0 1.0 -1.0 -3.0 (0.5, 4) 8.0 (-0.25, -3.0)
print(math.degrees(math.pi), close(math.radians(180), math.pi), math.factorial(0), math.factorial(10), math.factorial(25))  # expect: 180.0 True 1 3628800 15511210043330985984000000
print(math.isnan(math.nan), math.isnan(1), math.isinf(-math.inf), math.isinf(1), math.isfinite(1), math.isfinite(math.inf))  # expect: True False True False True False
print(math.isclose(1, 1 + 1e-12), math.isclose(1, 1.1), math.isclose(1, 1.1, rel_tol=0.2), math.isclose(0, 0.1, abs_tol=0.5), math.isclose(math.inf, math.inf), math.isclose(math.inf, 1))  # expect: True False True True True False
print(failure(lambda: math.sqrt(-1)), failure(lambda: math.log(0)), failure(lambda: math.log(-1)), failure(lambda: math.acos(2)), failure(lambda: math.fmod(1, 0)))  # expect: ValueError ValueError ValueError ValueError ValueError
print(failure(lambda: math.factorial(-1)), failure(lambda: math.floor(math.inf)), failure(lambda: math.floor(math.nan)), failure(lambda: math.sin("1")), failure(lambda: math.isclose(1, 1, rel_tol=-1)))  # expect: ValueError OverflowError ValueError TypeError ValueError
print(math.pow(0, 0), math.pow(1, math.nan), math.pow(math.nan, 0), math.sqrt(math.inf), math.exp(-math.inf), math.atan2(0, -1) == math.pi)  # expect: 1.0 1.0 1.0 inf 0.0 True
print(failure(lambda: math.log(2, 1)), failure(lambda: math.pow(-1, 0.5)), math.isnan(math.sin(math.nan)))  # expect: ZeroDivisionError ValueError True
