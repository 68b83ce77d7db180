//! `object`: the base of everything.

use crate::types::{class, instance};
use crate::{Args, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::Local;
use octopy_qstr::Qstr;

crate::class! {
    /// The base of all classes.
    pub static OBJECT = object (table::OBJECT) {
        slots { new: object_new, print: object_print }
        /// Initialises the native part of an instance, if it has one.
        __init__ = method (init, this, **),
        /// A fresh instance of a class.
        __new__ = function (new, class, **),
        /// Sets an attribute without asking the class's own `__setattr__`.
        __setattr__ = method (set_attribute, this, name, value),
        /// Deletes an attribute without asking the class's own `__delattr__`.
        __delattr__ = method (delete_attribute, this, name),
    }
}

fn object_new(vm: &mut Vm, class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 0)?;
    let slot = instance::alloc(vm, class)?;
    vm.heap.set(args.ret, vm.heap.get(slot));
    Ok(())
}

fn object_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<")?;
    vm.write_type_name(out, this)?;
    vm.write(out, b" object at ")?;
    let id = vm.heap.get(this).bits();
    vm.write_numbers(out, "0x%x>", &[id])
}

/// Passes the arguments on to a native base, if the class has one.
fn init(vm: &mut Vm, this: Local, rest: crate::Rest) -> PyResult<()> {
    instance::native_init(vm, this, rest)
}

fn new(vm: &mut Vm, class: Local, _rest: crate::Rest) -> PyResult<Local> {
    let value = vm.heap.get(class);
    if !vm.heap.is_kind(value, octopy_heap::Kind::Class) {
        return Err(vm.raise_type("arg must be user-type"));
    }
    if vm.heap.raw(value, class::FLAGS) & class::EXCEPTION != 0 {
        return crate::types::exception::alloc_for(vm, class);
    }
    instance::alloc(vm, class)
}

fn set_attribute(vm: &mut Vm, this: Local, name: Qstr, value: Local) -> PyResult<()> {
    instance::store_plain(vm, this, name, Some(value))
}

fn delete_attribute(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<()> {
    instance::store_plain(vm, this, name, None)
}
