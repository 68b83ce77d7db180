//! `list`: mutable sequences.
//!
//! Layout: raw length; Words. The storage grows by a half, so appending is linear in all. Words
//! behind the length are NULL, so that nothing is kept alive by them.

pub(in crate::types) mod items;
mod sort;
mod store;

pub use sort::sort;

use crate::types::iterator::{self, Source};
use crate::types::{int, slice};
use crate::{Args, Arith, Compare, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Heap, Kind, Local, Value};

crate::class! {
    /// Mutable sequence.
    pub static LIST = list (table::LIST) {
        slots {
            new: list_new, print: list_print, unary: items::unary, binary: list_binary,
            inplace: list_inplace, reverse: list_reverse, compare: list_compare,
            contains: items::contains, iter: list_iter, subscript: items::subscript,
            store_subscript: store::list_store_subscript,
        }
        /// `del this[index]`
        __delitem__ = method (delete_item, this, index),
        /// `this[index]`
        __getitem__ = method (items::subscript, this, index),
        /// `this[index] = value`
        __setitem__ = method (set_item, this, index, value),
        /// Adds `item` at the end.
        append = method (append, this, item),
        /// Removes all items.
        clear = method (clear, this),
        /// A copy of the list, not of the items.
        copy = method (copy, this),
        /// How many items are equal to `item`.
        count = method (items::count, this, item),
        /// Adds the items of an iterable at the end.
        extend = method (extend, this, iterable),
        /// The index of the first item that is equal to `item`.
        index = method (items::index, this, item, start, stop),
        /// Inserts `item` before `index`.
        insert = method (insert, this, index, item),
        /// Removes the item at `index` (the last one) and returns it.
        pop = method (pop, this, index),
        /// Removes the first item that is equal to `item`.
        remove = method (remove, this, item),
        /// Reverses the order.
        reverse = method (reverse, this),
        /// Sorts the items; equal ones keep their order.
        sort = method (sort_method, this; key, reverse),
    }
}

/// Word of the length.
pub const LEN: u32 = 0;
/// Word of the storage.
pub const ITEMS: u32 = 1;

/// An empty list with room for `capacity` items, pushed.
pub fn alloc(vm: &mut Vm, capacity: u32) -> PyResult<Local> {
    let list = vm.alloc(Kind::List, 2)?;
    let items = vm.alloc(Kind::Words, capacity.max(1))?;
    vm.heap.poke(vm.heap.get(list), ITEMS, vm.heap.get(items));
    vm.release(items.addr());
    Ok(list)
}

/// A list of the values in `count` consecutive slots, pushed.
pub fn from_slots(vm: &mut Vm, first: Local, count: u32) -> PyResult<Local> {
    let list = alloc(vm, count)?;
    let object = vm.heap.get(list);
    let items = vm.heap.word(object, ITEMS);
    vm.heap.copy_slots(first, items, 0, count);
    vm.heap.poke_raw(object, LEN, count);
    Ok(list)
}

/// Appends the value in `item`.
#[inline]
pub fn push(vm: &mut Vm, list: Local, item: Local) -> PyResult<()> {
    if push_quickly(&vm.heap, vm.heap.get(list), vm.heap.get(item)) {
        return Ok(());
    }
    store::reserve(vm, list, 1)?;
    push(vm, list, item)
}

/// Appends an item if there is room for it.
#[inline]
pub(crate) fn push_quickly(heap: &Heap, list: Value<'_>, item: Value<'_>) -> bool {
    let len = heap.raw(list, LEN);
    let items = heap.word(list, ITEMS);
    let has_room = len < heap.words(items);
    if has_room {
        heap.poke(items, len, item);
        heap.poke_raw(list, LEN, len + 1);
    }
    has_room
}

/// The length.
#[inline]
fn len(vm: &Vm, list: Local) -> u32 {
    vm.heap.raw(vm.heap.get(list), LEN)
}

fn list_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let list = alloc(vm, 0)?;
    if let Some(iterable) = args.pos(0) {
        extend(vm, list, iterable)?;
    }
    vm.heap.set(args.ret, vm.heap.get(list));
    Ok(())
}

fn list_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"[")?;
    items::print(vm, this, out)?;
    vm.write(out, b"]")
}

fn list_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::List, this)
}

/// The list that a value is, or holds as the native part of a subclass.
fn opt_list(vm: &mut Vm, value: Local) -> PyResult<Option<Local>> {
    if vm.heap.is_kind(vm.heap.get(value), Kind::List) {
        return Ok(Some(value));
    }
    vm.native_part(value, Kind::List)
}

fn list_binary(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    match op {
        Arith::Add => {
            let Some(rhs) = opt_list(vm, rhs)? else {
                return Ok(None);
            };
            let total = len(vm, lhs).saturating_add(len(vm, rhs));
            let sum = alloc(vm, total)?;
            extend(vm, sum, lhs)?;
            extend(vm, sum, rhs)?;
            Ok(Some(sum))
        }
        Arith::Multiply if int::is_int(&vm.heap, vm.heap.get(rhs)) => {
            let times = items::times(vm, rhs)?;
            repeat(vm, lhs, times).map(Some)
        }
        _ => Ok(None),
    }
}

/// The items of a list so many times over, pushed.
fn repeat(vm: &mut Vm, list: Local, times: u32) -> PyResult<Local> {
    let count = len(vm, list);
    let Some(total) = count.checked_mul(times) else {
        return vm.alloc(Kind::Words, u32::MAX);
    };
    let result = alloc(vm, total)?;
    let heap = &vm.heap;
    let (from, object) = (heap.word(heap.get(list), ITEMS), heap.get(result));
    items::fill(heap, from, count, heap.word(object, ITEMS), times);
    heap.poke_raw(object, LEN, total);
    Ok(result)
}

fn list_inplace(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    match op {
        Arith::Add => extend(vm, lhs, rhs)?,
        Arith::Multiply if int::is_int(&vm.heap, vm.heap.get(rhs)) => {
            let times = items::times(vm, rhs)?;
            let product = repeat(vm, lhs, times)?;
            let heap = &vm.heap;
            let (to, from) = (heap.get(lhs), heap.get(product));
            heap.poke(to, ITEMS, heap.word(from, ITEMS));
            heap.poke_raw(to, LEN, heap.raw(from, LEN));
        }
        _ => return Ok(None),
    }
    Ok(Some(lhs))
}

fn list_reverse(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    if op == Arith::Multiply { list_binary(vm, op, rhs, lhs) } else { Ok(None) }
}

fn list_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    match opt_list(vm, rhs)? {
        Some(rhs) => items::compare(vm, op, lhs, rhs).map(Some),
        None => Ok(None),
    }
}

fn delete_item(vm: &mut Vm, this: Local, index: Local) -> PyResult<()> {
    store::list_store_subscript(vm, this, index, None)
}

fn set_item(vm: &mut Vm, this: Local, index: Local, value: Local) -> PyResult<()> {
    store::list_store_subscript(vm, this, index, Some(value))
}

fn append(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    push(vm, this, item)
}

fn clear(vm: &mut Vm, this: Local) -> PyResult<()> {
    store::truncate(vm, this, 0)
}

fn copy(vm: &mut Vm, this: Local) -> PyResult<Local> {
    repeat(vm, this, 1)
}

/// Adds the items of an iterable at the end.
pub fn extend(vm: &mut Vm, list: Local, iterable: Local) -> PyResult<()> {
    let more = match vm.heap.kind(vm.heap.get(iterable)) {
        Some(Kind::List) => len(vm, iterable),
        Some(Kind::Tuple) => vm.heap.words(vm.heap.get(iterable)),
        _ => return vm.collect(iterable, list, push),
    };
    store::reserve(vm, list, more)?;
    let heap = &vm.heap;
    let object = heap.get(list);
    let (from, _) = items::storage(heap, heap.get(iterable));
    let len = heap.raw(object, LEN);
    heap.copy_words(from, 0, heap.word(object, ITEMS), len, more);
    heap.poke_raw(object, LEN, len + more);
    Ok(())
}

fn insert(vm: &mut Vm, this: Local, index: Local, item: Local) -> PyResult<()> {
    let index = slice::position(vm, index, len(vm, this))?;
    store::reserve(vm, this, 1)?;
    let heap = &vm.heap;
    let object = heap.get(this);
    let (items, len) = (heap.word(object, ITEMS), heap.raw(object, LEN));
    let index = index.min(len);
    heap.copy_words(items, index, items, index + 1, len - index);
    heap.poke(items, index, heap.get(item));
    heap.poke_raw(object, LEN, len + 1);
    Ok(())
}

fn pop(vm: &mut Vm, this: Local, index: Option<Local>) -> PyResult<Local> {
    let len = len(vm, this);
    if len == 0 {
        return Err(vm.raise(&super::exception::INDEX_ERROR, "pop from empty list"));
    }
    let index = match index {
        Some(index) => vm.to_index(index, len, "list")?,
        None => len - 1,
    };
    let items = vm.push_word(this, ITEMS)?;
    let item = vm.push_word(items, index)?;
    store::delete(vm, this, index, 1)?;
    Ok(item)
}

fn remove(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    match items::find(vm, this, item, 0, u32::MAX)? {
        Some(index) => store::delete(vm, this, index, 1),
        None => Err(items::raise_not_in(vm)),
    }
}

fn reverse(vm: &mut Vm, this: Local) -> PyResult<()> {
    let heap = &vm.heap;
    let object = heap.get(this);
    store::reverse(heap, heap.word(object, ITEMS), heap.raw(object, LEN));
    Ok(())
}

fn sort_method(
    vm: &mut Vm,
    this: Local,
    key: Option<Local>,
    reverse: Option<bool>,
) -> PyResult<()> {
    sort(vm, this, key, reverse.unwrap_or(false))
}
