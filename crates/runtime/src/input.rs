//! `input()`: one line from the console, with the REPL's editor.

use crate::console::Console;
use crate::text_store;
use octopy_heap::Local;
use octopy_repl::{Entered, History, read_line};
use octopy_vm::types::exception;
use octopy_vm::{PyResult, Vm};

/// Reads one line for `input()`, pushed as a string. It has the VM alone, so a history of its own,
/// which starts empty, is all it remembers.
pub(crate) fn input(vm: &mut Vm) -> PyResult<Local> {
    let mark = vm.mark();
    let (mut history, mut compiled) = (History::new(), None);
    let entered = read_line(&mut Console::new(vm, &mut history, &mut compiled));
    let res = match entered {
        Entered::Line => {
            let text = text_store::object(vm)?;
            vm.builder_str(text)
        }
        Entered::Interrupt => Err(vm.raise_bare(&exception::KEYBOARD_INTERRUPT)),
        Entered::Eof => Err(vm.raise_bare(&exception::EOF_ERROR)),
    };
    text_store::clear(vm);
    let line = res?;
    Ok(vm.keep(mark, line))
}
