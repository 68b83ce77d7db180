//! `list`: mutable sequences.
//!
//! Layout: raw length; Words. The storage grows by a half, so appending is linear in all.

use crate::{PyResult, Vm, table};
use octopy_heap::{Kind, Local};

crate::class! {
    /// Mutable sequence.
    pub static LIST = list (table::LIST) {
        /// Adds `item` at the end.
        append = method (append, this, item),
    }
}

/// Word of the length.
pub const LEN: u32 = 0;
/// Word of the storage.
pub const ITEMS: u32 = 1;

/// An empty list with room for `capacity` items, pushed.
pub fn alloc(vm: &mut Vm, capacity: u32) -> PyResult<Local> {
    let list = vm.alloc(Kind::List, 2)?;
    let items = vm.alloc(Kind::Words, capacity.max(4))?;
    vm.heap.poke(vm.heap.get(list), ITEMS, vm.heap.get(items));
    vm.release(items.addr());
    Ok(list)
}

/// A list of the values in `count` consecutive slots, pushed.
pub fn from_slots(vm: &mut Vm, first: Local, count: u32) -> PyResult<Local> {
    let list = alloc(vm, count)?;
    let object = vm.heap.get(list);
    let items = vm.heap.word(object, ITEMS);
    for idx in 0..count {
        vm.heap.poke(items, idx, vm.heap.get(first.offset(idx)));
    }
    vm.heap.poke_raw(object, LEN, count);
    Ok(list)
}

/// Appends the value in `item`.
#[inline]
pub fn push(vm: &mut Vm, list: Local, item: Local) -> PyResult<()> {
    let object = vm.heap.get(list);
    let len = vm.heap.raw(object, LEN);
    let items = vm.heap.word(object, ITEMS);
    if len < vm.heap.words(items) {
        vm.heap.poke(items, len, vm.heap.get(item));
        vm.heap.poke_raw(object, LEN, len + 1);
        return Ok(());
    }
    grow(vm, list)?;
    push(vm, list, item)
}

/// Makes room for at least one more item.
fn grow(vm: &mut Vm, list: Local) -> PyResult<()> {
    let mark = vm.mark();
    let len = vm.heap.raw(vm.heap.get(list), LEN);
    let items = vm.alloc(Kind::Words, len + len / 2 + 4)?;
    let object = vm.heap.get(list);
    let to = vm.heap.get(items);
    vm.heap.copy_words(vm.heap.word(object, ITEMS), 0, to, 0, len);
    vm.heap.poke(object, ITEMS, to);
    vm.release(mark);
    Ok(())
}

fn append(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    push(vm, this, item)
}
