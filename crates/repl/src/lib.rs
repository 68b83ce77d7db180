//! The REPL: friendly, raw, raw-paste and paste mode, and `input()`'s line editor.
//!
//! Bytes come in, bytes go out, byte for byte as MicroPython's, because host tools match them.
//! [`Repl::run`] drives a [`Session`], which is the console and the interpreter; nothing else of
//! the system is known here, so that every dialogue can be tested by its bytes alone.
//!
//! | File | Is |
//! |---|---|
//! | `session` | what the REPL needs: console, text store, interpreter |
//! | `repl` | which mode is on, and what happens on leaving it |
//! | `friendly` | the `>>> ` prompt and paste mode |
//! | `raw` | the raw prompt |
//! | `raw_paste` | flow control while a program is received and compiled |
//! | `editor`, `key`, `history` | editing one line |
//! | `continuation` | whether the text wants another line |
//!
//! Holds no text: the current line and the stored program are in the session's heap, so that
//! their length is limited by memory only.
#![no_std]
#![forbid(unsafe_code)]

mod continuation;
mod editor;
mod friendly;
mod history;
mod key;
mod raw;
mod raw_paste;
mod repl;
mod session;
mod text;

pub use continuation::is_incomplete;
pub use editor::{Entered, read_line};
pub use history::History;
pub use raw_paste::{Accepted, RawPaste};
pub use repl::{Event, Repl};
pub use session::{
    Completion, Mode, Outcome, Program, Prompt, Raised, Session, Terminal, Text, TextFull, Wire,
};
