# A stock of articles in dicts of dicts: strings, ints and tuples as keys.
# turns: 50000


def run(orders):
    names = ["bolt", "nut", "washer", "screw", "nail", "hinge", "hook", "clamp"]
    stock = {}
    for number, name in enumerate(names):
        stock[name] = {"count": 1000, "price": 5 + number, "sold": {}}
    by_number = {}
    pairs = {}
    state = 7
    for order in range(orders):
        state = (state * 75 + 74) % 65537
        name = names[state % len(names)]
        article = stock[name]
        article["count"] -= 1
        sold = article["sold"]
        day = order % 31
        sold[day] = sold.get(day, 0) + article["price"]
        by_number[order] = name
        key = (name, state % 16)
        if key in pairs:
            pairs[key] += 1
        else:
            pairs[key] = 1
        if order >= 50:
            del by_number[order - 50]
    total = sum(sum(article["sold"].values()) for article in stock.values())
    return total, len(by_number), sorted(pairs.values())[-1], len(pairs)
