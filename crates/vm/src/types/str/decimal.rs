//! `Decimal`: the exact decimal digits of a float, and rounding them.
//!
//! Every float has a finite decimal expansion. It is kept in words of nine digits, so that
//! formatting with any precision rounds the true value once, to even on a tie.

use crate::Float;

/// Nine-digit words before the point: enough for the largest float.
const WHOLE: usize = if cfg!(feature = "double") { 35 } else { 5 };
/// Nine-digit words behind the point: enough for the smallest float.
const FRACTION: usize = if cfg!(feature = "double") { 120 } else { 17 };
/// What a word counts to.
const BASE: u32 = 1_000_000_000;

/// The decimal expansion of a finite float's magnitude.
#[derive(Debug, Clone)]
pub(crate) struct Decimal {
    /// Most significant first; the point is behind word `WHOLE - 1`.
    words: [u32; WHOLE + FRACTION],
}

/// The mantissa and the power of two that make a magnitude.
fn parts(float: Float) -> (u64, i32) {
    #[cfg(feature = "double")]
    let (bits, mantissa_bits, bias) = (float.to_bits(), 52, 1075);
    #[cfg(not(feature = "double"))]
    let (bits, mantissa_bits, bias) = (u64::from(float.to_bits()), 23, 150);
    let exponent_mask = if cfg!(feature = "double") { 0x7ff } else { 0xff };
    let fraction = bits & ((1 << mantissa_bits) - 1);
    let exponent = (bits >> mantissa_bits & exponent_mask) as i32;
    if exponent == 0 {
        (fraction, 1 - bias)
    } else {
        (fraction | 1 << mantissa_bits, exponent - bias)
    }
}

/// Ten to the power `n`, for `n` below 9.
fn power(n: usize) -> u32 {
    const POWERS: [u32; 9] =
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    POWERS.get(n).copied().unwrap_or(1)
}

/// The word that holds the digit at `place`, and the digit's place in it. Place 0 is the units.
fn word_of(place: i32) -> Option<(usize, usize)> {
    let from_point = place.div_euclid(9);
    let word = usize::try_from(WHOLE as i32 - 1 - from_point).ok()?;
    if word < WHOLE + FRACTION { Some((word, place.rem_euclid(9) as usize)) } else { None }
}

impl Decimal {
    /// The digits of a finite float's magnitude.
    pub(crate) fn new(float: Float) -> Self {
        let (mut mantissa, mut exponent) = parts(float);
        let mut this = Self { words: [0; WHOLE + FRACTION] };
        while exponent < 0 && mantissa & 1 == 0 && mantissa != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
        for word in this.words.iter_mut().take(WHOLE).rev().take(3) {
            *word = (mantissa % u64::from(BASE)) as u32;
            mantissa /= u64::from(BASE);
        }
        while exponent > 0 {
            let step = exponent.min(29);
            this.shift_up(step as u32);
            exponent -= step;
        }
        while exponent < 0 {
            let step = exponent.max(-9);
            this.shift_down(step.unsigned_abs());
            exponent -= step;
        }
        this
    }

    fn shift_up(&mut self, bits: u32) {
        let mut carry = 0_u64;
        for word in self.words.iter_mut().take(WHOLE).rev() {
            let wide = (u64::from(*word) << bits) + carry;
            *word = (wide % u64::from(BASE)) as u32;
            carry = wide / u64::from(BASE);
        }
    }

    fn shift_down(&mut self, bits: u32) {
        let mut carry = 0;
        for word in &mut self.words {
            let rest = *word & ((1 << bits) - 1);
            *word = (*word >> bits) + carry;
            carry = (BASE >> bits) * rest;
        }
    }

    /// The digit at `place`.
    pub(crate) fn digit(&self, place: i32) -> u8 {
        let Some((word, within)) = word_of(place) else { return 0 };
        let word = self.words.get(word).copied().unwrap_or(0);
        (word / power(within) % 10) as u8
    }

    /// The place of the first digit that is not 0; `None` for zero.
    pub(crate) fn top(&self) -> Option<i32> {
        let at = self.words.iter().position(|&word| word != 0)?;
        let word = self.words.get(at).copied().unwrap_or(1);
        Some((WHOLE as i32 - 1 - at as i32) * 9 + word.ilog10() as i32)
    }

    /// Whether a digit below `place` is not 0.
    fn has_digits_below(&self, place: i32) -> bool {
        let Some((word, within)) = word_of(place) else { return false };
        let rest = self.words.get(word..).unwrap_or_default();
        match rest.split_first() {
            Some((first, rest)) => first % power(within) != 0 || rest.iter().any(|&w| w != 0),
            None => false,
        }
    }

    /// Rounds to the digits at `place` and above, to even on a tie.
    pub(crate) fn round_at(&mut self, place: i32) {
        let Some((word, within)) = word_of(place) else { return };
        let next = self.digit(place - 1);
        let up = match next {
            0..=4 => false,
            5 => self.has_digits_below(place - 1) || self.digit(place) & 1 == 1,
            _ => true,
        };
        for low in self.words.iter_mut().skip(word + 1) {
            *low = 0;
        }
        let mut carry = if up { power(within) } else { 0 };
        for (idx, word) in self.words.iter_mut().enumerate().take(word + 1).rev() {
            if idx == word_index(place) {
                *word -= *word % power(within);
            }
            *word += carry;
            carry = 0;
            if *word >= BASE {
                *word -= BASE;
                carry = 1;
            }
        }
    }
}

fn word_index(place: i32) -> usize {
    word_of(place).map_or(usize::MAX, |(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(float: Float, places: core::ops::RangeInclusive<i32>) -> [u8; 40] {
        let decimal = Decimal::new(float);
        let mut text = [b' '; 40];
        for (to, place) in text.iter_mut().zip(places.rev()) {
            *to = b'0' + decimal.digit(place);
        }
        text
    }

    #[test]
    fn expansions_are_exact() {
        assert!(digits(0.5, -3..=0).starts_with(b"0500"));
        assert!(digits(1024.0, -1..=3).starts_with(b"10240"));
        assert!(digits(1e22 as Float, 20..=22).starts_with(b"100"));
        #[cfg(feature = "double")]
        assert!(digits(0.1, -30..=0).starts_with(b"0100000000000000005551115123125"));
        #[cfg(not(feature = "double"))]
        assert!(digits(0.1, -30..=0).starts_with(b"0100000001490116119384765625000"));
    }

    #[test]
    fn the_extremes_fit() {
        assert_eq!(Decimal::new(0.0).top(), None);
        assert_eq!(Decimal::new(Float::MAX).top(), Some(Float::MAX_10_EXP));
        let smallest = Float::from_bits(1);
        let top = Decimal::new(smallest).top();
        assert_eq!(top, Some(if cfg!(feature = "double") { -324 } else { -45 }));
    }

    #[test]
    fn ties_go_to_even() {
        let rounded = |float: Float, place| {
            let mut decimal = Decimal::new(float);
            decimal.round_at(place);
            (decimal.digit(1), decimal.digit(0), decimal.digit(-1))
        };
        assert_eq!(rounded(0.5, 0), (0, 0, 0));
        assert_eq!(rounded(1.5, 0), (0, 2, 0));
        assert_eq!(rounded(2.5, 0), (0, 2, 0));
        assert_eq!(rounded(9.75, 0), (1, 0, 0));
        assert_eq!(rounded(9.25, -1), (0, 9, 2));
        assert_eq!(rounded(5.0, 1), (0, 0, 0));
        assert_eq!(rounded(5.5, 1), (1, 0, 0));
    }

    #[test]
    fn carries_cross_words() {
        let mut decimal = Decimal::new(999_999_999.5 as Float);
        decimal.round_at(0);
        assert_eq!(decimal.top(), Some(9));
        assert_eq!((decimal.digit(9), decimal.digit(8), decimal.digit(0)), (1, 0, 0));
    }
}
