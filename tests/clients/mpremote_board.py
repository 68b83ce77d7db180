"""Drives the virtual board with the real mpremote; every command has a time limit.

usage: mpremote_board.py OCTOPY [quick]
"""

import os
import random
import subprocess
import sys
import urllib.request

from mpremote.transport_serial import SerialTransport

from virtual_board import Board, Checks

quick = "quick" in sys.argv[2:]
programs = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "programs")
octopy = os.path.abspath(sys.argv[1])
board = Board(octopy)
checks = Checks()
check = checks.check


def mpremote(*arguments, limit=60):
    command = ["timeout", str(limit), sys.executable, "-m", "mpremote", "connect", board.device, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode(errors="replace").replace("\r\n", "\n")


def run_raw(text):
    """Runs a program by mpremote's own code, but without raw-paste, which its command line prefers."""
    transport = SerialTransport(board.device)
    try:
        transport.enter_raw_repl()
        transport.use_raw_paste = False
        return transport.exec_raw(text, timeout=60)
    finally:
        transport.exit_raw_repl()
        transport.close()


def big_script(size):
    """A script of at least `size` bytes of small functions."""
    parts = []
    total = 0
    while total < size:
        part = "def f%d(x):\n    y = x + %d\n    return y * 2  # some words to make it longer\n" % (
            len(parts) % 1500,
            len(parts),
        )
        parts.append(part)
        total += len(part)
    parts.append("print('big ok', f1(0) >= 0)\n")
    return "".join(parts)


def big_literal(size):
    """A script of one statement, a dict of at least `size` bytes."""
    pairs = ["%d: 'value %d'" % (n, n) for n in range(size // 18)]
    return "table = {%s}\nprint(len(table), table[77])\n" % ",\n".join(pairs)


def expected(path):
    with open(path) as file:
        return [line.split("# expect: ")[1].rstrip("\n") for line in file if "# expect: " in line]


try:
    check("eval", mpremote("eval", "1+1") == (0, "2\n"), mpremote("eval", "1+1"))
    rc, out = mpremote("run", board.script("raise.py", "x = 1\n\n\ndef f():\n    return 1 / 0\n\n\nf()\n"))
    check("raise", rc == 1 and out.rstrip().endswith("ZeroDivisionError: divide by zero") and 'line 5, in f' in out, out)
    rc, out = mpremote("run", board.script("syntax.py", "x = 1\nx = = 2\n"))
    check("syntax error", rc == 1 and 'File "<stdin>", line 2\nSyntaxError: invalid syntax' in out, out)
    check("names stay", mpremote("exec", "zz = 5")[0] == 0 and mpremote("resume", "eval", "zz")[1] == "5\n")
    rc, out = mpremote("eval", "'zz' in globals()")
    check("soft reset forgets", out == "False\n", out)
    rc, out = mpremote("exec", "import gc; x = bytearray(2 << 20); gc.map()")
    drawn = subprocess.run([octopy, "heap", board.script("map.txt", out)], stdout=subprocess.PIPE)
    check("a map becomes numbers", b"ospi (large, 0x68000000): 2097" in drawn.stdout, drawn.stdout)
    loop = board.script("loop.py", "n = 0\nwhile True:\n    n += 1\n")
    subprocess.run(["timeout", "-s", "INT", "3", sys.executable, "-m", "mpremote", "connect", board.device, "run", loop])
    rc, out = mpremote("resume", "eval", "n > 4")
    check("interrupt", out == "True\n", out)
    for name in ("growth", "many_live", "fragmentation", "probes", "device"):
        path = os.path.join(programs, name + ".py")
        rc, out = mpremote("run", path, limit=400)
        check(name, rc == 0 and out.splitlines() == expected(path), out)
    random.seed(1)
    data = random.randbytes(1 << 20)
    with open(board.path("data"), "wb") as file:
        file.write(data)
    scripts = [big_script(size) for size in (300_000, 1_050_000)]
    for turn in range(1 if quick else 20):
        for text in scripts:
            rc, out = mpremote("run", board.script("big.py", text), limit=120)
            check("run %d bytes" % len(text), out == "big ok True\n", out)
            out = run_raw(text)
            check("run %d bytes by raw REPL" % len(text), out == (b"big ok True\r\n", b""), out)
        rc, out = mpremote("run", board.script("literal.py", big_literal(300_000)), limit=120)
        check("a literal of 300 KB", out == "%d value 77\n" % (300_000 // 18), out)
        source, back = board.path("data"), board.path("back")
        up = mpremote("cp", "-f", source, ":/flash/data", limit=400)
        down = mpremote("cp", ":/flash/data", back, limit=400)
        same = os.path.exists(back) and open(back, "rb").read() == data
        check("copy %d" % turn, up[0] == 0 and down[0] == 0 and same, (up, down))
        if os.path.exists(back):
            os.remove(back)
    server = subprocess.Popen(
        ["timeout", "120", sys.executable, "-m", "mpremote", "connect", board.device, "run", os.path.join(programs, "http_server.py")],
        stdout=subprocess.PIPE,
    )
    listening = server.stdout.readline()
    pages = [urllib.request.urlopen("http://127.0.0.1:18080/", timeout=20).read() for _ in range(5)]
    check("five requests", pages == [b"hello %d\n" % n for n in range(5)], pages)
    big = urllib.request.urlopen("http://127.0.0.1:18080/big", timeout=60).read()
    check("8 MB streamed", big == bytes(range(256)) * 32768, (len(big), listening))
    server.wait(60)
    name = "\u00fcn\u00ef \u65e5\u672c.py"
    mpremote("cp", board.script("hello.py", "print('hi')\n"), ":/flash/" + name)
    rc, out = mpremote("ls", ":/flash")
    check("unicode name", name in out, out)
    check("board lives", board.lives())
finally:
    board.close()
checks.end()
