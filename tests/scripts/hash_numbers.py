# Equal numbers have equal hashes, and numbers that share their low or high bits have different ones.
for exponent in range(0, 120, 7):
    for n in (1 << exponent, -(1 << exponent), 3 << exponent):
        assert hash(float(n)) == hash(n), n
        assert {n: 1}[float(n)] == 1
        assert float(n) in {n}
print(hash(True) == hash(1) == hash(1.0), hash(-1.0) == hash(-1), hash(0.5) != hash(0.25))  # expect: True True True
for shift in (8, 24, 32, 40, 64, 100):
    numbers = [n << shift for n in range(300)]
    # The bits of a hash that can be seen are fewer than those that count.
    hashes = set(hash(n) for n in numbers)
    assert len(hashes) >= 70, shift
    places = {n: n for n in numbers}
    assert len(places) == len(set(numbers)) == 300
    assert all(places[n] == n for n in numbers)
print(len(set(hash(n * 2.0**40) for n in range(300))) > 200)  # expect: True
