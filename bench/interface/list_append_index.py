# Appends and reads an item by index a turn.
def run(n):
    items = []
    append = items.append
    last = 0
    for i in range(n):
        items.append(i)
        last = items[i]
    return last
