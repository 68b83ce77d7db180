# Makes a table of what `allocation_cost.py` printed, and of the file in which the emulator's plugin
# wrote the instructions between two readings of the clock; it runs on the PC.
import statistics
import sys

kinds = []
for line in open(sys.argv[1]):
    if line.startswith("kind "):
        heap, name, turns, left_out = (part.strip() for part in line[5:].split(";"))
        kinds.append((heap, name, int(turns), set(eval(left_out, {"__builtins__": {}}))))

counts = [int(line.split()[0]) for line in open(sys.argv[2])][1:]
at = 0
figures = {}
for heap, name, turns, left_out in kinds:
    # Two marks, which are nearly alike: from one reading to the next, and from that one to the
    # first of the loop.
    while not (counts[at] > 500000 and abs(counts[at] - counts[at + 1]) < 25000):
        at += 1
    # After each object, what the loop does besides.
    samples = counts[at + 2 : at + 2 + 2 * turns : 2]
    at += 2 + 2 * turns
    kept = [count for turn, count in enumerate(samples) if turn not in left_out]
    figures[heap, name] = kept, len(samples) - len(kept), max(samples)

print("%-24s %-8s %8s %8s %8s %8s %10s" % ("", "heap", "least", "median", "99 %", "worst", "collected"))
for (heap, name), (kept, collected, longest) in figures.items():
    base = statistics.median(figures[heap, "made before"][0])
    kept = sorted(count - base for count in kept)
    print(
        "%-24s %-8s %8d %8d %8d %8d %10d"
        % (name, heap, kept[0], statistics.median(kept), kept[len(kept) * 99 // 100], kept[-1], collected)
    )
