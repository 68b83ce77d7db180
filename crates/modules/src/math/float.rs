//! Functions of floats at both widths: `libm`'s, or our own where those would need 64-bit floats.

use octopy_vm::types::float::circular;

macro_rules! math_floats {
    ($($name:ident ($($arg:ident),*) = $single:path, $double:path;)*) => {
        /// What `math` and `cmath` need of a float.
        #[cfg_attr(
            not(all(feature = "cmath", feature = "special-functions")),
            allow(dead_code, reason = "what only these need, which a board may lack")
        )]
        pub(crate) trait MathFloat: Sized {
            $(fn $name($($arg: Self),*) -> Self;)*
            fn ldexp(x: Self, exponent: i32) -> Self;
            fn frexp(x: Self) -> (Self, i32);
            fn gamma(x: Self) -> Self;
        }

        impl MathFloat for f32 {
            $(#[inline] fn $name($($arg: Self),*) -> Self { $single($($arg),*) })*
            fn ldexp(x: Self, exponent: i32) -> Self { libm::ldexpf(x, exponent) }
            fn frexp(x: Self) -> (Self, i32) { libm::frexpf(x) }
            fn gamma(x: Self) -> Self { gamma(x) }
        }

        impl MathFloat for f64 {
            $(#[inline] fn $name($($arg: Self),*) -> Self { $double($($arg),*) })*
            fn ldexp(x: Self, exponent: i32) -> Self { libm::ldexp(x, exponent) }
            fn frexp(x: Self) -> (Self, i32) { libm::frexp(x) }
            fn gamma(x: Self) -> Self { libm::tgamma(x) }
        }
    };
}

math_floats! {
    acos(x) = circular::acos, libm::acos;
    acosh(x) = libm::acoshf, libm::acosh;
    asin(x) = circular::asin, libm::asin;
    asinh(x) = libm::asinhf, libm::asinh;
    atan(x) = libm::atanf, libm::atan;
    atan2(y, x) = libm::atan2f, libm::atan2;
    atanh(x) = libm::atanhf, libm::atanh;
    ceil(x) = libm::ceilf, libm::ceil;
    copysign(x, y) = libm::copysignf, libm::copysign;
    cos(x) = circular::cos, libm::cos;
    cosh(x) = libm::coshf, libm::cosh;
    erf(x) = libm::erff, libm::erf;
    erfc(x) = libm::erfcf, libm::erfc;
    exp(x) = libm::expf, libm::exp;
    expm1(x) = libm::expm1f, libm::expm1;
    fabs(x) = libm::fabsf, libm::fabs;
    floor(x) = libm::floorf, libm::floor;
    fmod(x, y) = libm::fmodf, libm::fmod;
    hypot(x, y) = libm::hypotf, libm::hypot;
    lgamma(x) = libm::lgammaf, libm::lgamma;
    log(x) = libm::logf, libm::log;
    log10(x) = libm::log10f, libm::log10;
    log2(x) = libm::log2f, libm::log2;
    pow(x, y) = libm::powf, libm::pow;
    sin(x) = circular::sin, libm::sin;
    sinh(x) = libm::sinhf, libm::sinh;
    sqrt(x) = libm::sqrtf, libm::sqrt;
    tan(x) = circular::tan, libm::tan;
    tanh(x) = libm::tanhf, libm::tanh;
    trunc(x) = libm::truncf, libm::trunc;
}

/// The gamma function of a 32-bit float.
///
/// SIZE: libm's computes with 64 bits, which are 7 KB of code where only 32 are in hardware. Whole
/// numbers are products here, and exact as long as a float can be; others come from the logarithm,
/// whose error grows with the result: five digits are right up to 34, where floats end.
fn gamma(x: f32) -> f32 {
    /// From here on the result is infinite.
    const END: f32 = 36.0;
    if x == libm::floorf(x) && x.is_finite() {
        if x == 0.0 {
            return 1.0 / x;
        }
        if x < 0.0 {
            return f32::NAN;
        }
        if x >= END {
            return f32::INFINITY;
        }
        let mut product = 1.0;
        let mut factor = 2.0;
        while factor < x {
            product *= factor;
            factor += 1.0;
        }
        return product;
    }
    let (log, sign) = libm::lgammaf_r(x);
    libm::copysignf(libm::expf(log), sign as f32)
}

#[cfg(test)]
mod tests {
    use super::gamma;

    #[test]
    fn gamma_is_close_to_that_of_64_bits() {
        let mut x = -12.35_f32;
        while x < 36.5 {
            let exact = libm::tgamma(f64::from(x));
            let close = f64::from(gamma(x));
            let single = exact as f32;
            let fits = if single.is_infinite() || single.abs() < f32::MIN_POSITIVE {
                close == f64::from(single) || close.abs() < f64::from(f32::MIN_POSITIVE)
            } else {
                ((close - exact) / exact).abs() < 2e-5
            };
            assert!(fits, "{x}: {close} instead of {exact}");
            x += 0.3;
        }
        for whole in 1..36_u8 {
            let exact = libm::tgamma(f64::from(whole));
            let close = gamma(f32::from(whole));
            assert!((f64::from(close) / exact - 1.0).abs() < 3e-7, "{whole}: {close}");
        }
        assert_eq!(gamma(5.0), 24.0);
        assert_eq!((gamma(0.0), gamma(-0.0)), (f32::INFINITY, f32::NEG_INFINITY));
        assert_eq!((gamma(36.0), gamma(f32::INFINITY)), (f32::INFINITY, f32::INFINITY));
        assert!(gamma(-3.0).is_nan() && gamma(f32::NAN).is_nan());
    }
}
