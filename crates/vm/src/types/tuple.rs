//! `tuple`: immutable sequences; the object is its items.

use crate::types::int;
use crate::types::iterator::{self, Source};
use crate::types::list::items;
use crate::{Args, Arith, Compare, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Kind, Local};

crate::class! {
    /// Immutable sequence.
    pub static TUPLE = tuple (table::TUPLE) {
        slots {
            new: tuple_new, print: tuple_print, unary: items::unary, binary: tuple_binary,
            reverse: tuple_reverse, compare: tuple_compare, contains: items::contains,
            iter: tuple_iter, subscript: items::subscript,
        }
        /// How many items are equal to `item`.
        count = method (items::count, this, item),
        /// The index of the first item that is equal to `item`.
        index = method (items::index, this, item, start, stop),
    }
}

/// The empty tuple, pushed.
pub fn empty(vm: &mut Vm) -> PyResult<Local> {
    vm.alloc(Kind::Tuple, 0)
}

/// A tuple to be filled, pushed.
pub fn alloc(vm: &mut Vm, len: u32) -> PyResult<Local> {
    if len == 0 { empty(vm) } else { vm.alloc(Kind::Tuple, len) }
}

fn tuple_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let tuple = match args.pos(0) {
        Some(iterable) => vm.tuple_from(iterable)?,
        None => empty(vm)?,
    };
    vm.heap.set(args.ret, vm.heap.get(tuple));
    Ok(())
}

fn tuple_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"(")?;
    vm.print_each(this, out)?;
    let is_single = vm.heap.words(vm.heap.get(this)) == 1;
    vm.write(out, if is_single { b",)" } else { b")" })
}

fn tuple_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::Tuple, this)
}

/// A tuple of integers, pushed.
pub fn of_ints(vm: &mut Vm, items: &[i64]) -> PyResult<Local> {
    let made = alloc(vm, items.len() as u32)?;
    for (idx, item) in items.iter().enumerate() {
        let item = vm.alloc_int(*item)?;
        vm.heap.poke(vm.heap.get(made), idx as u32, vm.heap.get(item));
        vm.release(item.addr());
    }
    Ok(made)
}

/// A hash of the items' hashes and their order, pushed.
pub(in crate::types) fn hash(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let mark = vm.mark();
    let mut hash = 0x345_678_u32;
    let mut idx = 0;
    while let Some(item) = items::push_item(vm, this, idx)? {
        let part = vm.nested(|vm| vm.hash(item))?;
        hash = (hash ^ part).wrapping_mul(1_000_003).wrapping_add(idx);
        vm.release(mark);
        idx += 1;
    }
    vm.alloc_int(i64::from(hash as i32))
}

/// The tuple that a value is, or holds as the native part of a subclass.
fn opt_tuple(vm: &mut Vm, value: Local) -> PyResult<Option<Local>> {
    if vm.heap.is_kind(vm.heap.get(value), Kind::Tuple) {
        return Ok(Some(value));
    }
    vm.native_part(value, Kind::Tuple)
}

fn tuple_binary(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    match op {
        Arith::Add => {
            let Some(rhs) = opt_tuple(vm, rhs)? else {
                return Ok(None);
            };
            let words = |slot: Local| vm.heap.words(vm.heap.get(slot));
            let (n_lhs, n_rhs) = (words(lhs), words(rhs));
            let sum = alloc(vm, n_lhs.saturating_add(n_rhs))?;
            let heap = &vm.heap;
            heap.copy_words(heap.get(lhs), 0, heap.get(sum), 0, n_lhs);
            heap.copy_words(heap.get(rhs), 0, heap.get(sum), n_lhs, n_rhs);
            Ok(Some(sum))
        }
        Arith::Multiply if int::is_int(&vm.heap, vm.heap.get(rhs)) => {
            let times = items::times(vm, rhs)?;
            let count = vm.heap.words(vm.heap.get(lhs));
            let product = alloc(vm, count.saturating_mul(times))?;
            if count > 0 {
                items::fill(&vm.heap, vm.heap.get(lhs), count, vm.heap.get(product), 0, times);
            }
            Ok(Some(product))
        }
        _ => Ok(None),
    }
}

fn tuple_reverse(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    if op == Arith::Multiply { tuple_binary(vm, op, rhs, lhs) } else { Ok(None) }
}

fn tuple_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    match opt_tuple(vm, rhs)? {
        Some(rhs) => items::compare(vm, op, lhs, rhs).map(Some),
        None => Ok(None),
    }
}
