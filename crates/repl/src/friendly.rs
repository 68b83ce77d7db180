//! The friendly REPL: prompt, continued lines, paste mode.

use crate::editor::{Editor, LineEnd};
use crate::repl::Left;
use crate::{Mode, Outcome, Program, Prompt, Session, TextFull};

const CTRL_A: u8 = 1;
const CTRL_B: u8 = 2;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const CTRL_E: u8 = 5;

/// What was entered at the prompt, with the text in the store.
enum Entry {
    /// Nothing to run: show the prompt again.
    Nothing,
    /// A statement, complete or ended by the user.
    Statement,
    /// A file, from paste mode.
    File,
    /// A line or file of so many bytes, which did not fit.
    Overflow(usize),
    /// Ctrl-B: the banner again.
    Banner,
    Leave(Left),
}

pub(crate) fn run<S: Session + ?Sized>(session: &mut S) -> Left {
    print_banner(session);
    loop {
        session.idle();
        session.text_clear();
        let mode = match enter(session) {
            Entry::Nothing => continue,
            Entry::Statement => Mode::Line,
            Entry::File => Mode::Paste,
            Entry::Overflow(len) => {
                session.text_clear();
                session.print_overflow(len);
                continue;
            }
            Entry::Banner => {
                print_banner(session);
                continue;
            }
            Entry::Leave(left) => return left,
        };
        let compiled = session.compile(Program::Stored, mode);
        session.text_clear();
        let outcome = match compiled {
            Ok(()) => session.execute(),
            Err(_) => Outcome::Raised,
        };
        match outcome {
            Outcome::Done => {}
            Outcome::Raised => session.print_exception(),
            Outcome::Exit => return Left::Exit,
        }
    }
}

fn print_banner<S: Session + ?Sized>(session: &mut S) {
    session.print_banner();
    session.write(b"\r\nType \"help()\" for more information.\r\n");
}

fn enter<S: Session + ?Sized>(session: &mut S) -> Entry {
    let mut editor = Editor::new();
    match editor.read(session, Prompt::First) {
        LineEnd::Enter => continue_statement(session, &mut editor),
        LineEnd::Closed => Entry::Leave(Left::Closed),
        LineEnd::Control(CTRL_E) => {
            session.write(b"\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ");
            session.text_clear();
            paste(session)
        }
        LineEnd::Control(byte) => {
            session.write(b"\r\n");
            match byte {
                CTRL_A => Entry::Leave(Left::Switch),
                CTRL_B => Entry::Banner,
                CTRL_D => Entry::Leave(Left::SoftReset),
                _ => Entry::Nothing,
            }
        }
    }
}

fn continue_statement<S: Session + ?Sized>(session: &mut S, editor: &mut Editor) -> Entry {
    if session.text_len() == 0 {
        return Entry::Nothing;
    }
    while session.is_incomplete() {
        let len = session.text_len();
        if session.text_insert(len, b"\n") == Err(TextFull) {
            return Entry::Overflow(len.saturating_add(1));
        }
        match editor.read(session, Prompt::More) {
            LineEnd::Control(CTRL_C) => {
                session.write(b"\r\n");
                return Entry::Nothing;
            }
            LineEnd::Control(CTRL_D) => break,
            // COMPAT: the other control bytes end an empty line like Enter, without its echo.
            LineEnd::Control(_) | LineEnd::Enter => {}
            LineEnd::Closed => return Entry::Leave(Left::Closed),
        }
    }
    Entry::Statement
}

fn paste<S: Session + ?Sized>(session: &mut S) -> Entry {
    let mut overflow = None;
    let mut byte = 0;
    loop {
        let before = byte;
        let Some(next) = session.read_byte() else {
            return Entry::Leave(Left::Closed);
        };
        byte = next;
        match byte {
            CTRL_C => {
                session.write(b"\r\n");
                return Entry::Nothing;
            }
            CTRL_D => {
                session.write(b"\r\n");
                return overflow.map_or(Entry::File, Entry::Overflow);
            }
            // A line ends with CR, LF or both.
            b'\n' if before == b'\r' => {}
            b'\r' | b'\n' => session.write(b"\r\n=== "),
            _ => session.write(&[byte]),
        }
        let len = session.text_len();
        if let Some(total) = overflow {
            overflow = Some(usize::saturating_add(total, 1));
        } else if session.text_insert(len, &[byte]).is_err() {
            overflow = Some(len.saturating_add(1));
            session.text_clear();
        }
    }
}
