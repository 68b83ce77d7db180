# Writes a script for the board, on the PC, that runs the programs of bench/programs with nothing
# else in memory and with 6 MB of bytearrays held in the external RAM, and says what the second
# takes in proportion to the first:
#
#     python3 bench/clock/held_buffers.py > target/held_buffers.py
#     cargo xtask icount --full --script target/held_buffers.py
#
# With `--model`, the readings of the clock have the accesses of the external RAM between them, and
#
#     python3 bench/clock/held_buffers.py seen.txt target/memory-model.txt
#
# makes the same table in cycles of the model in board.toml, of what the script printed.
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).parents[2]
# The turns are those of a PC: a program takes one of so many here, but for those in which that would
# be too few, or not what they can do.
SHARE = 20
TURNS = {"digits": 150, "flips": 6, "fourier": 512, "queens": 6, "tree": 40, "words": 50}
MARK = 30000

START = """
import gc, time
read = time.ticks_us
held = []
def mark():
    for pad in (MARK, MARK):
        read()
        while pad:
            pad -= 1
def measure(name, turns):
    took = []
    for size in (0, 6):
        space = {}
        exec(PROGRAMS[name], space)
        while len(held) < size * 16:
            held.append(bytearray(65536 - 24))
        del held[size * 16:]
        gc.collect()
        mark()
        start = read()
        space["run"](turns)
        took.append(time.ticks_diff(read(), start))
    print("program %-12s %8d us, %8d us with 6 MB held, %.4f" % (name, took[0], took[1], took[1] / took[0]))
"""


def script():
    print(START.replace("MARK", str(MARK)))
    programs = {}
    for path in sorted((ROOT / "bench/programs").glob("*.py")):
        text = path.read_text()
        turns = int(re.search("# turns: ([0-9]+)", text)[1])
        programs[path.stem] = text, TURNS.get(path.stem, turns // SHARE)
    print("PROGRAMS = {}")
    for name, (text, turns) in programs.items():
        print("PROGRAMS[%r] = %r" % (name, text))
        print("measure(%r, %d)" % (name, turns))
        print("del PROGRAMS[%r]" % name)


def table(seen, counted):
    model = tomllib.loads((ROOT / "boards/mps2-an505/board.toml").read_text())["model"]
    names = [line.split()[1] for line in open(seen) if line.startswith("program ")]
    rows = [[int(number) for number in line.split()] for line in open(counted)][1:]
    # After the two marks, which are nearly alike, comes what is measured.
    runs = []
    for at in range(len(rows) - 2):
        one, two = rows[at][0], rows[at + 1][0]
        if one > 500000 and abs(one - two) < 2000:
            runs.append(rows[at + 2])

    def cycles(row):
        bursts, size = row[1] + row[3], row[2] + row[4]
        return row[0] + (bursts * model["burst"] + size * model["byte"]) * model["frequency"] / 1e9

    for name, alone, held in zip(names, runs[::2], runs[1::2]):
        print(
            "%-12s %12d cycles %12d held %8.4f; bursts %8d %8d"
            % (name, cycles(alone), cycles(held), cycles(held) / cycles(alone), alone[1] + alone[3], held[1] + held[3])
        )


if len(sys.argv) == 3:
    table(*sys.argv[1:])
else:
    script()
