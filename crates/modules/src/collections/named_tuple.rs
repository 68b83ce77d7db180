//! `namedtuple`: classes of tuples whose items have names.
//!
//! A named tuple's class derives from a hidden native type, itself derived from `tuple`, and keeps
//! the names in its `_fields`. Its instances' native part is a plain tuple.

use octopy_vm::types::{class, exception, instance};
use octopy_vm::{
    Args, Kind, Local, Out, PrintKind, PyResult, Qstr, ShortText, Vm, class as class_table, q,
    types,
};

class_table! {
    /// A tuple whose items have names.
    pub static NAMED_TUPLE = tuple (crate::table::NAMED_TUPLE, types::tuple::TUPLE) {
        slots { new: named_tuple_new }
        __getattr__ = method (field, this, name),
        __repr__ = method (repr, this),
        __setattr__ = method (set_field, this, name, value),
        /// The items by name.
        _asdict = method (asdict, this),
    }
}

/// `namedtuple(name, fields)`: `fields` is a sequence of names, or names in a string.
#[cfg(feature = "collections")]
pub(super) fn namedtuple(vm: &mut Vm, name: Qstr, fields: Local) -> PyResult<Local> {
    let fields = if vm.is_str(fields) {
        let split = vm.attr(fields, q::split)?;
        vm.call(split, &[])?
    } else {
        fields
    };
    let fields = vm.tuple_from(fields)?;
    for idx in 0..vm.heap.words(vm.heap.get(fields)) {
        let mark = vm.mark();
        let field = vm.push_word(fields, idx)?;
        let field = vm.to_qstr(field)?;
        vm.release(mark);
        vm.heap.poke_immediate(vm.heap.get(fields), idx, Vm::name_value(field));
    }
    make(vm, name, fields)
}

/// The class with these fields (a tuple of names), pushed.
fn make(vm: &mut Vm, name: Qstr, fields: Local) -> PyResult<Local> {
    let name = vm.push(Vm::name_value(name))?;
    let base = vm.push(NAMED_TUPLE.value())?;
    let bases = vm.alloc_tuple(base, 1)?;
    let namespace = vm.alloc_dict(2)?;
    vm.store_name(namespace, q::_fields, fields)?;
    let made = class::make(vm, name, bases, namespace)?;
    // Storing an attribute asks `__setattr__` first.
    let object = vm.heap.get(made);
    let flags = vm.heap.raw(object, class::FLAGS) | class::SPECIAL_STORE;
    vm.heap.poke_raw(object, class::FLAGS, flags);
    Ok(made)
}

/// A named tuple of a class of its own from consecutive slots, pushed: for results of natives. With
/// an empty name it prints as MicroPython's attribute tuples do.
pub fn alloc(vm: &mut Vm, name: Qstr, fields: &[Qstr], first: Local) -> PyResult<Local> {
    let count = fields.len() as u32;
    let tuple = vm.alloc_tuple(first, count)?;
    let names = vm.alloc(Kind::Tuple, count)?;
    for (idx, field) in fields.iter().enumerate() {
        vm.heap.init(vm.heap.get(names), idx as u32, Vm::name_value(*field));
    }
    let class = make(vm, name, names)?;
    let this = instance::alloc(vm, class)?;
    vm.heap.init(vm.heap.get(this), instance::NATIVE, vm.heap.get(tuple));
    Ok(this)
}

/// The names of the fields of a class, pushed.
fn fields_of(vm: &mut Vm, class: Local) -> PyResult<Local> {
    vm.attr(class, q::_fields)
}

fn place_of(vm: &Vm, fields: Local, name: Qstr) -> Option<u32> {
    let fields = vm.heap.get(fields);
    let name = Vm::name_value(name);
    (0..vm.heap.words(fields)).find(|&idx| vm.heap.word(fields, idx) == name)
}

fn named_tuple_new(vm: &mut Vm, class: Local, args: Args) -> PyResult<()> {
    let fields = fields_of(vm, class)?;
    let count = vm.heap.words(vm.heap.get(fields));
    let given = args.n_pos + args.n_kw;
    if u32::from(given) != count {
        return Err(vm.raise_numbers(
            &exception::TYPE_ERROR,
            "function takes %u positional arguments but %u were given",
            &[count, u32::from(given)],
        ));
    }
    let tuple = vm.alloc(Kind::Tuple, count)?;
    vm.heap.copy_slots(args.base, vm.heap.get(tuple), 0, u32::from(args.n_pos));
    for idx in 0..args.n_kw {
        let Some((name, value)) = args.kw(idx) else { break };
        let name = vm.to_qstr(name)?;
        let place = place_of(vm, fields, name);
        let mut short = ShortText::new();
        match place {
            Some(place) if vm.heap.word(vm.heap.get(tuple), place).is_null() => {
                vm.heap.poke(vm.heap.get(tuple), place, vm.heap.get(value));
                continue;
            }
            Some(_) => short.push(b"function got multiple values for argument '"),
            None => short.push(b"unexpected keyword argument '"),
        }
        short.push(vm.name_text(name));
        short.push(b"'");
        return Err(vm.raise_short(&exception::TYPE_ERROR, &short));
    }
    vm.heap.set(args.ret, vm.heap.get(tuple));
    Ok(())
}

/// The fields and the items of an instance, pushed; `None` while the items are missing.
fn parts(vm: &mut Vm, this: Local) -> PyResult<Option<(Local, Local)>> {
    if !vm.heap.is_kind(vm.heap.get(this), Kind::Instance) {
        return Ok(None);
    }
    let class = vm.type_of(this)?;
    let fields = fields_of(vm, class)?;
    Ok(vm.native_part(this, Kind::Tuple)?.map(|items| (fields, items)))
}

fn field(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Local> {
    if let Some((fields, items)) = parts(vm, this)?
        && let Some(place) = place_of(vm, fields, name)
        && place < vm.heap.words(vm.heap.get(items))
    {
        return vm.push_word(items, place);
    }
    Err(vm.raise_attribute(this, name))
}

fn set_field(vm: &mut Vm, this: Local, name: Qstr, value: Local) -> PyResult<()> {
    let class = vm.type_of(this)?;
    let fields = fields_of(vm, class)?;
    if place_of(vm, fields, name).is_some() {
        return Err(vm.raise(&exception::ATTRIBUTE_ERROR, "can't set attribute"));
    }
    instance::store_plain(vm, this, name, Some(value))
}

fn asdict(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let by_name = super::ordered_dict::alloc(vm)?;
    if let Some((fields, items)) = parts(vm, this)? {
        for idx in 0..vm.heap.words(vm.heap.get(items)) {
            let mark = vm.mark();
            let name = vm.push_word(fields, idx)?;
            let item = vm.push_word(items, idx)?;
            vm.dict_store(by_name, name, item)?;
            vm.release(mark);
        }
    }
    Ok(by_name)
}

fn repr(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let builder = vm.alloc_builder()?;
    let out = Out::Builder(builder);
    vm.write_type_name(out, this)?;
    vm.write(out, b"(")?;
    if let Some((fields, items)) = parts(vm, this)? {
        for idx in 0..vm.heap.words(vm.heap.get(items)) {
            let mark = vm.mark();
            if idx > 0 {
                vm.write(out, b", ")?;
            }
            let name = vm.push_word(fields, idx)?;
            vm.write_text(out, name)?;
            vm.write(out, b"=")?;
            let item = vm.push_word(items, idx)?;
            vm.print(item, out, PrintKind::Repr)?;
            vm.release(mark);
        }
    }
    vm.write(out, b")")?;
    vm.builder_str(builder)
}
