//! Set operations: union, intersection, difference, and their comparisons.

use super::{STORAGE, USED, add, alloc, clear, discard, has, len, next_member};
use crate::{Arith, Compare, PyResult, Vm};
use octopy_heap::{Kind, Local};

fn is_set(vm: &Vm, value: Local) -> bool {
    matches!(vm.heap.kind(vm.heap.get(value)), Some(Kind::Set | Kind::FrozenSet))
}

/// The set that a value is, or holds as the native part of a subclass.
fn opt_set(vm: &mut Vm, value: Local) -> PyResult<Option<Local>> {
    if is_set(vm, value) {
        return Ok(Some(value));
    }
    match vm.native_part(value, Kind::Set)? {
        Some(set) => Ok(Some(set)),
        None => vm.native_part(value, Kind::FrozenSet),
    }
}

/// The value if it is a set, else a set of its items.
fn as_set(vm: &mut Vm, value: Local) -> PyResult<Local> {
    if let Some(set) = opt_set(vm, value)? {
        return Ok(set);
    }
    let set = alloc(vm, Kind::Set)?;
    add_all(vm, set, value)?;
    Ok(set)
}

/// A copy of the same kind, pushed.
pub(super) fn clone(vm: &mut Vm, set: Local) -> PyResult<Local> {
    let kind = vm.heap.kind(vm.heap.get(set)).unwrap_or(Kind::Set);
    let copy = alloc(vm, kind)?;
    let storage = vm.push_word(set, STORAGE)?;
    if !vm.heap.get(storage).is_null() {
        let places = vm.heap.words(vm.heap.get(storage));
        let fresh = vm.alloc(Kind::Words, places)?;
        let heap = &vm.heap;
        let (from, to) = (heap.get(set), heap.get(copy));
        heap.copy_words(heap.get(storage), 0, heap.get(fresh), 0, places);
        heap.poke(to, STORAGE, heap.get(fresh));
        heap.poke_raw(to, super::LIVE, len(heap, from));
        heap.poke_raw(to, USED, super::used(heap, from));
    }
    vm.release(storage.addr());
    Ok(copy)
}

/// Adds the items of an iterable.
pub(super) fn add_all(vm: &mut Vm, set: Local, other: Local) -> PyResult<()> {
    // Adding to what is iterated over would not end well.
    if vm.heap.get(set) == vm.heap.get(other) {
        return Ok(());
    }
    vm.collect(other, set, |vm, set, item| add(vm, set, item).map(|_| ()))
}

/// Removes the items of an iterable.
pub(super) fn remove_all(vm: &mut Vm, set: Local, other: Local) -> PyResult<()> {
    if vm.heap.get(set) == vm.heap.get(other) {
        return clear(vm, set);
    }
    vm.for_each(other, |vm, item| discard(vm, set, item).map(|_| ()))
}

/// Removes the members that are not in an iterable.
pub(super) fn keep_all(vm: &mut Vm, set: Local, other: Local) -> PyResult<()> {
    let other = as_set(vm, other)?;
    let members = vm.list_from(set)?;
    vm.for_each(members, |vm, item| {
        if !has(vm, other, item)? {
            discard(vm, set, item)?;
        }
        Ok(())
    })
}

/// Whether all members of `set` are in the set `other`.
fn is_within(vm: &mut Vm, set: Local, other: Local) -> PyResult<bool> {
    if len(&vm.heap, vm.heap.get(set)) > len(&vm.heap, vm.heap.get(other)) {
        return Ok(false);
    }
    let mark = vm.mark();
    let mut at = 0;
    loop {
        vm.stop_if_interrupted()?;
        let (step, member) = next_member(vm, set, at)?;
        let Some(member) = member else { return Ok(true) };
        let found = has(vm, other, member)?;
        vm.release(mark);
        if !found {
            return Ok(false);
        }
        at += step;
    }
}

pub(super) fn isdisjoint(vm: &mut Vm, this: Local, other: Local) -> PyResult<bool> {
    let iterator = vm.iter(other)?;
    let mark = vm.mark();
    while let Some(item) = vm.next(iterator)? {
        if has(vm, this, item)? {
            return Ok(false);
        }
        vm.release(mark);
    }
    Ok(true)
}

pub(super) fn issubset(vm: &mut Vm, this: Local, other: Local) -> PyResult<bool> {
    let other = as_set(vm, other)?;
    is_within(vm, this, other)
}

pub(super) fn issuperset(vm: &mut Vm, this: Local, other: Local) -> PyResult<bool> {
    let other = as_set(vm, other)?;
    is_within(vm, other, this)
}

pub(super) fn symmetric_difference(vm: &mut Vm, this: Local, other: Local) -> PyResult<Local> {
    let result = clone(vm, this)?;
    symmetric_difference_update(vm, result, other)?;
    Ok(result)
}

pub(super) fn symmetric_difference_update(vm: &mut Vm, this: Local, other: Local) -> PyResult<()> {
    if vm.heap.get(this) == vm.heap.get(other) {
        return clear(vm, this);
    }
    // As a set, so that items that come twice count once.
    let other = as_set(vm, other)?;
    vm.for_each(other, |vm, item| {
        if !discard(vm, this, item)? {
            add(vm, this, item)?;
        }
        Ok(())
    })
}

/// Applies the operator to `this` itself; false if there is no such operator for sets.
fn apply(vm: &mut Vm, op: Arith, this: Local, other: Local) -> PyResult<bool> {
    match op {
        Arith::Or => add_all(vm, this, other)?,
        Arith::And => keep_all(vm, this, other)?,
        Arith::Subtract => remove_all(vm, this, other)?,
        Arith::Xor => symmetric_difference_update(vm, this, other)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn is_operator(op: Arith) -> bool {
    matches!(op, Arith::Or | Arith::And | Arith::Subtract | Arith::Xor)
}

pub(super) fn set_binary(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    if !is_operator(op) {
        return Ok(None);
    }
    let Some(rhs) = opt_set(vm, rhs)? else { return Ok(None) };
    let result = clone(vm, lhs)?;
    apply(vm, op, result, rhs)?;
    Ok(Some(result))
}

pub(super) fn set_inplace(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    if !is_operator(op) {
        return Ok(None);
    }
    let Some(rhs) = opt_set(vm, rhs)? else { return Ok(None) };
    Ok(if apply(vm, op, lhs, rhs)? { Some(lhs) } else { None })
}

pub(super) fn set_compare(
    vm: &mut Vm,
    op: Compare,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<bool>> {
    let Some(rhs) = opt_set(vm, rhs)? else { return Ok(None) };
    let (a, b) = (len(&vm.heap, vm.heap.get(lhs)), len(&vm.heap, vm.heap.get(rhs)));
    let result = match op {
        Compare::Equal => a == b && is_within(vm, lhs, rhs)?,
        Compare::LessEqual => is_within(vm, lhs, rhs)?,
        Compare::Less => a < b && is_within(vm, lhs, rhs)?,
        Compare::MoreEqual => is_within(vm, rhs, lhs)?,
        Compare::More => b < a && is_within(vm, rhs, lhs)?,
    };
    Ok(Some(result))
}
