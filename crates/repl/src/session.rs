//! `Session`: the console and the interpreter, as the REPL sees them.
//!
//! Four traits, each one step richer: [`Wire`] is bytes, [`Text`] is the store of the current
//! line or program, [`Terminal`] is what a line editor needs, [`Session`] adds the interpreter.
//! All are object-safe.

use crate::{History, RawPaste};

/// The byte stream to the host. No translation of line ends.
pub trait Wire {
    /// Waits for the next byte; `None` when the console has closed for good.
    ///
    /// The interrupt byte arrives here as an ordinary 3. Where the console has already turned it
    /// into a pending interrupt (a program that waits in `input()`), that request is taken and 3
    /// returned in its place.
    fn read_byte(&mut self) -> Option<u8>;

    /// Sends bytes.
    fn write(&mut self, bytes: &[u8]);

    /// How many bytes the receiver holds while nobody reads: what flow control may promise.
    fn receive_capacity(&self) -> usize;
}

/// The text did not fit the memory that is left; the store is as it was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextFull;

/// One growable run of bytes in the heap: the current line, or the program being stored.
///
/// Appending must take constant time per byte on average, whatever the length.
pub trait Text {
    /// Bytes stored.
    fn text_len(&self) -> usize;

    /// Copies bytes from position `at` into `dst`; returns how many there were.
    fn text_copy(&self, at: usize, dst: &mut [u8]) -> usize;

    /// Inserts bytes before position `at` (at the end if `at` is beyond it).
    fn text_insert(&mut self, at: usize, bytes: &[u8]) -> Result<(), TextFull>;

    /// Removes up to `len` bytes from position `at`.
    fn text_remove(&mut self, at: usize, len: usize);

    /// Removes everything and gives the memory back.
    fn text_clear(&mut self);
}

/// Which prompt stands before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// `>>> `, or `sys.ps1`.
    First,
    /// `... `, or `sys.ps2`.
    More,
    /// None by the editor: `input()` has printed its own.
    Own,
}

/// What the Tab key finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// Nothing fits.
    None,
    /// The first so many bytes of the buffer are to be inserted at the cursor.
    Insert(usize),
    /// Several fit and have been printed, beginning and ending with a new line.
    Listed,
}

/// What editing a line needs.
pub trait Terminal: Wire + Text {
    /// Earlier lines; shared by the prompt and `input()`.
    fn history(&mut self) -> &mut History;

    /// Writes a prompt.
    fn print_prompt(&mut self, prompt: Prompt) {
        match prompt {
            Prompt::First => self.write(b">>> "),
            Prompt::More => self.write(b"... "),
            Prompt::Own => {}
        }
    }

    /// Completes the name that ends `line`, which is the current line up to the cursor (the last
    /// part of it, if it is very long). What to insert goes into `out`, cut to its size.
    fn complete(&mut self, line: &[u8], out: &mut [u8]) -> Completion {
        let _ = (line, out);
        Completion::None
    }
}

/// Where the source of a program comes from.
#[derive(Debug)]
pub enum Program<'p> {
    /// It is the whole text store. Lines end in LF, CR or both.
    Stored,
    /// It is being received: each byte is asked of [`RawPaste::pull`] (or offered to
    /// [`RawPaste::accept`]) when the lexer wants it.
    Incoming(&'p mut RawPaste),
}

/// How a program is compiled. The file name is `<stdin>` in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One statement typed at the prompt; the value of an expression is printed.
    Line,
    /// A file from paste mode; the values of expression statements are printed.
    Paste,
    /// A file from the raw REPL; nothing is printed by itself.
    Raw,
}

/// An exception is pending in the session: [`Session::print_exception`] shows and clears it,
/// [`Session::abandon`] forgets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It ran to its end.
    Done,
    /// An exception is pending, to be printed or abandoned.
    Raised,
    /// It raised SystemExit, which the session has noted and cleared.
    Exit,
}

/// The interpreter behind the console.
pub trait Session: Terminal {
    /// Called before each prompt: the place to unlock a heap that a program has left locked.
    fn idle(&mut self) {}

    /// Writes the first line of the banner, without a line end. It begins with `MicroPython `,
    /// which host tools look for.
    fn print_banner(&mut self);

    /// Whether the text store wants another line before it can be compiled.
    fn is_incomplete(&self) -> bool {
        crate::continuation::is_incomplete(self)
    }

    /// Compiles a program and keeps the result for [`Session::execute`]. Nothing runs, and the
    /// interrupt byte stays switched off: here it belongs to the protocol.
    fn compile(&mut self, program: Program<'_>, mode: Mode) -> Result<(), Raised>;

    /// Runs what was compiled, with the interrupt byte switched on for just as long. A pending
    /// interrupt that came too late to stop the program is taken before this returns.
    fn execute(&mut self) -> Outcome;

    /// Drops what was compiled, or the pending exception.
    fn abandon(&mut self);

    /// Prints the pending exception as Python does, line ends as CRLF, and clears it.
    fn print_exception(&mut self);

    /// Prints the MemoryError of a line or program that came to `len` bytes and did not fit the
    /// text store.
    fn print_overflow(&mut self, len: usize);
}
