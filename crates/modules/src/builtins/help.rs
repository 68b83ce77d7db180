//! `help`: a first hint, what an object has, or which modules there are.

use octopy_vm::rom::{Entry, Role};
use octopy_vm::types::{class, dict, module};
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Table, Value, Vm, q};

const WELCOME: &[u8] = b"\
Welcome to Octopy, a MicroPython for two memories.

At the prompt:
  CTRL-A  enter raw REPL mode
  CTRL-B  enter normal REPL mode
  CTRL-C  interrupt a running program
  CTRL-D  soft reset
  CTRL-E  paste a program

help(object) lists what an object has, help('modules') the modules.
gc.info() shows the memory.
";

pub(super) fn help(vm: &mut Vm, object: Option<Local>) -> PyResult<()> {
    let Some(object) = object else { return vm.write(Out::Console, WELCOME) };
    if vm.heap.get(object) == Value::from_qstr(q::modules.0) {
        return list_modules(vm);
    }
    vm.write(Out::Console, b"object ")?;
    vm.print(object, Out::Console, PrintKind::Str)?;
    vm.write(Out::Console, b" is of type ")?;
    vm.write_type_name(Out::Console, object)?;
    vm.write(Out::Console, b"\n")?;
    let value = vm.heap.get(object);
    if vm.heap.is_kind(value, Kind::Module) {
        let globals = vm.push_word(object, module::DICT)?;
        return list_dict(vm, globals);
    }
    if let Some(table) = vm.as_table(value) {
        return list_table(vm, table);
    }
    let class = if vm.is_class(object) { object } else { vm.type_of(object)? };
    match vm.as_table(vm.heap.get(class)) {
        Some(table) => list_table(vm, table),
        None => {
            let namespace = vm.push_word(class, class::DICT)?;
            list_dict(vm, namespace)
        }
    }
}

fn list_line(vm: &mut Vm, name: Local, value: Local) -> PyResult<()> {
    vm.write(Out::Console, b"  ")?;
    vm.print(name, Out::Console, PrintKind::Str)?;
    vm.write(Out::Console, b" -- ")?;
    vm.print(value, Out::Console, PrintKind::Str)?;
    vm.write(Out::Console, b"\n")
}

fn list_dict(vm: &mut Vm, entries: Local) -> PyResult<()> {
    let mut n = 0;
    loop {
        let mark = vm.mark();
        let (step, name) = dict::next_entry(vm, entries, n, dict::Part::Key)?;
        let (_, value) = dict::next_entry(vm, entries, n, dict::Part::Value)?;
        let (Some(name), Some(value)) = (name, value) else { return Ok(()) };
        list_line(vm, name, value)?;
        n += step;
        vm.release(mark);
    }
}

fn list_table(vm: &mut Vm, table: &'static Table) -> PyResult<()> {
    for row in table.rows {
        let mark = vm.mark();
        let name = vm.push(Vm::name_value(row.name()))?;
        let value = match row.entry() {
            Entry::Native(native) => vm.alloc_str(match native.convention.role() {
                Role::ClassMethod => b"<classmethod>",
                Role::Function | Role::Method => b"<function>",
                Role::Property => b"<property>",
            })?,
            Entry::Int(int) => vm.alloc_int(i64::from(int))?,
            Entry::Float(float) => vm.alloc_float(float)?,
            Entry::Name(text) => vm.push(Vm::name_value(text))?,
            Entry::Value(value) => vm.push(value)?,
        };
        list_line(vm, name, value)?;
        vm.release(mark);
    }
    Ok(())
}

/// The native modules in three columns, in the order of their names.
fn list_modules(vm: &mut Vm) -> PyResult<()> {
    const COLUMNS: usize = 3;
    const WIDTH: usize = 18;
    let mut column = 0;
    let mut last = octopy_vm::Qstr(0);
    loop {
        // Names known at build time are numbered in the order of their texts.
        let next = crate::REGISTRY
            .iter()
            .filter(|table| !table.is_type && table.name > last)
            .map(|table| table.name)
            .min();
        let Some(name) = next else { break };
        last = name;
        let text = name.rom_text().unwrap_or_default();
        vm.write(Out::Console, text.as_bytes())?;
        column += 1;
        if column == COLUMNS {
            column = 0;
            vm.write(Out::Console, b"\n")?;
        } else {
            for _ in text.len()..WIDTH {
                vm.write(Out::Console, b" ")?;
            }
        }
    }
    if column > 0 {
        vm.write(Out::Console, b"\n")?;
    }
    vm.write(Out::Console, b"Plus any modules on the filesystem\n")
}
