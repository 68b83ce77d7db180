//! `RawPaste`: flow control while the host sends a program.
//!
//! The host is told the size of a window and may have two windows under way. Each window that
//! has been read to its end is answered with 1, which allows one more, so that the receiver never
//! holds more than two windows and the host's end mark. Both sides end with 4.
//!
//! ```text
//! board  R 01  window-lo window-hi 01          01         01              04  output …
//! host                               128 bytes    …   128 bytes   rest 04
//! ```
//!
//! The machine is fed by whoever compiles: the compiler asks for a byte when it wants one, and so
//! a program of any length needs no memory for its text.

use crate::Wire;

/// MicroPython's window; larger ones gain nothing on a wire and lose on a small ring.
const WINDOW_MAX: usize = 128;
/// The end mark and one Ctrl-C may arrive on top of two full windows.
const SLACK: usize = 2;

const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
/// "One more window."
const GRANT: u8 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Receiving,
    /// The host has sent its end mark, or the board has ended early.
    Ended,
    /// Ctrl-C.
    Interrupted,
    /// The console has closed.
    Cut,
}

/// What one received byte means: a byte of the program or none, and a reply or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// For the compiler; `None` is the end of the program.
    pub byte: Option<u8>,
    /// For the host.
    pub reply: Option<u8>,
}

/// A program being received.
#[derive(Debug)]
pub struct RawPaste {
    window: u16,
    /// Bytes until the current window has been read.
    left: u16,
    state: State,
}

impl RawPaste {
    /// A transfer to a receiver that holds `capacity` bytes.
    pub fn new(capacity: usize) -> Self {
        let window = (capacity.saturating_sub(SLACK) / 2).clamp(1, WINDOW_MAX);
        let window = u16::try_from(window).unwrap_or(1);
        Self { window, left: window, state: State::Receiving }
    }

    /// What the board sends first: the window's size, and leave to send a second one.
    pub fn opening(&self) -> [u8; 3] {
        let [lo, hi] = self.window.to_le_bytes();
        [lo, hi, GRANT]
    }

    /// Takes one received byte. After the end, bytes are not the program's and this answers the
    /// end again without a reply.
    pub fn accept(&mut self, byte: u8) -> Accepted {
        if self.state != State::Receiving {
            return Accepted { byte: None, reply: None };
        }
        if byte == CTRL_C || byte == CTRL_D {
            self.state = if byte == CTRL_C { State::Interrupted } else { State::Ended };
            return Accepted { byte: None, reply: Some(CTRL_D) };
        }
        self.left = self.left.saturating_sub(1);
        let reply = if self.left == 0 {
            self.left = self.window;
            Some(GRANT)
        } else {
            None
        };
        Accepted { byte: Some(byte), reply }
    }

    /// The next byte of the program, waiting for it; `None` at its end, however it ended.
    pub fn pull<W: Wire + ?Sized>(&mut self, wire: &mut W) -> Option<u8> {
        if self.state != State::Receiving {
            return None;
        }
        let Some(byte) = wire.read_byte() else {
            self.cut();
            return None;
        };
        let accepted = self.accept(byte);
        if let Some(reply) = accepted.reply {
            wire.write(&[reply]);
        }
        accepted.byte
    }

    /// The console has closed: nothing more will come.
    pub fn cut(&mut self) {
        if self.state == State::Receiving {
            self.state = State::Cut;
        }
    }

    /// Ends a transfer that the board cannot use any more: tells the host and drops what it still
    /// sends, up to its end mark. Nothing happens if the transfer has ended already.
    pub fn finish<W: Wire + ?Sized>(&mut self, wire: &mut W) {
        if self.state != State::Receiving {
            return;
        }
        self.state = State::Ended;
        wire.write(&[CTRL_D]);
        loop {
            match wire.read_byte() {
                Some(CTRL_C | CTRL_D) => return,
                Some(_) => {}
                None => {
                    self.state = State::Cut;
                    return;
                }
            }
        }
    }

    /// The host has interrupted the transfer; what was received must not run.
    pub fn is_interrupted(&self) -> bool {
        self.state == State::Interrupted
    }

    /// The console closed during the transfer; what was received must not run.
    pub fn is_cut(&self) -> bool {
        self.state == State::Cut
    }
}
