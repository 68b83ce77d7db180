//! `NoneType`, `ellipsis` and `NotImplementedType`: the singletons' types.

use crate::{Out, PrintKind, PyResult, UnaryOp, Vm, table};
use octopy_heap::{Local, Value};

crate::class! {
    /// The type of None.
    pub static NONE_TYPE = NoneType (table::NONE_TYPE) {
        slots { print: none_print, unary: none_unary }
    }
}

crate::class! {
    /// The type of `...`.
    pub static ELLIPSIS_TYPE = Ellipsis (table::ELLIPSIS_TYPE) {
        slots { print: none_print }
    }
}

crate::class! {
    /// The type of NotImplemented.
    pub static NOT_IMPLEMENTED_TYPE = NotImplementedType (table::NOT_IMPLEMENTED_TYPE) {
        slots { print: none_print }
    }
}

fn none_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let text: &[u8] = match vm.heap.get(this).as_immediate() {
        Some(Value::ELLIPSIS) => b"Ellipsis",
        Some(Value::NOT_IMPLEMENTED) => b"NotImplemented",
        _ => b"None",
    };
    vm.write(out, text)
}

fn none_unary(vm: &mut Vm, op: UnaryOp, _this: Local) -> PyResult<Option<Local>> {
    match op {
        UnaryOp::Bool => vm.push(Value::FALSE).map(Some),
        _ => Ok(None),
    }
}
