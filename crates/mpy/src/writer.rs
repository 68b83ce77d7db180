//! `Writer`: a `.mpy` file, written piece by piece to a [`Sink`].

use octopy_bytecode::emit::{Sink, write_uint};

use crate::names::number_of;
use crate::{Object, Prelude, SMALL_INT_BITS, Tables, TextKind, VERSION};

/// A function to be written.
#[derive(Debug, Clone, Copy)]
pub struct CodeData<'a> {
    /// Its figures; the length of the info is computed.
    pub prelude: Prelude,
    /// The indexes of its own name and of those of its parameters.
    pub names: &'a [u32],
    /// The line table.
    pub lines: &'a [u8],
    /// Numbers of the locals that are cells.
    pub cells: &'a [u8],
    /// The bytecode.
    pub code: &'a [u8],
    /// How many functions inside it follow.
    pub n_children: u32,
}

/// A file being written. The order of calls is that of the file, as for [`crate::Reader`].
#[derive(Debug)]
pub struct Writer<'s, S: ?Sized> {
    pub(crate) sink: &'s mut S,
}

/// Counts bytes.
struct Count(u32);

impl Sink for Count {
    type Error = core::convert::Infallible;

    fn byte(&mut self, _byte: u8) -> Result<(), Self::Error> {
        self.0 = self.0.saturating_add(1);
        Ok(())
    }
}

/// How many bytes `write` writes.
fn length(write: impl FnOnce(&mut Count) -> Result<(), core::convert::Infallible>) -> u32 {
    let mut count = Count(0);
    let Ok(()) = write(&mut count);
    count.0
}

impl<'s, S: Sink + ?Sized> Writer<'s, S> {
    /// A writer at the start of a file.
    pub fn new(sink: &'s mut S) -> Self {
        Self { sink }
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), S::Error> {
        bytes.iter().try_for_each(|&byte| self.sink.byte(byte))
    }

    /// The start of the file.
    pub fn header(&mut self, tables: Tables) -> Result<(), S::Error> {
        self.bytes(&[b'M', VERSION, 0, SMALL_INT_BITS])?;
        write_uint(tables.n_names, self.sink)?;
        write_uint(tables.n_consts, self.sink)
    }

    /// The next name.
    pub fn name(&mut self, text: &[u8]) -> Result<(), S::Error> {
        if let Some(number) = number_of(text) {
            return write_uint(number << 1 | 1, self.sink);
        }
        write_uint((text.len() as u32) << 1, self.sink)?;
        self.bytes(text)?;
        self.sink.byte(0)
    }

    /// The next constant that is no text; the items of a tuple follow.
    pub fn object(&mut self, object: Object) -> Result<(), S::Error> {
        match object {
            Object::None => self.sink.byte(1),
            Object::False => self.sink.byte(2),
            Object::True => self.sink.byte(3),
            Object::Ellipsis => self.sink.byte(4),
            Object::Text(kind, len) => {
                self.sink.byte(match kind {
                    TextKind::Str => 5,
                    TextKind::Bytes => 6,
                    TextKind::Int => 7,
                    TextKind::Float => 8,
                    TextKind::Complex => 9,
                })?;
                write_uint(len, self.sink)
            }
            Object::Tuple(len) => {
                self.sink.byte(10)?;
                write_uint(len, self.sink)
            }
        }
    }

    /// The next constant, with its text.
    pub fn text(&mut self, kind: TextKind, text: &[u8]) -> Result<(), S::Error> {
        self.object(Object::Text(kind, text.len() as u32))?;
        self.bytes(text)?;
        if matches!(kind, TextKind::Str | TextKind::Bytes) { self.sink.byte(0) } else { Ok(()) }
    }

    /// The next function.
    pub fn code(&mut self, data: &CodeData<'_>) -> Result<(), S::Error> {
        let names_len =
            length(|count| data.names.iter().try_for_each(|&name| write_uint(name, count)));
        let prelude = Prelude {
            info_len: names_len + data.lines.len() as u32,
            n_cells: data.cells.len() as u32,
            ..data.prelude
        };
        let len = length(|count| prelude.write(count))
            + prelude.info_len
            + prelude.n_cells
            + data.code.len() as u32;
        write_uint(len << 3 | u32::from(data.n_children > 0) << 2, self.sink)?;
        prelude.write(self.sink)?;
        for &name in data.names {
            write_uint(name, self.sink)?;
        }
        self.bytes(data.lines)?;
        self.bytes(data.cells)?;
        self.bytes(data.code)?;
        if data.n_children > 0 {
            write_uint(data.n_children, self.sink)?;
        }
        Ok(())
    }
}
