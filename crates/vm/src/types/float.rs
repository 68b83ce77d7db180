//! `float`: in the value where its exponent is usual, else boxed.
//!
//! Printing and rounding are exact: see `decimal.rs`. Infinities and NaN follow IEEE 754.

mod arith;
pub mod circular;
mod decimal;
mod parse;
#[cfg(feature = "double")]
mod power;
#[cfg(test)]
mod tests;
mod text;

pub(in crate::types) use arith::{complex_power, hypot};
pub use arith::{float_binary, order_with_int, round, scale};
pub use parse::parse;
pub(in crate::types) use parse::parse_width;
pub(in crate::types) use text::write_part;
pub use text::{format_float, write_repr};

use crate::types::{complex, int};
use crate::{Args, Compare, Float, Out, PrintKind, PyResult, UnaryOp, Vm, table};
use octopy_heap::{Heap, Kind, Local, Value};

crate::class! {
    /// Floating-point numbers.
    pub static FLOAT = float (table::FLOAT) {
        slots { new: float_new, print: float_print, unary: float_unary, binary: float_binary, compare: float_compare }
        /// Whether there is no fraction.
        is_integer = method (is_integer, this),
    }
}

/// The float that a value is.
#[inline]
pub fn value(heap: &Heap, value: Value<'_>) -> Option<Float> {
    if let Some(float) = value.as_immediate_float() {
        return Some(Float::from(float));
    }
    if !heap.is_kind(value, Kind::Float) {
        return None;
    }
    let low = heap.raw(value, 0);
    #[cfg(feature = "double")]
    if heap.words(value) == 2 {
        return Some(f64::from_bits(u64::from(low) | u64::from(heap.raw(value, 1)) << 32));
    }
    Some(Float::from(f32::from_bits(low)))
}

/// The float that a float, an integer or a bool is; no other type.
pub fn number(vm: &Vm, slot: Local) -> Option<Float> {
    let look = vm.heap.get(slot);
    if let Some(float) = value(&vm.heap, look) {
        return Some(float);
    }
    if let Some(small) = look.as_small() {
        return Some(vm.round_float(small as Float));
    }
    match look.as_immediate() {
        Some(Value::TRUE) => Some(1.0),
        Some(Value::FALSE) => Some(0.0),
        None if vm.heap.is_kind(look, Kind::Int) => {
            Some(vm.round_float(int::to_float(&vm.heap, look)))
        }
        _ => None,
    }
}

/// Mantissa and exponent of the absolute value of a finite float: `mantissa * 2 ** exponent`.
pub(in crate::types) fn parts(float: Float) -> (u64, i32) {
    let parts = decimal::Parts::new(float, cfg!(not(feature = "double")));
    (parts.mantissa, parts.exponent)
}

/// The nearest single float.
#[allow(clippy::unnecessary_cast, reason = "boards have narrow floats")]
pub(in crate::types) fn narrow(float: Float) -> f32 {
    float as f32
}

/// A float, rounded to the VM's width, pushed.
#[inline]
pub fn alloc(vm: &mut Vm, float: Float) -> PyResult<Local> {
    let single = narrow(float);
    #[cfg(feature = "double")]
    if !vm.single_floats && f64::from(single) != float && !float.is_nan() {
        let bits = float.to_bits();
        let slot = vm.alloc(Kind::Float, 2)?;
        let object = vm.heap.get(slot);
        vm.heap.poke_raw(object, 0, bits as u32);
        vm.heap.poke_raw(object, 1, (bits >> 32) as u32);
        return Ok(slot);
    }
    if let Some(immediate) = Value::from_f32(single) {
        return vm.push(immediate);
    }
    let slot = vm.alloc(Kind::Float, 1)?;
    vm.heap.poke_raw(vm.heap.get(slot), 0, single.to_bits());
    Ok(slot)
}

fn float_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let float = match args.pos(0) {
        None => 0.0,
        Some(argument) => match int::source(vm, argument)? {
            Some(text) => match parse_width(int::bytes_of(vm, text), vm.has_single_floats()) {
                Some(float) => float,
                None => return Err(vm.raise_value("invalid syntax for number")),
            },
            None => vm.to_float(argument)?,
        },
    };
    let float = alloc(vm, float)?;
    vm.heap.set(args.ret, vm.heap.get(float));
    Ok(())
}

fn float_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let float = value(&vm.heap, vm.heap.get(this)).unwrap_or_default();
    write_repr(vm, out, float)
}

/// Equal numbers have equal hashes: that of a whole number is that of the int.
pub(in crate::types) fn hash(float: Float) -> i32 {
    if float.is_finite() && arith::floor(float) == float {
        let (mantissa, exponent) = parts(float);
        // A whole number with a negative exponent has zeros there.
        let exponent = exponent.max(0).unsigned_abs();
        let whole = if exponent > 0 { mantissa } else { float.abs() as u64 };
        let weight = int::DIGIT_WEIGHT;
        let shift = exponent % 32;
        // A mantissa of 53 bits can reach into a third digit.
        let high = if cfg!(feature = "double") { whole.checked_shr(64 - shift) } else { None };
        let high = (high.unwrap_or(0) as u32).wrapping_mul(weight);
        let middle = high.wrapping_add((whole >> (32 - shift)) as u32).wrapping_mul(weight);
        let hash = middle.wrapping_add((whole << shift) as u32);
        let hash = hash.wrapping_mul(weight.wrapping_pow(exponent / 32));
        return (if float < 0.0 { hash.wrapping_neg() } else { hash }) as i32;
    }
    #[cfg(feature = "double")]
    let bits = float.to_bits() ^ float.to_bits() >> 32;
    #[cfg(not(feature = "double"))]
    let bits = float.to_bits();
    bits as i32
}

fn float_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let float = value(&vm.heap, vm.heap.get(this)).unwrap_or_default();
    let result = match op {
        UnaryOp::Positive | UnaryOp::Float => vm.copy(this),
        UnaryOp::Negative => alloc(vm, -float),
        UnaryOp::Abs => alloc(vm, float.abs()),
        UnaryOp::Bool => vm.push(Value::from_bool(float != 0.0)),
        UnaryOp::Int => int::from_float(vm, float),
        UnaryOp::Hash => vm.alloc_int(i64::from(hash(float))),
        _ => return Ok(None),
    };
    result.map(Some)
}

fn float_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    let float = value(&vm.heap, vm.heap.get(lhs)).unwrap_or_default();
    let look = vm.heap.get(rhs);
    let order = if let Some(other) = value(&vm.heap, look) {
        float.partial_cmp(&other)
    } else if int::is_int(&vm.heap, look) {
        order_with_int(vm, float, rhs)?
    } else if complex::is_complex(&vm.heap, look) {
        return complex::complex_compare(vm, op, rhs, lhs);
    } else {
        return Ok(None);
    };
    Ok(Some(order.is_some_and(|order| op.holds(order))))
}

fn is_integer(vm: &mut Vm, this: Local) -> PyResult<bool> {
    let float = value(&vm.heap, vm.heap.get(this)).unwrap_or_default();
    Ok(float.is_finite() && arith::floor(float) == float)
}
