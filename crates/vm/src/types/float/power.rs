//! Whole powers of 64-bit floats, in twice the precision.
//!
//! `10.0 ** -5` is printed with all its digits, so an error in the last place shows. Products are
//! kept as unevaluated sums of two floats; the result is rounded once.

/// A sum of two floats, the second within the rounding of the first.
type Pair = (f64, f64);

/// Results outside of this range are left to the general power: parts of products would be lost.
const RANGE: core::ops::Range<f64> = 1e-250..1e250;
const MOST: f64 = 1024.0;

/// The upper half of a float's digits, and the lower.
fn split(float: f64) -> Pair {
    let scaled = float * 134_217_729.0;
    let high = scaled - (scaled - float);
    (high, float - high)
}

/// The exact product of two floats.
fn product(a: f64, b: f64) -> Pair {
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let result = a * b;
    let error = a_high * b_high - result + a_high * b_low + a_low * b_high + a_low * b_low;
    (result, error)
}

fn multiply(a: Pair, b: Pair) -> Pair {
    let (high, low) = product(a.0, b.0);
    let low = low + (a.0 * b.1 + a.1 * b.0);
    let sum = high + low;
    (sum, low - (sum - high))
}

/// `base ** exponent` for whole exponents of usual size; `None` for others.
pub(super) fn whole_power(base: f64, exponent: f64) -> Option<f64> {
    if exponent.abs() > MOST || f64::from(exponent as i32) != exponent {
        return None;
    }
    let mut rest = (exponent as i32).unsigned_abs();
    let mut square = (base, 0.0);
    let mut power = (1.0, 0.0);
    while rest != 0 {
        if rest & 1 != 0 {
            power = multiply(power, square);
        }
        rest >>= 1;
        if rest != 0 {
            square = multiply(square, square);
        }
    }
    if !RANGE.contains(&power.0.abs()) {
        return None;
    }
    if exponent >= 0.0 {
        return Some(power.0 + power.1);
    }
    let inverse = 1.0 / power.0;
    let (high, low) = product(inverse, power.0);
    let error = 1.0 - high - low - inverse * power.1;
    Some(inverse + inverse * error)
}
