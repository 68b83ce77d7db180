//! Errors: plain data, turned into a Python exception in one place of `vm`.

/// Where something stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
}

/// Memory ran out while parsing or compiling; the store knows the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

/// What is wrong with a program. [`ErrorKind::text`] is MicroPython's wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// `invalid syntax`
    InvalidSyntax,
    /// `unexpected indent` (IndentationError)
    UnexpectedIndent,
    /// `unindent doesn't match any outer indent level` (IndentationError)
    UnindentMismatch,
    /// Anything else, with the text that MicroPython gives.
    Other(&'static str),
    /// Something of Python that is not supported: a NotImplementedError.
    Unsupported(&'static str),
    /// The program is too large for the bytecode: a RuntimeError, as MicroPython's.
    TooLarge(&'static str),
    /// The program nests deeper than the parser allows: a RuntimeError, as MicroPython's.
    TooDeep,
    /// The source was interrupted (Ctrl-C while it was being received).
    Interrupted,
}

impl ErrorKind {
    /// The exception's text.
    pub fn text(self) -> &'static str {
        match self {
            Self::InvalidSyntax => "invalid syntax",
            Self::UnexpectedIndent => "unexpected indent",
            Self::UnindentMismatch => "unindent doesn't match any outer indent level",
            Self::Other(text) | Self::Unsupported(text) | Self::TooLarge(text) => text,
            Self::TooDeep => "maximum recursion depth exceeded",
            Self::Interrupted => "",
        }
    }
}

/// A syntax error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where.
    pub span: Span,
}

/// Why parsing or compiling stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The program is wrong.
    Syntax(Error),
    /// Memory ran out.
    Memory(OutOfMemory),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Syntax(error)
    }
}

impl From<OutOfMemory> for Failure {
    fn from(error: OutOfMemory) -> Self {
        Self::Memory(error)
    }
}
