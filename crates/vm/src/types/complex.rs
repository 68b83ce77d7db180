//! `complex`: pairs of floats.
//!
//! Without the feature `complex` there are none: what would make one raises ValueError, as in a
//! MicroPython built without them.
//!
//! Layout: raw real part, then imaginary part, each of one word or (64-bit floats) of two.
#![cfg_attr(
    not(feature = "complex"),
    allow(dead_code, reason = "the table is what uses the rest of it")
)]

use crate::types::{exception, float, int};
use crate::{Args, Arith, Compare, Float, Out, PrintKind, PyResult, UnaryOp, Vm};
use octopy_heap::{Heap, Kind, Local, Value};

#[cfg(feature = "complex")]
crate::class! {
    /// Complex numbers.
    pub static COMPLEX = complex (crate::table::COMPLEX) {
        slots { new: complex_new, print: complex_print, unary: complex_unary, binary: complex_binary, compare: complex_compare }
        /// The real part.
        real = property (real, this),
        /// The imaginary part.
        imag = property (imag, this),
    }
}

/// Whether a value is a complex number.
#[inline(always)]
pub(in crate::types) fn is_complex(heap: &Heap, value: Value<'_>) -> bool {
    cfg!(feature = "complex") && heap.is_kind(value, Kind::Complex)
}

/// A complex number, its parts rounded to the VM's width, pushed.
pub fn alloc(vm: &mut Vm, real: Float, imag: Float) -> PyResult<Local> {
    if cfg!(not(feature = "complex")) {
        return Err(vm.raise_value("complex values not supported"));
    }
    #[cfg(feature = "double")]
    if !vm.has_single_floats() {
        let slot = vm.alloc(Kind::Complex, 4)?;
        let object = vm.heap.get(slot);
        for (word, float) in [(0, real), (2, imag)] {
            vm.heap.poke_raw(object, word, float.to_bits() as u32);
            vm.heap.poke_raw(object, word + 1, (float.to_bits() >> 32) as u32);
        }
        return Ok(slot);
    }
    let slot = vm.alloc(Kind::Complex, 2)?;
    let object = vm.heap.get(slot);
    vm.heap.poke_raw(object, 0, float::narrow(real).to_bits());
    vm.heap.poke_raw(object, 1, float::narrow(imag).to_bits());
    Ok(slot)
}

fn part(heap: &Heap, object: Value<'_>, number: u32) -> Float {
    #[cfg(feature = "double")]
    if heap.words(object) == 4 {
        let (low, high) = (heap.raw(object, 2 * number), heap.raw(object, 2 * number + 1));
        return f64::from_bits(u64::from(low) | u64::from(high) << 32);
    }
    Float::from(f32::from_bits(heap.raw(object, number)))
}

/// The parts of a complex number, or of a real one.
pub fn parts(vm: &Vm, slot: Local) -> Option<(Float, Float)> {
    let value = vm.heap.get(slot);
    if vm.heap.is_kind(value, Kind::Complex) {
        return Some((part(&vm.heap, value, 0), part(&vm.heap, value, 1)));
    }
    float::number(vm, slot).map(|real| (real, 0.0))
}

/// The parts of an argument of `complex()`.
fn convert(vm: &mut Vm, slot: Local) -> PyResult<(Float, Float)> {
    if let Some(parts) = parts(vm, slot) {
        return Ok(parts);
    }
    if let Some(unary) = vm.type_table(slot).slots.unary
        && let Some(result) = unary(vm, UnaryOp::Complex, slot)?
    {
        if vm.heap.is_kind(vm.heap.get(result), Kind::Complex) {
            return Ok(parts(vm, result).unwrap_or_default());
        }
        return Err(vm.raise_type("__complex__ must return a complex number"));
    }
    if let Some(real) = vm.opt_float(slot)? {
        return Ok((real, 0.0));
    }
    let mut short = crate::raise::ShortText::new();
    short.push(b"can't convert ");
    short.push(vm.type_name_of(vm.heap.get(slot)));
    short.push(b" to complex");
    Err(vm.raise_short(&exception::TYPE_ERROR, &short))
}

/// The parts in a text such as `1+2j`.
fn parse(text: &[u8]) -> Option<(Float, Float)> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"(").and_then(|t| t.strip_suffix(b")")).unwrap_or(text);
    let Some(body) = text.strip_suffix(b"j").or_else(|| text.strip_suffix(b"J")) else {
        return float::parse(text).map(|real| (real, 0.0));
    };
    // The sign between the parts is the last that does not belong to an exponent.
    let split = (1..body.len())
        .rev()
        .find(|&at| {
            matches!(body.get(at), Some(b'+' | b'-'))
                && !matches!(body.get(at - 1), Some(b'e' | b'E'))
        })
        .unwrap_or(0);
    let (real, imag) = body.split_at_checked(split)?;
    let imag = match imag {
        b"" | b"+" => 1.0,
        b"-" => -1.0,
        imag => float::parse(imag)?,
    };
    let real = if real.is_empty() { 0.0 } else { float::parse(real)? };
    Some((real, imag))
}

fn complex_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 2)?;
    let (mut real, mut imag) = (0.0, 0.0);
    if let Some(first) = args.pos(0) {
        (real, imag) = match int::source(vm, first)? {
            Some(text) => match parse(int::bytes_of(vm, text)) {
                Some(parts) => parts,
                None => return Err(vm.raise_value("invalid syntax for number")),
            },
            None => convert(vm, first)?,
        };
    }
    if let Some(second) = args.pos(1) {
        let (more_real, more_imag) = convert(vm, second)?;
        real -= more_imag;
        imag += more_real;
    }
    let result = alloc(vm, real, imag)?;
    vm.heap.set(args.ret, vm.heap.get(result));
    Ok(())
}

fn complex_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let (real, imag) = parts(vm, this).unwrap_or_default();
    if real == 0.0 && real.is_sign_positive() {
        float::write_part(vm, out, imag)?;
        return vm.write(out, b"j");
    }
    vm.write(out, b"(")?;
    float::write_part(vm, out, real)?;
    if imag >= 0.0 && imag.is_sign_positive() || imag.is_nan() {
        vm.write(out, b"+")?;
    }
    float::write_part(vm, out, imag)?;
    vm.write(out, b"j)")
}

fn complex_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let (real, imag) = parts(vm, this).unwrap_or_default();
    let result = match op {
        UnaryOp::Bool => vm.push(Value::from_bool(real != 0.0 || imag != 0.0)),
        UnaryOp::Positive | UnaryOp::Complex => vm.copy(this),
        UnaryOp::Negative => alloc(vm, -real, -imag),
        UnaryOp::Abs => vm.alloc_float(float::hypot(real, imag)),
        UnaryOp::Hash => {
            let hash = float::hash(real) ^ float::hash(imag).wrapping_mul(1_000_003);
            vm.alloc_int(i64::from(hash))
        }
        _ => return Ok(None),
    };
    result.map(Some)
}

/// `lhs op rhs` of numbers of which at least one is complex (or a power is).
pub fn complex_binary(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    if cfg!(not(feature = "complex")) {
        return alloc(vm, 0.0, 0.0).map(Some);
    }
    let (Some((a, b)), Some((c, d))) = (parts(vm, lhs), parts(vm, rhs)) else {
        return Ok(None);
    };
    let (real, imag) = match op {
        Arith::Add => (a + c, b + d),
        Arith::Subtract => (a - c, b - d),
        Arith::Multiply => (a * c - b * d, a * d + b * c),
        Arith::TrueDivide => {
            if c == 0.0 && d == 0.0 {
                return Err(vm.raise(&exception::ZERO_DIVISION_ERROR, "complex divide by zero"));
            }
            divide((a, b), (c, d))
        }
        Arith::FloorDivide => {
            return Err(vm.raise_type("can't truncate-divide a complex number"));
        }
        Arith::Power => {
            if a == 0.0 && b == 0.0 {
                if c == 0.0 && d == 0.0 {
                    (1.0, 0.0)
                } else if d == 0.0 && c > 0.0 {
                    (0.0, 0.0)
                } else {
                    return Err(vm.raise(&exception::ZERO_DIVISION_ERROR, "0.0 to a complex power"));
                }
            } else {
                float::complex_power((a, b), (c, d))
            }
        }
        _ => return Ok(None),
    };
    alloc(vm, real, imag).map(Some)
}

/// Scaled by the larger part of the divisor, so that nothing overflows on the way.
fn divide((a, b): (Float, Float), (c, d): (Float, Float)) -> (Float, Float) {
    if c.abs() >= d.abs() {
        let ratio = d / c;
        let scale = c + d * ratio;
        ((a + b * ratio) / scale, (b - a * ratio) / scale)
    } else {
        let ratio = c / d;
        let scale = c * ratio + d;
        ((a * ratio + b) / scale, (b * ratio - a) / scale)
    }
}

/// Complex numbers are equal or not; they have no order.
pub fn complex_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    if op != Compare::Equal {
        return Ok(None);
    }
    match (parts(vm, lhs), parts(vm, rhs)) {
        (Some(a), Some(b)) => Ok(Some(a == b)),
        _ => Ok(None),
    }
}

fn real(vm: &mut Vm, this: Local) -> PyResult<Float> {
    Ok(parts(vm, this).unwrap_or_default().0)
}

fn imag(vm: &mut Vm, this: Local) -> PyResult<Float> {
    Ok(parts(vm, this).unwrap_or_default().1)
}
