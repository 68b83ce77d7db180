# A fast Fourier transform and back: floats in lists, sine and cosine.
# turns: 4096
from math import cos, pi, sin


def transform(real, imag, sign):
    size = len(real)
    j = 0
    for i in range(1, size):
        bit = size >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            real[i], real[j] = real[j], real[i]
            imag[i], imag[j] = imag[j], imag[i]
    length = 2
    while length <= size:
        half = length >> 1
        for k in range(half):
            wr = cos(2 * pi * k / length)
            wi = sign * sin(2 * pi * k / length)
            for a in range(k, size, length):
                b = a + half
                tr = real[b] * wr - imag[b] * wi
                ti = real[b] * wi + imag[b] * wr
                real[b] = real[a] - tr
                imag[b] = imag[a] - ti
                real[a] += tr
                imag[a] += ti
        length <<= 1


def run(size):
    real = [float(i % 17) for i in range(size)]
    imag = [0.0] * size
    transform(real, imag, -1)
    peak = max(abs(x) for x in real[1:])
    transform(real, imag, 1)
    return "%.4f %.4f" % (peak, real[5] / size)
