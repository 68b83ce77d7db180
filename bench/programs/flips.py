# The most flips of a prefix over all orders of a list: slices and permutations.
# turns: 8


def flips(order):
    order = list(order)
    count = 0
    first = order[0]
    while first:
        order[: first + 1] = order[first::-1]
        count += 1
        first = order[0]
    return count


def run(size):
    order = list(range(size))
    turns = [0] * size
    most = checked = flips(order)
    place = 1
    while place < size:
        if turns[place] < place:
            other = turns[place] if place & 1 else 0
            order[other], order[place] = order[place], order[other]
            count = flips(order)
            checked = (checked * 31 + count) % 65521
            if count > most:
                most = count
            turns[place] += 1
            place = 1
        else:
            turns[place] = 0
            place += 1
    return most, checked
