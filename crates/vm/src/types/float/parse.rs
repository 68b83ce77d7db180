//! Texts as floats, correctly rounded.
//!
//! Short numbers are one exact operation. For others a near float is found with a few operations,
//! and then moved until the text lies between the halfway points to its neighbours, whose exact
//! digits are compared with the text's: any number of digits counts.
//! SIZE: 1 KB; the tables of `core`'s parser alone are 12 KB.

use super::decimal::{Parts, compare};
use crate::Float;
use crate::types::int::is_space;
use core::cmp::Ordering;

/// Digits that a first estimate looks at.
const ESTIMATE: u32 = 19;
/// Largest mantissa and power of ten that are floats exactly.
#[cfg(feature = "double")]
const EXACT: (u64, i32) = (1 << 53, 22);
#[cfg(not(feature = "double"))]
const EXACT: (u64, i32) = (1 << 24, 10);
/// Largest power of ten to multiply with at once.
const STEP: i32 = if cfg!(feature = "double") { 300 } else { 30 };

/// The float that a text is, with white space around it and underscores in it allowed.
pub fn parse(text: &[u8]) -> Option<Float> {
    parse_width(text, cfg!(not(feature = "double")))
}

/// As [`parse`], rounded once to a single float if `single`.
pub(in crate::types) fn parse_width(text: &[u8], single: bool) -> Option<Float> {
    let start = text.iter().position(|&b| !is_space(b))?;
    let end = text.iter().rposition(|&b| !is_space(b))?;
    let text = text.get(start..=end)?;
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        text => (false, text),
    };
    let magnitude = if text.eq_ignore_ascii_case(b"inf") || text.eq_ignore_ascii_case(b"infinity") {
        Float::INFINITY
    } else if text.eq_ignore_ascii_case(b"nan") {
        Float::NAN
    } else {
        Number::scan(text)?.value(single)
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// A number as text: `0.DIGITS * 10 ** point`.
struct Number<'t> {
    /// The digits, with points and underscores between them, from the first that is not zero.
    digits: &'t [u8],
    point: i32,
}

impl<'t> Number<'t> {
    /// The parts of a text; `None` if it is no number.
    fn scan(text: &'t [u8]) -> Option<Self> {
        let split = text.iter().position(|b| b | 0x20 == b'e').unwrap_or(text.len());
        let (mantissa, exponent) = text.split_at_checked(split)?;
        let exponent = match exponent {
            [] => 0,
            [_, b'-', digits @ ..] => -whole(digits)?,
            [_, b'+', digits @ ..] | [_, digits @ ..] => whole(digits)?,
        };
        // Digits before the point count up, zeros at the start count down.
        let (mut point, mut first, mut is_number, mut has_point) = (exponent, None, false, false);
        for (at, byte) in mantissa.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    is_number = true;
                    if *byte != b'0' && first.is_none() {
                        first = Some(at);
                    }
                    match (has_point, first) {
                        (false, Some(_)) => point = point.saturating_add(1),
                        (true, None) => point = point.saturating_sub(1),
                        _ => {}
                    }
                }
                b'.' if !has_point => has_point = true,
                b'_' => {}
                _ => return None,
            }
        }
        let digits = mantissa.get(first.unwrap_or(mantissa.len())..)?;
        if is_number { Some(Self { digits, point }) } else { None }
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.digits.iter().copied().filter(u8::is_ascii_digit)
    }

    fn value(&self, single: bool) -> Float {
        let mut mantissa = 0_u64;
        let mut n_taken = 0;
        let mut digits = self.digits();
        for digit in digits.by_ref().take(ESTIMATE as usize) {
            mantissa = mantissa * 10 + u64::from(digit - b'0');
            n_taken += 1;
        }
        if mantissa == 0 {
            return 0.0;
        }
        let scale = self.point.saturating_sub(n_taken);
        let is_native = single == cfg!(not(feature = "double"));
        let is_all = digits.next().is_none();
        if is_native && is_all && mantissa <= EXACT.0 && scale.abs() <= EXACT.1 {
            return scaled(mantissa as Float, scale);
        }
        let estimate = scaled(mantissa as Float, scale);
        self.nearest(estimate, single)
    }

    /// The float nearest to the text, from one that is near.
    fn nearest(&self, estimate: Float, single: bool) -> Float {
        let infinity = if single { 0x7f80_0000 } else { 0x7ff0_0000_0000_0000 };
        #[cfg(feature = "double")]
        let mut bits =
            if single { u64::from((estimate as f32).to_bits()) } else { estimate.to_bits() };
        #[cfg(not(feature = "double"))]
        let mut bits = u64::from(estimate.to_bits());
        let against = |bits: u64| {
            compare(self.digits(), self.point, Parts::from_bits(bits, single).half_above())
        };
        // Bits of positive floats are in the order of the floats.
        while bits < infinity {
            match against(bits) {
                Ordering::Greater => bits += 1,
                Ordering::Equal => {
                    bits += bits & 1;
                    break;
                }
                Ordering::Less => break,
            }
        }
        while bits > 0 {
            match against(bits - 1) {
                Ordering::Less => bits -= 1,
                Ordering::Equal => {
                    bits -= bits & 1;
                    break;
                }
                Ordering::Greater => break,
            }
        }
        #[cfg(feature = "double")]
        return if single { f64::from(f32::from_bits(bits as u32)) } else { f64::from_bits(bits) };
        #[cfg(not(feature = "double"))]
        f32::from_bits(bits as u32)
    }
}

/// A whole number, brought to a range that no float reaches.
fn whole(digits: &[u8]) -> Option<i32> {
    let mut value = None;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                let digit = i32::from(byte - b'0');
                value = Some((value.unwrap_or(0) * 10 + digit).min(100_000_000));
            }
            b'_' => {}
            _ => return None,
        }
    }
    value
}

/// `value * 10 ** exponent`, nearly; exact where both are.
fn scaled(mut value: Float, exponent: i32) -> Float {
    let mut rest = exponent;
    while rest != 0 && value != 0.0 && value.is_finite() {
        let step = rest.clamp(-STEP, STEP);
        let (mut power, mut base, mut count): (Float, Float, u32) =
            (1.0, 10.0, step.unsigned_abs());
        while count != 0 {
            if count & 1 != 0 {
                power *= base;
            }
            base *= base;
            count >>= 1;
        }
        value = if step > 0 { value * power } else { value / power };
        rest -= step;
    }
    value
}
