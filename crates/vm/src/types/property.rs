//! `property`, `staticmethod` and `classmethod`.

use crate::{Args, Local, PyResult, Vm, table};
use octopy_heap::{Kind, Value};
use octopy_qstr::q;

crate::class! {
    /// An attribute computed by functions.
    pub static PROPERTY = property (table::PROPERTY) {
        slots { new: property_new }
        /// A copy with this getter.
        getter = method (getter, this, function),
        /// A copy with this setter.
        setter = method (setter, this, function),
        /// A copy with this deleter.
        deleter = method (deleter, this, function),
    }
}

crate::class! {
    /// A function that is not bound when it is looked up in a class.
    pub static STATICMETHOD = staticmethod (table::STATICMETHOD) {
        slots { new: static_new }
    }
}

crate::class! {
    /// A function that is bound to the class it is looked up in.
    pub static CLASSMETHOD = classmethod (table::CLASSMETHOD) {
        slots { new: class_new }
    }
}

/// Words of a Property: getter, setter, deleter.
pub const GETTER: u32 = 0;
/// See [`GETTER`].
pub const SETTER: u32 = 1;
/// See [`GETTER`].
pub const DELETER: u32 = 2;

fn property_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&Args { n_kw: 0, ..args }, 0, 4)?;
    let property = vm.alloc(Kind::Property, 3)?;
    let object = vm.heap.get(property);
    for idx in 0..3_u16 {
        let value = args.pos(idx).map_or(Value::NONE, |slot| vm.heap.get(slot));
        vm.heap.init(object, u32::from(idx), value);
    }
    for idx in 0..args.n_kw {
        let Some((name, value)) = args.kw(idx) else { break };
        let word = match vm.to_qstr(name)? {
            q::fget => GETTER,
            q::fset => SETTER,
            q::fdel => DELETER,
            q::doc => continue,
            _ => return Err(vm.raise_type("unexpected keyword argument")),
        };
        vm.heap.poke(vm.heap.get(property), word, vm.heap.get(value));
    }
    vm.heap.set(args.ret, vm.heap.get(property));
    Ok(())
}

fn with(vm: &mut Vm, this: Local, word: u32, function: Local) -> PyResult<Local> {
    let copy = vm.alloc(Kind::Property, 3)?;
    let (from, to) = (vm.heap.get(this), vm.heap.get(copy));
    vm.heap.copy_words(from, 0, to, 0, 3);
    vm.heap.init(to, word, vm.heap.get(function));
    Ok(copy)
}

fn getter(vm: &mut Vm, this: Local, function: Local) -> PyResult<Local> {
    with(vm, this, GETTER, function)
}

fn setter(vm: &mut Vm, this: Local, function: Local) -> PyResult<Local> {
    with(vm, this, SETTER, function)
}

fn deleter(vm: &mut Vm, this: Local, function: Local) -> PyResult<Local> {
    with(vm, this, DELETER, function)
}

fn wrapper(vm: &mut Vm, kind: Kind, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 1)?;
    let method = vm.alloc(kind, 1)?;
    let object = vm.heap.get(method);
    vm.heap.init(object, 0, vm.heap.get(args.base));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn static_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    wrapper(vm, Kind::StaticMethod, args)
}

fn class_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    wrapper(vm, Kind::ClassMethod, args)
}
