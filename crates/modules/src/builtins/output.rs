//! `print`, `input` and what the prompt prints.

use crate::keyword::keywords;
use octopy_vm::args::Rest;
use octopy_vm::{Local, Out, PrintKind, PyResult, StateSlot, Value, Vm, q};

pub(super) fn print(vm: &mut Vm, rest: Rest) -> PyResult<()> {
    let args = rest.0;
    if args.n_kw == 0 {
        // The common case.
        for idx in 0..args.n_pos {
            if idx > 0 {
                vm.write(Out::Console, b" ")?;
            }
            vm.print(args.base.offset(u32::from(idx)), Out::Console, PrintKind::Str)?;
        }
        return vm.write(Out::Console, b"\n");
    }
    let [sep, end, file] = keywords(vm, &args, [q::sep, q::end, q::file])?;
    let given = |vm: &Vm, slot: Option<Local>| slot.filter(|slot| !vm.heap.get(*slot).is_none());
    let (sep, end, file) = (given(vm, sep), given(vm, end), given(vm, file));
    for text in [sep, end].into_iter().flatten() {
        if !vm.is_str(text) {
            return Err(vm.raise_convert(text, "str"));
        }
    }
    let out = match file {
        Some(_) => Out::Builder(vm.alloc_builder()?),
        None => Out::Console,
    };
    for idx in 0..args.n_pos {
        if idx > 0 {
            write_or(vm, out, sep, b" ")?;
        }
        vm.print(args.base.offset(u32::from(idx)), out, PrintKind::Str)?;
    }
    write_or(vm, out, end, b"\n")?;
    if let (Some(file), Out::Builder(builder)) = (file, out) {
        let text = vm.builder_str(builder)?;
        let write = vm.attr(file, q::write)?;
        vm.call(write, &[text])?;
    }
    Ok(())
}

/// Writes a string, or `default` where none was given.
fn write_or(vm: &mut Vm, out: Out, text: Option<Local>, default: &[u8]) -> PyResult<()> {
    match text {
        None => vm.write(out, default),
        Some(text) => vm.write_text(out, text),
    }
}

pub(super) fn repl_print(vm: &mut Vm, value: Local) -> PyResult<()> {
    if vm.heap.get(value).is_none() {
        return Ok(());
    }
    vm.print(value, Out::Console, PrintKind::Repr)?;
    vm.write(Out::Console, b"\n")?;
    vm.set_state(StateSlot::LastResult, value);
    let builtins = vm.push(crate::BUILTINS.value())?;
    vm.store_attr(builtins, q::underscore, Some(value))
}

pub(super) fn input(vm: &mut Vm, prompt: Option<Local>) -> PyResult<Local> {
    if let Some(prompt) = prompt {
        vm.print(prompt, Out::Console, PrintKind::Str)?;
    }
    match vm.input_hook {
        Some(read_line) => read_line(vm),
        None => vm.push(Value::from_qstr(q::empty.0)),
    }
}
