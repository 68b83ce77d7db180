//! Text to bytes and back: UTF-8, ASCII, hexadecimal.

use crate::types::buffer::BufferLook;
use crate::types::exception;
use crate::types::pass::PIECE;
use crate::types::text::index::{char_len, continues};
use crate::types::text::quote::{Chunk, hex_digit};
use crate::types::text::{self, Flavour, str_text, strip::is_space};
use crate::{Out, PyResult, Vm, table};
use octopy_heap::{Kind, Local};

/// What bytes are taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Ascii,
}

/// The encoding that an argument names; UTF-8 if there is none.
pub(crate) fn encoding_of(vm: &mut Vm, slot: Option<Local>) -> PyResult<Encoding> {
    let Some(slot) = slot else { return Ok(Encoding::Utf8) };
    let name = str_text(vm, slot);
    let name = crate::held(&name)?;
    let bytes = vm.buffer_bytes(&name.look);
    if bytes.eq_ignore_ascii_case(b"utf-8") || bytes.eq_ignore_ascii_case(b"utf8") {
        return Ok(Encoding::Utf8);
    }
    if bytes.eq_ignore_ascii_case(b"ascii") {
        return Ok(Encoding::Ascii);
    }
    let mut short = crate::raise::ShortText::new();
    short.push(b"unknown encoding: ");
    short.push(bytes);
    Err(vm.raise_short(&exception::LOOKUP_ERROR, &short))
}

/// What to do about bytes that are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Errors {
    Strict,
    Ignore,
    Replace,
}

fn errors_of(vm: &mut Vm, slot: Option<Local>) -> PyResult<Errors> {
    match slot {
        Some(slot) if !vm.heap.get(slot).is_none() => {
            let name = str_text(vm, slot);
            let name = crate::held(&name)?;
            Ok(match vm.buffer_bytes(&name.look) {
                b"ignore" => Errors::Ignore,
                b"replace" => Errors::Replace,
                _ => Errors::Strict,
            })
        }
        _ => Ok(Errors::Strict),
    }
}

/// How many bytes at the start are well-formed, and how many behind them are not.
fn valid_prefix(bytes: &[u8], encoding: Encoding) -> (usize, usize) {
    if encoding == Encoding::Ascii {
        let len = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(bytes.len());
        return (len, usize::from(len < bytes.len()));
    }
    well_formed(bytes)
}

/// How many bytes at the start are lead bytes with the continuation bytes they ask for, and how
/// many behind them are not.
///
/// COMPAT: as in MicroPython, surrogates, code points beyond the last and overlong forms pass.
fn well_formed(bytes: &[u8]) -> (usize, usize) {
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        let wanted = match lead {
            0x80..=0xbf | 0xf8.. => return (at, 1),
            _ => char_len(lead),
        };
        let there = bytes.get(at..).unwrap_or_default().iter().take(wanted).skip(1);
        let there = 1 + there.take_while(|&&byte| continues(byte)).count();
        if there < wanted {
            return (at, there);
        }
        at += wanted;
    }
    (at, 0)
}

/// Whether all of a run can be decoded.
fn is_valid(vm: &mut Vm, look: &BufferLook, encoding: Encoding) -> PyResult<bool> {
    let mut rest = *look;
    while rest.len > PIECE {
        let (valid, bad) = valid_prefix(vm.buffer_bytes(&rest.part(0, PIECE)), encoding);
        // The end of the piece may be within a character, with which the next one begins.
        if bad != 0 && valid + 4 < PIECE as usize {
            return Ok(false);
        }
        vm.stop_if_interrupted()?;
        rest = rest.from(valid as u32);
    }
    Ok(valid_prefix(vm.buffer_bytes(&rest), encoding).1 == 0)
}

/// Whether bytes can be the content of a str.
pub fn is_text(bytes: &[u8]) -> bool {
    well_formed(bytes).1 == 0
}

/// The str that a run of bytes encodes, pushed; UnicodeError if it is none.
pub(crate) fn decode_look(
    vm: &mut Vm,
    look: &BufferLook,
    encoding: Option<Local>,
    errors: Option<Local>,
) -> PyResult<Local> {
    let encoding = encoding_of(vm, encoding)?;
    if is_valid(vm, look, encoding)? {
        return text::make(vm, Flavour::Str, look);
    }
    let errors = errors_of(vm, errors)?;
    if errors == Errors::Strict {
        return Err(vm.raise_bare(&exception::UNICODE_ERROR));
    }
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let mut rest = *look;
    while rest.len > 0 {
        let (valid, bad) = valid_prefix(vm.buffer_bytes(&rest), encoding);
        vm.write_buffer(Out::Builder(builder), &rest.part(0, valid as u32))?;
        if bad > 0 && errors == Errors::Replace {
            vm.write(Out::Builder(builder), "\u{fffd}".as_bytes())?;
        }
        rest = rest.from((valid + bad).max(1) as u32);
    }
    let made = vm.builder_str(builder)?;
    Ok(vm.keep(mark, made))
}

/// `decode`
pub(crate) fn decode(
    vm: &mut Vm,
    this: Local,
    encoding: Option<Local>,
    errors: Option<Local>,
) -> PyResult<Local> {
    let look = vm.buffer_of(this);
    let look = crate::held(&look)?;
    decode_look(vm, look, encoding, errors)
}

/// `encode`
pub(crate) fn encode(
    vm: &mut Vm,
    this: Local,
    encoding: Option<Local>,
    _errors: Option<Local>,
) -> PyResult<Local> {
    let text = str_text(vm, this);
    let text = crate::held(&text)?;
    let encoding = encoding_of(vm, encoding)?;
    if encoding == Encoding::Ascii && !vm.buffer_bytes(&text.look).is_ascii() {
        return Err(vm.raise_bare(&exception::UNICODE_ERROR));
    }
    vm.alloc_from_buffer(Kind::Bytes, &text.look)
}

/// `hex`
pub(crate) fn hex(vm: &mut Vm, this: Local, separator: Option<Local>) -> PyResult<Local> {
    let look = vm.buffer_of(this);
    let look = crate::held(&look)?;
    let between = match separator {
        Some(slot) => {
            let separator = vm.buffer_of(slot);
            let separator = crate::held(&separator)?;
            vm.buffer_bytes(separator).first().copied()
        }
        None => None,
    };
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let mut chunk = Chunk::new(Out::Builder(builder));
    for at in 0..look.len {
        let byte = vm.buffer_byte(look, at).unwrap_or(0);
        if let Some(between) = between.filter(|_| at > 0) {
            chunk.push(vm, between)?;
        }
        chunk.push_all(vm, &[hex_digit(byte >> 4), hex_digit(byte)])?;
    }
    chunk.flush(vm)?;
    let made = vm.builder_str(builder)?;
    Ok(vm.keep(mark, made))
}

/// `fromhex`
pub(crate) fn fromhex(vm: &mut Vm, class: Local, digits: Local) -> PyResult<Local> {
    let look = vm.buffer_of(digits);
    let look = crate::held(&look)?;
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let mut chunk = Chunk::new(Out::Builder(builder));
    let mut high = None;
    for at in 0..look.len {
        let byte = vm.buffer_byte(look, at).unwrap_or(b' ');
        if high.is_none() && is_space(byte) {
            continue;
        }
        let Some(digit) = char::from(byte).to_digit(16) else {
            return Err(vm.raise_value("non-hex digit"));
        };
        match high.take() {
            None => high = Some(digit << 4),
            Some(high) => chunk.push(vm, (high | digit) as u8)?,
        }
    }
    if high.is_some() {
        return Err(vm.raise_value("non-hex digit"));
    }
    chunk.flush(vm)?;
    let is_bytearray =
        vm.as_table(vm.heap.get(class)).is_some_and(|class| class.id == table::BYTEARRAY);
    let made = if is_bytearray { builder } else { vm.builder_text(builder, Kind::Bytes)? };
    Ok(vm.keep(mark, made))
}
