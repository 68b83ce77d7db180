//! Instances of user classes: attributes, construction, special methods.
//!
//! Layout: values: class, attributes (see `values.rs`, or NULL), native part (for classes derived from
//! a native type; else NULL, or the identity number once the instance has been hashed). Instances of
//! exception classes are Exception objects with attributes of their own; everything here serves
//! both.

mod attributes;
pub(crate) mod special;
pub mod values;

pub use attributes::{own_attribute, store_own, store_plain};

use crate::types::{class, exception};
use crate::{Args, PyResult, Rest, Vm, rom::Slots, rom::Table, table};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::q;

/// Word of the class.
pub const CLASS: u32 = 0;
/// Word of the attributes.
pub const ATTRS: u32 = 1;
/// Word of the native part.
pub const NATIVE: u32 = 2;

/// The slots of user classes' instances: they look for special methods.
pub static INSTANCE: Table = Table {
    id: table::OBJECT,
    name: q::object,
    base: None,
    is_type: true,
    slots: &Slots {
        print: Some(special::instance_print),
        unary: Some(special::instance_unary),
        binary: Some(special::instance_binary),
        inplace: Some(special::instance_inplace),
        reverse: Some(special::instance_reverse),
        compare: Some(special::instance_compare),
        contains: Some(special::instance_contains),
        call: Some(special::instance_call),
        iter: Some(special::instance_iter),
        next: Some(special::instance_next),
        attr: Some(attributes::instance_attr),
        store_attr: Some(attributes::instance_store_attr),
        subscript: Some(special::instance_subscript),
        store_subscript: Some(special::instance_store_subscript),
        ..Slots::NONE
    },
    rows: &[],
    #[cfg(feature = "docs")]
    doc: "",
};

/// The word of the attributes in an instance or exception.
#[inline]
pub fn attrs_word(vm: &Vm, this: Value<'_>) -> u32 {
    if vm.heap.is_kind(this, Kind::Exception) { exception::ATTRS } else { ATTRS }
}

/// A bare instance of a class, pushed.
pub fn alloc(vm: &mut Vm, class: Local) -> PyResult<Local> {
    let slot = vm.alloc(Kind::Instance, 3)?;
    vm.heap.init(vm.heap.get(slot), CLASS, vm.heap.get(class));
    Ok(slot)
}

/// `class(args...)` for a user class whose `__init__` is not plain bytecode: everything through
/// nested calls. The interpreter enters plain `__init__` functions itself (see `call.rs`).
pub(crate) fn construct(vm: &mut Vm, class: Local, args: Args) -> PyResult<()> {
    let this = create(vm, class, args)?;
    if !is_made_by(vm, this, class) {
        vm.heap.set(args.ret, vm.heap.get(this));
        return Ok(());
    }
    if let Some(init) = vm.class_member(class, q::__init__)? {
        let skip = vm.as_native(vm.heap.get(init)).is_some();
        if !skip {
            let result = vm.call_with(init, Some(this), args)?;
            if !vm.heap.get(result).is_none() {
                return Err(vm.raise_type("__init__() should return None"));
            }
            complete_native(vm, class, this, args)?;
        } else {
            init_native(vm, class, this, args)?;
        }
    } else {
        init_native(vm, class, this, args)?;
    }
    vm.heap.set(args.ret, vm.heap.get(this));
    Ok(())
}

/// Makes the native part that an `__init__` of Python has not made itself.
fn complete_native(vm: &mut Vm, class: Local, this: Local, args: Args) -> PyResult<()> {
    let object = vm.heap.get(this);
    match vm.heap.kind(object) {
        Some(Kind::Exception) => {
            if vm.heap.word(object, exception::CAUSE).is_null() {
                vm.heap.poke_immediate(object, exception::CAUSE, Value::NONE);
            }
            Ok(())
        }
        Some(Kind::Instance) if vm.heap.word(object, NATIVE).is_null() => {
            fill_native(vm, class, this, args)
        }
        _ => Ok(()),
    }
}

fn is_made_by(vm: &mut Vm, this: Local, class: Local) -> bool {
    let mark = vm.mark();
    let made = match vm.type_of(this) {
        Ok(of) => vm.is_subclass(of, class),
        Err(_) => false,
    };
    vm.release(mark);
    made
}

/// The object before `__init__`: from `__new__`, or bare.
pub(crate) fn create(vm: &mut Vm, class: Local, args: Args) -> PyResult<Local> {
    if let Some(new) = vm.class_member(class, q::__new__)? {
        if vm.as_native(vm.heap.get(new)).is_none() {
            let new = if vm.heap.is_kind(vm.heap.get(new), Kind::StaticMethod) {
                vm.push_word(new, 0)?
            } else {
                new
            };
            return vm.call_with(new, Some(class), args);
        }
    }
    if vm.heap.raw(vm.heap.get(class), class::FLAGS) & class::EXCEPTION != 0 {
        let this = exception::alloc_for(vm, class)?;
        let arguments = vm.alloc_tuple(args.base, u32::from(args.n_pos))?;
        let object = vm.heap.get(this);
        vm.heap.poke(object, exception::ARGS, vm.heap.get(arguments));
        // Not complete before its `__init__` has run, or has called that of the base.
        vm.heap.poke_immediate(object, exception::CAUSE, Value::NULL);
        return Ok(this);
    }
    alloc(vm, class)
}

/// Construction without an `__init__` of Python: the native base gets the arguments.
fn init_native(vm: &mut Vm, class: Local, this: Local, args: Args) -> PyResult<()> {
    if vm.heap.is_kind(vm.heap.get(this), Kind::Exception) {
        vm.heap.poke_immediate(vm.heap.get(this), exception::CAUSE, Value::NONE);
        return Ok(());
    }
    match vm.native_base(vm.heap.get(class)) {
        Some(_) => fill_native(vm, class, this, args),
        None if args.n_pos + args.n_kw > 0 => {
            // `object()` takes no arguments, but a class with a `__new__` of its own may.
            match vm.class_member(class, q::__new__)? {
                Some(new) if vm.as_native(vm.heap.get(new)).is_none() => Ok(()),
                _ => Err(vm.raise_type("object() takes no arguments")),
            }
        }
        None => Ok(()),
    }
}

/// Makes the native part of an instance from arguments.
pub(crate) fn fill_native(vm: &mut Vm, class: Local, this: Local, args: Args) -> PyResult<()> {
    let Some(table) = vm.native_base(vm.heap.get(class)) else {
        return Ok(());
    };
    let Some(new) = table.slots.new else {
        return Ok(());
    };
    let ret = vm.push(table.value())?;
    new(vm, class, Args { ret, ..args })?;
    vm.heap.poke(vm.heap.get(this), NATIVE, vm.heap.get(ret));
    Ok(())
}

impl Vm {
    /// The native part of an instance derived from a native type, pushed; made empty if the
    /// class's `__init__` never called the base's.
    pub(crate) fn native_of(&mut self, this: Local) -> PyResult<Option<Local>> {
        let value = self.heap.get(this);
        if !self.heap.is_kind(value, Kind::Instance) {
            return Ok(None);
        }
        let native = self.heap.word(value, NATIVE);
        if native.is_null() || native.is_small() {
            let class = self.heap.word(value, CLASS);
            if self.native_base(class).is_none() {
                return Ok(None);
            }
        }
        if native.is_null() {
            let mark = self.mark();
            let class = self.push_word(this, CLASS)?;
            let base = class.offset(1);
            fill_native(self, class, this, Args { ret: base, base, n_pos: 0, n_kw: 0 })?;
            self.release(mark);
        }
        self.push_word(this, NATIVE).map(Some)
    }

    /// Whether a value is an instance (or exception) of a class made by Python.
    #[inline]
    pub(crate) fn has_special_methods(&self, value: Local) -> bool {
        match self.heap.kind(self.heap.get(value)) {
            Some(Kind::Instance) => true,
            Some(Kind::Exception) => core::ptr::eq(self.type_table(value), &INSTANCE),
            _ => false,
        }
    }

    /// Whether a class member is a native of the core: those work on the native part, where the
    /// type's slots do the same. A native type of another crate may define special methods.
    pub(crate) fn is_core_native(&self, member: Local) -> bool {
        let rom = self.heap.get(member).as_rom();
        rom.is_some_and(|rom| rom.table < crate::table::FIRST_MODULE)
    }

    /// The special method of an instance, bound, pushed; natives of the core do not count.
    pub fn opt_special(&mut self, this: Local, name: octopy_qstr::Qstr) -> PyResult<Option<Local>> {
        let mark = self.mark();
        let class = self.type_of(this)?;
        if self.as_table(self.heap.get(class)).is_some() {
            self.release(mark);
            return Ok(None);
        }
        let Some(member) = self.class_member(class, name)? else {
            self.release(mark);
            return Ok(None);
        };
        if self.is_core_native(member) {
            self.release(mark);
            return Ok(None);
        }
        let bound = self.bind(member, this, class)?;
        Ok(Some(self.keep(mark, bound)))
    }
}

/// `__init__` of native bases called by Python (`list.__init__(self, ...)`, `super().__init__()`).
pub(crate) fn native_init(vm: &mut Vm, this: Local, rest: Rest) -> PyResult<()> {
    let value = vm.heap.get(this);
    if vm.heap.is_kind(value, Kind::Exception) {
        let arguments = vm.alloc_tuple(rest.0.base, u32::from(rest.0.n_pos))?;
        let object = vm.heap.get(this);
        vm.heap.poke(object, exception::ARGS, vm.heap.get(arguments));
        vm.heap.poke_immediate(object, exception::CAUSE, Value::NONE);
        return Ok(());
    }
    if vm.heap.is_kind(value, Kind::Instance) {
        let class = vm.push_word(this, CLASS)?;
        return fill_native(vm, class, this, rest.0);
    }
    Ok(())
}

/// A dict of an instance's attributes, pushed: a copy.
pub(crate) fn attributes_dict(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let word = attrs_word(vm, vm.heap.get(this));
    let copy = vm.alloc_dict(4)?;
    let values = vm.push_word(this, word)?;
    let slot = vm.push(Value::NULL)?;
    for place in 0..values::room(&vm.heap, vm.heap.get(values)) {
        let heap = &vm.heap;
        if let Some((name, value)) = values::entry(heap, heap.get(values), place)
            && let Some(number) = name.as_qstr()
        {
            heap.set(slot, value);
            vm.store_name(copy, octopy_qstr::Qstr(number), slot)?;
        }
    }
    vm.release(values.addr());
    Ok(copy)
}
