//! `repr` of texts: quotes and escapes.

use crate::types::buffer::BufferLook;
use crate::types::text::index::{char_len, first_char};
use crate::{Out, PyResult, Vm};

/// Bytes gathered before they are written.
const CHUNK: usize = 64;

/// Text on its way to an output, some bytes at a time.
pub(crate) struct Chunk {
    out: Out,
    bytes: [u8; CHUNK],
    len: usize,
}

impl Chunk {
    /// Nothing yet.
    pub(crate) fn new(out: Out) -> Self {
        Self { out, bytes: [0; CHUNK], len: 0 }
    }

    /// Adds a byte.
    #[inline(never)]
    pub(crate) fn push(&mut self, vm: &mut Vm, byte: u8) -> PyResult<()> {
        if self.len == CHUNK {
            self.flush(vm)?;
        }
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
        Ok(())
    }

    /// Adds some bytes.
    #[inline(never)]
    pub(crate) fn push_all(&mut self, vm: &mut Vm, bytes: &[u8]) -> PyResult<()> {
        bytes.iter().try_for_each(|&byte| self.push(vm, byte))
    }

    /// Writes what is there. An interrupt is heeded here.
    pub(crate) fn flush(&mut self, vm: &mut Vm) -> PyResult<()> {
        vm.stop_if_interrupted()?;
        let len = core::mem::take(&mut self.len);
        vm.write(self.out, self.bytes.get(..len).unwrap_or_default())
    }
}

/// The lower-case hexadecimal digit of a number below 16.
pub(crate) fn hex_digit(nibble: u8) -> u8 {
    let nibble = nibble & 15;
    if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
}

/// Writes a run as a string literal, or as a bytes literal without its `b`.
pub(crate) fn write_quoted(
    vm: &mut Vm,
    out: Out,
    look: &BufferLook,
    is_bytes: bool,
) -> PyResult<()> {
    let bytes = vm.buffer_bytes(look);
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut chunk = Chunk::new(out);
    chunk.push(vm, quote)?;
    let mut at = 0;
    while let Some(byte) = vm.buffer_bytes(&look.from(at)).first().copied() {
        let letter = match byte {
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            b'\\' => b'\\',
            _ if byte == quote => quote,
            _ => 0,
        };
        if letter != 0 {
            chunk.push_all(vm, &[b'\\', letter])?;
        } else if !is_bytes && byte >= 0xed && write_odd(vm, &mut chunk, &look.from(at))? {
            at += char_len(byte) as u32 - 1;
        } else if byte < b' ' || byte == 0x7f || (is_bytes && byte >= 0x80) {
            chunk.push_all(vm, &[b'\\', b'x', hex_digit(byte >> 4), hex_digit(byte)])?;
        } else {
            chunk.push(vm, byte)?;
        }
        at += 1;
    }
    chunk.push(vm, quote)?;
    chunk.flush(vm)
}

/// Writes the character at the start as an escape, if no terminal could show it: a surrogate, or
/// one beyond the last code point.
fn write_odd(vm: &mut Vm, chunk: &mut Chunk, look: &BufferLook) -> PyResult<bool> {
    let (code, _) = first_char(vm.buffer_bytes(look));
    let digits = match code {
        0xd800..0xe000 => 4,
        0x11_0000.. => 8,
        _ => return Ok(false),
    };
    chunk.push_all(vm, &[b'\\', if digits == 4 { b'u' } else { b'U' }])?;
    for place in (0..digits).rev() {
        chunk.push(vm, hex_digit((code >> (4 * place)) as u8))?;
    }
    Ok(true)
}
