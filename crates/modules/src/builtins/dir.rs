//! `dir`: the names in a namespace.

use octopy_vm::types::instance::{self, values};
use octopy_vm::types::{class, module};
use octopy_vm::{Kind, Local, PyResult, Qstr, Table, Value, Vm, q};

/// The names of `object` (of the running namespace without one), sorted.
pub(super) fn dir(vm: &mut Vm, object: Option<Local>) -> PyResult<Local> {
    // A dict keeps each name once.
    let names = vm.alloc_dict(8)?;
    match object {
        None => {
            let locals = vm.locals()?;
            add_dict(vm, names, locals)?;
        }
        Some(object) => {
            if let Some(method) = vm.opt_special(object, q::__dir__)? {
                let list = vm.call(method, &[])?;
                return vm.list_from(list);
            }
            add_object(vm, names, object)?;
        }
    }
    let list = vm.list_from(names)?;
    let sort = vm.attr(list, q::sort)?;
    vm.call(sort, &[])?;
    Ok(list)
}

fn add_object(vm: &mut Vm, names: Local, object: Local) -> PyResult<()> {
    let value = vm.heap.get(object);
    if let Some(table) = vm.as_table(value) {
        if table.id == crate::table::SYS {
            for name in crate::sys::COMPUTED {
                add_name(vm, names, *name)?;
            }
        }
        return add_table(vm, names, table);
    }
    match vm.heap.kind(value) {
        Some(Kind::Module) => {
            let globals = vm.push_word(object, module::DICT)?;
            add_dict(vm, names, globals)
        }
        Some(Kind::Class) => add_class(vm, names, object),
        _ => {
            if let Some(Kind::Instance | Kind::Exception) = vm.heap.kind(value) {
                add_own(vm, names, object)?;
            }
            let class = vm.type_of(object)?;
            add_class(vm, names, class)
        }
    }
}

fn add_class(vm: &mut Vm, names: Local, class: Local) -> PyResult<()> {
    let value = vm.heap.get(class);
    if let Some(table) = vm.as_table(value) {
        return add_table(vm, names, table);
    }
    if !vm.heap.is_kind(value, Kind::Class) {
        return Ok(());
    }
    let mark = vm.mark();
    let namespace = vm.push_word(class, class::DICT)?;
    add_dict(vm, names, namespace)?;
    let bases = vm.push_word(class, class::BASES)?;
    for idx in 0..vm.heap.words(vm.heap.get(bases)) {
        let base = vm.push_word(bases, idx)?;
        vm.nested(|vm| add_class(vm, names, base))?;
    }
    vm.release(mark);
    Ok(())
}

fn add_table(vm: &mut Vm, names: Local, table: &'static Table) -> PyResult<()> {
    let mut next = Some(table);
    while let Some(table) = next {
        for row in table.rows {
            add_name(vm, names, row.name())?;
        }
        next = table.base;
    }
    Ok(())
}

fn add_name(vm: &mut Vm, names: Local, name: Qstr) -> PyResult<()> {
    let mark = vm.mark();
    let none = vm.push(Value::NONE)?;
    vm.store_name(names, name, none)?;
    vm.release(mark);
    Ok(())
}

fn add_dict(vm: &mut Vm, names: Local, from: Local) -> PyResult<()> {
    vm.dict_update(names, from)
}

/// The names of an instance's own attributes.
fn add_own(vm: &mut Vm, names: Local, object: Local) -> PyResult<()> {
    let word = instance::attrs_word(vm, vm.heap.get(object));
    let values = vm.push_word(object, word)?;
    for place in 0..values::room(&vm.heap, vm.heap.get(values)) {
        let heap = &vm.heap;
        let name =
            values::entry(heap, heap.get(values), place).and_then(|(name, _)| name.as_qstr());
        if let Some(name) = name {
            add_name(vm, names, Qstr(name))?;
        }
    }
    vm.release(values.addr());
    Ok(())
}
