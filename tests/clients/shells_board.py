"""Drives the virtual board with ampy, rshell and mpfshell: files both ways, programs, errors.

usage: shells_board.py OCTOPY
"""

import os
import random
import subprocess
import sys

from virtual_board import Board, Checks

board = Board(os.path.abspath(sys.argv[1]))
checks = Checks()
check = checks.check


def tool(*command, limit=60):
    """What a tool of this Python's prints."""
    done = subprocess.run(
        ["timeout", str(limit), sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout.decode(errors="replace").replace("\r\n", "\n")


def ampy(*arguments):
    return tool("-m", "ampy.cli", "-p", board.device, *arguments)


def contents(name):
    try:
        with open(board.path(name), "rb") as file:
            return file.read()
    except OSError as error:
        return error


random.seed(3)
data = random.randbytes(50_000)
with open(board.path("data"), "wb") as file:
    file.write(data)
program = board.script("hello.py", "print('hello', 6 * 7)\n")
try:
    out = ampy("run", program)
    check("ampy run", out == "hello 42\n", out)
    out = ampy("put", program, "/flash/hello.py") + ampy("get", "/flash/hello.py")
    check("ampy put, get", out == "print('hello', 6 * 7)\n\n", out)
    ampy("mkdir", "/flash/made")
    out = ampy("mkdir", "/flash/made")
    check("ampy mkdir twice", "Directory already exists: /flash/made" in out, out)
    out = ampy("get", "/flash/missing")
    check("ampy get what is not there", "No such file: /flash/missing" in out, out)
    ampy("rmdir", "/flash/made")
    out = ampy("ls", "/flash")
    check("ampy ls", "/flash/hello.py" in out and "made" not in out, out)

    steps = "cp %s /flash/data; ls -l /flash; cp /flash/data %s; repl ~ print(5 * 5) ~"
    steps %= board.path("data"), board.path("by-rshell")
    out = tool("-m", "rshell.main", "--quiet", "--buffer-size=512", "-p", board.device, steps)
    check("rshell ls", "50000" in out and "hello.py" in out, out)
    check("rshell cp", contents("by-rshell") == data, out)
    check("rshell repl", "\n25\n" in out, out)

    steps = "cd /flash; put %s other; ls; get other %s; exec print(3 * 3); rm other; ls"
    steps %= board.path("data"), board.path("by-mpfshell")
    opened = "ser:" + board.device
    out = tool("-m", "mp.mpfshell", "-n", "--nocolor", "-o", opened, "-c", steps)
    check("mpfshell put, get", contents("by-mpfshell") == data, out)
    check("mpfshell exec", "\n9\n" in out, out)
    check("mpfshell ls, rm", out.count("hello.py") == 2 and out.count(" other\n") == 1, out)
    check("board lives", board.lives())
finally:
    board.close()
checks.end()
