//! Operators of two ints: in 64 bits where that suffices, else on digits.

use super::{bits, digits, power, word};
use crate::types::{complex, exception, float};
use crate::{Arith, PyResult, Vm};
use octopy_compiler::number;
use octopy_heap::{Local, Value};

pub(super) fn int_binary(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    let a = word(&vm.heap, vm.heap.get(lhs));
    if let (Some(a), Some(b)) = (a, word(&vm.heap, vm.heap.get(rhs)))
        && let Some(result) = in_words(vm, op, a, b)?
    {
        return Ok(Some(result));
    }
    let b = vm.heap.get(rhs);
    if !super::is_int(&vm.heap, b) {
        if float::value(&vm.heap, b).is_some() {
            return float::float_binary(vm, op, lhs, rhs);
        }
        if complex::is_complex(&vm.heap, b) {
            return complex::complex_binary(vm, op, lhs, rhs);
        }
        return Ok(None);
    }
    on_digits(vm, op, lhs, rhs)
}

#[cold]
pub(super) fn raise_zero_division(vm: &mut Vm) -> crate::Raised {
    vm.raise(&exception::ZERO_DIVISION_ERROR, "divide by zero")
}

/// Quotient rounded down and remainder of two small ints, as values; `None` for a divisor of zero
/// and where the quotient is not small.
#[inline(always)]
pub fn small_divmod(a: i32, b: i32) -> Option<(Value<'static>, Value<'static>)> {
    let (quotient, rest) = (a.checked_div(b)?, a.checked_rem(b)?);
    if rest != 0 && (rest ^ b) < 0 {
        Some((Value::from_small(quotient - 1), Value::from_small(rest + b)))
    } else {
        Some((Value::small(quotient)?, Value::from_small(rest)))
    }
}

// ORDER: the compiler's operators are numbered as `Arith` is.
const _: () = {
    let (first, last) = (Arith::Or as u32, Arith::Power as u32);
    assert!(first == 0 && last == 12 && Arith::Multiply as u32 == 7 && Arith::Modulo as u32 == 11);
};

/// The result in 64 bits; `None` where it does not fit or the operator gives no int.
fn in_words(vm: &mut Vm, op: Arith, a: i64, b: i64) -> PyResult<Option<Local>> {
    match op {
        Arith::LeftShift | Arith::RightShift if b < 0 => {
            Err(vm.raise_value("negative shift count"))
        }
        Arith::FloorDivide | Arith::Modulo | Arith::DivMod if b == 0 => {
            Err(raise_zero_division(vm))
        }
        Arith::DivMod => match number::floor_divmod(a, b) {
            Some((quotient, rest)) => {
                // The two are pushed side by side.
                let quotient = vm.alloc_int(quotient)?;
                vm.alloc_int(rest)?;
                vm.alloc_tuple(quotient, 2).map(Some)
            }
            None => Ok(None),
        },
        _ => match number::binary(op as u32, a, b) {
            Some(int) => vm.alloc_int(int).map(Some),
            None => Ok(None),
        },
    }
}

/// The result for operands of any size.
fn on_digits(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    match op {
        Arith::MatMultiply => return Ok(None),
        Arith::TrueDivide => return float::float_binary(vm, op, lhs, rhs),
        Arith::Power => return power::power(vm, lhs, rhs).map(Some),
        _ => {}
    }
    let count = word(&vm.heap, vm.heap.get(rhs));
    let lhs = digits::object(vm, lhs)?;
    let rhs = digits::object(vm, rhs)?;
    let result = match op {
        Arith::Or | Arith::Xor | Arith::And => bits::logic(vm, op, lhs, rhs)?,
        Arith::LeftShift | Arith::RightShift => {
            if digits::is_negative(&vm.heap, vm.heap.get(rhs)) {
                return Err(vm.raise_value("negative shift count"));
            }
            let count = count.map_or(u64::MAX >> 1, |count| count as u64);
            if op == Arith::LeftShift {
                bits::shift_left(vm, lhs, count)?
            } else {
                bits::shift_right(vm, lhs, count)?
            }
        }
        Arith::Add => digits::add(vm, lhs, rhs, false)?,
        Arith::Subtract => digits::add(vm, lhs, rhs, true)?,
        Arith::Multiply => digits::multiply(vm, lhs, rhs)?,
        _ => {
            if digits::used(&vm.heap, vm.heap.get(rhs)) == 0 {
                return Err(raise_zero_division(vm));
            }
            let (quotient, rest) = digits::divmod(vm, lhs, rhs)?;
            match op {
                Arith::FloorDivide => quotient,
                Arith::Modulo => rest,
                // divmod pushes its two results side by side.
                _ => vm.alloc_tuple(quotient, 2)?,
            }
        }
    };
    Ok(Some(result))
}
