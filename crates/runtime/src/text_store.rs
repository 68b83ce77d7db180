//! The REPL's current line or program: a bytearray in the Python heap.

use octopy_heap::{Local, Value};
use octopy_repl::TextFull;
use octopy_vm::types::bytearray;
use octopy_vm::{PyResult, StateSlot, Vm};

/// Length of the text.
pub(crate) fn len(vm: &Vm) -> usize {
    let text = vm.peek_state(StateSlot::ReplBuffer);
    if text.is_null() { 0 } else { vm.heap.raw(text, bytearray::LEN) as usize }
}

/// Copies bytes from position `at`; returns how many there were.
pub(crate) fn copy(vm: &Vm, at: usize, dst: &mut [u8]) -> usize {
    let text = vm.peek_state(StateSlot::ReplBuffer);
    if text.is_null() {
        return 0;
    }
    let len = vm.heap.raw(text, bytearray::LEN) as usize;
    let bytes = vm.heap.buffer(vm.heap.word(text, bytearray::BUFFER));
    let from = bytes.get(at.min(len)..len).unwrap_or_default();
    for (to, from) in dst.iter_mut().zip(from) {
        *to = from.get();
    }
    from.len().min(dst.len())
}

/// Inserts bytes before position `at`.
pub(crate) fn insert(vm: &mut Vm, at: usize, bytes: &[u8]) -> Result<(), TextFull> {
    let mark = vm.mark();
    let res = insert_inner(vm, at, bytes);
    vm.release(mark);
    res.map_err(|_| {
        vm.clear_exception();
        TextFull
    })
}

fn insert_inner(vm: &mut Vm, at: usize, bytes: &[u8]) -> PyResult<()> {
    let mut text = vm.state(StateSlot::ReplBuffer)?;
    if vm.heap.get(text).is_null() {
        text = bytearray::alloc(vm, 0)?;
        vm.set_state(StateSlot::ReplBuffer, text);
    }
    let len = vm.heap.raw(vm.heap.get(text), bytearray::LEN);
    bytearray::extend_bytes(vm, text, bytes)?;
    let at = (at as u32).min(len);
    if at < len {
        // The end moves up, then the bytes go into the gap.
        let count = bytes.len() as u32;
        let object = vm.heap.get(text);
        let buffer = vm.heap.word(object, bytearray::BUFFER);
        vm.heap.copy_bytes(buffer, at, buffer, at + count, len - at);
        let cells = vm.heap.buffer(buffer);
        for (to, from) in cells.iter().skip(at as usize).zip(bytes) {
            to.set(*from);
        }
    }
    Ok(())
}

/// Removes up to `count` bytes from position `at`.
pub(crate) fn remove(vm: &mut Vm, at: usize, count: usize) {
    let text = vm.peek_state(StateSlot::ReplBuffer);
    if text.is_null() {
        return;
    }
    let len = vm.heap.raw(text, bytearray::LEN);
    let at = (at as u32).min(len);
    let count = (count as u32).min(len - at);
    let buffer = vm.heap.word(text, bytearray::BUFFER);
    vm.heap.copy_bytes(buffer, at + count, buffer, at, len - at - count);
    vm.heap.poke_raw(text, bytearray::LEN, len - count);
}

/// Removes everything and gives the memory back.
pub(crate) fn clear(vm: &mut Vm) {
    let mark = vm.mark();
    if let Ok(null) = vm.push(Value::NULL) {
        vm.set_state(StateSlot::ReplBuffer, null);
    }
    vm.release(mark);
}

/// The text's bytearray, pushed; an empty one if there is none.
pub(crate) fn object(vm: &mut Vm) -> PyResult<Local> {
    let text = vm.state(StateSlot::ReplBuffer)?;
    if vm.heap.get(text).is_null() { bytearray::alloc(vm, 0) } else { Ok(text) }
}
