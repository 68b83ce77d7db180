"""A virtual board with fresh flash, and the counting of what is checked on it."""

import os
import subprocess
import sys
import tempfile
import time

PATIENCE = 20


class Board:
    """A board whose console is a pty."""

    def __init__(self, octopy):
        self.work = tempfile.mkdtemp(prefix="octopy-clients-")
        link = os.path.join(self.work, "pty")
        flash = os.path.join(self.work, "flash")
        self.process = subprocess.Popen(
            [octopy, "board", "--pty", link, "--flash", flash, "--fresh"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(link):
            if not self.lives() or time.monotonic() > deadline:
                self.process.terminate()
                sys.exit("the board does not start: %r" % self.process.stdout.read())
            time.sleep(0.05)
        self.device = os.path.realpath(link)

    def lives(self):
        return self.process.poll() is None

    def path(self, name):
        """A file of the PC that only this test knows."""
        return os.path.join(self.work, name)

    def script(self, name, text):
        """A file of the PC with a text in it."""
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def close(self):
        self.process.terminate()
        self.process.wait(10)


class Checks:
    """What has passed, and what has not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, good, shown=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL", name, repr(shown)[-600:])

    def end(self):
        """Says the sum, and ends the process."""
        print("%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(1 if self.failed else 0)
