//! What lists and tuples share: both are a run of words and a length.
//!
//! Everything here looks at the run anew after each call into Python, which may have changed it.

use crate::types::slice::{self, Bounds};
use crate::types::{list, tuple};
use crate::{Compare, PyResult, UnaryOp, Vm};
use octopy_heap::{Heap, Kind, Local, Value};

/// The object whose words the items are, which of them is the first, and how many there are.
#[inline]
pub(in crate::types) fn storage<'h>(heap: &'h Heap, this: Value<'h>) -> (Value<'h>, u32, u32) {
    if heap.is_kind(this, Kind::List) {
        (heap.word(this, list::ITEMS), list::FIRST, list::len(heap, this))
    } else {
        (this, 0, heap.words(this))
    }
}

/// Item `idx`, pushed; `None` if there are not so many.
#[inline]
pub(in crate::types) fn push_item(vm: &mut Vm, this: Local, idx: u32) -> PyResult<Option<Local>> {
    let (words, first, len) = storage(&vm.heap, vm.heap.get(this));
    if idx >= len {
        return Ok(None);
    }
    match vm.heap.push(vm.heap.word(words, first + idx)) {
        Ok(slot) => Ok(Some(slot)),
        Err(_) => Err(vm.raise_recursion()),
    }
}

pub(in crate::types) fn unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let (_, _, len) = storage(&vm.heap, vm.heap.get(this));
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(len > 0)).map(Some),
        UnaryOp::Len => vm.alloc_int(i64::from(len)).map(Some),
        UnaryOp::Hash if vm.heap.is_kind(vm.heap.get(this), Kind::Tuple) => {
            tuple::hash(vm, this).map(Some)
        }
        _ => Ok(None),
    }
}

/// The index of the first item from `start` to before `stop` that is equal.
pub(in crate::types) fn find(
    vm: &mut Vm,
    this: Local,
    item: Local,
    start: u32,
    stop: u32,
) -> PyResult<Option<u32>> {
    let mark = vm.mark();
    let mut idx = start;
    while idx < stop {
        vm.stop_if_interrupted()?;
        let Some(candidate) = push_item(vm, this, idx)? else { break };
        let equal = vm.equal(candidate, item)?;
        vm.release(mark);
        if equal {
            return Ok(Some(idx));
        }
        idx += 1;
    }
    Ok(None)
}

pub(in crate::types) fn contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    Ok(find(vm, this, item, 0, u32::MAX)?.is_some())
}

/// `this.count(item)`
pub(in crate::types) fn count(vm: &mut Vm, this: Local, item: Local) -> PyResult<u32> {
    let (mut count, mut start) = (0, 0);
    while let Some(idx) = find(vm, this, item, start, u32::MAX)? {
        count += 1;
        start = idx + 1;
    }
    Ok(count)
}

/// `this.index(item, start, stop)`
pub(in crate::types) fn index(
    vm: &mut Vm,
    this: Local,
    item: Local,
    start: Option<Local>,
    stop: Option<Local>,
) -> PyResult<u32> {
    let (_, _, len) = storage(&vm.heap, vm.heap.get(this));
    let start = match start {
        Some(start) => slice::position(vm, start, len)?,
        None => 0,
    };
    let stop = match stop {
        Some(stop) => slice::position(vm, stop, len)?,
        None => len,
    };
    match find(vm, this, item, start, stop)? {
        Some(idx) => Ok(idx),
        None => Err(raise_not_in(vm)),
    }
}

#[cold]
pub(in crate::types) fn raise_not_in(vm: &mut Vm) -> crate::Raised {
    vm.raise_value("object not in sequence")
}

/// Compares item by item, then by length.
pub(in crate::types) fn compare(
    vm: &mut Vm,
    op: Compare,
    lhs: Local,
    rhs: Local,
) -> PyResult<bool> {
    let lengths = |vm: &Vm| {
        let (_, _, a) = storage(&vm.heap, vm.heap.get(lhs));
        let (_, _, b) = storage(&vm.heap, vm.heap.get(rhs));
        (a, b)
    };
    let (a, b) = lengths(vm);
    if op == Compare::Equal && a != b {
        return Ok(false);
    }
    let mark = vm.mark();
    let mut idx = 0;
    while let (Some(a), Some(b)) = (push_item(vm, lhs, idx)?, push_item(vm, rhs, idx)?) {
        vm.stop_if_interrupted()?;
        if !vm.equal(a, b)? {
            return if op == Compare::Equal { Ok(false) } else { vm.ordered(op, a, b) };
        }
        vm.release(mark);
        idx += 1;
    }
    let (a, b) = lengths(vm);
    Ok(op.holds(a.cmp(&b)))
}

/// How often an integer says to repeat: negative numbers are 0, large ones the most there is, and
/// what is no machine word is an OverflowError.
pub(in crate::types) fn times(vm: &mut Vm, count: Local) -> PyResult<u32> {
    let count = vm.to_i64(count)?.max(0);
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Fills `to` from its word `at` on with the `count` items of a list or tuple, so many times over.
pub(in crate::types) fn fill(
    heap: &Heap,
    this: Value<'_>,
    count: u32,
    to: Value<'_>,
    at: u32,
    times: u32,
) {
    if count == 0 {
        return;
    }
    let (from, first, _) = storage(heap, this);
    if count == 1 {
        let word = heap.word(from, first);
        for idx in 0..times {
            heap.poke(to, at + idx, word);
        }
        return;
    }
    for time in 0..times {
        heap.copy_words(from, first, to, at + time * count, count);
    }
}

/// `this[index]`, an item or (of a slice) a list or tuple.
pub(in crate::types) fn subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    let is_list = vm.heap.is_kind(vm.heap.get(this), Kind::List);
    if vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        let (_, _, len) = storage(&vm.heap, vm.heap.get(this));
        let bounds = slice::bounds(vm, index, len)?;
        return if is_list { list_slice(vm, this, bounds) } else { tuple_slice(vm, this, bounds) };
    }
    let (_, _, len) = storage(&vm.heap, vm.heap.get(this));
    let idx = vm.to_index(index, len, if is_list { "list" } else { "tuple" })?;
    match push_item(vm, this, idx)? {
        Some(item) => Ok(item),
        None => Err(vm.bug("index")),
    }
}

fn list_slice(vm: &mut Vm, this: Local, bounds: Bounds) -> PyResult<Local> {
    let result = list::alloc(vm, bounds.count)?;
    let object = vm.heap.get(result);
    let to = vm.heap.word(object, list::ITEMS);
    pick(&vm.heap, vm.heap.get(this), bounds, to, list::FIRST);
    list::set_len(&vm.heap, object, bounds.count);
    Ok(result)
}

fn tuple_slice(vm: &mut Vm, this: Local, bounds: Bounds) -> PyResult<Local> {
    if bounds.count == vm.heap.words(vm.heap.get(this)) && bounds.step == 1 {
        return vm.copy(this);
    }
    let result = tuple::alloc(vm, bounds.count)?;
    pick(&vm.heap, vm.heap.get(this), bounds, vm.heap.get(result), 0);
    Ok(result)
}

/// Copies the items of a slice to words from `at` on.
fn pick(heap: &Heap, this: Value<'_>, bounds: Bounds, to: Value<'_>, at: u32) {
    let (from, first, _) = storage(heap, this);
    if bounds.step == 1 {
        heap.copy_words(from, first + bounds.start, to, at, bounds.count);
        return;
    }
    for (idx, place) in bounds.places().enumerate() {
        heap.init(to, at + idx as u32, heap.word(from, first + place));
    }
}
