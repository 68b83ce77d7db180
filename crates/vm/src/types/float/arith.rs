//! Operators of floats, also mixed with ints; comparing with ints exactly; rounding.

use super::{alloc, number, text};
use crate::types::{complex, exception, int};
use crate::{Arith, Float, PyResult, Vm};
use core::cmp::Ordering;
use octopy_heap::{Kind, Local, Value};

#[cfg(not(feature = "double"))]
use super::circular::{cos, sin};
#[cfg(feature = "double")]
use libm::{
    atan2, cos, exp, floor as libm_floor, fmod, hypot as libm_hypot, log, pow, rint, scalbn, sin,
};
#[cfg(not(feature = "double"))]
use libm::{
    atan2f as atan2, expf as exp, floorf as libm_floor, fmodf as fmod, hypotf as libm_hypot,
    logf as log, powf as pow, rintf as rint, scalbnf as scalbn,
};

/// The largest whole float that is not above.
pub(super) fn floor(float: Float) -> Float {
    libm_floor(float)
}

/// `float * 2 ** exponent`
pub fn scale(float: Float, exponent: i32) -> Float {
    scalbn(float, exponent)
}

fn power(vm: &Vm, a: Float, b: Float) -> Float {
    #[cfg(feature = "double")]
    if vm.has_single_floats() {
        return f64::from(libm::powf(a as f32, b as f32));
    }
    #[cfg(feature = "double")]
    if let Some(power) = super::power::whole_power(a, b) {
        return power;
    }
    let _ = vm;
    pow(a, b)
}

/// The distance of a point from the origin.
pub(in crate::types) fn hypot(a: Float, b: Float) -> Float {
    // Where the squares neither overflow nor vanish they need no scaling (which costs a single
    // float calculations in double precision).
    #[cfg(not(feature = "double"))]
    if (1e-15..1e15).contains(&a.abs().max(b.abs())) {
        return libm::sqrtf(a * a + b * b);
    }
    libm_hypot(a, b)
}

/// A power of a complex number that is not zero.
pub(in crate::types) fn complex_power(
    (a, b): (Float, Float),
    (c, d): (Float, Float),
) -> (Float, Float) {
    let (length, angle) = (log(hypot(a, b)), atan2(b, a));
    let size = exp(c * length - d * angle);
    let turn = d * length + c * angle;
    (size * cos(turn), size * sin(turn))
}

/// Quotient rounded down, and the rest with the divisor's sign. The divisor is not zero.
fn divmod(a: Float, b: Float) -> (Float, Float) {
    let mut rest = fmod(a, b);
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = (0.0 as Float).copysign(b);
    } else if (rest < 0.0) != (b < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        quotient = (0.0 as Float).copysign(a / b);
    } else {
        // The division may have rounded to just beside a whole number.
        let whole = floor(quotient);
        quotient = if quotient - whole > 0.5 { whole + 1.0 } else { whole };
    }
    (quotient, rest)
}

/// `lhs op rhs` of numbers of which one may be an int.
pub fn float_binary(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    if complex::is_complex(&vm.heap, vm.heap.get(rhs)) {
        return complex::complex_binary(vm, op, lhs, rhs);
    }
    let (Some(a), Some(b)) = (number(vm, lhs), number(vm, rhs)) else {
        return Ok(None);
    };
    let result = match op {
        Arith::Add => a + b,
        Arith::Subtract => a - b,
        Arith::Multiply => a * b,
        Arith::TrueDivide | Arith::FloorDivide | Arith::Modulo | Arith::DivMod if b == 0.0 => {
            return Err(raise_zero_division(vm));
        }
        Arith::TrueDivide => divide(vm, a, b, lhs, rhs)?,
        Arith::FloorDivide => divmod(a, b).0,
        Arith::Modulo => divmod(a, b).1,
        Arith::DivMod => {
            let (quotient, rest) = divmod(a, b);
            let quotient = alloc(vm, quotient)?;
            alloc(vm, rest)?;
            return vm.alloc_tuple(quotient, 2).map(Some);
        }
        Arith::Power if a == 0.0 && b < 0.0 && b.is_finite() => {
            return Err(raise_zero_division(vm));
        }
        Arith::Power if a < 0.0 && a.is_finite() && b.is_finite() && floor(b) != b => {
            return complex::complex_binary(vm, op, lhs, rhs);
        }
        Arith::Power => power(vm, a, b),
        _ => return Ok(None),
    };
    alloc(vm, result).map(Some)
}

/// `a / b`; the quotient of big ints is rounded once, from more bits than a float has.
fn divide(vm: &mut Vm, a: Float, b: Float, lhs: Local, rhs: Local) -> PyResult<Float> {
    const BITS: i64 = 66;
    if a == 0.0 {
        return Ok(a / b);
    }
    let is_int = |slot: Local| int::is_int(&vm.heap, vm.heap.get(slot));
    let is_big = |slot: Local| vm.heap.is_kind(vm.heap.get(slot), Kind::Int);
    if !(is_int(lhs) && is_int(rhs) && (is_big(lhs) || is_big(rhs))) {
        return Ok(a / b);
    }
    let mark = vm.mark();
    let shift = BITS - int::bit_length(vm, lhs)? + int::bit_length(vm, rhs)?;
    let count = vm.alloc_int(shift.abs())?;
    let (mut lhs, mut rhs) = (lhs, rhs);
    if shift > 0 {
        lhs = vm.arith(Arith::LeftShift, false, lhs, count)?;
    } else {
        rhs = vm.arith(Arith::LeftShift, false, rhs, count)?;
    }
    let pair = vm.arith(Arith::DivMod, false, lhs, rhs)?;
    let quotient = vm.push_word(pair, 0)?;
    let rest = vm.push_word(pair, 1)?;
    // A rest counts as a lowest bit: rounded down, an odd number is on the right side of a half.
    let sticky =
        vm.push(Value::from_small(i32::from(vm.heap.get(rest) != Value::from_small(0))))?;
    let quotient = vm.arith(Arith::Or, false, quotient, sticky)?;
    let float = number(vm, quotient).unwrap_or(Float::NAN);
    vm.release(mark);
    Ok(scale(float, (-shift).clamp(-100_000, 100_000) as i32))
}

#[cold]
fn raise_zero_division(vm: &mut Vm) -> crate::Raised {
    vm.raise(&exception::ZERO_DIVISION_ERROR, "divide by zero")
}

/// How a float compares with an integer, exactly; `None` for NaN.
pub fn order_with_int(vm: &mut Vm, float: Float, int: Local) -> PyResult<Option<Ordering>> {
    const LIMIT: Float = 4.0e18;
    if float.is_nan() {
        return Ok(None);
    }
    if float.is_infinite() {
        return Ok(float.partial_cmp(&0.0));
    }
    if float.abs() < LIMIT {
        let whole = float as i64;
        let value = vm.heap.get(int);
        let order = match int::word(&vm.heap, value) {
            Some(int) => whole.cmp(&int),
            None if int::is_negative(&vm.heap, value) => Ordering::Greater,
            None => Ordering::Less,
        };
        return Ok(match order {
            Ordering::Equal => (float - whole as Float).partial_cmp(&0.0),
            order => Some(order),
        });
    }
    let mark = vm.mark();
    let whole = int::from_float(vm, float)?;
    let order = int::order(&vm.heap, vm.heap.get(whole), vm.heap.get(int));
    vm.release(mark);
    Ok(Some(order))
}

/// `round(value)` and `round(value, digits)` of a float or an integer, pushed.
pub fn round(vm: &mut Vm, value: Local, digits: Option<Local>) -> PyResult<Local> {
    let digits = match digits {
        Some(digits) if !vm.heap.get(digits).is_none() => Some(vm.to_i32(digits)?),
        _ => None,
    };
    if int::is_int(&vm.heap, vm.heap.get(value)) {
        return match digits {
            Some(digits) if digits < 0 => round_int(vm, value, digits.unsigned_abs()),
            _ => match int::opt_int(vm, value)? {
                Some(int) => Ok(int),
                None => vm.copy(value),
            },
        };
    }
    let float = vm.to_float(value)?;
    match digits {
        None => int::from_float(vm, rint(float)),
        Some(_) if !float.is_finite() => alloc(vm, float),
        Some(digits) => {
            let rounded = text::round_decimal(float, digits);
            alloc(vm, rounded)
        }
    }
}

/// Rounds an integer to a multiple of a power of ten, halves to the even multiple.
fn round_int(vm: &mut Vm, value: Local, digits: u32) -> PyResult<Local> {
    let ten = vm.push(Value::from_small(10))?;
    let two = vm.push(Value::from_small(2))?;
    let digits = vm.alloc_int(i64::from(digits))?;
    let unit = vm.arith(Arith::Power, false, ten, digits)?;
    let half = vm.arith(Arith::FloorDivide, false, unit, two)?;
    let pair = vm.arith(Arith::DivMod, false, value, unit)?;
    let quotient = vm.push_word(pair, 0)?;
    let rest = vm.push_word(pair, 1)?;
    let low = vm.arith(Arith::Multiply, false, quotient, unit)?;
    let odd = vm.arith(Arith::Modulo, false, quotient, two)?;
    let up = match int::order(&vm.heap, vm.heap.get(rest), vm.heap.get(half)) {
        Ordering::Less => false,
        Ordering::Equal => vm.heap.get(odd) == Value::from_small(1),
        Ordering::Greater => true,
    };
    if up { vm.arith(Arith::Add, false, low, unit) } else { Ok(low) }
}
