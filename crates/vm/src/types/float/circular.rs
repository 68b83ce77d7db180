//! Sine, cosine and tangent of 32-bit floats, and their inverses, without 64-bit ones.
//!
//! SIZE: libm's reduce the argument, and more, with 64-bit floats, which are software on a chip
//! with 32-bit ones in hardware: 6 KB. Here the argument is multiplied with as many bits of 2/pi as
//! it takes, in integers (Payne and Hanek, "Radian reduction for trigonometric functions", 1983),
//! which is exact for every float.

/// The bits of 2/pi behind the point, after 32 zeros.
const TWO_OVER_PI: [u32; 9] = [
    0,
    0xa2f9_836e,
    0x4e44_1529,
    0xfc27_57d1,
    0xf534_ddc0,
    0xdb62_9599,
    0x3c43_9041,
    0xfe51_63ab,
    0xdebb_c561,
];

/// pi/2 with 31 bits behind the point.
const HALF_PI: u32 = 0xc90f_daa2;

/// A quarter turn, and the angle from its middle: within pi/4.
struct Turn {
    quarter: u32,
    rest: f32,
}

impl Turn {
    /// Of a finite angle, its sign left out.
    fn of(angle: f32) -> Self {
        let bits = angle.to_bits() & 0x7fff_ffff;
        // The angle is `mantissa * 2 ** (exponent - 150)`.
        let exponent = bits >> 23;
        let Some(start) = exponent.checked_sub(120).filter(|_| exponent >= 126) else {
            return Self { quarter: 0, rest: f32::from_bits(bits) };
        };
        let mantissa = u64::from(bits & 0x007f_ffff | 0x0080_0000);
        // 96 bits of 2/pi from there on: those before make whole turns.
        let word = |n: u32| {
            let at = |idx: u32| TWO_OVER_PI.get(idx as usize).copied().unwrap_or(0);
            let both = u64::from(at(start / 32 + n)) << 32 | u64::from(at(start / 32 + n + 1));
            u64::from((both >> (32 - start % 32)) as u32)
        };
        let low = mantissa * word(2);
        let middle = mantissa * word(1) + (low >> 32);
        let high = mantissa * word(0) + (middle >> 32);
        // Quarters with 62 bits behind the point.
        let quarters = high << 32 | middle & 0xffff_ffff;
        let quarter = quarters.wrapping_add(1 << 61) >> 62;
        let rest = quarters.wrapping_sub(quarter << 62) as i64;
        let zeros = rest.unsigned_abs().leading_zeros();
        if zeros == 64 {
            return Self { quarter: quarter as u32, rest: 0.0 };
        }
        let top = rest.unsigned_abs() << zeros >> 32;
        let angle = ((top * u64::from(HALF_PI)) >> 32) as u32 as f32;
        let angle = angle * f32::from_bits((127 - 29 - zeros) << 23);
        Self { quarter: quarter as u32, rest: if rest < 0 { -angle } else { angle } }
    }

    /// The sine of the angle after so many more quarters.
    fn sine(&self, quarters: u32) -> f32 {
        let square = self.rest * self.rest;
        let quarter = self.quarter + quarters;
        let value = if quarter & 1 == 0 {
            let series =
                -1.0 / 6.0 + square * (1.0 / 120.0 - square * (1.0 / 5040.0 - square / 362_880.0));
            self.rest + self.rest * square * series
        } else {
            let series = 1.0 / 24.0 - square * (1.0 / 720.0 - square / 40_320.0);
            let half = 0.5 * square;
            let first = 1.0 - half;
            first + (1.0 - first - half + square * square * series)
        };
        if quarter & 2 == 0 { value } else { -value }
    }
}

/// The sine of an angle in radians; NaN of what is not finite.
pub fn sin(angle: f32) -> f32 {
    if !angle.is_finite() {
        return f32::NAN;
    }
    let sine = Turn::of(angle).sine(0);
    if angle.is_sign_negative() { -sine } else { sine }
}

/// The cosine of an angle in radians; NaN of what is not finite.
pub fn cos(angle: f32) -> f32 {
    if angle.is_finite() { Turn::of(angle).sine(1) } else { f32::NAN }
}

/// The tangent of an angle in radians; NaN of what is not finite.
pub fn tan(angle: f32) -> f32 {
    sin(angle) / cos(angle)
}

/// The angle in radians whose sine is this; NaN if there is none.
pub fn asin(sine: f32) -> f32 {
    libm::atan2f(sine, other_side(sine))
}

/// The angle in radians whose cosine is this; NaN if there is none.
pub fn acos(cosine: f32) -> f32 {
    libm::atan2f(other_side(cosine), cosine)
}

/// The other short side of a right triangle, where the long one is 1.
fn other_side(side: f32) -> f32 {
    libm::sqrtf((1.0 - side) * (1.0 + side))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distance in units of the last place of the exact result.
    fn ulps(close: f32, exact: f64) -> f64 {
        let single = exact as f32;
        let unit = f64::from(f32::from_bits(single.abs().to_bits() + 1)) - f64::from(single.abs());
        ((f64::from(close) - exact) / unit).abs()
    }

    fn most_ulps(angles: impl Iterator<Item = f32>) -> [f64; 3] {
        let mut most = [0.0_f64; 3];
        for angle in angles {
            let wide = f64::from(angle);
            let found = [
                ulps(sin(angle), libm::sin(wide)),
                ulps(cos(angle), libm::cos(wide)),
                ulps(tan(angle), libm::tan(wide)),
            ];
            for (most, found) in most.iter_mut().zip(found) {
                *most = most.max(found);
            }
        }
        most
    }

    #[test]
    fn errors_are_a_few_units_of_the_last_place() {
        let small = most_ulps((-200_000..200_000).map(|n| n as f32 * 0.000_37));
        // Every exponent that a float has, with mantissas all over.
        let all = most_ulps((0..0x7f80_0000).step_by(4999).map(f32::from_bits));
        for [sin, cos, tan] in [small, all] {
            assert!(sin < 1.5 && cos < 1.5 && tan < 4.0, "{sin} {cos} {tan}");
        }
    }

    #[test]
    fn angles_next_to_a_multiple_of_a_quarter_keep_their_digits() {
        for n in 1..100_000 {
            let angle = (f64::from(n) * core::f64::consts::FRAC_PI_2) as f32;
            let [sin, cos, _] = most_ulps(core::iter::once(angle));
            assert!(sin < 1.2 && cos < 1.2, "{angle}: {sin} {cos}");
        }
    }

    #[test]
    fn errors_of_inverses_are_a_few_units_of_the_last_place() {
        for n in -50_000..=50_000 {
            let side = n as f32 / 50_000.0;
            let (arc_sine, arc_cosine) = (libm::asin(f64::from(side)), libm::acos(f64::from(side)));
            assert!(ulps(asin(side), arc_sine) < 3.0, "{side}: {} {arc_sine}", asin(side));
            assert!(ulps(acos(side), arc_cosine) < 3.0, "{side}: {} {arc_cosine}", acos(side));
        }
    }

    #[test]
    fn ends_are_as_the_standard_says() {
        assert_eq!((sin(0.0), cos(0.0), tan(0.0)), (0.0, 1.0, 0.0));
        assert!(sin(-0.0).is_sign_negative() && tan(-0.0).is_sign_negative());
        assert!(sin(f32::INFINITY).is_nan() && cos(f32::NEG_INFINITY).is_nan());
        assert!(tan(f32::NAN).is_nan() && asin(1.5).is_nan() && acos(-2.0).is_nan());
        assert_eq!(sin(f32::MAX), libm::sin(f64::from(f32::MAX)) as f32);
    }
}
