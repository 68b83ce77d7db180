//! `StdioConsole`: standard input and output as they are, for scripts on the PC.
//!
//! Nothing is translated and nothing is read ahead: what a script does not read is left for the
//! next program. While a REPL runs, [`Console::set_interactive`] puts a [`TerminalConsole`]
//! in its place.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use octopy_hal::Console;
use rustix::event::PollFlags;
use rustix::stdio::{stderr, stdin};

use super::Link;
use super::outlet::Outlet;
use super::terminal::{Style, TerminalConsole};
use crate::waker::wait_for;

/// Standard input and output.
#[derive(Debug)]
pub struct StdioConsole {
    link: Link,
    terminal: Option<TerminalConsole>,
    closed: bool,
    /// The program has looked for input and found none: a wait should end when some arrives.
    wanted: bool,
}

impl StdioConsole {
    /// The streams of this process.
    pub fn new(link: Link) -> Self {
        Self { link, terminal: None, closed: false, wanted: false }
    }

    /// Whether a REPL has the terminal.
    pub fn is_interactive(&self) -> bool {
        self.terminal.is_some()
    }

    /// Whether a wait should end when standard input has bytes; asking clears it.
    pub(crate) fn take_wanted(&mut self) -> bool {
        std::mem::take(&mut self.wanted)
    }
}

impl Console for StdioConsole {
    fn read(&mut self, buf: &mut [u8]) -> usize {
        if let Some(terminal) = &mut self.terminal {
            return terminal.read(buf);
        }
        if buf.is_empty() || !self.is_readable() {
            return 0;
        }
        let n = rustix::io::read(stdin(), buf).unwrap_or(0);
        self.closed |= n == 0;
        n
    }

    fn is_readable(&mut self) -> bool {
        if let Some(terminal) = &mut self.terminal {
            return terminal.is_readable();
        }
        let ready = !wait_for(stdin(), PollFlags::IN, Duration::ZERO).is_empty();
        if !ready {
            let _ = io::stdout().flush();
            self.wanted = true;
        }
        ready && !self.closed
    }

    fn write(&mut self, bytes: &[u8]) {
        match &mut self.terminal {
            Some(terminal) => terminal.write(bytes),
            // A closed pipe is not the program's fault; as with C, its output goes nowhere.
            None => drop(io::stdout().write_all(bytes)),
        }
    }

    fn receive_capacity(&self) -> usize {
        self.link.receive_capacity
    }

    fn is_closed(&mut self) -> bool {
        match &mut self.terminal {
            Some(terminal) => terminal.is_closed(),
            None => self.closed,
        }
    }

    /// Takes the terminal for a REPL, or gives it back. Without a terminal, nothing changes.
    fn set_interactive(&mut self, on: bool) {
        let _ = io::stdout().flush();
        if !on {
            self.terminal = None;
        } else if self.terminal.is_none() && io::stdin().is_terminal() {
            self.terminal = TerminalConsole::open(self.link.clone(), Style::Process).ok();
        }
    }
}

/// Standard error.
#[derive(Debug)]
pub struct ErrorConsole {
    link: Link,
    outlet: Outlet,
}

impl ErrorConsole {
    /// The stream of this process.
    pub fn new(link: Link) -> Self {
        Self { link, outlet: Outlet::patient() }
    }
}

impl Console for ErrorConsole {
    fn read(&mut self, _: &mut [u8]) -> usize {
        0
    }

    fn is_readable(&mut self) -> bool {
        false
    }

    fn write(&mut self, bytes: &[u8]) {
        let _ = io::stdout().flush();
        self.outlet.send(stderr(), bytes, self.link.attention);
    }

    fn receive_capacity(&self) -> usize {
        0
    }
}
