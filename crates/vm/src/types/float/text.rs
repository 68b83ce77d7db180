//! Floats as text: `repr` and the `e`, `f` and `g` formats.

use super::decimal::{Decimal, Parts, Wanted, digits};
use super::parse::parse;
use crate::{Float, Out, PyResult, Vm};

/// Most digits that a format can want: those before the point, and a precision of up to 255.
#[cfg(feature = "double")]
const MOST_DIGITS: usize = 309 + 256;
#[cfg(not(feature = "double"))]
const MOST_DIGITS: usize = 39 + 256;

/// A text in a buffer of fixed size; what does not fit is left out.
struct Text<'b> {
    buffer: &'b mut [u8],
    len: usize,
}

impl Text<'_> {
    fn put(&mut self, byte: u8) {
        if let Some(place) = self.buffer.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    fn put_all(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.put(*byte);
        }
    }

    /// The digits from place `at`, zeros where there are none.
    fn put_digits(&mut self, decimal: &Decimal<'_>, at: i32, count: i32) {
        for place in at..at.saturating_add(count) {
            let digit = usize::try_from(place).ok().and_then(|place| decimal.digits.get(place));
            self.put(digit.copied().unwrap_or(b'0'));
        }
    }

    /// `123.45`, with so many decimals.
    fn positional(&mut self, decimal: &Decimal<'_>, decimals: i32, dot: bool) {
        if decimal.point > 0 {
            self.put_digits(decimal, 0, decimal.point);
        } else {
            self.put(b'0');
        }
        if decimals > 0 || dot {
            self.put(b'.');
        }
        self.put_digits(decimal, decimal.point, decimals);
    }

    /// `1.2345e+67`, with so many decimals.
    fn scientific(&mut self, decimal: &Decimal<'_>, decimals: i32, dot: bool, e: u8) {
        self.put_digits(decimal, 0, 1);
        if decimals > 0 || dot {
            self.put(b'.');
        }
        self.put_digits(decimal, 1, decimals);
        let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
        self.put(e);
        self.put(if exponent < 0 { b'-' } else { b'+' });
        let exponent = exponent.unsigned_abs();
        if exponent >= 100 {
            self.put(b'0' + (exponent / 100) as u8);
        }
        self.put(b'0' + (exponent / 10 % 10) as u8);
        self.put(b'0' + (exponent % 10) as u8);
    }
}

/// Whether more digits are wanted than 32-bit floats surely have, and than this one needs.
fn enough(wanted: Wanted, shortest: &Decimal<'_>) -> bool {
    /// Digits that every 32-bit float has.
    const SURE: i32 = 6;
    let count = match wanted {
        Wanted::Shortest => return true,
        Wanted::Digits(count) => count as i32,
        Wanted::Decimals(count) => shortest.point.saturating_add(count),
    };
    count > SURE && count >= shortest.digits.len() as i32
}

/// Formats a float as C's `printf` does, correctly rounded: `kind` is one of `eEfFgG`, or `r` for
/// `repr` (then the precision counts nothing). A negative number begins with `-`. `single` says
/// that the number is a 32-bit float. Gives the length.
///
/// COMPAT: the digits of a 32-bit float beyond those that tell it from its neighbours are zeros, as
/// in MicroPython.
pub fn format_float(
    value: Float,
    single: bool,
    kind: u8,
    precision: Option<u8>,
    alternate: bool,
    buf: &mut [u8],
) -> usize {
    let mut text = Text { buffer: buf, len: 0 };
    if value.is_sign_negative() && !value.is_nan() {
        text.put(b'-');
    }
    let upper = kind.is_ascii_uppercase();
    if !value.is_finite() {
        let word = match (value.is_nan(), upper) {
            (true, true) => b"NAN",
            (true, false) => b"nan",
            (false, true) => b"INF",
            (false, false) => b"inf",
        };
        text.put_all(word);
        return text.len;
    }
    let precision = i32::from(precision.unwrap_or(6));
    let lower = kind.to_ascii_lowercase();
    let significant = precision.max(1);
    let wanted = match lower {
        b'r' => Wanted::Shortest,
        b'f' => Wanted::Decimals(precision),
        b'e' => Wanted::Digits(precision as u32 + 1),
        _ => Wanted::Digits(significant as u32),
    };
    let mut buffer = [0; MOST_DIGITS];
    let parts = || Parts::new(value, single);
    let wanted = if single && enough(wanted, &digits(parts(), Wanted::Shortest, &mut buffer)) {
        Wanted::Shortest
    } else {
        wanted
    };
    let decimal = digits(parts(), wanted, &mut buffer);
    let e = if upper { b'E' } else { b'e' };
    match lower {
        b'f' => text.positional(&decimal, precision, alternate),
        b'e' => text.scientific(&decimal, precision, alternate, e),
        _ => {
            let is_repr = lower == b'r';
            let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
            // Trailing zeros go, unless the alternate form keeps them.
            let zeros = decimal.digits.iter().rev().take_while(|&&d| d == b'0').count();
            let kept = match alternate && !is_repr {
                true => significant,
                false => (decimal.digits.len() - zeros).max(1) as i32,
            };
            if (-4..if is_repr { 16 } else { significant }).contains(&exponent) {
                let decimals = (kept - 1 - exponent).max(i32::from(is_repr));
                text.positional(&decimal, decimals, alternate);
            } else {
                text.scientific(&decimal, kept - 1, alternate && !is_repr, e);
            }
        }
    }
    text.len
}

/// Writes `repr(float)`: the shortest text that reads back as the same float of the VM's width.
pub fn write_repr(vm: &mut Vm, out: Out, float: Float) -> PyResult<()> {
    let mut buffer = [0; 32];
    let single = vm.has_single_floats();
    let len = format_float(float, single, b'r', None, false, &mut buffer);
    vm.write(out, buffer.get(..len).unwrap_or_default())
}

/// As [`write_repr`], without a `.0` at the end: as complex numbers print their parts.
pub(in crate::types) fn write_part(vm: &mut Vm, out: Out, float: Float) -> PyResult<()> {
    let mut buffer = [0; 32];
    let single = vm.has_single_floats();
    let len = format_float(float, single, b'r', None, false, &mut buffer);
    let text = buffer.get(..len).unwrap_or_default();
    vm.write(out, text.strip_suffix(b".0").unwrap_or(text))
}

/// The number rounded to so many decimals (or, with a negative count, to tens and hundreds).
pub(super) fn round_decimal(value: Float, decimals: i32) -> Float {
    let mut buffer = [0; MOST_DIGITS];
    // More decimals than a float has leave it as it is.
    if decimals > 1100 {
        return value;
    }
    let parts = Parts::new(value, cfg!(not(feature = "double")));
    let decimal = digits(parts, Wanted::Decimals(decimals), &mut buffer);
    let mut text = [0; MOST_DIGITS + 16];
    let mut text = Text { buffer: &mut text, len: 0 };
    if value.is_sign_negative() {
        text.put(b'-');
    }
    text.scientific(&decimal, decimal.digits.len().saturating_sub(1) as i32, false, b'e');
    let text = text.buffer.get(..text.len).unwrap_or_default();
    parse(text).unwrap_or(value)
}
