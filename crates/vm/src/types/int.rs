//! `int`: small ints in the value, others as objects of 32-bit digits.
//!
//! Layout: raw sign (0 or 1), then the digits of the magnitude, least significant first.
//!
//! INVARIANT `one-form`: a value that fits a small int is never an object, and the last digit of an
//! object is not zero. So two ints are equal exactly when their words are.

mod arith;
mod bits;
mod bytes;
mod digits;
mod power;
mod text;

pub use arith::small_divmod;
pub(in crate::types) use bytes::bit_length;
pub use power::pow_mod;
pub(in crate::types) use text::{bytes_of, is_space, source};
pub use text::{parse, parse_literal, write_in_base};

use crate::types::{complex, exception, float};
use crate::{Args, Compare, Float, Out, PrintKind, PyResult, UnaryOp, Vm, table};
use core::cmp::Ordering;
use octopy_heap::{Heap, Kind, Local, Value};

crate::class! {
    /// Integers of any size.
    pub static INT = int (table::INT) {
        slots { new: int_new, print: int_print, unary: int_unary, binary: arith::int_binary, compare: int_compare }
        /// How many bits the magnitude has.
        bit_length = method (bytes::bit_length, this),
        /// An integer from bytes.
        from_bytes = class_method (bytes::from_bytes, class, **),
        /// The integer as bytes.
        to_bytes = method (bytes::to_bytes, this, **),
    }
}

/// An integer that is no small int, pushed.
pub fn alloc(vm: &mut Vm, int: i64) -> PyResult<Local> {
    from_magnitude(vm, int < 0, int.unsigned_abs())
}

/// An integer object from its sign and magnitude, pushed; the value is no small int.
fn from_magnitude(vm: &mut Vm, negative: bool, magnitude: u64) -> PyResult<Local> {
    let high = (magnitude >> 32) as u32;
    let slot = vm.alloc(Kind::Int, if high == 0 { 2 } else { 3 })?;
    let object = vm.heap.get(slot);
    vm.heap.poke_raw(object, 0, u32::from(negative));
    vm.heap.poke_raw(object, 1, magnitude as u32);
    if high != 0 {
        vm.heap.poke_raw(object, 2, high);
    }
    Ok(slot)
}

/// An integer of any unsigned 64-bit value, pushed.
pub fn from_u64(vm: &mut Vm, int: u64) -> PyResult<Local> {
    match i64::try_from(int) {
        Ok(int) => vm.alloc_int(int),
        Err(_) => from_magnitude(vm, false, int),
    }
}

/// The integer part of a float, pushed; OverflowError or ValueError for infinities and NaN.
pub fn from_float(vm: &mut Vm, float: Float) -> PyResult<Local> {
    if float.is_nan() {
        return Err(vm.raise_value("can't convert NaN to int"));
    }
    if float.is_infinite() {
        return Err(vm.raise(&exception::OVERFLOW_ERROR, "can't convert inf to int"));
    }
    const LIMIT: Float = 9.0e18;
    if float.abs() < LIMIT {
        return vm.alloc_int(float as i64);
    }
    let (mantissa, exponent) = float::parts(float);
    // The exponent is at least 10 here: the magnitude is above 2^62.
    let exponent = exponent.unsigned_abs();
    let int = vm.alloc(Kind::Int, 1 + exponent / 32 + 3)?;
    let object = vm.heap.get(int);
    vm.heap.poke_raw(object, 0, u32::from(float < 0.0));
    let shifted = u128::from(mantissa) << (exponent % 32);
    for idx in 0..3 {
        vm.heap.poke_raw(object, 1 + exponent / 32 + idx, (shifted >> (32 * idx)) as u32);
    }
    Ok(digits::finish(vm, int))
}

/// Whether a value is an integer: small, big, or a bool.
#[inline]
pub fn is_int(heap: &Heap, value: Value<'_>) -> bool {
    value.is_small()
        || heap.is_kind(value, Kind::Int)
        || matches!(value.as_immediate(), Some(Value::TRUE | Value::FALSE))
}

/// The value of an integer (small, big or bool), if it is one and fits.
#[inline]
pub fn word(heap: &Heap, value: Value<'_>) -> Option<i64> {
    if let Some(small) = value.as_small() {
        return Some(i64::from(small));
    }
    match value.as_immediate() {
        Some(Value::TRUE) => Some(1),
        Some(Value::FALSE) => Some(0),
        Some(_) => None,
        None if heap.is_kind(value, Kind::Int) => to_i64(heap, value),
        None => None,
    }
}

/// The value of an Int object, if it fits.
pub fn to_i64(heap: &Heap, value: Value<'_>) -> Option<i64> {
    let magnitude = match heap.words(value) {
        2 => u64::from(heap.raw(value, 1)),
        3 => u64::from(heap.raw(value, 1)) | u64::from(heap.raw(value, 2)) << 32,
        _ => return None,
    };
    if heap.raw(value, 0) != 0 {
        0_i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

/// The nearest float of an Int object; infinity where it is too big.
pub fn to_float(heap: &Heap, value: Value<'_>) -> Float {
    let len = digits::len(heap, value);
    let digit = |idx: u32| if idx < len { u64::from(digits::digit(heap, value, idx)) } else { 0 };
    // The top 64 bits, the lowest of them also standing for all bits below: rounding them is
    // rounding the whole number.
    let shift = digit(len - 1).leading_zeros() - 32;
    let mut top = digit(len - 1) << 32 << shift;
    let mut rest = 0;
    if len > 1 {
        top |= digit(len - 2) << shift;
    }
    if len > 2 {
        top |= digit(len - 3) << shift >> 32;
        rest = digit(len - 3) << shift & 0xffff_ffff;
    }
    let sticky = rest != 0 || (0..len.saturating_sub(3)).any(|idx| digit(idx) != 0);
    let float = (top | u64::from(sticky)) as Float;
    let exponent = i32::try_from(len * 32).unwrap_or(i32::MAX) - 64 - shift as i32;
    let float = float::scale(float, exponent);
    if digits::is_negative(heap, value) { -float } else { float }
}

/// The low 32 bits of an Int object in two's complement.
pub fn low_word(heap: &Heap, value: Value<'_>) -> u32 {
    let low = if heap.words(value) > 1 { heap.raw(value, 1) } else { 0 };
    if heap.raw(value, 0) != 0 { low.wrapping_neg() } else { low }
}

/// What a digit of an integer's hash counts more than the one below it.
pub(in crate::types) const DIGIT_WEIGHT: u32 = 1_000_003;

/// The hash of an Int object: all digits count, so that keys which share their low bits differ.
fn hash(heap: &Heap, value: Value<'_>) -> u32 {
    let digits = (1..heap.words(value)).rev().map(|idx| heap.raw(value, idx));
    let hash = digits.fold(0u32, |hash, digit| hash.wrapping_mul(DIGIT_WEIGHT).wrapping_add(digit));
    if digits::is_negative(heap, value) { hash.wrapping_neg() } else { hash }
}

/// Whether an integer value is below zero.
pub fn is_negative(heap: &Heap, value: Value<'_>) -> bool {
    match value.as_small() {
        Some(small) => small < 0,
        None => heap.is_kind(value, Kind::Int) && digits::is_negative(heap, value),
    }
}

/// Compares two integers (small, big or bool).
pub fn order(heap: &Heap, lhs: Value<'_>, rhs: Value<'_>) -> Ordering {
    if let (Some(a), Some(b)) = (word(heap, lhs), word(heap, rhs)) {
        return a.cmp(&b);
    }
    let (a, b) = (is_negative(heap, lhs), is_negative(heap, rhs));
    if a != b {
        return b.cmp(&a);
    }
    // At least one does not fit 64 bits; one that fits is nearer to zero.
    let magnitudes = match (word(heap, lhs), word(heap, rhs)) {
        (Some(_), _) => Ordering::Less,
        (_, Some(_)) => Ordering::Greater,
        _ => digits::compare(heap, lhs, rhs),
    };
    if a { magnitudes.reverse() } else { magnitudes }
}

/// The integer that `value` converts to by `int()`, without parsing text: itself, the integer part
/// of a float, or what `__int__` gives; `None` for other types.
pub fn opt_int(vm: &mut Vm, value: Local) -> PyResult<Option<Local>> {
    let look = vm.heap.get(value);
    if look.is_small() || vm.heap.is_kind(look, Kind::Int) {
        return vm.copy(value).map(Some);
    }
    if let Some(small) = word(&vm.heap, look) {
        return vm.alloc_int(small).map(Some);
    }
    if let Some(float) = float::value(&vm.heap, look) {
        return from_float(vm, float).map(Some);
    }
    match vm.type_table(value).slots.unary {
        Some(unary) => unary(vm, UnaryOp::Int, value),
        None => Ok(None),
    }
}

fn int_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 2)?;
    let int = match (args.pos(0), args.pos(1)) {
        (None, _) => vm.push(Value::from_small(0))?,
        (Some(text), Some(base)) => {
            let base = vm.to_i32(base)?;
            let Some(text) = source(vm, text)? else {
                return Err(vm.raise_convert(text, "str"));
            };
            parse(vm, text, base)?
        }
        (Some(value), None) => {
            if let Some(text) = source(vm, value)? {
                parse(vm, text, 10)?
            } else {
                match opt_int(vm, value)? {
                    Some(int) => int,
                    None => return Err(raise_no_int(vm, value)),
                }
            }
        }
    };
    vm.heap.set(args.ret, vm.heap.get(int));
    Ok(())
}

#[cold]
fn raise_no_int(vm: &mut Vm, value: Local) -> crate::Raised {
    let mut short = crate::raise::ShortText::new();
    short.push(b"can't convert ");
    short.push(vm.type_name_of(vm.heap.get(value)));
    short.push(b" to int");
    vm.raise_short(&exception::TYPE_ERROR, &short)
}

fn int_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    write_in_base(vm, out, this, 10, false)
}

fn int_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let value = vm.heap.get(this);
    let small = value.as_small().map(i64::from);
    let result = match op {
        UnaryOp::Positive | UnaryOp::Int => vm.copy(this),
        UnaryOp::Negative => match small {
            Some(small) => vm.alloc_int(-small),
            None => digits::negate(vm, this),
        },
        UnaryOp::Invert => match small {
            Some(small) => vm.alloc_int(!small),
            None => bits::invert(vm, this),
        },
        UnaryOp::Abs => match small {
            Some(small) => vm.alloc_int(small.abs()),
            None if digits::is_negative(&vm.heap, value) => digits::negate(vm, this),
            None => vm.copy(this),
        },
        UnaryOp::Bool => vm.push(Value::from_bool(small != Some(0))),
        UnaryOp::Hash => match small {
            Some(_) => vm.copy(this),
            None => {
                let hash = hash(&vm.heap, value) as i32;
                vm.alloc_int(i64::from(hash))
            }
        },
        _ => return Ok(None),
    };
    result.map(Some)
}

fn int_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    let (a, b) = (vm.heap.get(lhs), vm.heap.get(rhs));
    if is_int(&vm.heap, b) {
        return Ok(Some(op.holds(order(&vm.heap, a, b))));
    }
    if let Some(float) = float::value(&vm.heap, b) {
        let order = float::order_with_int(vm, float, lhs)?;
        return Ok(Some(order.is_some_and(|order| op.holds(order.reverse()))));
    }
    if complex::is_complex(&vm.heap, b) {
        return complex::complex_compare(vm, op, rhs, lhs);
    }
    Ok(None)
}
