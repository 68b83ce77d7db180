//! Exact decimal digits of binary floats, with a small fixed-size bignum.
//!
//! A float is a fraction of two whole numbers; its digits come out of long division. The shortest
//! digits that read back as the same float stop as soon as the rest lies within half the distance
//! to the neighbours (Steele and White). One piece of code serves both widths and both uses, and
//! needs no tables.
//! SIZE: 1.5 KB; a shortest printer with tables and the exact one of `core` would be 20 KB.

use core::cmp::Ordering;

/// Words for the largest numerator or denominator: of 2^1024 or 10^324 times a mantissa, or the
/// same of single floats.
#[cfg(feature = "double")]
const WORDS: usize = 40;
#[cfg(not(feature = "double"))]
const WORDS: usize = 8;

/// A whole number.
#[derive(Clone, Copy)]
struct Big {
    words: [u32; WORDS],
    len: usize,
}

impl Big {
    fn new(value: u64) -> Self {
        let mut words = [0; WORDS];
        words[0] = value as u32;
        words[1] = (value >> 32) as u32;
        Self { words, len: 2 }
    }

    fn used(&self) -> &[u32] {
        self.words.get(..self.len).unwrap_or(&[])
    }

    fn multiply(&mut self, factor: u32) {
        let mut carry = 0_u64;
        for word in self.words.iter_mut().take(self.len) {
            carry += u64::from(*word) * u64::from(factor);
            *word = carry as u32;
            carry >>= 32;
        }
        self.grow(carry as u32);
    }

    fn grow(&mut self, carry: u32) {
        if carry != 0 {
            if let Some(word) = self.words.get_mut(self.len) {
                *word = carry;
                self.len += 1;
            }
        }
    }

    fn multiply_power_of_ten(&mut self, mut exponent: u32) {
        while exponent >= 9 {
            self.multiply(1_000_000_000);
            exponent -= 9;
        }
        self.multiply(10_u32.pow(exponent));
    }

    fn shift(&mut self, mut count: u32) {
        while count >= 31 {
            self.multiply(1 << 31);
            count -= 31;
        }
        self.multiply(1 << count);
    }

    fn add(&mut self, other: &Self) {
        let len = self.len.max(other.len);
        let mut carry = 0_u64;
        for (to, from) in self.words.iter_mut().zip(&other.words).take(len) {
            carry += u64::from(*to) + u64::from(*from);
            *to = carry as u32;
            carry >>= 32;
        }
        self.len = len;
        self.grow(carry as u32);
    }

    /// Subtracts a number that is not larger.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = 0_i64;
        for (to, from) in self.words.iter_mut().zip(&other.words).take(self.len) {
            borrow += i64::from(*to) - i64::from(*from);
            *to = borrow as u32;
            borrow >>= 32;
        }
        while self.len > 1 && self.used().last() == Some(&0) {
            self.len -= 1;
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let len = self.len.max(other.len);
        let (a, b) = (self.words.iter().take(len), other.words.iter().take(len));
        a.rev().cmp(b.rev())
    }
}

/// How many digits are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// As few as tell the number from its neighbours.
    Shortest,
    /// So many, rounded.
    Digits(u32),
    /// So many behind the point, rounded.
    Decimals(i32),
}

/// A positive float in parts: `mantissa * 2 ** exponent`.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    mantissa: u64,
    exponent: i32,
    /// The neighbour below is half as far as the one above.
    narrow_below: bool,
}

impl Parts {
    /// The parts of the absolute value of a finite float; as a single float's if `single`.
    pub(super) fn new(float: f64, single: bool) -> Self {
        let (bits, width, bias) = if single {
            (u64::from((float as f32).to_bits()), 23, 150)
        } else {
            (float.to_bits(), 52, 1075)
        };
        let fraction = bits & ((1 << width) - 1);
        let field = (bits >> width) as i32 & if single { 0xff } else { 0x7ff };
        if field == 0 {
            return Self { mantissa: fraction, exponent: 1 - bias, narrow_below: false };
        }
        Self {
            mantissa: fraction | 1 << width,
            exponent: field - bias,
            narrow_below: fraction == 0 && field > 1,
        }
    }
}

/// Digits as ASCII, and where the point is: the value is `0.DIGITS * 10 ** point`.
pub(super) struct Decimal<'b> {
    pub(super) digits: &'b [u8],
    pub(super) point: i32,
}

/// The digits of a positive float, written to `buffer` (what does not fit is left out).
pub(super) fn digits(parts: Parts, wanted: Wanted, buffer: &mut [u8]) -> Decimal<'_> {
    if parts.mantissa == 0 {
        return Decimal { digits: &[], point: 0 };
    }
    // value = numerator / denominator; above and below are half the distances to the neighbours in
    // the same unit. All are doubled (and doubled again) so that halves are whole.
    let mut numerator = Big::new(parts.mantissa << 2);
    let mut denominator = Big::new(4);
    let mut above = Big::new(2);
    let mut below = Big::new(if parts.narrow_below { 1 } else { 2 });
    let up = parts.exponent.max(0).unsigned_abs();
    numerator.shift(up);
    above.shift(up);
    below.shift(up);
    denominator.shift(parts.exponent.min(0).unsigned_abs());

    // The point, estimated from the logarithm and then corrected upwards.
    let bits = 64 - parts.mantissa.leading_zeros() as i32 + parts.exponent;
    let mut point = ((bits - 1) * 1233) >> 12;
    if point > 0 {
        denominator.multiply_power_of_ten(point.unsigned_abs());
    } else {
        for number in [&mut numerator, &mut above, &mut below] {
            number.multiply_power_of_ten(point.unsigned_abs());
        }
    }
    let even = parts.mantissa & 1 == 0;
    let reaches = |numerator: &Big, above: &Big, denominator: &Big| {
        let mut sum = *numerator;
        if wanted == Wanted::Shortest {
            sum.add(above);
        }
        match sum.compare(denominator) {
            Ordering::Equal => wanted != Wanted::Shortest || even,
            order => order.is_gt(),
        }
    };
    while reaches(&numerator, &above, &denominator) {
        denominator.multiply(10);
        point += 1;
    }
    let count = match wanted {
        Wanted::Shortest => buffer.len() as i32,
        Wanted::Digits(count) => count as i32,
        Wanted::Decimals(count) => point.saturating_add(count),
    };
    if count < 0 {
        return Decimal { digits: &[], point: 0 };
    }
    let count = (count as usize).min(buffer.len());
    let mut len = 0;
    let mut round_up = false;
    while len < count {
        for number in [&mut numerator, &mut above, &mut below] {
            number.multiply(10);
        }
        let mut digit = b'0';
        while numerator.compare(&denominator).is_ge() {
            numerator.subtract(&denominator);
            digit += 1;
        }
        if let Some(place) = buffer.get_mut(len) {
            *place = digit;
        }
        len += 1;
        if wanted == Wanted::Shortest {
            let order = numerator.compare(&below);
            let low = order.is_lt() || order.is_eq() && even;
            let high = reaches(&numerator, &above, &denominator);
            if low || high {
                let mut twice = numerator;
                twice.add(&numerator);
                round_up = high
                    && (!low
                        || match twice.compare(&denominator) {
                            Ordering::Equal => digit & 1 == 1,
                            order => order.is_gt(),
                        });
                break;
            }
        }
    }
    if wanted != Wanted::Shortest {
        let mut twice = numerator;
        twice.add(&numerator);
        let odd = len.checked_sub(1).and_then(|at| buffer.get(at)).is_some_and(|d| d & 1 == 1);
        round_up = match twice.compare(&denominator) {
            Ordering::Equal => odd,
            order => order.is_gt(),
        };
    }
    if round_up {
        carry(buffer, &mut len, &mut point);
    }
    Decimal { digits: buffer.get(..len).unwrap_or_default(), point }
}

/// Adds one to the last digit.
fn carry(buffer: &mut [u8], len: &mut usize, point: &mut i32) {
    for digit in buffer.iter_mut().take(*len).rev() {
        if *digit != b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    // All were nines, or there were none: a one in front, the zeros behind it stay.
    *point += 1;
    if *len == 0 {
        *len = 1;
    }
    if let Some(first) = buffer.first_mut() {
        *first = b'1';
    }
}
