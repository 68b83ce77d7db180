# Which share of making a small object is the allocator's, in instructions; it runs on the PC:
#
#     python3 bench/clock/allocator_share.py
#
# It profiles operations of bench/operations.toml (`cargo xtask icount --full --profile`), and asks
# the firmware's line tables (llvm-addr2line) where each instruction comes from. *allocator* are
# those of crates/heap/src/alloc.rs with all that is compiled into it: looking for room, header,
# clearing, and the place on the value stack by which the caller knows the object. *clearing* are
# those of the library's functions that clear memory, which objects of more than eight words use. A
# list and a dict are two objects each. What is compiled from the files of the collector is left out.
import collections
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
FIRMWARE = TARGET / "thumbv8m.main-octopy-eabihf/full/octopy-mps2-an505"
# As often as xtask/src/icount/profile.rs runs an operation.
TURNS = 200000 // 4500 * 4500

OPERATIONS = ["empty loop", "1-tuple", "2-tuple", "3-tuple", "4-tuple", "8-tuple", "10-tuple", "20-tuple"]
OPERATIONS += ["make empty list", "make list of 3", "make dict of 1", "make instance", "make closure"]
OPERATIONS += ["make 20 bytes", "make 200 bytes", "make str of 20", "make str of 200"]
OPERATIONS += ["make big int", "make complex"]

COLLECTOR = ("compact.rs", "cycle", "generation.rs", "mark.rs", "walk.rs")


def frames(addresses):
    """Functions and files from the innermost one to the function that is called."""
    command = ["llvm-addr2line", "-e", str(FIRMWARE), "-a", "-f", "-i"]
    text = subprocess.run(command, input="\n".join(addresses), capture_output=True, text=True, check=True).stdout
    found = {}
    for line in text.splitlines():
        if line.startswith("0x"):
            now = found[int(line, 16)] = []
        else:
            now.append(line)
    return {at: list(zip(lines[::2], lines[1::2])) for at, lines in found.items()}


def part(stack):
    files = [file.rsplit(":", 1)[0] for _, file in stack]
    heap = [file.rsplit("heap/src/", 1)[1] for file in files if "heap/src/" in file]
    if any(file.startswith(COLLECTOR) for file in heap):
        return "collections"
    if "alloc.rs" in heap:
        return "allocator"
    if stack and ("memclr" in stack[-1][0] or "memset" in stack[-1][0]):
        return "clearing"
    return "rest"


print("%-18s %10s %10s %10s" % ("", "whole", "allocator", "clearing"))
for operation in OPERATIONS:
    command = ["cargo", "xtask", "icount", "--full", "--profile", "1", operation]
    seen = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    whole = seen.splitlines()[1].split()[-1]
    counts = [line.split() for line in open(ROOT / "target/instruction-profile.txt")]
    stacks = frames("0x" + address for address, _ in counts)
    sums = collections.Counter()
    for address, count in counts:
        sums[part(stacks.get(int(address, 16), []))] += int(count)
    sums = {name: total / TURNS for name, total in sums.items()}
    print(
        "%-18s %10s %10.1f %10.1f"
        % (operation, whole, sums.get("allocator", 0), sums.get("clearing", 0)),
        flush=True,
    )
