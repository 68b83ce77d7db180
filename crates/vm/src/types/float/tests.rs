//! Tests of the exact printer against the standard library's.

extern crate std;

use super::{format_float, parse, parse_width};
use crate::Float;
use std::format;
use std::string::{String, ToString};

fn text(value: Float, kind: u8, precision: Option<u8>, alternate: bool) -> String {
    let mut buffer = [0; 700];
    let len = format_float(value, false, kind, precision, alternate, &mut buffer);
    String::from_utf8_lossy(&buffer[..len]).to_string()
}

/// Floats of every magnitude, from a fixed sequence.
fn samples() -> impl Iterator<Item = Float> {
    let mut state = 1_u64;
    (0..4000).map(move |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        #[cfg(feature = "double")]
        return Float::from_bits(state ^ state >> 29);
        #[cfg(not(feature = "double"))]
        Float::from_bits((state >> 32) as u32)
    })
}

fn edges() -> impl Iterator<Item = Float> {
    let powers = (-1080..1025).map(|n| (n as f64).exp2() as Float);
    let tens = (-330..310).map(|n| format!("1e{n}").parse::<Float>().unwrap_or(1.0));
    powers.chain(tens).chain([9.5, 0.5, 1.5, 2.5, 99.5, 0.05, 9.995, 5e-324 as Float, Float::MAX])
}

/// Python writes at least two digits of the exponent, and its sign.
fn python_exponent(rust: &str) -> String {
    let (mantissa, exponent) = rust.split_once('e').unwrap_or((rust, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[test]
fn shortest_digits_are_those_of_the_standard_library() {
    for float in samples().chain(edges()).filter(|f| f.is_finite() && *f != 0.0) {
        let repr = text(float, b'r', None, false);
        assert_eq!(repr.parse::<Float>().ok(), Some(float), "{repr}");
        let digits = |text: &str| {
            let mantissa = text.split('e').next().unwrap_or("");
            let all: String = mantissa.chars().filter(char::is_ascii_digit).collect();
            all.trim_matches('0').to_string()
        };
        // Where two shortest texts are equally near, Python takes the one with the even digit.
        let mine = digits(&repr);
        let nearest = format!("{float:.*e}", mine.len() - 1);
        let expected = [digits(&format!("{float:e}")), digits(&nearest)];
        assert!(expected.contains(&mine), "{repr}");
        assert_eq!(mine.len(), expected[0].len(), "{repr}");
    }
}

#[test]
fn fixed_digits_are_rounded_correctly() {
    for float in samples().chain(edges()).filter(|f| f.is_finite()) {
        for precision in [0, 1, 2, 6, 17, 40] {
            let expected = format!("{float:.*e}", precision);
            let got = text(float, b'e', Some(precision as u8), false);
            assert_eq!(got, python_exponent(&expected));
            let expected = format!("{float:.*}", precision);
            assert_eq!(text(float, b'f', Some(precision as u8), false), expected);
        }
    }
}

#[test]
fn general_format_chooses_and_strips() {
    let check = |float: Float, precision, alternate, expected: &str| {
        assert_eq!(text(float, b'g', precision, alternate), expected);
    };
    check(0.0, None, false, "0");
    check(100000.0, None, false, "100000");
    check(1000000.0, None, false, "1e+06");
    check(0.0001, None, false, "0.0001");
    check(0.00001, None, false, "1e-05");
    check(1.5, Some(0), false, "2");
    check(1.0, Some(3), true, "1.00");
    check(0.0, None, true, "0.00000");
    check(999999.5, None, false, "1e+06");
    check(-2.5, None, false, "-2.5");
}

#[test]
fn repr_looks_like_pythons() {
    let check = |float: Float, expected: &str| assert_eq!(text(float, b'r', None, false), expected);
    check(0.0, "0.0");
    check(-0.0, "-0.0");
    check(1.0, "1.0");
    check(0.1, "0.1");
    check(1e15, "1000000000000000.0");
    check(1e16, "1e+16");
    check(0.0001, "0.0001");
    check(0.00001, "1e-05");
    check(123.456, "123.456");
    check(Float::INFINITY, "inf");
    check(Float::NEG_INFINITY, "-inf");
    check(Float::NAN, "nan");
    assert_eq!(text(Float::INFINITY, b'F', None, false), "INF");
}

#[test]
fn a_short_buffer_cuts() {
    let mut buffer = [0; 3];
    assert_eq!(format_float(-12.5, false, b'f', None, false, &mut buffer), 3);
    assert_eq!(&buffer, b"-12");
}

#[test]
#[allow(clippy::useless_conversion, reason = "Float has 32 bits without the feature double")]
fn texts_are_parsed() {
    assert_eq!(parse(b" 1.5\n"), Some(1.5));
    assert_eq!(parse(b"1_000.5"), Some(1000.5));
    assert_eq!(parse(b"-.5e1"), Some(-5.0));
    assert_eq!(parse(b"Infinity"), Some(Float::INFINITY));
    assert_eq!(parse(b"1e99999999999"), Some(Float::INFINITY));
    assert_eq!(parse(b"1e-99999999999"), Some(0.0));
    assert_eq!(parse(b"000.000e5"), Some(0.0));
    for wrong in [
        &b""[..],
        b" ",
        b".",
        b"-",
        b"1e",
        b"e5",
        b"1e+",
        b"+-1",
        b"1e5.0",
        b"1.2.3",
        b"e5",
        b"0x10",
        b"1 2",
        b"\xff",
    ] {
        assert_eq!(parse(wrong), None);
    }
}

/// Texts of floats, of points halfway between floats, and of their neighbourhood.
fn check_parse(float: Float) {
    let check = |text: &str| {
        let plain = text.replace('_', "");
        let expected = plain.parse::<Float>().unwrap_or(Float::NAN);
        assert_eq!(parse(text.as_bytes()), Some(expected), "{text}");
        #[allow(clippy::useless_conversion, reason = "not where floats have 64 bits")]
        let single = Float::from(plain.parse::<f32>().unwrap_or(f32::NAN));
        assert_eq!(parse_width(text.as_bytes(), true), Some(single), "{text}");
    };
    for precision in [0, 3, 8, 9, 16, 17, 25] {
        check(&format!("{float:.precision$e}"));
    }
    check(&format!("{float}"));
    // Exactly halfway to the next, and just above.
    let next = Float::from_bits(float.abs().to_bits() + 1);
    let (a, b) = (format!("{:.1100}", float.abs()), format!("{next:.1100}"));
    if next.is_finite() && a.len() == b.len() {
        let half = halfway(a.as_bytes(), b.as_bytes());
        check(&half);
        check(&format!("{half}1"));
        check(&format!("{half}_000_1e-0"));
    }
}

/// Half the sum of two decimal texts of one length.
fn halfway(a: &[u8], b: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = 0;
    for (x, y) in a.iter().zip(b) {
        if *x == b'.' {
            out.push('.');
            continue;
        }
        let sum = rest * 10 + u32::from(x - b'0') + u32::from(y - b'0');
        rest = sum % 2;
        // A sum of 10 or more carries into the digit before.
        if sum / 2 >= 10 {
            let carried = carry_into(&out);
            out = carried;
        }
        out.push(char::from(b'0' + (sum / 2 % 10) as u8));
    }
    out.push(if rest == 1 { '5' } else { '0' });
    out
}

fn carry_into(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in bytes.iter_mut().rev() {
        match *byte {
            b'.' => {}
            b'9' => *byte = b'0',
            _ => {
                *byte += 1;
                break;
            }
        }
    }
    String::from_utf8_lossy(&bytes).to_string()
}

#[test]
fn parsing_is_rounded_correctly() {
    for float in samples().step_by(8).chain(edges().step_by(3)) {
        if float.is_finite() {
            check_parse(float);
        }
    }
}

#[cfg(feature = "double")]
#[test]
fn whole_powers_are_the_nearest_floats() {
    for exponent in -240..240 {
        let expected = format!("1e{exponent}").parse::<f64>().ok();
        assert_eq!(super::power::whole_power(10.0, f64::from(exponent)), expected);
    }
    assert_eq!(super::power::whole_power(-3.0, 3.0), Some(-27.0));
    assert_eq!(super::power::whole_power(2.0, 0.0), Some(1.0));
    assert_eq!(super::power::whole_power(2.0, 0.5), None);
    assert_eq!(super::power::whole_power(10.0, 300.0), None);
    assert_eq!(super::power::whole_power(Float::NAN, 2.0), None);
}
