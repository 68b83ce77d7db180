//! `libm` at both widths.

macro_rules! math_floats {
    ($($name:ident ($($arg:ident),*) = $single:ident, $double:ident;)*) => {
        /// What `math` and `cmath` need of a float.
        #[cfg_attr(
            not(feature = "cmath"),
            allow(dead_code, reason = "what only `cmath` needs, which a board may lack")
        )]
        pub(crate) trait MathFloat: Sized {
            $(fn $name($($arg: Self),*) -> Self;)*
            fn ldexp(x: Self, exponent: i32) -> Self;
            fn frexp(x: Self) -> (Self, i32);
            fn gamma(x: Self) -> Self;
        }

        impl MathFloat for f32 {
            $(#[inline] fn $name($($arg: Self),*) -> Self { libm::$single($($arg),*) })*
            fn ldexp(x: Self, exponent: i32) -> Self { libm::ldexpf(x, exponent) }
            fn frexp(x: Self) -> (Self, i32) { libm::frexpf(x) }
            fn gamma(x: Self) -> Self { gamma(x) }
        }

        impl MathFloat for f64 {
            $(#[inline] fn $name($($arg: Self),*) -> Self { libm::$double($($arg),*) })*
            fn ldexp(x: Self, exponent: i32) -> Self { libm::ldexp(x, exponent) }
            fn frexp(x: Self) -> (Self, i32) { libm::frexp(x) }
            fn gamma(x: Self) -> Self { libm::tgamma(x) }
        }
    };
}

math_floats! {
    acos(x) = acosf, acos;
    acosh(x) = acoshf, acosh;
    asin(x) = asinf, asin;
    asinh(x) = asinhf, asinh;
    atan(x) = atanf, atan;
    atan2(y, x) = atan2f, atan2;
    atanh(x) = atanhf, atanh;
    ceil(x) = ceilf, ceil;
    copysign(x, y) = copysignf, copysign;
    cos(x) = cosf, cos;
    cosh(x) = coshf, cosh;
    erf(x) = erff, erf;
    erfc(x) = erfcf, erfc;
    exp(x) = expf, exp;
    expm1(x) = expm1f, expm1;
    fabs(x) = fabsf, fabs;
    floor(x) = floorf, floor;
    fmod(x, y) = fmodf, fmod;
    hypot(x, y) = hypotf, hypot;
    lgamma(x) = lgammaf, lgamma;
    log(x) = logf, log;
    log10(x) = log10f, log10;
    log2(x) = log2f, log2;
    pow(x, y) = powf, pow;
    sin(x) = sinf, sin;
    sinh(x) = sinhf, sinh;
    sqrt(x) = sqrtf, sqrt;
    tan(x) = tanf, tan;
    tanh(x) = tanhf, tanh;
    trunc(x) = truncf, trunc;
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
