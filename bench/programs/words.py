# Counting words of a text: splitting, lower case, stripping, a dict of counts, joining.
# turns: 250

TEXT = """The heap has two regions, a fast one and a large one. Small objects are born in the
fast region; what is big goes to the large one at once. When a region is full, the collector
marks what is live, and then it slides the live objects together, so that all that is free is
one run. Nothing is lost, nothing is copied twice, and no request fails while there is room."""


def run(turns):
    result = None
    for turn in range(turns):
        counts = {}
        for line in TEXT.split("\n"):
            for word in line.split():
                word = word.strip(".,;").lower()
                counts[word] = counts.get(word, 0) + 1
        common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        result = " ".join("%s:%d" % item for item in common[:8])
        result = result.replace("e", "E").upper() + str(turn)
    return result
