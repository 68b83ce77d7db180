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
    let sink = match file {
        Some(file) => Some((vm.alloc_builder()?, vm.attr(file, q::write)?)),
        None => None,
    };
    let out = sink.map_or(Out::Console, |(builder, _)| Out::Builder(builder));
    for idx in 0..args.n_pos {
        if idx > 0 {
            write_or(vm, out, sep, b" ")?;
            pass_on(vm, sink)?;
        }
        vm.print(args.base.offset(u32::from(idx)), out, PrintKind::Str)?;
        pass_on(vm, sink)?;
    }
    write_or(vm, out, end, b"\n")?;
    pass_on(vm, sink)
}

/// Calls a stream's `write` with what stands in the builder, piece by piece as MicroPython does.
fn pass_on(vm: &mut Vm, sink: Option<(Local, Local)>) -> PyResult<()> {
    let Some((builder, write)) = sink else { return Ok(()) };
    let mark = vm.mark();
    let text = vm.builder_str(builder)?;
    if vm.len_of(text)? > 0 {
        crate::stream::write_by(vm, write, text)?;
        vm.heap.poke_raw(vm.heap.get(builder), 0, 0);
    }
    vm.release(mark);
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
