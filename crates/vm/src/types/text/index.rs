//! Positions in texts: characters of UTF-8, and indices counted from either end.

use crate::types::buffer::BufferLook;
use crate::types::exception;
use crate::types::text::{Text, is_int};
use crate::{PyResult, Vm};
use octopy_heap::Local;

/// Whether a byte continues a character.
#[inline]
pub(crate) fn continues(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// How many characters UTF-8 text has.
#[inline(never)]
pub fn count_chars(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| !continues(byte)).count() as u32
}

/// How many characters a run of UTF-8 text has.
#[inline(never)]
pub(crate) fn chars_of(vm: &mut Vm, look: &BufferLook) -> PyResult<u32> {
    let mut chars = 0;
    vm.pass(look, |bytes| {
        chars += count_chars(bytes);
        true
    })?;
    Ok(chars)
}

/// How many bytes the character that starts with `first` has.
#[inline]
pub(crate) fn char_len(first: u8) -> usize {
    match first {
        0..=0xbf => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

/// The code point of the character at the start, whatever it is, and its length in bytes.
pub fn first_char(bytes: &[u8]) -> (u32, usize) {
    let len = char_len_at(bytes, 0);
    let lead = u32::from(bytes.first().copied().unwrap_or(0));
    let start = if len < 2 { lead } else { lead & (0x7f >> len) };
    let rest = bytes.get(1..len).unwrap_or_default();
    (rest.iter().fold(start, |code, &byte| code << 6 | u32::from(byte & 0x3f)), len)
}

/// The UTF-8 of a code point below 0x110000, surrogates included: bytes and how many.
pub fn encode(code: u32) -> ([u8; 4], usize) {
    let low = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
    match code {
        0..0x80 => ([code as u8, 0, 0, 0], 1),
        0x80..0x800 => ([0xc0 | (code >> 6) as u8, low(0), 0, 0], 2),
        0x800..0x1_0000 => ([0xe0 | (code >> 12) as u8, low(6), low(0), 0], 3),
        _ => ([0xf0 | (code >> 18) as u8, low(12), low(6), low(0)], 4),
    }
}

/// The length in bytes of the character at `at`, cut at the end of the text.
pub(crate) fn char_len_at(bytes: &[u8], at: usize) -> usize {
    bytes.get(at).map_or(0, |&first| char_len(first).min(bytes.len() - at))
}

/// Where character number `index` starts; a negative one counts from the end. `None` if the text
/// is too short, except that one past the last character is its end.
#[inline(never)]
pub(crate) fn char_offset(bytes: &[u8], index: i64) -> Option<usize> {
    if index < 0 {
        let at = usize::try_from(index + bytes.len() as i64).ok();
        if let Some(at) = at
            && bytes.get(at..).is_some_and(<[u8]>::is_ascii)
        {
            return Some(at);
        }
        let mut left = index.unsigned_abs();
        for (at, &byte) in bytes.iter().enumerate().rev() {
            if !continues(byte) {
                left -= 1;
                if left == 0 {
                    return Some(at);
                }
            }
        }
        return None;
    }
    let mut left = index as u64;
    // Where all before it is ASCII, characters are bytes; looking at words is faster.
    if let Ok(at) = usize::try_from(index)
        && bytes.get(..at).is_some_and(<[u8]>::is_ascii)
    {
        let next = bytes.get(at).copied().unwrap_or(0);
        if !continues(next) {
            return Some(at);
        }
    }
    for (at, &byte) in bytes.iter().enumerate() {
        if !continues(byte) {
            if left == 0 {
                return Some(at);
            }
            left -= 1;
        }
    }
    if left == 0 { Some(bytes.len()) } else { None }
}

/// An argument that is an index, not yet bounded.
pub(crate) fn index_of(vm: &mut Vm, slot: Local, class: &str) -> PyResult<i64> {
    if let Some(small) = vm.heap.get(slot).as_small() {
        return Ok(i64::from(small));
    }
    if is_int(vm, slot) || vm.native_part(slot, octopy_heap::Kind::Int)?.is_some() {
        return vm.to_i64(slot);
    }
    let mut short = crate::raise::ShortText::new();
    short.push(class.as_bytes());
    short.push(b" indices must be integers, not ");
    short.push(vm.type_name_of(vm.heap.get(slot)));
    Err(vm.raise_short(&exception::TYPE_ERROR, &short))
}

impl Text {
    /// The byte offset that an index argument of a method means, cut at both ends; `default` for
    /// an absent one or None.
    pub(crate) fn offset(&self, vm: &mut Vm, arg: Option<Local>, default: u32) -> PyResult<u32> {
        let Some(slot) = arg else { return Ok(default) };
        if vm.heap.get(slot).is_none() {
            return Ok(default);
        }
        let index = index_of(vm, slot, self.class_name())?;
        if self.is_str() {
            let bytes = vm.buffer_bytes(&self.look);
            let at = char_offset(bytes, index);
            return Ok(match at {
                Some(at) => at as u32,
                None if index < 0 => 0,
                None => self.look.len,
            });
        }
        let len = i64::from(self.look.len);
        let at = if index < 0 { (index + len).max(0) } else { index.min(len) };
        Ok(at as u32)
    }

    /// The type's name, as in messages about indices.
    pub(crate) fn class_name(&self) -> &'static str {
        match self.flavour {
            super::Flavour::Str => "string",
            super::Flavour::Bytes => "bytes",
            super::Flavour::ByteArray => "bytearray",
        }
    }
}
