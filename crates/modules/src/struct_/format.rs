//! `Format`: the fields that a format string describes.

use super::pointer;
use octopy_vm::types::array::item_size;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{Local, PyResult, Vm};

/// One value's place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// What it is: a typecode, `s` for bytes, `x` for nothing.
    pub(super) code: u8,
    /// Bytes from the start of the structure.
    pub(super) at: u32,
    /// How many bytes it takes.
    pub(super) size: u32,
    /// Whether the most significant byte comes first.
    pub(super) big_endian: bool,
}

/// A walk through a format string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    text: BufferLook,
    at: u32,
    aligned: bool,
    big_endian: bool,
    /// Bytes of the fields so far.
    size: u32,
    /// What repeats, and how often still.
    code: u8,
    repeat: u32,
}

impl Format {
    pub(super) fn new(vm: &mut Vm, format: Local) -> PyResult<Self> {
        let text = vm.buffer_of(format)?;
        let first = vm.buffer_bytes(&text).first().copied().unwrap_or(0);
        let has_order = matches!(first, b'@' | b'=' | b'<' | b'>' | b'!');
        Ok(Self {
            text,
            at: u32::from(has_order),
            aligned: !has_order || first == b'@',
            big_endian: matches!(first, b'>' | b'!'),
            size: 0,
            code: 0,
            repeat: 0,
        })
    }

    fn byte(&self, vm: &Vm) -> Option<u8> {
        vm.buffer_byte(&self.text, self.at)
    }

    /// Reads a count, if there is one, and a typecode; false at the end.
    fn read(&mut self, vm: &mut Vm) -> PyResult<bool> {
        let mut count = None;
        while let Some(digit @ b'0'..=b'9') = self.byte(vm) {
            let so_far = u64::from(count.unwrap_or(0_u32)) * 10 + u64::from(digit - b'0');
            match u32::try_from(so_far) {
                Ok(so_far) if so_far < 1 << 30 => count = Some(so_far),
                _ => return Err(vm.raise_value("struct too large")),
            }
            self.at += 1;
        }
        let Some(code) = self.byte(vm) else {
            return match count {
                None => Ok(false),
                Some(_) => Err(vm.raise_value("bad typecode")),
            };
        };
        if !matches!(
            code,
            b'x' | b's'
                | b'c'
                | b'?'
                | b'b'
                | b'B'
                | b'h'
                | b'H'
                | b'i'
                | b'I'
                | b'l'
                | b'L'
                | b'q'
                | b'Q'
                | b'f'
                | b'd'
                | b'e'
                | b'P'
                | b'O'
                | b'S'
        ) {
            return Err(vm.raise_value("bad typecode"));
        }
        self.at += 1;
        self.code = code;
        self.repeat = count.unwrap_or(1);
        Ok(true)
    }

    /// Bytes of the run that was just read, and how many values it has.
    fn run(&mut self, vm: &mut Vm) -> PyResult<(u32, u32)> {
        let (size, values) = match self.code {
            b'x' => (u64::from(self.repeat), 0),
            b's' => (u64::from(self.repeat), 1),
            code => {
                let size = size_of(code);
                if self.aligned {
                    self.size = self.size.next_multiple_of(size);
                }
                (u64::from(size) * u64::from(self.repeat), self.repeat)
            }
        };
        match u32::try_from(u64::from(self.size) + size) {
            Ok(end) if end < 1 << 30 => Ok((end, values)),
            _ => Err(vm.raise_value("struct too large")),
        }
    }

    /// Bytes and values of the whole format.
    pub(super) fn measure(mut self, vm: &mut Vm) -> PyResult<(u32, u32)> {
        let mut values = 0;
        while self.read(vm)? {
            let (end, count) = self.run(vm)?;
            self.size = end;
            values += count;
        }
        Ok((self.size, values))
    }

    /// The next field.
    pub(super) fn next(&mut self, vm: &mut Vm) -> PyResult<Option<Field>> {
        while self.repeat == 0 {
            if !self.read(vm)? {
                return Ok(None);
            }
            self.run(vm)?;
            if matches!(self.code, b'x' | b's') {
                let field = self.field(self.repeat);
                self.repeat = 0;
                return Ok(Some(field));
            }
        }
        self.repeat -= 1;
        Ok(Some(self.field(size_of(self.code))))
    }

    /// The field of so many bytes at the current place, which moves on.
    fn field(&mut self, size: u32) -> Field {
        let field = Field { code: self.code, at: self.size, size, big_endian: self.big_endian };
        self.size += size;
        field
    }
}

/// Bytes of a value.
const fn size_of(code: u8) -> u32 {
    match code {
        b'O' | b'S' => pointer::SIZE,
        code => item_size(code),
    }
}
