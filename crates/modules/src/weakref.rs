//! `weakref`: references that keep nothing alive.
//!
//! Layout of both types: NativeState with type; raw: number of the pair in the heap's table of weak
//! references plus 1 (0: dead), positional and keyword arguments; values: the callback, then the
//! arguments. The pair is (what is referred to, this object); the table keeps neither alive. What
//! must not be lost before its target, a `finalize`, is in a second table as well, at the same
//! number.
//!
//! Callbacks run where a program notices that something is gone: in `gc.collect()`, and between two
//! instructions after an automatic collection of everything.

use crate::{kept, table};
use octopy_vm::types::tuple;
use octopy_vm::{Args, Kind, Local, Out, PyResult, Table, Value, Vm, class, module};

module! {
    /// References that keep nothing alive.
    pub static WEAKREF = weakref (table::WEAKREF) {
        __name__ = name (weakref),
        /// Calls a function when an object is gone.
        finalize = value (FINALIZE.value()),
        /// Refers to an object as long as something else does.
        ref_ = value (REF.value()),
    }
}

class! {
    /// Refers to an object as long as something else does; calling it gives the object, or None.
    pub static REF = ref_ (table::WEAK_REF) {
        slots { new: ref_new, call: ref_call }
    }
}

class! {
    /// Calls a function when an object is gone, once.
    pub static FINALIZE = finalize (table::WEAK_FINALIZE) {
        slots { new: finalize_new, call: finalize_call }
        /// Whether the object is there and the function has not been called.
        alive = property (alive, this),
        /// The object, the function and its arguments, and the function is not called any more;
        /// None if it has been called.
        detach = method (detach, this),
        /// The object, the function and its arguments; None if it has been called.
        peek = method (peek, this),
    }
}

const TYPE: u32 = 0;
const PAIR: u32 = 1;
const N_POS: u32 = 2;
const N_KW: u32 = 3;
const CALLBACK: u32 = 4;
const ARGUMENTS: u32 = 5;

/// Pairs that the tables have room for at first.
const FIRST: u32 = 8;

fn ref_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 2)?;
    let none = Args { n_pos: 0, ..args };
    let made = make(vm, args.base, args.pos(1), none, &REF)?;
    vm.heap.set(args.ret, vm.heap.get(made));
    Ok(())
}

fn finalize_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    let positional = Args { n_kw: 0, ..args };
    vm.check_args(&positional, 2, u16::MAX)?;
    let made = make(vm, args.base, args.pos(1), args.skip(2), &FINALIZE)?;
    vm.heap.set(args.ret, vm.heap.get(made));
    Ok(())
}

/// A weak reference, pushed.
fn make(
    vm: &mut Vm,
    target: Local,
    callback: Option<Local>,
    arguments: Args,
    class: &'static octopy_vm::Table,
) -> PyResult<Local> {
    let look = vm.heap.get(target);
    // COMPAT: the empty tuple is no object of the heap in MicroPython.
    let is_empty = vm.heap.is_kind(look, Kind::Tuple) && vm.heap.words(look) == 0;
    if !look.is_ref() || is_empty {
        return Err(vm.raise_type("not a heap object"));
    }
    let count = u32::from(arguments.n_pos) + 2 * u32::from(arguments.n_kw);
    let made = vm.alloc(Kind::NativeState, ARGUMENTS + count)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(class.id));
    vm.heap.poke_raw(object, N_POS, u32::from(arguments.n_pos));
    vm.heap.poke_raw(object, N_KW, u32::from(arguments.n_kw));
    match callback {
        Some(callback) => vm.heap.poke(object, CALLBACK, vm.heap.get(callback)),
        None => vm.heap.poke_immediate(object, CALLBACK, Value::NONE),
    }
    for idx in 0..count {
        let argument = vm.heap.get(arguments.base.offset(idx));
        vm.heap.poke(object, ARGUMENTS + idx, argument);
    }
    let mark = vm.mark();
    let pair = free_pair(vm)?;
    if let Some(weak) = vm.heap.weak_table() {
        vm.heap.poke(weak, 2 * pair, vm.heap.get(target));
        vm.heap.poke(weak, 2 * pair + 1, vm.heap.get(made));
    }
    if class.id == FINALIZE.id {
        let strong = kept::load(vm, kept::FINALIZERS)?;
        vm.heap.poke(vm.heap.get(strong), pair, vm.heap.get(made));
    }
    vm.heap.poke_raw(vm.heap.get(made), PAIR, pair + 1);
    vm.release(mark);
    Ok(made)
}

/// Whether a holder is of this type. Its number is in the lower half of the word, and the object's
/// identity in the upper one.
fn is_of(vm: &Vm, holder: Value<'_>, class: &Table) -> bool {
    vm.heap.raw(holder, TYPE) as u16 == class.id
}

/// How many pairs there is room for.
fn pairs(vm: &Vm) -> u32 {
    vm.heap.weak_table().map_or(0, |weak| vm.heap.words(weak) / 2)
}

/// The number of a pair that nobody has; the tables grow if there is none.
///
/// The last word of the second table says from where on to look first, so that making many does not
/// look at all of them each time.
fn free_pair(vm: &mut Vm) -> PyResult<u32> {
    let count = pairs(vm);
    let first = if count > 0 { hint(vm, count)? } else { 0 };
    if let Some(weak) = vm.heap.weak_table() {
        let is_free = |pair: &u32| vm.heap.word(weak, 2 * pair + 1).is_null();
        // COMPAT: the newest has the highest number, as long as pairs are not used again.
        if let Some(pair) = (first..count).find(is_free).or_else(|| (0..first).find(is_free)) {
            set_hint(vm, count, pair + 1)?;
            return Ok(pair);
        }
    }
    let grown = (count * 2).max(FIRST);
    let strong = vm.alloc(Kind::Words, grown + 1)?;
    let weak = vm.alloc(Kind::Words, 2 * grown)?;
    if count > 0 {
        let old = kept::load(vm, kept::FINALIZERS)?;
        vm.heap.copy_words(vm.heap.get(old), 0, vm.heap.get(strong), 0, count);
    }
    kept::store(vm, kept::FINALIZERS, strong)?;
    if let Some(old) = vm.heap.weak_table() {
        vm.heap.copy_words(old, 0, vm.heap.get(weak), 0, 2 * count);
    }
    vm.heap.set_weak_table(weak).map_err(|error| vm.raise_memory(error))?;
    set_hint(vm, grown, count + 1)?;
    Ok(count)
}

/// Where the search for a free pair begins, of tables of so many pairs.
fn hint(vm: &mut Vm, count: u32) -> PyResult<u32> {
    let mark = vm.mark();
    let strong = kept::load(vm, kept::FINALIZERS)?;
    let hint = vm.heap.word(vm.heap.get(strong), count).as_small().unwrap_or(0);
    vm.release(mark);
    Ok((hint as u32).min(count))
}

fn set_hint(vm: &mut Vm, count: u32, pair: u32) -> PyResult<()> {
    let mark = vm.mark();
    let strong = kept::load(vm, kept::FINALIZERS)?;
    let hint = Value::small(pair as i32).unwrap_or(Value::NULL);
    vm.heap.poke_immediate(vm.heap.get(strong), count, hint);
    vm.release(mark);
    Ok(())
}

/// What a weak reference refers to; `None` if it is gone, or does not matter any more.
fn target<'a>(vm: &'a Vm, this: Local) -> Option<Value<'a>> {
    let pair = vm.heap.raw(vm.heap.get(this), PAIR).checked_sub(1)?;
    let target = vm.heap.word(vm.heap.weak_table()?, 2 * pair);
    (!target.is_null()).then_some(target)
}

/// Makes a weak reference dead: its pair is free.
fn end(vm: &mut Vm, this: Local) -> PyResult<()> {
    let object = vm.heap.get(this);
    let Some(pair) = vm.heap.raw(object, PAIR).checked_sub(1) else { return Ok(()) };
    vm.heap.poke_raw(object, PAIR, 0);
    if let Some(weak) = vm.heap.weak_table() {
        vm.heap.poke_immediate(weak, 2 * pair, Value::NULL);
        vm.heap.poke_immediate(weak, 2 * pair + 1, Value::NULL);
    }
    let mark = vm.mark();
    let strong = kept::load(vm, kept::FINALIZERS)?;
    vm.heap.poke_immediate(vm.heap.get(strong), pair, Value::NULL);
    vm.release(mark);
    let count = pairs(vm);
    let first = hint(vm, count)?.min(pair);
    set_hint(vm, count, first)
}

fn ref_call(vm: &mut Vm, this: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 0)?;
    let target = target(vm, this).unwrap_or(Value::NONE);
    vm.heap.set(args.ret, target);
    Ok(())
}

fn finalize_call(vm: &mut Vm, this: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 0)?;
    if target(vm, this).is_none() {
        vm.heap.set(args.ret, Value::NONE);
        return Ok(());
    }
    let this = vm.copy(this)?;
    end(vm, this)?;
    let result = call_back(vm, this)?;
    vm.heap.set(args.ret, vm.heap.get(result));
    Ok(())
}

/// Calls the callback of a weak reference; the result is pushed.
fn call_back(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let callback = vm.push_word(this, CALLBACK)?;
    let object = vm.heap.get(this);
    if is_of(vm, object, &REF) {
        if vm.heap.get(callback).is_none() {
            return Ok(callback);
        }
        return vm.call(callback, &[this]);
    }
    let (n_pos, n_kw) = (vm.heap.raw(object, N_POS) as u16, vm.heap.raw(object, N_KW) as u16);
    let base = Local::at(vm.mark());
    for idx in 0..u32::from(n_pos) + 2 * u32::from(n_kw) {
        vm.push_word(this, ARGUMENTS + idx)?;
    }
    vm.call_with(callback, None, Args { ret: callback, base, n_pos, n_kw })
}

fn alive(vm: &mut Vm, this: Local) -> PyResult<bool> {
    Ok(target(vm, this).is_some())
}

fn peek(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let first = vm.push(Value::NONE)?;
    let Some(target) = target(vm, this) else { return Ok(first) };
    vm.heap.set(first, target);
    vm.push_word(this, CALLBACK)?;
    let object = vm.heap.get(this);
    let (n_pos, n_kw) = (vm.heap.raw(object, N_POS), vm.heap.raw(object, N_KW));
    let positional = tuple::alloc(vm, n_pos)?;
    for idx in 0..n_pos {
        let argument = vm.heap.word(vm.heap.get(this), ARGUMENTS + idx);
        vm.heap.poke(vm.heap.get(positional), idx, argument);
    }
    let keywords = vm.alloc_dict(n_kw)?;
    for idx in 0..n_kw {
        let mark = vm.mark();
        let key = vm.push_word(this, ARGUMENTS + n_pos + 2 * idx)?;
        let value = vm.push_word(this, ARGUMENTS + n_pos + 2 * idx + 1)?;
        vm.dict_store(keywords, key, value)?;
        vm.release(mark);
    }
    vm.alloc_tuple(first, 4)
}

fn detach(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let all = peek(vm, this)?;
    end(vm, this)?;
    Ok(all)
}

/// Runs the callbacks of what is gone, unless one is running: then they come after it.
pub(crate) fn serve(vm: &mut Vm) -> PyResult<()> {
    while vm.heap.begin_weak_service() {
        let res = call_all(vm);
        vm.heap.end_weak_service();
        res?;
    }
    Ok(())
}

/// Runs the callbacks of what is gone: those of `finalize` first, the newest first. Their exceptions
/// are printed.
fn call_all(vm: &mut Vm) -> PyResult<()> {
    for strong in [true, false] {
        for pair in (0..pairs(vm)).rev() {
            let mark = vm.mark();
            if let Some(holder) = gone(vm, pair, strong)? {
                end(vm, holder)?;
                if call_back(vm, holder).is_err() {
                    let exception = vm.take_exception();
                    vm.write(Out::Error, b"Unhandled exception in weakref callback:\n")?;
                    vm.print_exception(exception, Out::Error)?;
                }
            }
            vm.release(mark);
        }
    }
    Ok(())
}

/// The holder of a pair whose target is gone, pushed, if it is a `finalize` (or is not).
fn gone(vm: &mut Vm, pair: u32, strong: bool) -> PyResult<Option<Local>> {
    let slot = vm.push(Value::NULL)?;
    let Some(weak) = vm.heap.weak_table() else { return Ok(None) };
    // A callback may have made the table another.
    if 2 * pair + 1 >= vm.heap.words(weak) || !vm.heap.word(weak, 2 * pair).is_null() {
        return Ok(None);
    }
    let holder = vm.heap.word(weak, 2 * pair + 1);
    if holder.is_null() || is_of(vm, holder, &FINALIZE) != strong {
        return Ok(None);
    }
    vm.heap.set(slot, holder);
    Ok(Some(slot))
}
