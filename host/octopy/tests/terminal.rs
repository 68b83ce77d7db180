//! The `octopy` command in a terminal: what a person sees, and what is left afterwards.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

/// A terminal with a command in it.
struct Terminal {
    screen: File,
    keyboard: File,
    child: Child,
    seen: String,
}

impl Terminal {
    fn start(args: &[&str]) -> Self {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = || Stdio::from(rustix::fs::open(&path, flags, Mode::empty()).unwrap());
        let child = Command::new(env!("CARGO_BIN_EXE_octopy"))
            .args(args)
            .env_remove("MICROPYINSPECT")
            .stdin(slave())
            .stdout(slave())
            .stderr(slave())
            .spawn()
            .unwrap();
        let screen = File::from(master);
        let keyboard = screen.try_clone().unwrap();
        Self { screen, keyboard, child, seen: String::new() }
    }

    fn is_raw(&self) -> bool {
        !tcgetattr(&self.screen).unwrap().local_modes.contains(LocalModes::ICANON)
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads the screen until it ends with `end`; returns what has come.
    #[track_caller]
    fn until(&mut self, end: &str) -> String {
        let mut buf = [0; 1024];
        while !self.seen.ends_with(end) {
            let n = self.screen.read(&mut buf).unwrap_or(0);
            assert!(n > 0, "the command has gone after {:?}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&buf[..n]));
        }
        std::mem::take(&mut self.seen)
    }

    /// Waits for the command's end: its exit status, and whether it left the terminal raw.
    fn end(mut self) -> (Option<i32>, bool) {
        let status = self.child.wait().unwrap().code();
        (status, self.is_raw())
    }
}

/// A flash image for one test, removed afterwards.
struct Flash(PathBuf);

impl Flash {
    fn new(test: &str) -> Self {
        let name = format!("octopy-terminal-{}-{test}.flash", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Flash {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
}

#[test]
fn the_repl_of_a_pc() {
    let mut terminal = Terminal::start(&[]);
    let banner = terminal.until(">>> ");
    assert!(banner.starts_with("MicroPython ") && banner.contains(" version\r\n"), "{banner}");
    terminal.press("1+1\r");
    assert_eq!(terminal.until(">>> "), "1+1\r\n2\r\n>>> ");
    terminal.press("print('a\\nb')\r");
    assert_eq!(terminal.until(">>> "), "print('a\\nb')\r\na\r\nb\r\n>>> ");
    // Ctrl-C counts from when the program runs, which it says.
    terminal.press("exec('print(6*7)\\nwhile 1: pass')\r");
    terminal.until("42\r\n");
    terminal.press("\x03");
    assert!(terminal.until(">>> ").contains("KeyboardInterrupt"));
    terminal.press("\x04");
    assert_eq!(terminal.end(), (Some(0), false));
}

#[test]
fn ctrl_c_ends_what_takes_long_inside_a_native() {
    // Memory for all of them, or one would end by itself.
    let mut terminal = Terminal::start(&["-X", "heapsize=64m"]);
    terminal.until(">>> ");
    for long in [
        "sum(range(10**9))",
        "max(map(abs, range(10**9)))",
        "any(map(lambda n: 0, range(10**9)))",
        "set(map(lambda n: 0, range(10**9)))",
        "dict.fromkeys(map(lambda n: 0, range(10**9)))",
        "-1 in map(abs, range(10**9))",
        "sorted(range(1000), key=lambda n: sum(range(10**9)))",
        "(7**2000000) * (7**2000000)",
        "3**100000000",
        "pow(3, 10**9999, 10**9999 + 1)",
        "10**800000 % (10**400000 + 1)",
        "int('9' * 900000)",
        "len(str(1 << 7000000))",
    ] {
        terminal.press(&format!("exec('print(6*7)\\n{}')\r", long.replace('\'', "\"")));
        terminal.until("42\r\n");
        terminal.press("\x03");
        assert!(terminal.until(">>> ").contains("KeyboardInterrupt"), "{long}");
    }
    terminal.press("\x04");
    assert_eq!(terminal.end(), (Some(0), false));
}

#[test]
fn a_board_in_the_terminal() {
    let flash = Flash::new("board");
    let mut terminal = Terminal::start(&["board", "--flash", flash.path()]);
    let banner = terminal.until(">>> ");
    assert!(banner.contains("Ctrl-] or Ctrl-X leaves") && banner.contains("VK-RA6M5 with RA6M5"));
    assert!(terminal.is_raw());
    // A soft reset is where programs of a board end.
    terminal.press("import sys; x = sys.atexit(lambda: print('bye'))\r");
    terminal.until(">>> ");
    terminal.press("\x04");
    assert!(terminal.until(">>> ").contains("soft reboot\r\nbye\r\n"), "the exit function runs");
    terminal.press("\x04");
    assert!(!terminal.until(">>> ").contains("bye"), "it is forgotten then");
    terminal.press("print('go')\rwhile True: pass\r");
    terminal.until("... ");
    terminal.press("\r");
    terminal.press("\x1d");
    assert_eq!(terminal.end(), (Some(0), false));
}

#[test]
fn a_killed_board_leaves_the_terminal_as_it_was() {
    let flash = Flash::new("killed");
    let mut terminal = Terminal::start(&["board", "--flash", flash.path()]);
    terminal.until(">>> ");
    assert!(terminal.is_raw());
    terminate(&terminal.child);
    assert_eq!(terminal.end(), (Some(143), false));
}

#[test]
fn a_board_on_a_pty() {
    let flash = Flash::new("pty");
    let link = std::env::temp_dir().join(format!("octopy-terminal-{}-link", std::process::id()));
    let mut child = Command::new(env!("CARGO_BIN_EXE_octopy"))
        .args(["board", "--pty", link.to_str().unwrap(), "--flash", flash.path()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(std::fs::read_link(&link).unwrap(), Path::new(first.trim_end()));
    let mut port = OpenOptions::new().read(true).write(true).open(&link).unwrap();
    port.write_all(b"\r\x03\x01print(6*7)\x04").unwrap();
    let (mut seen, mut buf) = (Vec::new(), [0; 256]);
    while !seen.ends_with(b">OK42\r\n\x04\x04>") {
        let n = port.read(&mut buf).unwrap();
        seen.extend_from_slice(&buf[..n]);
    }
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert!(link.symlink_metadata().is_err(), "the link is left");
}
