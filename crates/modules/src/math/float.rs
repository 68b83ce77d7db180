//! `libm` at both widths.

macro_rules! math_floats {
    ($($name:ident ($($arg:ident),*) = $single:ident, $double:ident;)*) => {
        /// What `math` needs of a float.
        pub(crate) trait MathFloat: Sized {
            $(fn $name($($arg: Self),*) -> Self;)*
            fn ldexp(x: Self, exponent: i32) -> Self;
            fn frexp(x: Self) -> (Self, i32);
        }

        impl MathFloat for f32 {
            $(#[inline] fn $name($($arg: Self),*) -> Self { libm::$single($($arg),*) })*
            fn ldexp(x: Self, exponent: i32) -> Self { libm::ldexpf(x, exponent) }
            fn frexp(x: Self) -> (Self, i32) { libm::frexpf(x) }
        }

        impl MathFloat for f64 {
            $(#[inline] fn $name($($arg: Self),*) -> Self { libm::$double($($arg),*) })*
            fn ldexp(x: Self, exponent: i32) -> Self { libm::ldexp(x, exponent) }
            fn frexp(x: Self) -> (Self, i32) { libm::frexp(x) }
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
    gamma(x) = tgammaf, tgamma;
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
