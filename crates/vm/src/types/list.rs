//! `list`: mutable sequences.
//!
//! Layout: values: Items, which have the length before the items. They grow by a half, so appending
//! is linear in all. Words behind the length are NULL, so that nothing is kept alive by them. Empty
//! lists share an object without room.

pub(in crate::types) mod items;
mod sort;
mod store;

pub use sort::sort;
pub(in crate::types) use store::reverse as reverse_words;

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
        __setitem__ = method (store_item, this, index, value),
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

/// Word of the Items.
pub const ITEMS: u32 = 0;
/// Word of the length, in Items.
pub const LEN: u32 = 0;
/// Word of the first item, in Items.
pub const FIRST: u32 = 1;

/// The length.
#[inline(always)]
pub fn len(heap: &Heap, list: Value<'_>) -> u32 {
    heap.raw(heap.word(list, ITEMS), LEN)
}

/// Says how many items there are.
#[inline(always)]
pub fn set_len(heap: &Heap, list: Value<'_>, len: u32) {
    heap.poke_raw(heap.word(list, ITEMS), LEN, len);
}

/// Item `idx`.
#[inline(always)]
pub fn item<'h>(heap: &'h Heap, list: Value<'_>, idx: u32) -> Value<'h> {
    heap.word(heap.word(list, ITEMS), FIRST + idx)
}

/// Changes item `idx`.
#[inline(always)]
pub fn set_item(heap: &Heap, list: Value<'_>, idx: u32, value: Value<'_>) {
    heap.poke(heap.word(list, ITEMS), FIRST + idx, value);
}

/// An empty list with room for `capacity` items, pushed.
pub fn alloc(vm: &mut Vm, capacity: u32) -> PyResult<Local> {
    let list = vm.alloc(Kind::List, 1)?;
    if capacity == 0 {
        vm.heap.poke(vm.heap.get(list), ITEMS, vm.roots.no_items.get(&vm.heap));
        return Ok(list);
    }
    let items = vm.alloc(Kind::Items, capacity.saturating_add(FIRST))?;
    vm.heap.poke(vm.heap.get(list), ITEMS, vm.heap.get(items));
    vm.release(items.addr());
    Ok(list)
}

/// A list of the values in `count` consecutive slots, pushed.
pub fn from_slots(vm: &mut Vm, first: Local, count: u32) -> PyResult<Local> {
    let list = alloc(vm, count)?;
    let object = vm.heap.get(list);
    vm.heap.copy_slots(first, vm.heap.word(object, ITEMS), FIRST, count);
    set_len(&vm.heap, object, count);
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
    let items = heap.word(list, ITEMS);
    let len = heap.raw(items, LEN);
    let has_room = len + FIRST < heap.words(items);
    if has_room {
        heap.poke(items, len + FIRST, item);
        heap.poke_raw(items, LEN, len + 1);
    }
    has_room
}

/// The length of the list in a slot.
#[inline]
fn len_of(vm: &Vm, list: Local) -> u32 {
    len(&vm.heap, vm.heap.get(list))
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
    vm.print_each(this, out)?;
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
            let total = len_of(vm, lhs).saturating_add(len_of(vm, rhs));
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
    let count = len_of(vm, list);
    let Some(total) = count.checked_mul(times) else {
        return vm.alloc(Kind::Words, u32::MAX);
    };
    let result = alloc(vm, total)?;
    let heap = &vm.heap;
    let (from, object) = (heap.get(list), heap.get(result));
    items::fill(heap, from, count, heap.word(object, ITEMS), FIRST, times);
    set_len(heap, object, total);
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

fn store_item(vm: &mut Vm, this: Local, index: Local, value: Local) -> PyResult<()> {
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
        Some(Kind::List) => len_of(vm, iterable),
        Some(Kind::Tuple) => vm.heap.words(vm.heap.get(iterable)),
        _ => return vm.collect(iterable, list, push),
    };
    store::reserve(vm, list, more)?;
    let heap = &vm.heap;
    let object = heap.get(list);
    let (from, first, _) = items::storage(heap, heap.get(iterable));
    let len = len(heap, object);
    heap.copy_words(from, first, heap.word(object, ITEMS), FIRST + len, more);
    set_len(heap, object, len + more);
    Ok(())
}

fn insert(vm: &mut Vm, this: Local, index: Local, item: Local) -> PyResult<()> {
    let index = slice::position(vm, index, len_of(vm, this))?;
    store::reserve(vm, this, 1)?;
    let heap = &vm.heap;
    let object = heap.get(this);
    let (items, len) = (heap.word(object, ITEMS), len(heap, object));
    let at = FIRST + index.min(len);
    heap.copy_words(items, at, items, at + 1, FIRST + len - at);
    heap.poke(items, at, heap.get(item));
    set_len(heap, object, len + 1);
    Ok(())
}

fn pop(vm: &mut Vm, this: Local, index: Option<Local>) -> PyResult<Local> {
    let len = len_of(vm, this);
    if len == 0 {
        return Err(vm.raise(&super::exception::INDEX_ERROR, "pop from empty list"));
    }
    let index = match index {
        Some(index) => vm.to_index(index, len, "list")?,
        None => len - 1,
    };
    let items = vm.push_word(this, ITEMS)?;
    let item = vm.push_word(items, FIRST + index)?;
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
    store::reverse(heap, heap.word(object, ITEMS), FIRST, len(heap, object));
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
