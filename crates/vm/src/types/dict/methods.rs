//! `dict`'s slots and methods.

use super::{Part, len, next_entry};
use crate::types::iterator::{self, Source};
use crate::{Out, PrintKind, PyResult, UnaryOp, Vm, table};
use octopy_heap::{Local, Value};

crate::class! {
    /// Mapping of keys to values.
    pub static DICT = dict (table::DICT) {
        slots { print: dict_print, unary: dict_unary, contains: dict_contains, iter: dict_iter, subscript: dict_subscript, store_subscript: dict_store_subscript }
    }
}

fn dict_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"{")?;
    let mut n = 0;
    let mark = vm.mark();
    loop {
        let (step, key) = next_entry(vm, this, n, Part::Key)?;
        let Some(key) = key else { break };
        if n > 0 {
            vm.write(out, b", ")?;
        }
        vm.print(key, out, PrintKind::Repr)?;
        vm.write(out, b": ")?;
        if let (_, Some(value)) = next_entry(vm, this, n, Part::Value)? {
            vm.print(value, out, PrintKind::Repr)?;
        }
        n += step;
        vm.release(mark);
    }
    vm.write(out, b"}")
}

fn dict_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let live = len(&vm.heap, vm.heap.get(this));
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(live > 0)).map(Some),
        UnaryOp::Len => vm.alloc_int(i64::from(live)).map(Some),
        _ => Ok(None),
    }
}

fn dict_contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    Ok(vm.dict_find(this, item)?.is_some())
}

fn dict_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::DictKeys, this)
}

fn dict_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    match vm.dict_get(this, index)? {
        Some(value) => Ok(value),
        None => Err(vm.raise_with(&crate::types::exception::KEY_ERROR, index)?),
    }
}

fn dict_store_subscript(
    vm: &mut Vm,
    this: Local,
    index: Local,
    value: Option<Local>,
) -> PyResult<()> {
    match value {
        Some(value) => vm.dict_store(this, index, value),
        None => {
            if vm.dict_delete(this, index)? {
                Ok(())
            } else {
                Err(vm.raise_with(&crate::types::exception::KEY_ERROR, index)?)
            }
        }
    }
}
