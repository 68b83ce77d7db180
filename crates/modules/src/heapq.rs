//! `heapq`: a list as a queue by priority.

use octopy_vm::rom::Compare;
use octopy_vm::types::{exception, list};
use octopy_vm::{Kind, Local, PyResult, Vm, module, q};

module! {
    /// A list as a queue by priority: its first item is its least.
    pub static HEAPQ = heapq (crate::table::HEAPQ) {
        __name__ = name (heapq),
        /// Puts a list in order.
        heapify = function (heapify, heap),
        /// Takes the least item away.
        heappop = function (heappop, heap),
        /// Adds an item.
        heappush = function (heappush, heap, item),
    }
}

fn check_list(vm: &mut Vm, heap: Local) -> PyResult<()> {
    if vm.heap.is_kind(vm.heap.get(heap), Kind::List) {
        return Ok(());
    }
    Err(vm.raise_type("heap must be a list"))
}

fn len(vm: &Vm, heap: Local) -> u32 {
    list::len(&vm.heap, vm.heap.get(heap))
}

/// Item `idx`, pushed. A comparison may have shortened the list.
fn item(vm: &mut Vm, heap: Local, idx: u32) -> PyResult<Local> {
    if idx >= len(vm, heap) {
        return Err(vm.raise(&exception::RUNTIME_ERROR, "list changed size"));
    }
    let items = vm.push_word(heap, list::ITEMS)?;
    vm.push_word(items, list::FIRST + idx)
}

fn set_item(vm: &mut Vm, heap: Local, idx: u32, value: Local) {
    if idx < len(vm, heap) {
        list::set_item(&vm.heap, vm.heap.get(heap), idx, vm.heap.get(value));
    }
}

fn is_less(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<bool> {
    vm.stop_if_interrupted()?;
    vm.ordered(Compare::Less, lhs, rhs)
}

/// Moves the item at `idx` up to its place.
fn sift_up(vm: &mut Vm, heap: Local, start: u32, mut idx: u32) -> PyResult<()> {
    let value = item(vm, heap, idx)?;
    let mark = vm.mark();
    while idx > start {
        let above = (idx - 1) / 2;
        let parent = item(vm, heap, above)?;
        if !is_less(vm, value, parent)? {
            break;
        }
        set_item(vm, heap, idx, parent);
        idx = above;
        vm.release(mark);
    }
    set_item(vm, heap, idx, value);
    Ok(())
}

/// Moves the item at `start` down to its place.
fn sift_down(vm: &mut Vm, heap: Local, start: u32) -> PyResult<()> {
    let end = len(vm, heap);
    let value = item(vm, heap, start)?;
    let mark = vm.mark();
    let mut idx = start;
    loop {
        let mut child = 2 * idx + 1;
        if child >= end {
            break;
        }
        let mut least = item(vm, heap, child)?;
        if child + 1 < end {
            let right = item(vm, heap, child + 1)?;
            if !is_less(vm, least, right)? {
                child += 1;
                least = right;
            }
        }
        set_item(vm, heap, idx, least);
        idx = child;
        vm.release(mark);
    }
    set_item(vm, heap, idx, value);
    sift_up(vm, heap, start, idx)
}

fn heappush(vm: &mut Vm, heap: Local, item: Local) -> PyResult<()> {
    check_list(vm, heap)?;
    list::push(vm, heap, item)?;
    let last = len(vm, heap) - 1;
    sift_up(vm, heap, 0, last)
}

fn heappop(vm: &mut Vm, heap: Local) -> PyResult<Local> {
    check_list(vm, heap)?;
    let count = len(vm, heap);
    if count == 0 {
        return Err(vm.raise(&exception::INDEX_ERROR, "empty heap"));
    }
    let first = item(vm, heap, 0)?;
    let pop = vm.attr(heap, q::pop)?;
    let last = vm.call(pop, &[])?;
    if count > 1 {
        set_item(vm, heap, 0, last);
        sift_down(vm, heap, 0)?;
    }
    Ok(first)
}

fn heapify(vm: &mut Vm, heap: Local) -> PyResult<()> {
    check_list(vm, heap)?;
    for idx in (0..len(vm, heap) / 2).rev() {
        let mark = vm.mark();
        sift_down(vm, heap, idx)?;
        vm.release(mark);
    }
    Ok(())
}
