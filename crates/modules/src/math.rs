//! `math`: functions of floats, at the width that this VM's floats have.

pub(crate) mod float;

use float::MathFloat;
use octopy_vm::types::int;
use octopy_vm::{Arith, Float, Local, PyResult, Value, Vm, module};

module! {
    /// Mathematical functions.
    pub static MATH = math (crate::table::MATH) {
        __name__ = name (math),
        /// Euler's number.
        e = float (core::f64::consts::E),
        /// The ratio of a circle's circumference to its diameter.
        pi = float (core::f64::consts::PI),
        /// Two pi.
        tau = float (core::f64::consts::TAU),
        /// Positive infinity.
        inf = float (f64::INFINITY),
        /// Not a number.
        nan = float (f64::NAN),

        /// Arc cosine.
        acos = function (acos, x),
        /// Inverse hyperbolic cosine.
        #[cfg(feature = "special-functions")]
        acosh = function (acosh, x),
        /// Arc sine.
        asin = function (asin, x),
        /// Inverse hyperbolic sine.
        #[cfg(feature = "special-functions")]
        asinh = function (asinh, x),
        /// Arc tangent.
        atan = function (atan, x),
        /// The angle of the point (x, y).
        atan2 = function (atan2, y, x),
        /// Inverse hyperbolic tangent.
        #[cfg(feature = "special-functions")]
        atanh = function (atanh, x),
        /// The least integer not below `x`.
        ceil = function (ceil, x),
        /// `x` with the sign of `y`.
        copysign = function (copysign, x, y),
        /// Cosine.
        cos = function (cos, x),
        /// Hyperbolic cosine.
        #[cfg(feature = "special-functions")]
        cosh = function (cosh, x),
        /// Radians as degrees.
        degrees = function (degrees, x),
        /// The error function.
        #[cfg(feature = "special-functions")]
        erf = function (erf, x),
        /// One minus the error function.
        #[cfg(feature = "special-functions")]
        erfc = function (erfc, x),
        /// A power of e.
        exp = function (exp, x),
        /// A power of e, minus one.
        #[cfg(feature = "special-functions")]
        expm1 = function (expm1, x),
        /// The absolute value.
        fabs = function (fabs, x),
        /// The product of the integers from 1 to `n`.
        ///
        /// >>> math.factorial(5)
        /// 120
        factorial = function (factorial, n),
        /// The greatest integer not above `x`.
        floor = function (floor, x),
        /// The rest of a division, with the sign of `x`.
        fmod = function (fmod, x, y),
        /// Mantissa and exponent.
        frexp = function (frexp, x),
        /// The gamma function.
        #[cfg(feature = "special-functions")]
        gamma = function (gamma, x),
        /// Whether two numbers are close.
        isclose = function (isclose, a, b; rel_tol, abs_tol),
        /// Whether `x` is neither infinite nor NaN.
        isfinite = function (isfinite, x),
        /// Whether `x` is infinite.
        isinf = function (isinf, x),
        /// Whether `x` is NaN.
        isnan = function (isnan, x),
        /// `x` times a power of two.
        ldexp = function (ldexp, x, exponent),
        /// The logarithm of the gamma function.
        #[cfg(feature = "special-functions")]
        lgamma = function (lgamma, x),
        /// The natural logarithm, or one with a base.
        log = function (log, x, base),
        /// The logarithm with base 10.
        log10 = function (log10, x),
        /// The logarithm with base 2.
        log2 = function (log2, x),
        /// Fraction and whole part.
        modf = function (modf, x),
        /// A power.
        pow = function (pow, x, y),
        /// Degrees as radians.
        radians = function (radians, x),
        /// Sine.
        sin = function (sin, x),
        /// Hyperbolic sine.
        #[cfg(feature = "special-functions")]
        sinh = function (sinh, x),
        /// Square root.
        ///
        /// >>> math.sqrt(9)
        /// 3.0
        sqrt = function (sqrt, x),
        /// Tangent.
        tan = function (tan, x),
        /// Hyperbolic tangent.
        #[cfg(feature = "special-functions")]
        tanh = function (tanh, x),
        /// The integer part.
        trunc = function (trunc, x),
    }
}

#[cold]
fn domain_error(vm: &mut Vm) -> octopy_vm::Raised {
    vm.raise_value("math domain error")
}

/// The result of a function of `x`; what it made out of the domain is an error.
fn checked(vm: &mut Vm, x: Float, result: Float) -> PyResult<Float> {
    let result = vm.round_float(result);
    if result.is_nan() && !x.is_nan() || result.is_infinite() && x.is_finite() {
        return Err(domain_error(vm));
    }
    Ok(result)
}

macro_rules! float_functions {
    ($($name:ident)*) => {
        $(fn $name(vm: &mut Vm, x: Float) -> PyResult<Float> {
            checked(vm, x, MathFloat::$name(x))
        })*
    };
}

float_functions! {
    acos asin atan cos exp log10 log2 sin sqrt tan
}

#[cfg(feature = "special-functions")]
float_functions! { acosh asinh atanh cosh erf erfc expm1 lgamma sinh tanh }

#[cfg(feature = "special-functions")]
fn gamma(vm: &mut Vm, x: Float) -> PyResult<Float> {
    if x == Float::NEG_INFINITY {
        return Err(domain_error(vm));
    }
    checked(vm, x, MathFloat::gamma(x))
}

fn fabs(_vm: &mut Vm, x: Float) -> PyResult<Float> {
    Ok(MathFloat::fabs(x))
}

/// As `checked`, for functions of two numbers.
fn checked2(vm: &mut Vm, x: Float, y: Float, result: Float) -> PyResult<Float> {
    if result.is_nan() && (x.is_nan() || y.is_nan()) {
        return Ok(result);
    }
    let finite = x.is_finite() && y.is_finite();
    checked(vm, if finite { x } else { Float::INFINITY }, result)
}

fn atan2(vm: &mut Vm, y: Float, x: Float) -> PyResult<Float> {
    checked2(vm, y, x, MathFloat::atan2(y, x))
}

fn pow(vm: &mut Vm, x: Float, y: Float) -> PyResult<Float> {
    checked2(vm, x, y, MathFloat::pow(x, y))
}

fn fmod(vm: &mut Vm, x: Float, y: Float) -> PyResult<Float> {
    if x.is_infinite() && !y.is_nan() || y == 0.0 && !x.is_nan() {
        return Err(domain_error(vm));
    }
    Ok(MathFloat::fmod(x, y))
}

fn copysign(_vm: &mut Vm, x: Float, y: Float) -> PyResult<Float> {
    // The sign of a NaN means nothing.
    Ok(MathFloat::copysign(x, if y.is_nan() { 0.0 } else { y }))
}

/// An integer from a float by one of the roundings; integers stay as they are.
fn whole(vm: &mut Vm, x: Local, rounding: fn(Float) -> Float) -> PyResult<Local> {
    if int::is_int(&vm.heap, vm.heap.get(x)) {
        return match int::opt_int(vm, x)? {
            Some(int) => Ok(int),
            None => vm.copy(x),
        };
    }
    let x = vm.to_float(x)?;
    int::from_float(vm, rounding(x))
}

fn ceil(vm: &mut Vm, x: Local) -> PyResult<Local> {
    whole(vm, x, MathFloat::ceil)
}

fn floor(vm: &mut Vm, x: Local) -> PyResult<Local> {
    whole(vm, x, MathFloat::floor)
}

fn trunc(vm: &mut Vm, x: Local) -> PyResult<Local> {
    whole(vm, x, MathFloat::trunc)
}

fn isfinite(_vm: &mut Vm, x: Float) -> PyResult<bool> {
    Ok(x.is_finite())
}

fn isinf(_vm: &mut Vm, x: Float) -> PyResult<bool> {
    Ok(x.is_infinite())
}

fn isnan(_vm: &mut Vm, x: Float) -> PyResult<bool> {
    Ok(x.is_nan())
}

fn isclose(
    vm: &mut Vm,
    a: Float,
    b: Float,
    rel_tol: Option<Float>,
    abs_tol: Option<Float>,
) -> PyResult<bool> {
    let (relative, absolute) = (rel_tol.unwrap_or(1e-9), abs_tol.unwrap_or(0.0));
    if relative < 0.0 || absolute < 0.0 {
        return Err(domain_error(vm));
    }
    if a == b {
        return Ok(true);
    }
    let difference = MathFloat::fabs(a - b);
    let scale = MathFloat::fabs(a).max(MathFloat::fabs(b));
    Ok(difference.is_finite() && (difference <= absolute || difference <= relative * scale))
}

fn ldexp(vm: &mut Vm, x: Float, exponent: i32) -> PyResult<Float> {
    checked(vm, x, MathFloat::ldexp(x, exponent))
}

fn log(vm: &mut Vm, x: Float, base: Option<Float>) -> PyResult<Float> {
    if x <= 0.0 || base.is_some_and(|base| base <= 0.0) {
        return Err(domain_error(vm));
    }
    let log = MathFloat::log(x);
    match base {
        None => Ok(log),
        Some(1.0) => {
            Err(vm.raise(&octopy_vm::types::exception::ZERO_DIVISION_ERROR, "divide by zero"))
        }
        Some(base) => Ok(log / MathFloat::log(base)),
    }
}

fn frexp(vm: &mut Vm, x: Float) -> PyResult<Local> {
    let (mantissa, exponent) = if x.is_finite() { MathFloat::frexp(x) } else { (x, 0) };
    let first = vm.alloc_float(mantissa)?;
    vm.alloc_int(i64::from(exponent))?;
    vm.alloc_tuple(first, 2)
}

fn modf(vm: &mut Vm, x: Float) -> PyResult<Local> {
    let whole = MathFloat::trunc(x);
    let fraction = if x.is_infinite() { 0.0 } else { x - whole };
    let first = vm.alloc_float(MathFloat::copysign(fraction, x))?;
    vm.alloc_float(whole)?;
    vm.alloc_tuple(first, 2)
}

fn degrees(vm: &mut Vm, x: Float) -> PyResult<Float> {
    Ok(vm.round_float(x * (180.0 / (core::f64::consts::PI as Float))))
}

fn radians(vm: &mut Vm, x: Float) -> PyResult<Float> {
    Ok(vm.round_float(x * ((core::f64::consts::PI as Float) / 180.0)))
}

fn factorial(vm: &mut Vm, n: i32) -> PyResult<Local> {
    if n < 0 {
        return Err(vm.raise_value("negative factorial"));
    }
    let product = vm.push(Value::from_small(1))?;
    let mark = vm.mark();
    for factor in 2..=n {
        let factor = vm.alloc_int(i64::from(factor))?;
        let next = vm.arith(Arith::Multiply, false, product, factor)?;
        vm.heap.set(product, vm.heap.get(next));
        vm.release(mark);
        vm.check_interrupt()?;
    }
    Ok(product)
}
