//! Attributes by name.

use octopy_vm::{Local, PyResult, Qstr, Vm, table};

pub(super) fn getattr(
    vm: &mut Vm,
    object: Local,
    name: Qstr,
    default: Option<Local>,
) -> PyResult<Local> {
    let Some(default) = default else { return vm.attr(object, name) };
    Ok(opt_attr(vm, object, name)?.unwrap_or(default))
}

pub(super) fn hasattr(vm: &mut Vm, object: Local, name: Qstr) -> PyResult<bool> {
    Ok(opt_attr(vm, object, name)?.is_some())
}

/// As `Vm::opt_attr`; an AttributeError from Python code means that there is none.
fn opt_attr(vm: &mut Vm, object: Local, name: Qstr) -> PyResult<Option<Local>> {
    match vm.opt_attr(object, name) {
        Ok(found) => Ok(found),
        Err(raised) => {
            if vm.pending_is(vm.exception_table(table::ATTRIBUTE_ERROR)) {
                vm.clear_exception();
                return Ok(None);
            }
            Err(raised)
        }
    }
}

pub(super) fn setattr(vm: &mut Vm, object: Local, name: Qstr, value: Local) -> PyResult<()> {
    vm.store_attr(object, name, Some(value))
}

pub(super) fn delattr(vm: &mut Vm, object: Local, name: Qstr) -> PyResult<()> {
    vm.store_attr(object, name, None)
}
