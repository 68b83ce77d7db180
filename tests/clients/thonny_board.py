"""Drives the virtual board with Thonny's real back end, as its window does: by messages to a process.

usage: thonny_board.py OCTOPY
"""

import os
import queue
import random
import subprocess
import sys
import tempfile
import threading

import thonny
from thonny.common import (
    MESSAGE_MARKER,
    EOFCommand,
    ImmediateCommand,
    InlineCommand,
    InputSubmission,
    ToplevelCommand,
    parse_message,
    serialize_message,
)
from virtual_board import Board, Checks

PATIENCE = 60
SETTINGS = {
    "clean": True,
    "dtr": None,
    "rts": None,
    "submit_mode": None,
    "interrupt_on_connect": False,
    "write_block_size": None,
    "write_block_delay": None,
    "proxy_class": "GenericBareMetalMicroPythonProxy",
    "sync_time": True,
    "validate_time": False,
    "local_rtc": True,
}


class BackEnd:
    """Thonny's process beside its window."""

    def __init__(self, device):
        home = os.path.dirname(thonny.__file__)
        program = os.path.join(home, "plugins", "micropython", "bare_metal_backend.py")
        environment = dict(
            os.environ,
            THONNY_USER_DIR=tempfile.mkdtemp(prefix="octopy-thonny-"),
            THONNY_FRONTEND_SYS_PATH=repr(sys.path),
            PYTHONPATH=os.path.dirname(home),
        )
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-B", program, repr(dict(SETTINGS, port=device))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        self.messages = queue.Queue()
        self.printed = ""
        self.number = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """Takes messages in, each of so many lines as its first one says."""
        while line := self.process.stdout.readline():
            if line.startswith(MESSAGE_MARKER):
                for _ in range(int(line[1 : line.index(" ")]) - 1):
                    line += self.process.stdout.readline()
                self.messages.put(parse_message(line))

    def send(self, command):
        self.process.stdin.write(serialize_message(command) + "\n")
        self.process.stdin.flush()

    def until(self, found):
        """The next message for which `found` holds; what is printed before it is kept."""
        while True:
            message = self.messages.get(timeout=PATIENCE)
            if message.event_type == "ProgramOutput":
                self.printed += message.data
            if found(message):
                return message

    def until_printed(self, text):
        self.until(lambda message: text in self.printed)

    def finished(self):
        """What the running program has printed when it ends."""
        message = self.until(lambda message: message.event_type == "ToplevelResponse")
        self.welcome = message.get("welcome_text", "")
        printed, self.printed = self.printed, ""
        return printed.replace("\r\n", "\n")

    def start(self, name, **fields):
        self.send(ToplevelCommand(name, **fields))

    def program(self, name, **fields):
        self.start(name, **fields)
        return self.finished()

    def ask(self, name, **fields):
        """The answer to a question of the window's."""
        self.number += 1
        self.send(InlineCommand(name, id=str(self.number), **fields))
        return self.until(
            lambda message: message.get("sequence") == "InlineResponse"
            and message.get("command_id") == str(self.number)
        )

    def close(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(10)


board = Board(os.path.abspath(sys.argv[1]))
checks = Checks()
check = checks.check
backend = BackEnd(board.device)
try:
    out = backend.finished()
    check("soft reboot", "soft reboot" in out, out)
    check("banner", "MicroPython" in backend.welcome, backend.welcome)
    out = backend.program("execute_source", source="1 + 1\n")
    check("an expression", "2" in out, out)
    out = backend.program("Run", source="x = [1, 2]\nname = 'abc'\nfor n in range(3):\n    print(n)\n")
    check("a program", out.endswith("0\n1\n2\n"), out)
    answer = backend.ask("get_globals", module_name="__main__")
    check("variables", answer["globals"]["x"].repr == "[1, 2]", answer)
    answer = backend.ask("shell_autocomplete", source="nam", row=1, column=3)
    names = [completion.name for completion in answer["completions"]]
    check("completion", "name" in names, names)
    out = backend.program("Run", source="def f():\n    return 1 / 0\n\n\nf()\n")
    check("an exception", "line 2, in f" in out and "ZeroDivisionError" in out, out)
    out = backend.program("Run", source="x = = 2\n")
    check("a syntax error", "SyntaxError: invalid syntax" in out, out)

    backend.start("Run", source="n = 0\nprint('begun')\nwhile True:\n    n += 1\n")
    backend.until_printed("begun")
    backend.send(ImmediateCommand("interrupt"))
    out = backend.finished()
    check("interrupt", "KeyboardInterrupt" in out, out)
    out = backend.program("execute_source", source="n > 0\n")
    check("names are there after it", "True" in out, out)

    backend.start("Run", source="print('Who? ', end='')\nprint('Hello,', input())\n")
    backend.until_printed("Who? ")
    backend.send(InputSubmission("Thonny\n"))
    out = backend.finished()
    check("input", "Hello, Thonny\n" in out, out)

    random.seed(2)
    content = random.randbytes(30_000)
    backend.ask("mkdir", path="/flash/made")
    answer = backend.ask(
        "write_file",
        path="/flash/made/data",
        content_bytes=content,
        make_shebang_scripts_executable=False,
    )
    check("a file goes up", answer.get("error") is None, answer)
    answer = backend.ask("read_file", path="/flash/made/data")
    check("and comes back", answer.get("content_bytes") == content, answer.get("error"))
    answer = backend.ask(
        "get_dirs_children_info", paths={"/flash/made"}, node_id="", include_hidden=True
    )
    info = answer["data"]["/flash/made"]
    check("its folder", info["data"]["size"] == 30_000, info)
    backend.program("cd", args=["/flash/made"])
    out = backend.program("execute_source", source="import os; os.getcwd()\n")
    check("folder", "/flash/made" in out, out)
    backend.program("cd", args=["/flash"])
    answer = backend.ask("get_fs_info", path="/flash")
    check("free space", answer["total"] > answer["free"] > 0, answer)
    answer = backend.ask("delete", paths=["/flash/made/data", "/flash/made"])
    out = backend.program("execute_source", source="import os; 'made' in os.listdir('/flash')\n")
    check("deleted", "False" in out, out)
    backend.send(EOFCommand())
    out = backend.finished()
    check("soft reboot", "soft reboot" in out and "MicroPython" in out, out)
    check("board lives", board.lives())
except queue.Empty:
    check("an answer within %d s" % PATIENCE, False, backend.printed)
finally:
    backend.close()
    board.close()
checks.end()
