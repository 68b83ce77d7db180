# A table-driven checksum and a stream cipher over a bytearray: bit operations and indexing.
# turns: 80000


def make_table():
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
        table.append(value)
    return table


def run(size):
    table = make_table()
    data = bytearray(size)
    state = 1
    for i in range(size):
        state = (state * 4093 + 12345) & 0xFFFF
        data[i] = state >> 8
    value = 0xFFFF
    for _ in range(4):
        for byte in data:
            value = (value >> 8) ^ table[(value ^ byte) & 0xFF]
        for i in range(len(data)):
            data[i] ^= value & 0xFF
    return value, sum(data)
