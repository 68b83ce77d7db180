//! Exceptions: the hierarchy, and exception objects.
//!
//! Layout: values: class, arguments (a tuple), traceback (a List of file, line, name triples, or
//! None), attributes (see `instance/values.rs`, or NULL), cause. An instance of a user class derived from an
//! exception is such an object too.

mod hierarchy;
mod methods;

pub use hierarchy::*;

use crate::types::tuple;
use crate::{PyResult, Table, Vm};
use octopy_heap::{Heap, Kind, Local, OutOfMemory, Value};
use octopy_qstr::Qstr;

/// Word of the class.
pub const CLASS: u32 = 0;
/// Word of the arguments.
pub const ARGS: u32 = 1;
/// Word of the traceback.
pub const TRACEBACK: u32 = 2;
/// Word of the attributes.
pub const ATTRS: u32 = 3;
/// Word of the cause.
pub const CAUSE: u32 = 4;
/// Payload words of an exception.
pub const WORDS: u32 = 5;

/// An exception of this class with these arguments, pushed.
pub fn alloc(vm: &mut Vm, class: Value<'static>, arguments: &[Local]) -> PyResult<Local> {
    let exception = vm.alloc(Kind::Exception, WORDS)?;
    let args = alloc_args(vm, arguments.len() as u32)?;
    let look = vm.heap.get(args);
    for (idx, argument) in arguments.iter().enumerate() {
        vm.heap.init(look, idx as u32, vm.heap.get(*argument));
    }
    fill(&vm.heap, exception, class, look);
    vm.release(args.addr());
    Ok(exception)
}

/// Fills a new exception.
pub(super) fn fill(heap: &Heap, exception: Local, class: Value<'_>, args: Value<'_>) {
    let object = heap.get(exception);
    heap.poke(object, CLASS, class);
    heap.poke(object, ARGS, args);
    heap.poke_immediate(object, TRACEBACK, Value::NONE);
    heap.poke_immediate(object, CAUSE, Value::NONE);
}

/// The tuple for so many arguments, pushed; also while the heap is locked.
fn alloc_args(vm: &mut Vm, count: u32) -> PyResult<Local> {
    let before = vm.heap.set_raising(true);
    let args = tuple::alloc(vm, count);
    vm.heap.set_raising(before);
    args
}

/// An exception with one name as its argument, made while the value stack may be full: the top two
/// slots are given up then, because the frame that pushed them is about to be unwound. The slot
/// returned is good until the next push. `None` if there is no memory either.
pub(crate) fn alloc_without_stack(
    heap: &mut Heap,
    class: Value<'static>,
    text: Qstr,
) -> Option<Local> {
    let sp = heap.sp();
    if heap.stack_free() < 2 {
        heap.set_sp(sp - 8);
    }
    let before = heap.set_raising(true);
    let made = make_plain(heap, class, text);
    heap.set_raising(before);
    let slot = Local::at(heap.sp() - 4);
    heap.set_sp(sp);
    made.ok().map(|()| slot)
}

fn make_plain(heap: &mut Heap, class: Value<'static>, text: Qstr) -> Result<(), OutOfMemory> {
    let exception = heap.alloc(Kind::Exception, WORDS)?;
    let args = heap.alloc(Kind::Tuple, 1)?;
    let tuple = heap.get(args);
    heap.init(tuple, 0, Value::from_qstr(text.0));
    fill(heap, exception, class, tuple);
    heap.set_sp(args.addr());
    Ok(())
}

/// Bytes that the text of the preallocated MemoryError can have.
const MEMORY_TEXT: u32 = 160;

impl Vm {
    pub(crate) fn start_exceptions(&mut self) -> Result<(), OutOfMemory> {
        let mark = self.heap.sp();
        let exception = self.heap.alloc(Kind::Exception, WORDS)?;
        let args = self.heap.alloc(Kind::Tuple, 1)?;
        let text = self.heap.alloc(Kind::Str, 1 + MEMORY_TEXT / 4)?;
        let parts = self.heap.alloc(Kind::Tuple, 3)?;
        let look = self.heap.get(parts);
        for (idx, part) in [exception, args, text].into_iter().enumerate() {
            self.heap.poke(look, idx as u32, self.heap.get(part));
        }
        self.roots.memory_error.set(&self.heap, look);
        self.heap.set_sp(mark);
        Ok(())
    }
}

/// Writes a text into the preallocated MemoryError and makes it pending. Whatever the program has
/// made of it last time, it is as new.
pub(crate) fn refill_memory_error(vm: &mut Vm, bytes: &[u8]) {
    let parts = vm.roots.memory_error.get(&vm.heap);
    let [object, args, text] = [0, 1, 2].map(|idx| vm.heap.word(parts, idx));
    vm.heap.poke(args, 0, text);
    vm.heap.poke(object, CLASS, MEMORY_ERROR.value());
    vm.heap.poke(object, ARGS, args);
    vm.heap.poke_immediate(object, TRACEBACK, Value::NONE);
    vm.heap.poke_immediate(object, ATTRS, Value::NULL);
    vm.heap.poke_immediate(object, CAUSE, Value::NONE);
    let len = bytes.len().min(MEMORY_TEXT as usize);
    vm.heap.poke_raw(text, 0, len as u32);
    for (idx, chunk) in bytes.get(..len).unwrap_or_default().chunks(4).enumerate() {
        let mut word = [0_u8; 4];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        vm.heap.poke_raw(text, 1 + idx as u32, u32::from_le_bytes(word));
    }
    vm.roots.pending.set(&vm.heap, object);
}

/// Whether an exception (object or class) matches a class or a tuple of classes.
pub fn matches(vm: &mut Vm, exception: Local, class: Local) -> PyResult<bool> {
    let look = vm.heap.get(class);
    if vm.heap.is_kind(look, Kind::Tuple) {
        for idx in 0..vm.heap.words(look) {
            let mark = vm.mark();
            let member = vm.push_word(class, idx)?;
            let found = matches(vm, exception, member)?;
            vm.release(mark);
            if found {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let mark = vm.mark();
    let base = vm.push(BASE_EXCEPTION.value())?;
    if !vm.is_class(class) || !vm.is_subclass(class, base) {
        return Err(vm.raise_type("exceptions must derive from BaseException"));
    }
    let of = if vm.is_class(exception) { vm.copy(exception)? } else { vm.type_of(exception)? };
    let found = vm.is_subclass(of, class);
    vm.release(mark);
    Ok(found)
}

/// Whether a value is an exception object.
pub fn is_exception(vm: &Vm, value: Local) -> bool {
    vm.heap.is_kind(vm.heap.get(value), Kind::Exception)
}

/// The native exception type that a value's class derives from.
pub fn native_class(vm: &Vm, exception: Value<'_>) -> &'static Table {
    let mut class = vm.heap.word(exception, CLASS);
    loop {
        if let Some(table) = vm.as_table(class) {
            return table;
        }
        match vm.first_native_base(class) {
            Some(base) => class = base,
            None => return &BASE_EXCEPTION,
        }
    }
}

/// An exception without arguments of the (user) class in `class`, pushed.
pub(crate) fn alloc_for(vm: &mut Vm, class: Local) -> PyResult<Local> {
    let exception = alloc(vm, BASE_EXCEPTION.value(), &[])?;
    vm.heap.poke(vm.heap.get(exception), CLASS, vm.heap.get(class));
    Ok(exception)
}
