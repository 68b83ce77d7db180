# float: operators, comparisons with ints, conversions; true for every width.
def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


inf = float("inf")
nan = float("nan")
print(1.5 + 2, 2 - 0.5, 1.5 * -2, 7 / 2, 7.0 // 2, -7.0 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2)  # expect: 3.5 1.5 -3.0 3.5 3.0 -4.0 1.5 0.5 -0.5
print(divmod(7.5, 2), divmod(-7.5, 2), divmod(7, -2.5), 2**-1, 2.0**3, 0.0**0, 4**0.5)  # expect: (3.0, 1.5) (-4.0, 0.5) (-3.0, -0.5) 0.5 8.0 1.0 2.0
print(1 == 1.0, 1 < 1.5, 2 > 1.5, 1.0 != 1, True == 1.0, 10**30 > 1.5, 1.5 < 10**30, -(10**30) < -1.5)  # expect: True True True False True True True True
print(2**100 == 2.0**100, 2**100 + 1 == 2.0**100, 2**100 + 1 > 2.0**100, 2**100 - 1 < 2.0**100, 10**400 < inf, -(10**400) > -inf)  # expect: True False True True True True
print(nan == nan, nan != nan, nan < 1, 1 < nan, nan > 10**30, inf == inf, inf > 10**400)  # expect: False True False False False True True
print({1: "int"}[1.0], {2.0**70: "big"}[2**70], {0.0: "zero"}[0], {-(2.0**40): "minus"}[-(2**40)], hash(0.0) == hash(-0.0))  # expect: int big zero minus True
print(int(2.5), int(-2.5), round(2.5), round(3.5), round(-2.5), round(2.75, 1), round(1234, -2), round(1250, -2), round(2.5, 0))  # expect: 2 -2 2 4 -2 2.8 1200 1200 2.0
print(bool(0.0), bool(-0.0), bool(nan), -0.0, abs(-1.5), +1.5, -inf)  # expect: False False True -0.0 1.5 1.5 -inf
print(float(3), float("1.5"), float(" -2.5e1\n"), float("inf"), float("-Infinity"), float("nan"), float(b"0.5"), float("1_0.5"), float())  # expect: 3.0 1.5 -25.0 inf -inf nan 0.5 10.5 0.0
print((2.0).is_integer(), (2.5).is_integer(), inf.is_integer(), 2.0.__class__)  # expect: True False False <class 'float'>
print(failure(lambda: 1.0 / 0), failure(lambda: 1.0 // 0), failure(lambda: 1 % 0.0), failure(lambda: divmod(1.5, 0)), failure(lambda: 0.0**-1))  # expect: ZeroDivisionError ZeroDivisionError ZeroDivisionError ZeroDivisionError ZeroDivisionError
print(failure(lambda: float("x")), failure(lambda: float("")), failure(lambda: float([])), failure(lambda: 1.5 & 1), failure(lambda: 1.5 << 1), failure(lambda: 1.5 < "x"))  # expect: ValueError ValueError TypeError TypeError TypeError TypeError
print(inf - inf, inf * 0, inf + 1, -inf * 2, inf // 1, 0 * -1.5)  # expect: nan nan inf -inf nan -0.0
print(0.5, 1e15, 123456.0, 1e16, 0.0001, 0.00001, 1.25e20, 100.0, 1e-7, -0.0)  # expect: 0.5 1000000000000000.0 123456.0 1e+16 0.0001 1e-05 1.25e+20 100.0 1e-07 -0.0
print(1e22, 0.1, 0.2, 0.3, 1.1, 3.25, 1e-5, 65504.0, 33554432.0)  # expect: 1e+22 0.1 0.2 0.3 1.1 3.25 1e-05 65504.0 33554432.0
print("%.0f %.0f %.0f %.3f" % (0.5, 1.5, 2.5, 0.0625), "%e" % 12345.5, "%g" % 1e10, "%g" % 0.0001, "%.3g" % 1234.5)  # expect: 0 2 2 0.062 1.234550e+04 1e+10 0.0001 1.23e+03
