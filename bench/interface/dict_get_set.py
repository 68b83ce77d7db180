# Sets and gets an entry with a string key a turn.
def run(n):
    table = {"alpha": 1, "beta": 2, "gamma": 3}
    for i in range(n):
        table["beta"] = i
        table["gamma"]
    return table["beta"]
