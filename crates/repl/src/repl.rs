//! `Repl`: which mode is on, from one soft reset to the next.
//!
//! The mode outlives a soft reset: a tool that resets from the raw REPL finds the raw REPL again.

use crate::{Session, friendly, raw};

/// Why [`Repl::run`] returned. `raw` tells the mode, which is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Ctrl-D on an empty line: reset the interpreter. From the raw REPL `main.py` is not run.
    SoftReset {
        /// The raw REPL is on.
        raw: bool,
    },
    /// A program raised SystemExit. A board does as for a soft reset; a process may end.
    Exit {
        /// The raw REPL is on.
        raw: bool,
    },
    /// The console has closed for good.
    Closed,
}

/// How a mode was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// For the other mode.
    Switch,
    SoftReset,
    Exit,
    Closed,
}

/// The REPL of one console.
#[derive(Debug)]
pub struct Repl {
    raw: bool,
    announces: bool,
}

impl Repl {
    /// The REPL of a board: a soft reset is announced, because host tools wait for the line.
    pub const fn new() -> Self {
        Self { raw: false, announces: true }
    }

    /// The REPL of a process, where a soft reset is the end and is not announced.
    pub const fn of_process() -> Self {
        Self { raw: false, announces: false }
    }

    /// The raw REPL is on (or will be, when [`Repl::run`] is next called).
    pub fn is_raw(&self) -> bool {
        self.raw
    }

    /// Switches to the friendly or the raw REPL, for the next [`Repl::run`].
    pub fn set_raw(&mut self, raw: bool) {
        self.raw = raw;
    }

    /// Greets the host and serves it until a soft reset, an exit or the end of the console.
    pub fn run<S: Session + ?Sized>(&mut self, session: &mut S) -> Event {
        loop {
            let left = if self.raw { raw::run(session) } else { friendly::run(session) };
            session.text_clear();
            let event = match left {
                Left::Switch => {
                    self.raw = !self.raw;
                    continue;
                }
                Left::SoftReset => Event::SoftReset { raw: self.raw },
                Left::Exit => Event::Exit { raw: self.raw },
                Left::Closed => return Event::Closed,
            };
            if self.announces {
                session.write(b"MPY: soft reboot\r\n");
            }
            return event;
        }
    }
}

impl Default for Repl {
    fn default() -> Self {
        Self::new()
    }
}
