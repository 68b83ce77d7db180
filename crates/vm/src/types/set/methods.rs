//! The slots and methods of `set` and `frozenset`.

use super::{add, algebra, alloc, clear, discard, has, len, next_member, remove};
use crate::types::exception;
use crate::types::iterator::{self, Source};
use crate::{Args, Out, PrintKind, PyResult, Rest, UnaryOp, Vm, table};
use octopy_heap::{Kind, Local, Value};

crate::class! {
    /// Mutable set.
    pub static SET = set (table::SET) {
        slots {
            new: set_new, print: set_print, unary: set_unary, binary: algebra::set_binary,
            inplace: algebra::set_inplace, compare: algebra::set_compare, contains: has,
            iter: set_iter,
        }
        /// `item in this`
        __contains__ = method (has, this, item),
        /// Adds a member.
        add = method (add_method, this, item),
        /// Removes all members.
        clear = method (clear, this),
        /// A copy of the set.
        copy = method (copy, this),
        /// The members that are in none of the iterables.
        difference = method (difference, this, ..),
        /// Removes the members of the iterables.
        difference_update = method (difference_update, this, ..),
        /// Removes a member if it is one.
        discard = method (discard_method, this, item),
        /// The members that are in all of the iterables.
        intersection = method (intersection, this, ..),
        /// Keeps only the members of all the iterables.
        intersection_update = method (intersection_update, this, ..),
        /// Whether no member is in the iterable.
        isdisjoint = method (algebra::isdisjoint, this, other),
        /// Whether every member is in the iterable.
        issubset = method (algebra::issubset, this, other),
        /// Whether everything in the iterable is a member.
        issuperset = method (algebra::issuperset, this, other),
        /// Removes any member and returns it.
        pop = method (pop, this),
        /// Removes a member.
        remove = method (remove_method, this, item),
        /// What is in one of the two only.
        symmetric_difference = method (algebra::symmetric_difference, this, other),
        /// Keeps what is in one of the two only.
        symmetric_difference_update = method (algebra::symmetric_difference_update, this, other),
        /// What is in this or in any of the iterables.
        union = method (union, this, ..),
        /// Adds everything in the iterables.
        update = method (update, this, ..),
    }
}

crate::class! {
    /// Immutable set.
    pub static FROZENSET = frozenset (table::FROZENSET) {
        slots {
            new: frozenset_new, print: set_print, unary: set_unary, binary: algebra::set_binary,
            compare: algebra::set_compare, contains: has, iter: set_iter,
        }
        /// `item in this`
        __contains__ = method (has, this, item),
        /// The set itself.
        copy = method (copy, this),
        /// The members that are in none of the iterables.
        difference = method (difference, this, ..),
        /// The members that are in all of the iterables.
        intersection = method (intersection, this, ..),
        /// Whether no member is in the iterable.
        isdisjoint = method (algebra::isdisjoint, this, other),
        /// Whether every member is in the iterable.
        issubset = method (algebra::issubset, this, other),
        /// Whether everything in the iterable is a member.
        issuperset = method (algebra::issuperset, this, other),
        /// What is in one of the two only.
        symmetric_difference = method (algebra::symmetric_difference, this, other),
        /// What is in this or in any of the iterables.
        union = method (union, this, ..),
    }
}

fn new(vm: &mut Vm, kind: Kind, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let set = alloc(vm, kind)?;
    if let Some(iterable) = args.pos(0) {
        algebra::add_all(vm, set, iterable)?;
    }
    vm.heap.set(args.ret, vm.heap.get(set));
    Ok(())
}

fn set_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    new(vm, Kind::Set, args)
}

fn frozenset_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    if let Some(set) = args.pos(0)
        && args.n_pos == 1
        && vm.heap.is_kind(vm.heap.get(set), Kind::FrozenSet)
    {
        vm.heap.set(args.ret, vm.heap.get(set));
        return Ok(());
    }
    new(vm, Kind::FrozenSet, args)
}

fn set_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let object = vm.heap.get(this);
    let is_frozen = vm.heap.is_kind(object, Kind::FrozenSet);
    let is_empty = len(&vm.heap, object) == 0;
    if is_frozen {
        vm.write(out, b"frozenset(")?;
    } else if is_empty {
        return vm.write(out, b"set()");
    }
    if !is_empty {
        vm.write(out, b"{")?;
        vm.print_each(this, out)?;
        vm.write(out, b"}")?;
    }
    if is_frozen { vm.write(out, b")") } else { Ok(()) }
}

fn set_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let object = vm.heap.get(this);
    let live = len(&vm.heap, object);
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(live > 0)).map(Some),
        UnaryOp::Len => vm.alloc_int(i64::from(live)).map(Some),
        UnaryOp::Hash if vm.heap.is_kind(object, Kind::FrozenSet) => hash(vm, this).map(Some),
        _ => Ok(None),
    }
}

/// A hash that does not depend on the order of the members, pushed.
fn hash(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let mut hash = len(&vm.heap, vm.heap.get(this)).wrapping_mul(1_927_868_237);
    let mark = vm.mark();
    let mut at = 0;
    loop {
        let (step, member) = next_member(vm, this, at)?;
        let Some(member) = member else { break };
        let part = vm.nested(|vm| vm.hash(member))?;
        hash ^= (part ^ 89_869_747 ^ part << 16).wrapping_mul(3_644_798_167);
        vm.release(mark);
        at += step;
    }
    vm.release(mark);
    vm.alloc_int(i64::from(hash as i32))
}

fn set_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::Set, this)
}

fn add_method(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    add(vm, this, item).map(|_| ())
}

fn discard_method(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    discard(vm, this, item).map(|_| ())
}

fn remove_method(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    if discard(vm, this, item)? {
        return Ok(());
    }
    Err(vm.raise_with(&exception::KEY_ERROR, item)?)
}

fn copy(vm: &mut Vm, this: Local) -> PyResult<Local> {
    if vm.heap.is_kind(vm.heap.get(this), Kind::FrozenSet) {
        return Ok(this);
    }
    algebra::clone(vm, this)
}

fn pop(vm: &mut Vm, this: Local) -> PyResult<Local> {
    if super::is_busy(vm, this) {
        return Err(vm.raise_changed());
    }
    if len(&vm.heap, vm.heap.get(this)) == 0 {
        return Err(vm.raise(&exception::KEY_ERROR, "pop from an empty set"));
    }
    let start = super::finger(&vm.heap, vm.heap.get(this));
    let (start, (step, member)) = match next_member(vm, this, start)? {
        (_, None) => (0, next_member(vm, this, 0)?),
        found => (start, found),
    };
    let Some(member) = member else { return Err(vm.bug("set without members")) };
    let place = start + step - 1;
    remove(&vm.heap, vm.heap.get(this), place);
    super::set_finger(&vm.heap, vm.heap.get(this), place);
    Ok(member)
}

/// Applies an in-place operation for each of the arguments.
fn for_each(
    vm: &mut Vm,
    this: Local,
    others: Args,
    apply: fn(&mut Vm, Local, Local) -> PyResult<()>,
) -> PyResult<()> {
    let mark = vm.mark();
    for idx in 0..others.n_pos {
        if let Some(other) = others.pos(idx) {
            apply(vm, this, other)?;
        }
        vm.release(mark);
    }
    Ok(())
}

fn difference(vm: &mut Vm, this: Local, others: Rest) -> PyResult<Local> {
    let result = algebra::clone(vm, this)?;
    for_each(vm, result, others.0, algebra::remove_all)?;
    Ok(result)
}

fn difference_update(vm: &mut Vm, this: Local, others: Rest) -> PyResult<()> {
    for_each(vm, this, others.0, algebra::remove_all)
}

fn intersection(vm: &mut Vm, this: Local, others: Rest) -> PyResult<Local> {
    let result = algebra::clone(vm, this)?;
    for_each(vm, result, others.0, algebra::keep_all)?;
    Ok(result)
}

fn intersection_update(vm: &mut Vm, this: Local, others: Rest) -> PyResult<()> {
    for_each(vm, this, others.0, algebra::keep_all)
}

fn union(vm: &mut Vm, this: Local, others: Rest) -> PyResult<Local> {
    let result = algebra::clone(vm, this)?;
    for_each(vm, result, others.0, algebra::add_all)?;
    Ok(result)
}

fn update(vm: &mut Vm, this: Local, others: Rest) -> PyResult<()> {
    for_each(vm, this, others.0, algebra::add_all)
}
