//! 16-bit floats.

/// The float with these bits.
pub(super) fn to_float(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10 & 0x1f);
    let fraction = u32::from(bits & 0x3ff);
    let magnitude = match exponent {
        // Subnormal: a multiple of 2^-24.
        0 => return f32::from_bits(sign | (fraction as f32 / 16_777_216.0).to_bits()),
        0x1f => 0x7f80_0000 | fraction << 13,
        _ => (exponent + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

/// The nearest 16-bit float, halves to the even one.
pub(super) fn from_float(float: f32) -> u16 {
    let bits = float.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let magnitude = bits & 0x7fff_ffff;
    if magnitude > 0x7f80_0000 {
        return sign | 0x7e00;
    }
    if magnitude >= 0x4780_0000 {
        return sign | 0x7c00;
    }
    if magnitude < 0x3880_0000 {
        // Below the least normal number: count multiples of 2^-24.
        let scaled = f32::from_bits(magnitude) * 16_777_216.0;
        let whole = scaled as u32;
        let rest = scaled - whole as f32;
        let up = rest > 0.5 || rest == 0.5 && whole & 1 == 1;
        return sign | (whole + u32::from(up)) as u16;
    }
    let rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    sign | ((rounded >> 13) - (112 << 10)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_float_survives_the_way_there_and_back() {
        for bits in 0..=u16::MAX {
            let float = to_float(bits);
            if float.is_nan() {
                assert!(to_float(from_float(float)).is_nan());
            } else {
                assert_eq!(from_float(float), bits, "{float}");
            }
        }
    }

    #[test]
    fn halves_are_rounded_to_even() {
        assert_eq!(from_float(2049.0), from_float(2048.0));
        assert_eq!(from_float(2051.0), from_float(2052.0));
        assert_eq!(from_float(65519.0), 0x7bff);
        assert_eq!(from_float(65520.0), 0x7c00);
    }
}
