//! Powers of ints, with and without a modulus.

use super::{digits, is_int, word};
use crate::types::float;
use crate::{Arith, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

/// `base ** exponent`, pushed; a float if the exponent is negative.
pub(super) fn power(vm: &mut Vm, base: Local, exponent: Local) -> PyResult<Local> {
    if super::is_negative(&vm.heap, vm.heap.get(exponent)) {
        return match float::float_binary(vm, Arith::Power, base, exponent)? {
            Some(result) => Ok(result),
            None => Err(vm.bug("int power")),
        };
    }
    let base_object = digits::object(vm, base)?;
    let n_bits = digits::bit_length(&vm.heap, vm.heap.get(base_object));
    let exponent = match word(&vm.heap, vm.heap.get(exponent)) {
        Some(exponent) => exponent as u64,
        // Of powers of 0, 1 and -1 only odd and even matter; others fit no object.
        None if n_bits <= 1 => u64::from(super::low_word(&vm.heap, vm.heap.get(exponent)) & 1) + 2,
        None => u64::MAX,
    };
    if n_bits > 1 && (n_bits - 1).saturating_mul(exponent) > MOST_BITS {
        return vm.alloc(Kind::Int, u32::MAX);
    }
    let result = super::alloc(vm, 1)?;
    let square = vm.copy(base_object)?;
    let mark = vm.mark();
    let mut rest = exponent;
    loop {
        if rest & 1 != 0 {
            let product = multiply(vm, result, square)?;
            vm.heap.set(result, vm.heap.get(product));
        }
        rest >>= 1;
        if rest == 0 {
            break;
        }
        let product = multiply(vm, square, square)?;
        vm.heap.set(square, vm.heap.get(product));
        vm.release(mark);
    }
    vm.release(mark);
    Ok(finish(vm, result))
}

/// More bits than any object has.
const MOST_BITS: u64 = 1 << 27;

/// A product as an Int object, also where it is small.
fn multiply(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<Local> {
    let product = digits::multiply(vm, lhs, rhs)?;
    digits::object(vm, product)
}

fn finish(vm: &mut Vm, slot: Local) -> Local {
    if vm.heap.is_kind(vm.heap.get(slot), Kind::Int) { digits::finish(vm, slot) } else { slot }
}

fn modulo(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<Local> {
    vm.arith(Arith::Modulo, false, lhs, rhs)
}

/// `pow(base, exponent, modulus)` of integers, pushed.
pub fn pow_mod(vm: &mut Vm, base: Local, exponent: Local, modulus: Local) -> PyResult<Local> {
    for slot in [base, exponent, modulus] {
        if !is_int(&vm.heap, vm.heap.get(slot)) {
            return Err(vm.raise_type("pow() with 3 arguments requires integers"));
        }
    }
    if super::is_negative(&vm.heap, vm.heap.get(exponent)) {
        return Err(vm.raise_value("negative power with no float support"));
    }
    if word(&vm.heap, vm.heap.get(modulus)) == Some(0) {
        return Err(vm.raise_value("divide by zero"));
    }
    let exponent = digits::object(vm, exponent)?;
    let one = vm.push(Value::from_small(1))?;
    let result = modulo(vm, one, modulus)?;
    let square = modulo(vm, base, modulus)?;
    let n_bits = digits::bit_length(&vm.heap, vm.heap.get(exponent));
    let mark = vm.mark();
    for bit in 0..n_bits {
        vm.stop_if_interrupted()?;
        let digit = digits::digit(&vm.heap, vm.heap.get(exponent), (bit / 32) as u32);
        if digit >> (bit % 32) & 1 != 0 {
            let product = vm.arith(Arith::Multiply, false, result, square)?;
            let rest = modulo(vm, product, modulus)?;
            vm.heap.set(result, vm.heap.get(rest));
        }
        if bit + 1 < n_bits {
            let product = vm.arith(Arith::Multiply, false, square, square)?;
            let rest = modulo(vm, product, modulus)?;
            vm.heap.set(square, vm.heap.get(rest));
        }
        vm.release(mark);
    }
    Ok(result)
}
