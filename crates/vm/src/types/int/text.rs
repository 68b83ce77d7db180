//! Ints as text: parsing and printing in any base.

use super::{digits, word};
use crate::types::exception;
use crate::{Out, PyResult, Vm};
use octopy_heap::{Kind, Local};

/// A slot whose bytes can be parsed as a number: a string, bytes, the native part of a string's
/// subclass, or a copy of what is in another buffer; `None` for other values.
pub(in crate::types) fn source(vm: &mut Vm, value: Local) -> PyResult<Option<Local>> {
    if vm.is_str(value) {
        return Ok(Some(value));
    }
    if vm.heap.is_kind(vm.heap.get(value), Kind::Bytes) {
        return Ok(Some(value));
    }
    if let Some(text) = vm.native_part(value, Kind::Str)? {
        return Ok(Some(text));
    }
    match crate::held(&vm.opt_buffer(value))? {
        Some(look) => vm.alloc_from_buffer(Kind::Bytes, look).map(Some),
        None => Ok(None),
    }
}

/// The bytes of a slot that [`source`] gave.
pub(in crate::types) fn bytes_of(vm: &Vm, source: Local) -> &[u8] {
    let value = vm.heap.get(source);
    match vm.text(value) {
        Some(text) => text,
        None => vm.heap.data(value),
    }
}

/// Whether a byte is white space around a number.
pub(in crate::types) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn digit_of(byte: u8, base: u32) -> Option<u32> {
    char::from(byte).to_digit(base)
}

/// What stands in a text.
struct Scan {
    negative: bool,
    base: u32,
    start: usize,
    end: usize,
    n_digits: u64,
}

/// Finds sign, prefix and digits; `None` if the text is no integer. Gives the base that was meant.
fn scan(text: &[u8], base: u32) -> Result<Scan, u32> {
    let mut at = text.iter().take_while(|&&b| is_space(b)).count();
    let negative = text.get(at) == Some(&b'-');
    if negative || text.get(at) == Some(&b'+') {
        at += 1;
    }
    let prefix = match (text.get(at), text.get(at + 1).map(u8::to_ascii_lowercase)) {
        (Some(b'0'), Some(b'x')) => 16,
        (Some(b'0'), Some(b'o')) => 8,
        (Some(b'0'), Some(b'b')) => 2,
        _ => 0,
    };
    let asked = base;
    let base = match base {
        0 if prefix != 0 => prefix,
        0 => 10,
        base => base,
    };
    // `0b1` is a number in base 16 too.
    if prefix == base {
        at += 2;
    }
    let start = at;
    let mut n_digits = 0;
    while let Some(&byte) = text.get(at) {
        if digit_of(byte, base).is_some() {
            n_digits += 1;
        } else if byte != b'_' {
            break;
        }
        at += 1;
    }
    // In a literal's base, `010` could mean two numbers.
    let digits = text.get(start..at).unwrap_or_default();
    if asked == 0
        && prefix == 0
        && digits.first() == Some(&b'0')
        && digits.iter().any(|&b| b > b'0' && b != b'_')
    {
        return Err(0);
    }
    let rest = text.get(at..).unwrap_or_default();
    if n_digits == 0 || !rest.iter().all(|&b| is_space(b)) {
        return Err(base);
    }
    Ok(Scan { negative, base, start, end: at, n_digits })
}

/// The integer in the string or bytes of slot `text`, pushed. Base 0 takes it from the prefix.
pub fn parse(vm: &mut Vm, text: Local, base: i32) -> PyResult<Local> {
    let base = match u32::try_from(base) {
        Ok(base) if base == 0 || (2..=36).contains(&base) => base,
        _ => return Err(vm.raise_value("int() arg 2 must be >= 2 and <= 36")),
    };
    let bytes = bytes_of(vm, text);
    let scan = match scan(bytes, base) {
        Ok(scan) => scan,
        Err(base) => {
            return Err(vm.raise_numbers(
                &exception::VALUE_ERROR,
                "invalid syntax for integer with base %u",
                &[base],
            ));
        }
    };
    let base = scan.base;
    if scan.n_digits <= 12 {
        let digits = bytes.get(scan.start..scan.end).unwrap_or_default();
        let magnitude = digits
            .iter()
            .filter_map(|&byte| digit_of(byte, base))
            .fold(0_i64, |value, digit| value * i64::from(base) + i64::from(digit));
        return vm.alloc_int(if scan.negative { -magnitude } else { magnitude });
    }
    let bits = u64::from(32 - (base - 1).leading_zeros());
    let int = digits::alloc(vm, (scan.n_digits * bits).div_ceil(32))?;
    let object = vm.heap.get(int);
    let digits = bytes_of(vm, text).get(scan.start..scan.end).unwrap_or_default();
    let mut count = 0;
    let (mut factor, mut chunk) = (1_u32, 0);
    let mut flush = |factor: u32, chunk: u32| {
        let carry = digits::multiply_add(&vm.heap, object, count, factor, chunk);
        if carry != 0 {
            digits::set_digit(&vm.heap, object, count, carry);
            count += 1;
        }
    };
    for &byte in digits {
        let Some(digit) = digit_of(byte, base) else { continue };
        if factor > u32::MAX / base {
            if vm.attention.is_interrupted() {
                break;
            }
            flush(factor, chunk);
            (factor, chunk) = (1, 0);
        }
        factor *= base;
        chunk = chunk * base + digit;
    }
    flush(factor, chunk);
    vm.heap.poke_raw(object, 0, u32::from(scan.negative));
    vm.stop_if_interrupted()?;
    Ok(digits::finish(vm, int))
}

/// The value of an integer literal, pushed; the lexer has checked it.
pub fn parse_literal(vm: &mut Vm, text: Local) -> PyResult<Local> {
    parse(vm, text, 0)
}

fn digit_char(digit: u32, upper: bool) -> u8 {
    let char = char::from_digit(digit, 36).unwrap_or('?') as u8;
    if upper { char.to_ascii_uppercase() } else { char }
}

/// Writes an integer (small, big or bool) in a base from 2 to 36, with a `-` where it is negative.
pub fn write_in_base(vm: &mut Vm, out: Out, value: Local, base: u32, upper: bool) -> PyResult<()> {
    let Some(int) = word(&vm.heap, vm.heap.get(value)) else {
        let mark = vm.mark();
        let text = big_text(vm, value, base, upper)?;
        vm.write_text(out, text)?;
        vm.release(mark);
        return Ok(());
    };
    let mut buffer = [0_u8; 65];
    let mut at = buffer.len();
    let mut put = |byte: u8| {
        at -= 1;
        if let Some(place) = buffer.get_mut(at) {
            *place = byte;
        }
    };
    let mut rest = int.unsigned_abs();
    loop {
        let digit = match u32::try_from(rest) {
            // Most numbers; divisions of 64 bits are slow on the chip.
            Ok(short) => {
                rest = u64::from(short / base);
                short % base
            }
            Err(_) => {
                let digit = (rest % u64::from(base)) as u32;
                rest /= u64::from(base);
                digit
            }
        };
        put(digit_char(digit, upper));
        if rest == 0 {
            break;
        }
    }
    if int < 0 {
        put(b'-');
    }
    vm.write(out, buffer.get(at..).unwrap_or_default())
}

/// The text of a big int as a fresh Str object, pushed.
fn big_text(vm: &mut Vm, value: Local, base: u32, upper: bool) -> PyResult<Local> {
    let bits = digits::bit_length(&vm.heap, vm.heap.get(value));
    // Characters of a digit, at most: of the largest power of the base in 32 bits.
    let (mut power, mut width) = (base, 1);
    while let Some(next) = power.checked_mul(base) {
        (power, width) = (next, width + 1);
    }
    // Bits of a character, rounded down (in hundredths; 3.32 of decimal ones).
    let weight = match base {
        10 => 332,
        _ => u64::from(31 - base.leading_zeros()) * 100,
    };
    let capacity = bits * 100 / weight + 2;
    let Ok(capacity) = u32::try_from(capacity) else {
        return vm.alloc(Kind::Str, u32::MAX);
    };
    let text = vm.alloc_text(Kind::Str, capacity)?;
    let rest = digits::copy(vm, value, 0)?;
    let mut count = digits::used(&vm.heap, vm.heap.get(rest));
    let mut at = capacity as usize;
    while count > 0 {
        vm.stop_if_interrupted()?;
        let object = vm.heap.get(rest);
        let mut chunk = digits::divide_small(&vm.heap, object, count, power);
        while count > 0 && digits::digit(&vm.heap, object, count - 1) == 0 {
            count -= 1;
        }
        let buffer = vm.heap.bytes_mut(text, 1);
        for _ in 0..width {
            if count == 0 && chunk == 0 {
                break;
            }
            at = at.saturating_sub(1);
            if let Some(place) = buffer.get_mut(at) {
                *place = digit_char(chunk % base, upper);
            }
            chunk /= base;
        }
    }
    if digits::is_negative(&vm.heap, vm.heap.get(rest)) {
        at = at.saturating_sub(1);
        if let Some(place) = vm.heap.bytes_mut(text, 1).get_mut(at) {
            *place = b'-';
        }
    }
    let object = vm.heap.get(text);
    let len = capacity - at as u32;
    vm.heap.copy_bytes(object, 4 + at as u32, object, 4, len);
    vm.heap.poke_raw(object, 0, len);
    Ok(text)
}
