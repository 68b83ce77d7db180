//! `TerminalConsole`: the console in the terminal that the command was started from.
//!
//! The terminal is raw while the board runs, so that Ctrl-C stops the program and not the board;
//! Ctrl-] or Ctrl-X leaves. Where standard input is a pipe, bytes pass as they are.

use std::io::{self, IsTerminal, PipeWriter, Write};
use std::sync::Arc;
use std::thread;

use anyhow::Result;
use octopy_hal::Console;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::outlet::Outlet;
use super::pump::{End, pump};
use super::{Link, ReceiveRing};
use crate::cleanup::{self, Cleanup};

const CTRL_X: u8 = 0x18;
const CTRL_RIGHT_BRACKET: u8 = 0x1d;

/// A console on standard input and output.
#[derive(Debug)]
pub struct TerminalConsole {
    link: Link,
    ring: Arc<ReceiveRing>,
    outlet: Outlet,
    style: Style,
    /// The last byte sent, to know whether a new line has its CR.
    last: u8,
    _stop: PipeWriter,
    _mode: Option<Cleanup>,
}

/// Whose console it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A board's: Ctrl-] and Ctrl-X end the process at once, whatever the program is doing.
    Board,
    /// A REPL of this PC: no such keys, and programs send new lines as LF alone.
    Process,
}

impl TerminalConsole {
    /// Takes the terminal over until dropped.
    pub fn open(link: Link, style: Style) -> Result<Self> {
        let interactive = io::stdin().is_terminal();
        let mode = if interactive { Some(make_raw()?) } else { None };
        let leave = interactive && style == Style::Board;
        let ring = Arc::new(ReceiveRing::new(link.receive_capacity));
        let (stopped, stop) = io::pipe()?;
        thread::Builder::new().name("terminal".into()).spawn({
            let (ring, link) = (Arc::clone(&ring), link.clone());
            move || {
                let end = pump(stdin(), &stopped, &ring, &link, |bytes| {
                    !leave || !bytes.iter().any(|b| matches!(*b, CTRL_X | CTRL_RIGHT_BRACKET))
                });
                match end {
                    End::Closed => {
                        ring.close();
                        link.waker.signal();
                    }
                    End::Stopped if leave && !ring.is_closed() => {
                        cleanup::run();
                        let _ = io::stdout().write_all(b"\n");
                        std::process::exit(0);
                    }
                    End::Stopped => {}
                }
            }
        })?;
        let outlet = Outlet::patient();
        Ok(Self { link, ring, outlet, style, last: 0, _stop: stop, _mode: mode })
    }
}

impl TerminalConsole {
    fn send(&mut self, bytes: &[u8]) {
        if !self.outlet.send(stdout(), bytes, self.link.attention) {
            // The reader of our output has gone: there is nobody left to run for.
            self.ring.close();
        }
    }
}

impl Drop for TerminalConsole {
    fn drop(&mut self) {
        self.ring.close();
    }
}

impl Console for TerminalConsole {
    fn read(&mut self, buf: &mut [u8]) -> usize {
        self.ring.take(buf)
    }

    fn is_readable(&mut self) -> bool {
        self.ring.is_readable()
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.style == Style::Board {
            return self.send(bytes);
        }
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' && self.last != b'\r' {
                self.send(&bytes[from..at]);
                self.send(b"\r");
                from = at;
            }
            self.last = *byte;
        }
        self.send(&bytes[from..]);
    }

    fn receive_capacity(&self) -> usize {
        self.ring.capacity()
    }

    fn is_closed(&mut self) -> bool {
        self.ring.is_finished()
    }
}

/// Makes the terminal raw, until the returned value is dropped or the process ends.
fn make_raw() -> Result<Cleanup> {
    let before = tcgetattr(stdin())?;
    let mut raw = before.clone();
    raw.make_raw();
    tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    Ok(Cleanup::new(move || {
        let _ = tcsetattr(stdin(), OptionalActions::Drain, &before);
    }))
}
