//! `help`: a first hint, or what an object has.

use super::dir::dir;
use octopy_vm::{Local, Out, PrintKind, PyResult, Vm, q};

const WELCOME: &[u8] = b"\
Welcome to Octopy, a MicroPython for two memories.

Useful at the prompt:
  CTRL-A        enter raw REPL mode
  CTRL-B        enter normal REPL mode
  CTRL-C        interrupt a running program
  CTRL-D        soft reset
  CTRL-E        paste a program

help(object) lists what an object has; gc.info() shows the memory.
";

pub(super) fn help(vm: &mut Vm, object: Option<Local>) -> PyResult<()> {
    let Some(object) = object else { return vm.write(Out::Console, WELCOME) };
    vm.write(Out::Console, b"object ")?;
    vm.print(object, Out::Console, PrintKind::Str)?;
    vm.write(Out::Console, b" is of type ")?;
    vm.write_type_name(Out::Console, object)?;
    vm.write(Out::Console, b"\n")?;
    let names = dir(vm, Some(object))?;
    vm.for_each(names, |vm, name| {
        let attr = vm.to_qstr(name)?;
        if attr == q::__dict__ {
            return Ok(());
        }
        vm.write(Out::Console, b"  ")?;
        vm.print(name, Out::Console, PrintKind::Str)?;
        vm.write(Out::Console, b" -- ")?;
        match vm.opt_attr(object, attr)? {
            Some(value) => vm.print(value, Out::Console, PrintKind::Str)?,
            None => vm.write(Out::Console, b"?")?,
        }
        vm.write(Out::Console, b"\n")
    })
}
