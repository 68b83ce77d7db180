//! Changing lists: room, deletion, and assignment to items and slices.

use super::{FIRST, ITEMS, items, len, len_of, set_len};
use crate::types::{exception, slice};
use crate::{PyResult, Vm};
use octopy_heap::{Heap, Kind, Local, Value};

/// Storage of so many words and more is given back when three quarters of it are unused.
const WORTH_SHRINKING: u32 = 64;

/// Makes room for `more` items behind the last.
pub(super) fn reserve(vm: &mut Vm, list: Local, more: u32) -> PyResult<()> {
    let object = vm.heap.get(list);
    let (len, words) = (len(&vm.heap, object), vm.heap.words(vm.heap.word(object, ITEMS)));
    let Some(needed) = (FIRST + len).checked_add(more) else {
        return vm.alloc(Kind::Words, u32::MAX).map(|_| ());
    };
    if needed <= words {
        return Ok(());
    }
    let mark = vm.mark();
    let wanted = needed.max(len + len / 2 + 4);
    let old = vm.push_word(list, ITEMS)?;
    // Other lists have the one without room as well.
    if words > FIRST && vm.heap.try_grow(old, wanted) {
        vm.release(mark);
        return Ok(());
    }
    let fresh = vm.alloc_grown(Kind::Items, len + 4, needed)?;
    let to = vm.heap.get(fresh);
    vm.heap.copy_words(vm.heap.get(old), FIRST, to, FIRST, len);
    vm.heap.poke(vm.heap.get(list), ITEMS, to);
    set_len(&vm.heap, vm.heap.get(list), len);
    vm.release(mark);
    Ok(())
}

/// Drops the items from `len` on, and storage that is far too large.
pub(super) fn truncate(vm: &mut Vm, list: Local, len: u32) -> PyResult<()> {
    let object = vm.heap.get(list);
    let (items, old) = (vm.heap.word(object, ITEMS), super::len(&vm.heap, object));
    for idx in len..old {
        vm.heap.poke_immediate(items, FIRST + idx, Value::NULL);
    }
    set_len(&vm.heap, object, len);
    let words = vm.heap.words(items);
    if words >= WORTH_SHRINKING && len < words / 4 {
        let items = vm.push_word(list, ITEMS)?;
        vm.heap.shrink(items, (len * 2).max(4));
        vm.release(items.addr());
    }
    Ok(())
}

/// Deletes `count` items from `start` on.
pub(super) fn delete(vm: &mut Vm, list: Local, start: u32, count: u32) -> PyResult<()> {
    let object = vm.heap.get(list);
    let (items, len) = (vm.heap.word(object, ITEMS), len(&vm.heap, object));
    let start = start.min(len);
    let count = count.min(len - start);
    let at = FIRST + start;
    vm.heap.copy_words(items, at + count, items, at, len - start - count);
    truncate(vm, list, len - count)
}

/// Reverses `count` words.
pub(in crate::types) fn reverse(heap: &Heap, words: Value<'_>, first: u32, count: u32) {
    let last = first + count;
    for idx in 0..count / 2 {
        let (a, b) = (first + idx, last - 1 - idx);
        let (low, high) = (heap.word(words, a), heap.word(words, b));
        heap.poke(words, a, high);
        heap.poke(words, b, low);
    }
}

pub(super) fn list_store_subscript(
    vm: &mut Vm,
    this: Local,
    index: Local,
    value: Option<Local>,
) -> PyResult<()> {
    if vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        return match value {
            Some(value) => store_slice(vm, this, index, value),
            None => delete_slice(vm, this, index),
        };
    }
    let len = len_of(vm, this);
    let idx = vm.to_index(index, len, "list")?;
    match value {
        Some(value) => {
            super::set_item(&vm.heap, vm.heap.get(this), idx, vm.heap.get(value));
            Ok(())
        }
        None => delete(vm, this, idx, 1),
    }
}

fn delete_slice(vm: &mut Vm, this: Local, index: Local) -> PyResult<()> {
    let len = len_of(vm, this);
    let bounds = slice::bounds(vm, index, len)?;
    if bounds.step == 1 {
        return delete(vm, this, bounds.start, bounds.count);
    }
    let bounds = bounds.ascending();
    let heap = &vm.heap;
    let items = heap.word(heap.get(this), ITEMS);
    let (mut to, mut from) = (bounds.start, bounds.start);
    for place in bounds.places() {
        heap.copy_words(items, FIRST + from, items, FIRST + to, place - from);
        to += place - from;
        from = place + 1;
    }
    heap.copy_words(items, FIRST + from, items, FIRST + to, len.saturating_sub(from));
    truncate(vm, this, len - bounds.count)
}

fn store_slice(vm: &mut Vm, this: Local, index: Local, value: Local) -> PyResult<()> {
    // The list itself is copied first, as are the items of other iterables.
    let is_items = vm.heap.is_kind(vm.heap.get(value), Kind::Tuple)
        || vm.heap.is_kind(vm.heap.get(value), Kind::List)
            && vm.heap.get(value) != vm.heap.get(this);
    let value = if is_items { value } else { vm.list_from(value)? };
    let len = len_of(vm, this);
    let bounds = slice::bounds(vm, index, len)?;
    let (_, _, count) = items::storage(&vm.heap, vm.heap.get(value));
    if bounds.step != 1 {
        if count != bounds.count {
            return Err(vm.raise_numbers(
                &exception::VALUE_ERROR,
                "attempt to assign sequence of size %u to extended slice of size %u",
                &[count, bounds.count],
            ));
        }
        let heap = &vm.heap;
        let (from, first, _) = items::storage(heap, heap.get(value));
        let to = heap.word(heap.get(this), ITEMS);
        for (idx, place) in bounds.places().enumerate() {
            heap.poke(to, FIRST + place, heap.word(from, first + idx as u32));
        }
        return Ok(());
    }
    reserve(vm, this, count.saturating_sub(bounds.count))?;
    let heap = &vm.heap;
    let object = heap.get(this);
    let to = heap.word(object, ITEMS);
    let (from, first, _) = items::storage(heap, heap.get(value));
    let start = FIRST + bounds.start;
    let behind = start + bounds.count;
    heap.copy_words(to, behind, to, start + count, FIRST + len - behind);
    heap.copy_words(from, first, to, start, count);
    if count < bounds.count {
        return truncate(vm, this, len + count - bounds.count);
    }
    set_len(heap, object, len + count - bounds.count);
    Ok(())
}
