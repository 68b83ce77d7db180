//! The raw REPL: programs in, output out, nothing echoed.
//!
//! A host sends a program and Ctrl-D, and reads `OK`, the output, 4, the traceback, 4 and the
//! prompt `>`. Everything but the five control bytes is program text, in any encoding.

use crate::repl::Left;
use crate::{Mode, Outcome, Program, RawPaste, Session};

const CTRL_A: u8 = 1;
const CTRL_B: u8 = 2;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const CTRL_E: u8 = 5;

/// Between output and traceback, and after the traceback.
const MARK: &[u8] = b"\x04";

/// What the host asked for.
enum Request {
    /// Ctrl-A: the greeting again.
    Greeting,
    /// Ctrl-E, this letter, Ctrl-A.
    Extension(u8),
    /// Ctrl-B.
    Friendly,
    /// Ctrl-D: run what is in the text store.
    Run,
    /// Ctrl-D after a program of so many bytes, which did not fit.
    Overflow(usize),
    Closed,
}

pub(crate) fn run<S: Session + ?Sized>(session: &mut S) -> Left {
    greet(session);
    loop {
        session.text_clear();
        session.idle();
        session.write(b">");
        let outcome = match Intake::new().receive(session) {
            Request::Greeting => {
                greet(session);
                continue;
            }
            Request::Extension(b'A') => match run_incoming(session) {
                Some(outcome) => outcome,
                None => return Left::Closed,
            },
            Request::Extension(_) => {
                session.write(b"R\x00");
                continue;
            }
            Request::Friendly => {
                session.write(b"\r\n");
                return Left::Switch;
            }
            Request::Run => {
                session.write(b"OK");
                if session.text_len() == 0 {
                    session.write(b"\r\n");
                    return Left::SoftReset;
                }
                run_stored(session)
            }
            Request::Overflow(len) => {
                session.write(b"OK");
                session.write(MARK);
                session.print_overflow(len);
                session.write(MARK);
                continue;
            }
            Request::Closed => return Left::Closed,
        };
        if outcome == Outcome::Exit {
            return Left::Exit;
        }
    }
}

fn greet<S: Session + ?Sized>(session: &mut S) {
    session.write(b"raw REPL; CTRL-B to exit\r\n");
}

fn run_stored<S: Session + ?Sized>(session: &mut S) -> Outcome {
    let compiled = session.compile(Program::Stored, Mode::Raw);
    // The program may need the memory that its text takes.
    session.text_clear();
    let outcome = match compiled {
        Ok(()) => session.execute(),
        Err(_) => Outcome::Raised,
    };
    report(session, outcome)
}

/// Receives, compiles and runs a program; `None` if the console closed meanwhile.
fn run_incoming<S: Session + ?Sized>(session: &mut S) -> Option<Outcome> {
    session.text_clear();
    let mut paste = RawPaste::new(session.receive_capacity());
    session.write(b"R\x01");
    session.write(&paste.opening());
    let compiled = session.compile(Program::Incoming(&mut paste), Mode::Raw);
    paste.finish(session);
    if paste.is_cut() {
        session.abandon();
        return None;
    }
    if paste.is_interrupted() {
        // The compiler has seen a program that ends where the host broke off. It may even be a
        // correct one, but nobody asked for it to run.
        session.abandon();
        session.write(MARK);
        session.write(b"KeyboardInterrupt: \r\n");
        session.write(MARK);
        return Some(Outcome::Done);
    }
    let outcome = match compiled {
        Ok(()) => session.execute(),
        Err(_) => Outcome::Raised,
    };
    Some(report(session, outcome))
}

fn report<S: Session + ?Sized>(session: &mut S, outcome: Outcome) -> Outcome {
    session.write(MARK);
    if outcome == Outcome::Raised {
        session.print_exception();
    }
    session.write(MARK);
    outcome
}

/// Collects program text, and hands it to the text store in blocks.
struct Intake {
    block: [u8; 64],
    used: usize,
    /// Bytes received of a program that does not fit; nothing of it is kept.
    overflow: Option<usize>,
}

impl Intake {
    const fn new() -> Self {
        Self { block: [0; 64], used: 0, overflow: None }
    }

    fn receive<S: Session + ?Sized>(mut self, session: &mut S) -> Request {
        loop {
            let Some(byte) = session.read_byte() else {
                return Request::Closed;
            };
            match byte {
                CTRL_A => {
                    return match self.extension() {
                        Some(letter) if session.text_len() == 0 => Request::Extension(letter),
                        _ => Request::Greeting,
                    };
                }
                CTRL_B => return Request::Friendly,
                CTRL_C => {
                    session.text_clear();
                    self = Self::new();
                }
                CTRL_D => {
                    self.flush(session);
                    return match self.overflow {
                        Some(len) => Request::Overflow(len),
                        None => Request::Run,
                    };
                }
                _ => self.push(session, byte),
            }
        }
    }

    fn push<S: Session + ?Sized>(&mut self, session: &mut S, byte: u8) {
        if self.used == self.block.len() {
            self.flush(session);
        }
        if let Some(place) = self.block.get_mut(self.used) {
            *place = byte;
            self.used += 1;
        }
    }

    fn flush<S: Session + ?Sized>(&mut self, session: &mut S) {
        let block = self.block.get(..self.used).unwrap_or_default();
        let len = session.text_len();
        if let Some(total) = self.overflow {
            self.overflow = Some(total.saturating_add(block.len()));
        } else if session.text_insert(len, block).is_err() {
            self.overflow = Some(len.saturating_add(block.len()));
            session.text_clear();
        }
        self.used = 0;
    }
    /// The letter of an extension request, if that is all that the block holds.
    fn extension(&self) -> Option<u8> {
        match self.block.get(..self.used) {
            // COMPAT: MicroPython does not know the request after a line feed. A host that
            // answers `input()` with CRLF leaves one behind, and would fall back to its slow mode
            // for good.
            Some([CTRL_E, letter] | [b'\n', CTRL_E, letter]) if self.overflow.is_none() => {
                Some(*letter)
            }
            _ => None,
        }
    }
}
