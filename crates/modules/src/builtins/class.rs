//! Classes: making and asking about them.

use octopy_vm::args::Rest;
use octopy_vm::types::class;
use octopy_vm::{Kind, Local, PyResult, Vm};

/// Runs a class body in a fresh namespace and makes the class. There are no metaclasses.
pub(super) fn build_class(vm: &mut Vm, body: Local, name: Local, bases: Rest) -> PyResult<Local> {
    let namespace = vm.alloc_dict(0)?;
    let cell = vm.call_with_locals(body, namespace)?;
    let tuple = vm.alloc_tuple(bases.0.base, u32::from(bases.0.n_pos))?;
    let made = class::make(vm, name, tuple, namespace)?;
    // The body's `__class__` cell, for `super()`.
    if vm.heap.is_kind(vm.heap.get(cell), Kind::Cell) {
        vm.heap.poke(vm.heap.get(cell), 0, vm.heap.get(made));
    }
    Ok(made)
}

pub(super) fn callable(vm: &mut Vm, value: Local) -> PyResult<bool> {
    vm.is_callable(value)
}

pub(super) fn isinstance(vm: &mut Vm, object: Local, of: Local) -> PyResult<bool> {
    let class = vm.type_of(object)?;
    derives(vm, class, of, "isinstance() arg 2 must be a type or a tuple of types")
}

pub(super) fn issubclass(vm: &mut Vm, class: Local, of: Local) -> PyResult<bool> {
    if !vm.is_class(class) {
        return Err(vm.raise_type("issubclass() arg 1 must be a class"));
    }
    derives(vm, class, of, "issubclass() arg 2 must be a class or a tuple of classes")
}

/// Whether a class derives from `of`, a class or a tuple of classes.
fn derives(vm: &mut Vm, class: Local, of: Local, message: &str) -> PyResult<bool> {
    if vm.is_class(of) {
        return Ok(vm.is_subclass(class, of));
    }
    if !vm.heap.is_kind(vm.heap.get(of), Kind::Tuple) {
        return Err(vm.raise_type(message));
    }
    for idx in 0..vm.heap.words(vm.heap.get(of)) {
        let mark = vm.mark();
        let one = vm.push_word(of, idx)?;
        if vm.nested(|vm| derives(vm, class, one, message))? {
            return Ok(true);
        }
        vm.release(mark);
    }
    Ok(false)
}
