//! Attributes of instances: their own, then the class's.

use super::{CLASS, attributes_dict, attrs_word, values};
use crate::types::class;
use crate::{PyResult, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

/// The place of an own attribute. `word` is that of the values.
///
/// The names are searched from their start; `getattr` and `setattr`, which have no place in the
/// program to remember the attribute's for, remember it for the name.
fn own_place(vm: &mut Vm, this: Local, word: u32, name: Qstr) -> Option<u32> {
    let values = vm.heap.word(vm.heap.get(this), word);
    let number = u32::from(name.0);
    let guess = vm.guess(number);
    if cfg!(feature = "quick-lookup") && values::guessed(&vm.heap, values, name, guess).is_some() {
        return Some(guess);
    }
    let found = values::find(&vm.heap, values, name)?;
    vm.remember(number, found);
    Some(found)
}

/// The own attribute with this name, pushed. `word` is that of the values.
pub fn own_attribute(vm: &mut Vm, this: Local, word: u32, name: Qstr) -> PyResult<Option<Local>> {
    let Some(place) = own_place(vm, this, word, name) else { return Ok(None) };
    let values = vm.heap.word(vm.heap.get(this), word);
    let Some((_, value)) = values::entry(&vm.heap, values, place) else { return Ok(None) };
    match vm.heap.push(value) {
        Ok(slot) => Ok(Some(slot)),
        Err(_) => Err(vm.raise_recursion()),
    }
}

/// The attribute of an instance or exception of a user class.
pub(super) fn instance_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    let word = attrs_word(vm, vm.heap.get(this));
    if let Some(own) = own_attribute(vm, this, word, name)? {
        return Ok(Some(own));
    }
    if name == q::__dict__ {
        return attributes_dict(vm, this).map(Some);
    }
    let class = vm.push_word(this, CLASS)?;
    if name == q::__class__ {
        return Ok(Some(class));
    }
    if let Some(member) = vm.class_member(class, name)? {
        return vm.bind(member, this, class).map(Some);
    }
    if let Some(native) = vm.native_of(this)? {
        if let Some(attr) = vm.opt_attr(native, name)? {
            return Ok(Some(attr));
        }
    }
    if vm.heap.is_kind(vm.heap.get(this), Kind::Exception) {
        let table = crate::types::exception::native_class(vm, vm.heap.get(this));
        if let Some(attr) = table.slots.attr {
            if let Some(value) = attr(vm, this, name)? {
                return Ok(Some(value));
            }
        }
    }
    match vm.class_member(class, q::__getattr__)? {
        Some(getattr) => {
            let name = vm.push(Value::from_qstr(name.0))?;
            vm.call(getattr, &[this, name]).map(Some)
        }
        None => Ok(None),
    }
}

/// Sets or deletes an attribute as the class wants it.
pub(super) fn instance_store_attr(
    vm: &mut Vm,
    this: Local,
    name: Qstr,
    value: Option<Local>,
) -> PyResult<bool> {
    let class = vm.push_word(this, CLASS)?;
    let flags = vm.heap.raw(vm.heap.get(class), class::FLAGS);
    if flags & class::SPECIAL_STORE != 0 {
        let method = if value.is_some() { q::__setattr__ } else { q::__delattr__ };
        if let Some(function) = vm.class_member(class, method)? {
            if !vm.is_core_native(function) {
                let name = vm.push(Value::from_qstr(name.0))?;
                match value {
                    Some(value) => vm.call(function, &[this, name, value])?,
                    None => vm.call(function, &[this, name])?,
                };
                return Ok(true);
            }
        }
        return store_descriptor(vm, this, class, name, value);
    }
    store_own(vm, this, name, value)
}

fn store_descriptor(
    vm: &mut Vm,
    this: Local,
    class: Local,
    name: Qstr,
    value: Option<Local>,
) -> PyResult<bool> {
    if let Some(member) = vm.class_member(class, name)? {
        match vm.heap.kind(vm.heap.get(member)) {
            Some(Kind::Property) => {
                let word = if value.is_some() { 1 } else { 2 };
                let function = vm.push_word(member, word)?;
                if vm.heap.get(function).is_none() {
                    return Ok(false);
                }
                match value {
                    Some(value) => vm.call(function, &[this, value])?,
                    None => vm.call(function, &[this])?,
                };
                return Ok(true);
            }
            Some(Kind::Instance) => {
                let method = if value.is_some() { q::__set__ } else { q::__delete__ };
                if let Some(function) = vm.opt_special(member, method)? {
                    match value {
                        Some(value) => vm.call(function, &[this, value])?,
                        None => vm.call(function, &[this])?,
                    };
                    return Ok(true);
                }
            }
            _ => {}
        }
    }
    store_own(vm, this, name, value)
}

/// Sets or deletes an attribute without asking the class's `__setattr__`.
pub fn store_plain(vm: &mut Vm, this: Local, name: Qstr, value: Option<Local>) -> PyResult<()> {
    let kind = vm.heap.kind(vm.heap.get(this));
    let stored = match kind {
        Some(Kind::Instance | Kind::Exception) => {
            let class = vm.push_word(this, CLASS)?;
            if vm.as_table(vm.heap.get(class)).is_some() {
                store_own(vm, this, name, value)?
            } else {
                store_descriptor(vm, this, class, name, value)?
            }
        }
        _ => false,
    };
    if stored { Ok(()) } else { Err(vm.raise_attribute(this, name)) }
}

/// Sets or deletes an own attribute; false if there is none to delete.
pub fn store_own(vm: &mut Vm, this: Local, name: Qstr, value: Option<Local>) -> PyResult<bool> {
    let word = attrs_word(vm, vm.heap.get(this));
    let found = own_place(vm, this, word, name);
    let values = vm.heap.word(vm.heap.get(this), word);
    match (value, found) {
        (None, None) => return Ok(false),
        (None, Some(place)) => values::clear(&vm.heap, values, place),
        (Some(value), Some(place)) => values::set(&vm.heap, values, place, vm.heap.get(value)),
        (Some(value), None) => values::add(vm, this, word, name, value)?,
    }
    Ok(true)
}
