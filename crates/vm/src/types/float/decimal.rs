//! Exact decimal digits of binary floats, with a small fixed-size bignum.
//!
//! A float is a fraction of two whole numbers; its digits come out of long division. The shortest
//! digits that read back as the same float stop as soon as the rest lies within half the distance
//! to the neighbours (Steele and White). One piece of code serves both widths and both uses, and
//! needs no tables.
//! SIZE: 1.5 KB; a shortest printer with tables and the exact one of `core` would be 20 KB.

use crate::Float;
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
        if carry != 0
            && let Some(word) = self.words.get_mut(self.len)
        {
            *word = carry;
            self.len += 1;
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
    pub(super) mantissa: u64,
    pub(super) exponent: i32,
    /// The neighbour below is half as far as the one above.
    narrow_below: bool,
}

impl Parts {
    /// The parts of the absolute value of a finite float; as a single float's if `single`.
    pub(super) fn new(float: Float, single: bool) -> Self {
        #[cfg(feature = "double")]
        if !single {
            return Self::from_bits(float.to_bits(), false);
        }
        #[cfg(not(feature = "double"))]
        let _ = single;
        Self::from_bits(u64::from(super::narrow(float).to_bits()), true)
    }

    /// The parts of the float with these bits, whatever its sign.
    pub(super) fn from_bits(bits: u64, single: bool) -> Self {
        let (width, bias, fields) = if single { (23, 150, 0xff) } else { (52, 1075, 0x7ff) };
        let fraction = bits & ((1 << width) - 1);
        let field = (bits >> width) as i32 & fields;
        if field == 0 {
            return Self { mantissa: fraction, exponent: 1 - bias, narrow_below: false };
        }
        Self {
            mantissa: fraction | 1 << width,
            exponent: field - bias,
            narrow_below: fraction == 0 && field > 1,
        }
    }

    /// The point halfway to the next float.
    pub(super) fn half_above(self) -> Self {
        Self { mantissa: self.mantissa * 2 + 1, exponent: self.exponent - 1, narrow_below: false }
    }
}

/// How a text, `0.DIGITS * 10 ** point` with a first digit that is not zero, compares with a
/// positive float.
pub(super) fn compare(digits: impl Iterator<Item = u8>, point: i32, parts: Parts) -> Ordering {
    let mut fraction = Fraction::new(parts);
    fraction.correct_point(|numerator, denominator| numerator.compare(denominator).is_ge());
    match point.cmp(&fraction.point) {
        Ordering::Equal => {}
        order => return order,
    }
    for digit in digits {
        fraction.numerator.multiply(10);
        match digit.cmp(&fraction.digit()) {
            Ordering::Equal => {}
            order => return order,
        }
    }
    Big::new(0).compare(&fraction.numerator)
}

/// `0.DIGITS * 10 ** point` on the way: numerator and denominator of the digits not yet taken.
struct Fraction {
    numerator: Big,
    denominator: Big,
    point: i32,
    /// By what powers the numerator was multiplied: of two, of ten.
    powers: (u32, u32),
}

impl Fraction {
    /// The fraction of a float that is not zero, and nearly the right point: it may be too low.
    fn new(parts: Parts) -> Self {
        // Four times both, so that quarters are whole.
        let mut numerator = Big::new(parts.mantissa << 2);
        let mut denominator = Big::new(4);
        let up = parts.exponent.max(0).unsigned_abs();
        numerator.shift(up);
        denominator.shift(parts.exponent.min(0).unsigned_abs());
        // The point, estimated from the logarithm.
        let bits = 64 - parts.mantissa.leading_zeros() as i32 + parts.exponent;
        let point = ((bits - 1) * 1233) >> 12;
        let mut tens = 0;
        if point > 0 {
            denominator.multiply_power_of_ten(point.unsigned_abs());
        } else {
            tens = point.unsigned_abs();
            numerator.multiply_power_of_ten(tens);
        }
        Self { numerator, denominator, point, powers: (up, tens) }
    }

    /// A number in the unit of the numerator.
    fn scaled(&self, quarters: u64) -> Big {
        let mut number = Big::new(quarters);
        number.shift(self.powers.0);
        number.multiply_power_of_ten(self.powers.1);
        number
    }

    /// Moves the point up while the fraction is too large.
    fn correct_point(&mut self, is_too_large: impl Fn(&Big, &Big) -> bool) {
        while is_too_large(&self.numerator, &self.denominator) {
            self.denominator.multiply(10);
            self.point += 1;
        }
    }

    /// Takes the whole part, a digit, from the fraction.
    fn digit(&mut self) -> u8 {
        let mut digit = b'0';
        while self.numerator.compare(&self.denominator).is_ge() {
            self.numerator.subtract(&self.denominator);
            digit += 1;
        }
        digit
    }

    /// How the rest compares with a half.
    fn rest(&self) -> Ordering {
        let mut twice = self.numerator;
        twice.add(&self.numerator);
        twice.compare(&self.denominator)
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
    let is_shortest = wanted == Wanted::Shortest;
    let mut fraction = Fraction::new(parts);
    // Half the distances to the neighbours: what lies within reads back as the same float.
    let mut above = fraction.scaled(2);
    let mut below = fraction.scaled(if parts.narrow_below { 1 } else { 2 });
    let even = parts.mantissa & 1 == 0;
    let reaches = |above: &Big, numerator: &Big, denominator: &Big| {
        let mut sum = *numerator;
        if is_shortest {
            sum.add(above);
        }
        match sum.compare(denominator) {
            Ordering::Equal => !is_shortest || even,
            order => order.is_gt(),
        }
    };
    fraction.correct_point(|numerator, denominator| reaches(&above, numerator, denominator));
    let mut point = fraction.point;
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
        for number in [&mut fraction.numerator, &mut above, &mut below] {
            number.multiply(10);
        }
        let digit = fraction.digit();
        if let Some(place) = buffer.get_mut(len) {
            *place = digit;
        }
        len += 1;
        if is_shortest {
            let order = fraction.numerator.compare(&below);
            let low = order.is_lt() || order.is_eq() && even;
            let high = reaches(&above, &fraction.numerator, &fraction.denominator);
            if low || high {
                let nearer_up = match fraction.rest() {
                    Ordering::Equal => digit & 1 == 1,
                    order => order.is_gt(),
                };
                round_up = high && (!low || nearer_up);
                break;
            }
        }
    }
    if !is_shortest {
        let odd = len.checked_sub(1).and_then(|at| buffer.get(at)).is_some_and(|d| d & 1 == 1);
        round_up = match fraction.rest() {
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
