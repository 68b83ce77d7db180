# A sieve in a bytearray and factors by trial: loops, slices, modulo.
# turns: 200000


def run(limit):
    sieve = bytearray(b"\x01" * (limit + 1))
    sieve[0] = sieve[1] = 0
    n = 2
    while n * n <= limit:
        if sieve[n]:
            for multiple in range(n * n, limit + 1, n):
                sieve[multiple] = 0
        n += 1
    primes = [n for n in range(limit + 1) if sieve[n]]
    total = 0
    for number in range(limit - 60, limit):
        for prime in primes:
            if prime * prime > number:
                break
            while number % prime == 0:
                number //= prime
                total += prime
    return len(primes), total
