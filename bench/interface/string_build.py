# Builds a short string a turn: concatenation and conversion.
def run(n):
    size = 0
    for i in range(n):
        size += len("item-" + str(i & 255) + ";")
    return size
