# random: ranges and means.
# needs: random
import random


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


random.seed(5)
first = [random.getrandbits(16) for _ in range(10)]
random.seed(5)
print(first == [random.getrandbits(16) for _ in range(10)], len(set(first)) > 5, max(first) < 65536)  # expect: True True True
print(all(0 <= random.random() < 1 for _ in range(1000)), {random.randint(1, 6) for _ in range(500)} == {1, 2, 3, 4, 5, 6})  # expect: True True
print({random.randrange(0, 20, 5) for _ in range(500)} == {0, 5, 10, 15}, {random.randrange(3) for _ in range(200)} == {0, 1, 2}, all(-2 <= random.uniform(-2, 3) <= 3 for _ in range(200)))  # expect: True True True
print({random.choice("abc") for _ in range(200)} == {"a", "b", "c"}, failure(lambda: random.choice([])), failure(lambda: random.randrange(0)), failure(lambda: random.randint(2, 1)), random.randint(2**40, 2**40) == 2**40)  # expect: True IndexError ValueError ValueError True
mean = sum(random.random() for _ in range(2000)) / 2000
print(0.45 < mean < 0.55)  # expect: True
