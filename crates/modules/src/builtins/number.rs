//! Numbers: absolute values, powers, rounding, hashes.

use octopy_vm::types::{float, int};
use octopy_vm::{Arith, Kind, Local, PyResult, UnaryOp, Value, Vm};

pub(super) fn abs(vm: &mut Vm, value: Local) -> PyResult<Local> {
    vm.unary_op(UnaryOp::Abs, value)
}

pub(super) fn divmod(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<Local> {
    if let (Some(a), Some(b)) = (vm.heap.get(lhs).as_small(), vm.heap.get(rhs).as_small())
        && let Some((quotient, rest)) = int::small_divmod(a, b)
    {
        // The two are pushed side by side.
        let first = vm.push(quotient)?;
        vm.push(rest)?;
        return vm.alloc_tuple(first, 2);
    }
    vm.arith(Arith::DivMod, false, lhs, rhs)
}

pub(super) fn hash(vm: &mut Vm, value: Local) -> PyResult<Local> {
    if vm.heap.get(value).is_small() {
        return Ok(value);
    }
    if vm.heap.is_kind(vm.heap.get(value), Kind::Instance) {
        return vm.unary_op(UnaryOp::Hash, value);
    }
    // A small int, as MicroPython promises.
    let hash = vm.hash(value)?;
    vm.push(Value::from_small((hash << 2) as i32 >> 2))
}

pub(super) fn id(vm: &mut Vm, object: Local) -> PyResult<Local> {
    let number = vm.identity(object)?.unwrap_or(vm.heap.get(object).bits());
    vm.alloc_int(i64::from(number))
}

pub(super) fn pow(
    vm: &mut Vm,
    base: Local,
    exponent: Local,
    modulus: Option<Local>,
) -> PyResult<Local> {
    match modulus.filter(|modulus| !vm.heap.get(*modulus).is_none()) {
        None => vm.arith(Arith::Power, false, base, exponent),
        Some(modulus) => int::pow_mod(vm, base, exponent, modulus),
    }
}

pub(super) fn round(vm: &mut Vm, number: Local, digits: Option<Local>) -> PyResult<Local> {
    float::round(vm, number, digits)
}
