//! What exception objects do.

use super::{ARGS, ATTRS, CAUSE, OS_ERROR, STOP_ITERATION, TRACEBACK, WORDS, native_class};
use crate::rom::{Entry, Row};
use crate::types::instance;
use crate::{Args, Out, PrintKind, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

/// Most arguments of an exception that is made while the heap is locked.
const LOCKED_ARGS: u16 = 32;

pub(super) fn exception_new(vm: &mut Vm, class: Local, args: Args) -> PyResult<()> {
    let exception = vm.alloc(Kind::Exception, WORDS)?;
    // While the heap is locked there is room for a few arguments only: many are left out.
    let locked = vm.heap.lock_depth() > 0;
    let count = if locked && args.n_pos > LOCKED_ARGS { 0 } else { u32::from(args.n_pos) };
    let arguments = super::alloc_args(vm, count)?;
    let tuple = vm.heap.get(arguments);
    vm.heap.copy_slots(args.base, tuple, 0, count);
    super::fill(&vm.heap, exception, vm.heap.get(class), tuple);
    vm.heap.set(args.ret, vm.heap.get(exception));
    Ok(())
}

pub(super) fn exception_print(vm: &mut Vm, this: Local, out: Out, kind: PrintKind) -> PyResult<()> {
    let args = vm.push_word(this, ARGS)?;
    let count = vm.heap.words(vm.heap.get(args));
    if kind == PrintKind::Repr {
        vm.write_type_name(out, this)?;
    } else {
        if count == 0 {
            return Ok(());
        }
        let is_os_error = native_class(vm, vm.heap.get(this)).derives_from(&OS_ERROR);
        if is_os_error && count <= 2 {
            let number = vm.heap.word(vm.heap.get(args), 0).as_small();
            if let Some(name) = number.and_then(|number| errno_name(vm, number)) {
                vm.write_numbers(out, "[Errno %d] ", &[number.unwrap_or(0) as u32])?;
                let name = vm.push(Value::from_qstr(name.0))?;
                vm.print(name, out, PrintKind::Str)?;
                if count == 2 {
                    vm.write(out, b": ")?;
                    let text = vm.push_word(args, 1)?;
                    vm.print(text, out, PrintKind::Str)?;
                }
                return Ok(());
            }
        }
        if count == 1 {
            let only = vm.push_word(args, 0)?;
            return vm.print(only, out, PrintKind::Str);
        }
    }
    vm.print(args, out, PrintKind::Repr)
}

/// The name of an error number in the text of an OSError.
// SIZE: the module has the names already.
fn errno_name(vm: &Vm, number: i32) -> Option<Qstr> {
    // COMPAT: MicroPython has no names for these, of which the module says some.
    if matches!(number, 16 | 20 | 28 | 30 | 32 | 39 | 106) {
        return None;
    }
    let is_it = |row: &&Row| matches!(row.entry(), Entry::Int(code) if code == number);
    vm.native_module(q::errno)?.rows.iter().find(is_it).map(|row| row.name())
}

pub(super) fn exception_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    match name {
        q::args => vm.push_word(this, ARGS).map(Some),
        q::__traceback__ => vm.push_word(this, TRACEBACK).map(Some),
        q::__cause__ if vm.heap.word(vm.heap.get(this), CAUSE).is_null() => {
            vm.push(Value::NONE).map(Some)
        }
        q::__cause__ => vm.push_word(this, CAUSE).map(Some),
        q::value if native_class(vm, vm.heap.get(this)).derives_from(&STOP_ITERATION) => {
            first_argument(vm, this).map(Some)
        }
        q::errno if native_class(vm, vm.heap.get(this)).derives_from(&OS_ERROR) => {
            first_argument(vm, this).map(Some)
        }
        q::value => first_argument(vm, this).map(Some),
        _ => instance::own_attribute(vm, this, ATTRS, name),
    }
}

fn first_argument(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let args = vm.push_word(this, ARGS)?;
    if vm.heap.words(vm.heap.get(args)) == 0 { vm.push(Value::NONE) } else { vm.push_word(args, 0) }
}

pub(super) fn exception_store_attr(
    vm: &mut Vm,
    this: Local,
    name: Qstr,
    value: Option<Local>,
) -> PyResult<bool> {
    match (name, value) {
        (q::__traceback__, Some(value)) => {
            let object = vm.heap.get(this);
            vm.heap.poke(object, TRACEBACK, vm.heap.get(value));
            Ok(true)
        }
        (q::args, Some(value)) => {
            let tuple = vm.tuple_from(value)?;
            vm.heap.poke(vm.heap.get(this), ARGS, vm.heap.get(tuple));
            Ok(true)
        }
        _ => Ok(false),
    }
}
