# Digits of pi from a continued series: multiplication and division of big ints.
# turns: 900


def run(count):
    total = 0
    top, low, base, k = 1, 0, 1, 1
    made = 0
    while made < count:
        odd = 2 * k + 1
        low = (2 * top + low) * odd
        base *= odd
        top *= k
        k += 1
        if top > low:
            continue
        digit, rest = divmod(3 * top + low, base)
        if rest + top >= base:
            continue
        total = (total * 31 + digit) % 1000003
        made += 1
        low = 10 * (low - digit * base)
        top *= 10
    return total
