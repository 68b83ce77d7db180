# int: arithmetic beyond machine words, against laws that must hold.
state = 7


def noise(bits):
    global state
    value = 0
    while bits > 0:
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        value = value << 15 | state >> 8 & 0x7FFF
        bits -= 15
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    kind = state >> 9 & 7
    if kind == 0:
        value |= (1 << 64) - 1
    if kind == 1:
        value = value >> 32 << 32
    return -value if state >> 20 & 1 else value


def laws(a, b):
    assert a + b - b == a
    assert a - b == -(b - a)
    assert (a + b) * (a - b) == a * a - b * b
    assert (a & b) + (a | b) == a + b
    assert a ^ b == (a | b) - (a & b)
    assert ~a == -a - 1
    assert (a < b) == (b > a) == (not a >= b)
    assert (a == b) == (hash(a) == hash(b) and str(a) == str(b))
    for shift in (0, 1, 31, 32, 33, 95):
        assert a << shift == a * 2**shift
        assert a >> shift == a // 2**shift
    if b:
        quotient, rest = divmod(a, b)
        assert quotient == a // b and rest == a % b
        assert quotient * b + rest == a
        assert rest == 0 or (rest < 0) == (b < 0)
        assert abs(rest) < abs(b)
        assert pow(a, 5, b) == a**5 % b
    for base, prefix in ((2, bin), (8, oct), (16, hex)):
        assert int(prefix(a), base) == int(prefix(a), 0) == a
    assert int(str(a)) == a


sizes = (3, 20, 29, 31, 33, 62, 64, 66, 100, 400)
for first in sizes:
    for second in sizes:
        for _ in range(4):
            laws(noise(first), noise(second))
print("laws hold")  # expect: laws hold
print(2**100, -(3**50), 7**77 % 10**9)  # expect: 1267650600228229401496703205376 -717897987691852588770249 287039207
print(10**40 // 10**38, -(10**40) // 3, 10**40 % -7, divmod(-(10**20), 10**10 + 1))  # expect: 100 -3333333333333333333333333333333333333334 -3 (-10000000000, 10000000000)
print((1 << 200) >> 199, -1 >> 1000, -(1 << 64) >> 65, 0 << 10**6)  # expect: 2 -1 -1 0
print(2**64 & -(2**32), 2**64 | 1, 2**64 ^ (2**64 - 1), ~(2**64))  # expect: 18446744073709551616 18446744073709551617 36893488147419103231 -18446744073709551617
print(-(2**29), 2**29 - 1, 2**29, -(2**29) - 1, -(-(2**29)), abs(-(2**29)))  # expect: -536870912 536870911 536870912 -536870913 536870912 536870912
print(2**63 - 1 + 1, -(2**63) - 1, 2**31 * 2**31, (2**32 - 1) ** 2)  # expect: 9223372036854775808 -9223372036854775809 4611686018427387904 18446744065119617025
print(0**0, 1 ** (2**70), (-1) ** (2**70 + 1), 0 ** (2**70))  # expect: 1 1 -1 0
print(pow(3, 200, 1000007), pow(-3, 3, 10), pow(2, 100, -7), pow(5, 0, 1))  # expect: 959082 3 -5 0
print(10**30 > 10**29, -(10**30) < 5, 10**30 == 10**30, {10**30: "big"}[10**29 * 10])  # expect: True True True big
print(bool(10**30), int(True), True + True, 10**20 * True, True << 40)  # expect: True 1 2 100000000000000000000 1099511627776
print((10**400).bit_length(), (-1).bit_length(), (0).bit_length(), (2**64).bit_length())  # expect: 1329 1 0 65
factorial = 1
for number in range(1, 101):
    factorial *= number
print(factorial)  # expect: 93326215443944152681699238856266700490715968264381621468592963895217599993229915608941463976156518286253697920827223758251185210916864000000000000000000000000


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


print(failure(lambda: 10**20 // 0), failure(lambda: 10**20 % 0), failure(lambda: divmod(1, 0)))  # expect: ZeroDivisionError ZeroDivisionError ZeroDivisionError
print(failure(lambda: 1 << -1), failure(lambda: 10**20 >> -1), failure(lambda: 10**20 + "x"))  # expect: ValueError ValueError TypeError
print(failure(lambda: pow(2, 3, 0)), failure(lambda: pow(2.0, 3, 5)), failure(lambda: 10**20 < "x"))  # expect: ValueError TypeError TypeError
