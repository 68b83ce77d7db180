//! `Reader`: a `.mpy` file, pulled piece by piece.
//!
//! The order of calls is that of the file: [`Reader::header`], [`Reader::name`] for each name,
//! [`Reader::object`] for each constant (and each item of a tuple), then [`Reader::code`].

use octopy_syntax::Source;

use crate::names::known_name;
use crate::{Prelude, SMALL_INT_BITS, SUB_VERSION, VERSION};

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is no `.mpy` file, or one of another version, or damaged, or it ends too early.
    Incompatible,
    /// It holds machine code.
    Native,
}

/// How many names and constants a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tables {
    /// Names; the first is the source file's.
    pub n_names: u32,
    /// Constants.
    pub n_consts: u32,
}

/// A name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// One that is part of the format.
    Known(&'static str),
    /// So many bytes of text follow ([`Reader::fill`]), then [`Reader::end_text`].
    Text(u32),
}

/// What a constant's text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// A string; the text has an end ([`Reader::end_text`]).
    Str,
    /// A bytes object; the text has an end ([`Reader::end_text`]).
    Bytes,
    /// An integer in decimal.
    Int,
    /// A float as `repr` writes it.
    Float,
    /// A complex number as `repr` writes it.
    Complex,
}

/// A constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// `None`
    None,
    /// `False`
    False,
    /// `True`
    True,
    /// `...`
    Ellipsis,
    /// So many bytes of text follow ([`Reader::fill`]).
    Text(TextKind, u32),
    /// So many objects follow.
    Tuple(u32),
}

/// The start of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeHead {
    /// The figures.
    pub prelude: Prelude,
    /// Bytes of data that follow: info, cells, bytecode.
    pub len: u32,
    /// Whether [`Reader::uint`] then tells how many functions are inside this one.
    pub has_children: bool,
}

/// A file being read.
pub struct Reader<'s> {
    source: &'s mut dyn Source,
    /// Bytes read so far, modulo 2^32: for lengths of parts.
    at: u32,
}

impl core::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Reader").field("at", &self.at).finish_non_exhaustive()
    }
}

impl<'s> Reader<'s> {
    /// A reader at the start of a file.
    pub fn new(source: &'s mut dyn Source) -> Self {
        Self { source, at: 0 }
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, Fault> {
        self.at = self.at.wrapping_add(1);
        self.source.next_byte().ok_or(Fault::Incompatible)
    }

    /// The next number.
    pub fn uint(&mut self) -> Result<u32, Fault> {
        let mut value = 0_u32;
        loop {
            let byte = self.byte()?;
            if value >> 25 != 0 {
                return Err(Fault::Incompatible);
            }
            value = value << 7 | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
    }

    /// Fills `text` with the next bytes.
    pub fn fill(&mut self, text: &mut [u8]) -> Result<(), Fault> {
        text.iter_mut().try_for_each(|to| self.byte().map(|byte| *to = byte))
    }

    /// The byte behind a name's, a string's or a bytes object's text.
    pub fn end_text(&mut self) -> Result<(), Fault> {
        self.byte().map(|_| ())
    }

    /// The start of the file.
    pub fn header(&mut self) -> Result<Tables, Fault> {
        let mut head = [0; 4];
        self.fill(&mut head)?;
        let [mark, version, features, bits] = head;
        // Bits 0 and 1 are the sub-version, 6 announces flags of an architecture.
        let (is_native, has_flags) = (features & 0xbc != 0, features & 0x40 != 0);
        if mark != b'M'
            || version != VERSION
            || is_native && features & 3 != SUB_VERSION
            || bits > SMALL_INT_BITS
        {
            return Err(Fault::Incompatible);
        }
        if is_native {
            return Err(Fault::Native);
        }
        if has_flags {
            return Err(Fault::Incompatible);
        }
        Ok(Tables { n_names: self.uint()?, n_consts: self.uint()? })
    }

    /// The next name.
    pub fn name(&mut self) -> Result<Name, Fault> {
        let number = self.uint()?;
        if number & 1 == 0 {
            return Ok(Name::Text(number >> 1));
        }
        known_name(number >> 1).map(Name::Known).ok_or(Fault::Incompatible)
    }

    /// The next constant, or item of a tuple.
    pub fn object(&mut self) -> Result<Object, Fault> {
        let kind = match self.byte()? {
            1 => return Ok(Object::None),
            2 => return Ok(Object::False),
            3 => return Ok(Object::True),
            4 => return Ok(Object::Ellipsis),
            5 => TextKind::Str,
            6 => TextKind::Bytes,
            7 => TextKind::Int,
            8 => TextKind::Float,
            9 => TextKind::Complex,
            10 => return self.uint().map(Object::Tuple),
            _ => return Err(Fault::Incompatible),
        };
        self.uint().map(|len| Object::Text(kind, len))
    }

    /// The start of the next function.
    pub fn code(&mut self) -> Result<CodeHead, Fault> {
        let head = self.uint()?;
        if head & 3 != 0 {
            return Err(Fault::Incompatible);
        }
        let start = self.at;
        let prelude = Prelude::read(&mut || self.byte())?.ok_or(Fault::Incompatible)?;
        let taken = self.at.wrapping_sub(start);
        let len = (head >> 3).checked_sub(taken).ok_or(Fault::Incompatible)?;
        Ok(CodeHead { prelude, len, has_children: head & 4 != 0 })
    }

    /// The next name of a function's info, by its index in the file's names, and how many bytes of
    /// the info it took.
    pub fn name_index(&mut self) -> Result<(u32, u32), Fault> {
        let start = self.at;
        let index = self.uint()?;
        Ok((index, self.at.wrapping_sub(start)))
    }
}
