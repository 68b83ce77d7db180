# A pipeline of generators: yield, yield from, send, comprehensions.
# turns: 40000


def count(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


def pairs(source):
    for item in source:
        yield item
        yield from (item, item + 1)


def average():
    total = 0
    number = 0
    while True:
        item = yield total // (number or 1)
        total += item
        number += 1


def walk(depth):
    if depth:
        yield from walk(depth - 1)
        yield depth
        yield from walk(depth - 1)


def run(limit):
    mean = average()
    next(mean)
    last = 0
    for item in pairs(x * 3 for x in count(limit) if x & 1):
        last = mean.send(item)
    return last, sum(walk(9)), sum([x for x in map(abs, filter(None, range(-200, 200)))])
