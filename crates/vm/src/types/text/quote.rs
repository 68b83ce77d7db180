//! `repr` of texts: quotes and escapes.

use crate::types::buffer::BufferLook;
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

    /// Writes what is there.
    pub(crate) fn flush(&mut self, vm: &mut Vm) -> PyResult<()> {
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
    for at in 0..look.len {
        let Some(byte) = vm.buffer_bytes(&look.part(at, 1)).first().copied() else { break };
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
        } else if byte < b' ' || byte == 0x7f || (is_bytes && byte >= 0x80) {
            chunk.push_all(vm, &[b'\\', b'x', hex_digit(byte >> 4), hex_digit(byte)])?;
        } else {
            chunk.push(vm, byte)?;
        }
    }
    chunk.push(vm, quote)?;
    chunk.flush(vm)
}
