//! `bytearray`: mutable bytes that grow.
//!
//! Layout: raw length; Buffer. The buffer grows geometrically, so appending is linear in all.

use crate::{PyResult, Vm, table};
use octopy_heap::{Kind, Local};

crate::class! {
    /// Mutable bytes.
    pub static BYTEARRAY = bytearray (table::BYTEARRAY) {}
}

/// Word of the length in bytes.
pub const LEN: u32 = 0;
/// Word of the Buffer.
pub const BUFFER: u32 = 1;

/// A bytearray of `len` zero bytes, pushed.
pub fn alloc(vm: &mut Vm, len: u32) -> PyResult<Local> {
    let array = vm.alloc(Kind::ByteArray, 2)?;
    let buffer = vm.alloc(Kind::Buffer, len.div_ceil(4).max(1))?;
    let object = vm.heap.get(array);
    vm.heap.poke(object, BUFFER, vm.heap.get(buffer));
    vm.heap.poke_raw(object, LEN, len);
    vm.release(buffer.addr());
    Ok(array)
}

/// Makes room for `more` bytes behind the content.
pub fn reserve(vm: &mut Vm, array: Local, more: u32) -> PyResult<()> {
    let object = vm.heap.get(array);
    let len = vm.heap.raw(object, LEN);
    let capacity = vm.heap.words(vm.heap.word(object, BUFFER)) * 4;
    let Some(needed) = len.checked_add(more) else {
        return Err(vm.raise_too_large());
    };
    if needed <= capacity {
        return Ok(());
    }
    let mark = vm.mark();
    let wanted = needed.max(capacity + capacity / 2);
    let buffer = match vm.heap.alloc(Kind::Buffer, wanted.div_ceil(4)) {
        Ok(buffer) => buffer,
        // Tight memory: what is needed and no more.
        Err(_) => vm.alloc(Kind::Buffer, needed.div_ceil(4))?,
    };
    let object = vm.heap.get(array);
    let to = vm.heap.get(buffer);
    vm.heap.copy_bytes(vm.heap.word(object, BUFFER), 0, to, 0, len);
    vm.heap.poke(object, BUFFER, to);
    vm.release(mark);
    Ok(())
}

/// Appends bytes from Rust.
pub fn extend_bytes(vm: &mut Vm, array: Local, bytes: &[u8]) -> PyResult<()> {
    let more = bytes.len() as u32;
    reserve(vm, array, more)?;
    let object = vm.heap.get(array);
    let len = vm.heap.raw(object, LEN);
    let buffer = vm.heap.buffer(vm.heap.word(object, BUFFER));
    if let Some(room) = buffer.get(len as usize..) {
        for (to, from) in room.iter().zip(bytes) {
            to.set(*from);
        }
    }
    vm.heap.poke_raw(object, LEN, len + more);
    Ok(())
}

/// Appends the content of a Str or Bytes object.
pub fn extend_text(vm: &mut Vm, array: Local, text: Local) -> PyResult<()> {
    let more = vm.heap.raw(vm.heap.get(text), 0);
    reserve(vm, array, more)?;
    let object = vm.heap.get(array);
    let len = vm.heap.raw(object, LEN);
    vm.heap.copy_bytes(vm.heap.get(text), 4, vm.heap.word(object, BUFFER), len, more);
    vm.heap.poke_raw(object, LEN, len + more);
    Ok(())
}
