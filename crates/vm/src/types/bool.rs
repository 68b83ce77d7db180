//! `bool`: the integers True and False.

use crate::types::int;
use crate::{Args, Out, PrintKind, PyResult, UnaryOp, Vm, table};
use octopy_heap::{Local, Value};

crate::class! {
    /// Truth values.
    pub static BOOL = bool (table::BOOL, int::INT) {
        slots { new: bool_new, print: bool_print, unary: bool_unary, binary: bool_binary, reverse: bool_reverse, compare: bool_compare }
    }
}

fn bool_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let truth = match args.pos(0) {
        Some(value) => vm.is_true(value)?,
        None => false,
    };
    vm.heap.set(args.ret, Value::from_bool(truth));
    Ok(())
}

fn bool_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, if vm.heap.get(this) == Value::TRUE { b"True" } else { b"False" })
}

/// The bool as a small int, pushed.
fn as_int(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let truth = vm.heap.get(this) == Value::TRUE;
    vm.push(Value::from_small(i32::from(truth)))
}

fn bool_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    match op {
        UnaryOp::Bool => vm.copy(this).map(Some),
        UnaryOp::Len => Ok(None),
        _ => {
            let int = as_int(vm, this)?;
            vm.unary_op(op, int).map(Some)
        }
    }
}

fn is_bool(vm: &Vm, value: Local) -> bool {
    matches!(vm.heap.get(value).as_immediate(), Some(Value::TRUE | Value::FALSE))
}

fn bool_binary(vm: &mut Vm, op: crate::Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    use crate::Arith::{And, Or, Xor};
    if is_bool(vm, rhs) && matches!(op, And | Or | Xor) {
        let (a, b) = (vm.heap.get(lhs) == Value::TRUE, vm.heap.get(rhs) == Value::TRUE);
        let truth = match op {
            And => a & b,
            Or => a | b,
            _ => a ^ b,
        };
        return vm.push(Value::from_bool(truth)).map(Some);
    }
    let lhs = as_int(vm, lhs)?;
    let rhs = if is_bool(vm, rhs) { as_int(vm, rhs)? } else { rhs };
    vm.arith(op, false, lhs, rhs).map(Some)
}

fn bool_reverse(vm: &mut Vm, op: crate::Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    let rhs = as_int(vm, rhs)?;
    vm.arith(op, false, lhs, rhs).map(Some)
}

fn bool_compare(vm: &mut Vm, op: crate::Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    let lhs = as_int(vm, lhs)?;
    match int::INT.slots.compare {
        Some(compare) => compare(vm, op, lhs, rhs),
        None => Ok(None),
    }
}
