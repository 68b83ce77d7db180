# str.format, format() and f-strings.
def failure(text, *args):
    try:
        text.format(*args)
    except Exception as error:
        return type(error).__name__
    return "none"


print("{} {}".format(1, "a"), "{1} {0}".format(1, 2), "{a} {b!r}".format(a=1, b="x"), "{{}}{}".format(3))  # expect: 1 a 2 1 1 'x' {}3
print("{0.x} {0.y[1]} {1[k]} {1[0]}".format(type("P", (), {"x": 1, "y": [2, 3]}), {"k": 4, 0: 5}))  # expect: 1 3 4 5
print("{:>6}|{:<6}|{:^6}|{:*^7}|{:é>4}".format("a", "b", "c", "d", "e"))  # expect:      a|b     |  c   |***d***|ééée
print("{:5}|{:5}|{:<5}|{:^5}|{:=+5}".format("ab", 12, 12, 12, 12))  # expect: ab   |   12|12   | 12  |+  12
print("{:d} {:05d} {:+d} {:+d} {: d} {:-d}".format(1, 42, 7, -7, 7, 7))  # expect: 1 00042 +7 -7  7 7
print("{:x} {:X} {:#x} {:#X} {:o} {:#o} {:b} {:#b} {:#010b}".format(255, 255, 255, 255, 8, 8, 5, 5, 5))  # expect: ff FF 0xff 0XFF 10 0o10 101 0b101 0b00000101
print("{:c}{:c} {:n} {:,} {:_} {:_x} {:,}".format(65, 233, 12, 1234567, 1234567, 0xDEADBEEF, -1234))  # expect: Aé 12 1,234,567 1_234_567 dead_beef -1,234
print("{:08,} {:010,} {:+09,}".format(1234, 1234567, 1234), "{:x}".format(-255), "{:05}".format(-3))  # expect: 0,001,234 01,234,567 +0,001,234 -ff -0003
print("{:d} {:,} {:x} {:030} {:b}".format(2**70, 2**70, 2**70, -(2**70), -(2**65)))  # expect: 1180591620717411303424 1,180,591,620,717,411,303,424 400000000000000000 -00000001180591620717411303424 -100000000000000000000000000000000000000000000000000000000000000000
print("{:f} {:.2f} {:.0f} {:#.0f} {:10.3f}| {:<10.3f}| {:+.1f}".format(3.25, 3.14159, 2.5, 2.5, 2.5, 2.5, 1.0))  # expect: 3.250000 3.14 2 2.      2.500| 2.500     | +1.0
print("{:e} {:.3e} {:E} {:.0e} {:e}".format(12345.678, 12345.678, 0.00012, 15.0, 0.0))  # expect: 1.234568e+04 1.235e+04 1.200000E-04 2e+01 0.000000e+00
print("{:g} {:g} {:g} {:.3g} {:G} {:g} {:#g}".format(0.0001, 0.00001, 123456.0, 1234.5, 1e-10, 1e6, 1.0))  # expect: 0.0001 1e-05 123456 1.23e+03 1E-10 1e+06 1.00000
print("{:%} {:.0%} {:.1%}".format(0.25, 0.25, 0.125), "{:08.3f} {:,.2f} {:012,.1f}".format(-3.14159, 1123456.5, 1234.5))  # expect: 25.000000% 25% 12.5% -003.142 1,123,456.50 00,001,234.5
print("{:f} {:F} {:6}| {:+f} {:e}".format(float("inf"), float("nan"), float("inf"), float("inf"), -float("inf")))  # expect: inf NAN    inf| +inf -inf
print("{:10}|{:<8}|{:+}|{:010}".format(1.5, 1.5, 1.5, -1.5), "{:.2f} {:e}".format(1, 10), "{:.1f}".format(0.25))  # expect:        1.5|1.5     |+1.5|-0000001.5 1.00 1.000000e+01 0.2
print("{:s} {:.2} {:.2s} {:5.1}|".format("abc", "abc", "éàü", "xyz"), "{!s:>4} {!r:>5}".format(1, "a"))  # expect: abc ab éà x    |    1   'a'
print("{:d} {} {:5}|".format(True, True, True), "{:{}}|{:{w}.{p}f}|{:{fill}>4}".format("a", 4, 3.14159, "b", w=6, p=2, fill="*"))  # expect: 1 True     1| a   |  3.14|***b
print("{:>{w}}".format("x", w=3), "{0:{1}}".format("y", 3) + "|", "{:{}{}{}}".format("z", "-", "^", 5))  # expect:   x y  | --z--
n = 42
print(f"{n} {n:>5} {n!r} {n:x} {n+1:04d} {'a':>{n//10}}", f"{{{n}}}", f"{3.14159:.{1+1}f}")  # expect: 42    42 42 2a 0043    a {42} 3.14
print(failure("{"), failure("}"), failure("{:"), failure("{!x}", 1), failure("{}"), failure("{a}"), failure("{0}{}", 1, 2))  # expect: ValueError ValueError ValueError ValueError IndexError KeyError ValueError
print(failure("{}{0}", 1), failure("{:5x}", "a"), failure("{:d}", 1.5), failure("{:s}", 1), failure("{:=5}", "a"), failure("{:z}", 1), failure("{0.q}", 1))  # expect: ValueError ValueError ValueError ValueError ValueError ValueError AttributeError
print(failure("{:+s}", "a"), failure("{:5}", [1]), failure("{1}", 1), failure("{:5", 1))  # expect: ValueError TypeError IndexError ValueError


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __format__(self, spec):
        return "<" + spec + ">" + str(self.cents)


print("{:abc}".format(Money(5)), f"{Money(7):x}")  # expect: <abc>5 <x>7
