//! Sorting: a stable merge sort on storage that is detached from the list meanwhile.
//!
//! A comparison may run any Python code and move every object, so nothing is held across one but
//! slots; and whatever it does to the list, it cannot touch what is being sorted. At every
//! comparison one of the two buffers holds all items, so that an exception loses none.

use super::{FIRST, ITEMS, len_of, set_len, store};
use crate::{Compare, PyResult, Vm};
use octopy_heap::{Kind, Local};

/// Runs of so many items are sorted by insertion.
const RUN: u32 = 8;

/// What is being sorted: entries of one word (the item), or of two (its key, then the item).
#[derive(Clone, Copy)]
struct Sorting {
    /// The buffer that holds all entries.
    from: Local,
    /// The buffer for the next pass.
    to: Local,
    count: u32,
    stride: u32,
}

impl Sorting {
    /// The first word of an entry.
    fn word(&self, entry: u32) -> u32 {
        FIRST + entry * self.stride
    }
}

/// Sorts a list; equal items keep their order, also when reversed.
pub fn sort(vm: &mut Vm, list: Local, key: Option<Local>, reverse: bool) -> PyResult<()> {
    let count = len_of(vm, list);
    if count < 2 && key.is_none() {
        return Ok(());
    }
    let key = key.filter(|&key| !vm.heap.get(key).is_none());
    let mark = vm.mark();
    let items = vm.push_word(list, ITEMS)?;
    let stride = if key.is_some() { 2 } else { 1 };
    let words = count.saturating_mul(stride).saturating_add(FIRST);
    let to = vm.alloc(Kind::Items, words)?;
    let entries = match key {
        Some(_) => vm.alloc(Kind::Items, words)?,
        None => vm.copy(items)?,
    };
    // The list is empty while its items are sorted.
    let object = vm.heap.get(list);
    vm.heap.poke(object, ITEMS, vm.roots.no_items.get(&vm.heap));

    let mut sorting = Sorting { from: entries, to, count, stride };
    let res = run(vm, &mut sorting, items, key, reverse);
    let is_modified = len_of(vm, list) != 0;
    let heap = &vm.heap;
    let (object, storage) = (heap.get(list), heap.get(items));
    if stride == 1 {
        let from = heap.get(sorting.from);
        if from != storage {
            heap.copy_words(from, FIRST, storage, FIRST, count);
        }
    } else if res.is_ok() {
        for idx in 0..count {
            heap.poke(
                storage,
                FIRST + idx,
                heap.word(heap.get(sorting.from), sorting.word(idx) + 1),
            );
        }
    }
    if reverse && (stride == 1 || res.is_ok()) {
        store::reverse(heap, storage, FIRST, count);
    }
    heap.poke(object, ITEMS, storage);
    set_len(heap, object, count);
    vm.release(mark);
    if is_modified && res.is_ok() {
        return Err(vm.raise_value("list modified during sort"));
    }
    res
}

fn run(
    vm: &mut Vm,
    sorting: &mut Sorting,
    items: Local,
    key: Option<Local>,
    reverse: bool,
) -> PyResult<()> {
    let count = sorting.count;
    match key {
        Some(key) => {
            let mark = vm.mark();
            for idx in 0..count {
                let at = if reverse { count - 1 - idx } else { idx };
                let item = vm.push_word(items, FIRST + at)?;
                let made = vm.call(key, &[item])?;
                let entries = vm.heap.get(sorting.from);
                vm.heap.poke(entries, sorting.word(idx), vm.heap.get(made));
                vm.heap.poke(entries, sorting.word(idx) + 1, vm.heap.get(item));
                vm.release(mark);
            }
        }
        // Reversed before and after: equal items keep their order.
        None if reverse => store::reverse(&vm.heap, vm.heap.get(items), FIRST, count),
        None => {}
    }
    let mut start = 0;
    while start < count {
        insertion(vm, sorting, start, (start + RUN).min(count))?;
        start += RUN;
    }
    let mut width = RUN;
    while width < count {
        let mut start = 0;
        while start < count {
            let middle = start.saturating_add(width).min(count);
            let end = middle.saturating_add(width).min(count);
            merge(vm, sorting, start, middle, end)?;
            start = end;
        }
        core::mem::swap(&mut sorting.from, &mut sorting.to);
        width = width.saturating_mul(2);
    }
    Ok(())
}

/// Whether entry `a` is less than entry `b`.
fn less(vm: &mut Vm, sorting: &Sorting, a: u32, b: u32) -> PyResult<bool> {
    vm.stop_if_interrupted()?;
    let mark = vm.mark();
    let a = vm.push_word(sorting.from, sorting.word(a))?;
    let b = vm.push_word(sorting.from, sorting.word(b))?;
    let less = vm.ordered(Compare::Less, a, b)?;
    vm.release(mark);
    Ok(less)
}

/// Sorts a short run in place: each entry's place is found first, then room is made for it.
fn insertion(vm: &mut Vm, sorting: &Sorting, start: u32, end: u32) -> PyResult<()> {
    for at in start + 1..end {
        let mut place = at;
        // What is in order already costs one comparison.
        let (mut low, mut high) = (start, at);
        let mut middle = at - 1;
        while low < high {
            if less(vm, sorting, at, middle)? {
                high = middle;
                place = middle;
            } else {
                low = middle + 1;
            }
            middle = low + (high - low) / 2;
        }
        if place == at {
            continue;
        }
        let last = sorting.stride - 1;
        let heap = &vm.heap;
        let words = heap.get(sorting.from);
        let (from, to) = (sorting.word(at), sorting.word(place));
        let (first, second) = (heap.word(words, from), heap.word(words, from + last));
        heap.copy_words(words, to, words, sorting.word(place + 1), from - to);
        heap.poke(words, to, first);
        heap.poke(words, to + last, second);
    }
    Ok(())
}

/// Merges two sorted runs that stand side by side into the other buffer.
fn merge(vm: &mut Vm, sorting: &Sorting, start: u32, middle: u32, end: u32) -> PyResult<()> {
    let copy = |vm: &Vm, from: u32, to: u32, count: u32| {
        let (source, target) = (vm.heap.get(sorting.from), vm.heap.get(sorting.to));
        let (from, to) = (sorting.word(from), sorting.word(to));
        vm.heap.copy_words(source, from, target, to, count * sorting.stride);
    };
    if middle >= end || !less(vm, sorting, middle, middle - 1)? {
        copy(vm, start, start, end - start);
        return Ok(());
    }
    let (mut left, mut right, mut to) = (start, middle, start);
    while left < middle && right < end {
        let from = if less(vm, sorting, right, left)? { &mut right } else { &mut left };
        copy(vm, *from, to, 1);
        *from += 1;
        to += 1;
    }
    copy(vm, left, to, middle - left);
    copy(vm, right, to + middle - left, end - right);
    Ok(())
}
