//! `deque`: a queue with two ends in a ring.
//!
//! Layout: NativeState; raw: type, first place in use, items, strictness; values: Words.

use crate::keyword::keywords;
use octopy_vm::types::exception;
use octopy_vm::types::iterator::{self, Source};
use octopy_vm::{Args, Kind, Local, Out, PrintKind, PyResult, UnaryOp, Value, Vm, class, q};

class! {
    /// A queue with two ends.
    pub static DEQUE = deque (crate::table::DEQUE) {
        slots {
            new: deque_new, print: deque_print, unary: deque_unary, iter: deque_iter,
            subscript: deque_subscript, store_subscript: deque_store_subscript
        }
        /// Adds an item at the right end.
        append = method (append, this, item),
        /// Adds an item at the left end.
        appendleft = method (appendleft, this, item),
        /// Drops all items.
        clear = method (clear, this),
        /// Adds items at the right end.
        extend = method (extend, this, iterable),
        /// Adds items at the left end, one after the other.
        extendleft = method (extendleft, this, iterable),
        /// Takes the item at the right end away.
        pop = method (pop, this),
        /// Takes the item at the left end away.
        popleft = method (popleft, this),
    }
}

const HEAD: u32 = 1;
const LEN: u32 = 2;
/// Whether adding to a full deque raises instead of dropping the other end's item.
const STRICT: u32 = 3;
const STORAGE: u32 = 4;

/// COMPAT: as in MicroPython, `maxlen` must be given: the ring never grows.
fn deque_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    let [named] = keywords(vm, &args, [q::maxlen])?;
    let least = 2 - u16::from(named.is_some());
    vm.check_args(&Args { n_kw: 0, ..args }, least, 3)?;
    let limit = match args.pos(1).or(named) {
        Some(slot) => vm.to_i32(slot)?,
        None => 0,
    };
    let Ok(limit) = u32::try_from(limit) else {
        return Err(vm.raise_value("maxlen must be non-negative"));
    };
    let strict = match args.pos(2) {
        Some(flags) => vm.to_i32(flags)? & 1,
        None => 0,
    };
    let this = vm.alloc(Kind::NativeState, 5)?;
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, 0, u32::from(DEQUE.id));
    vm.heap.poke_raw(object, STRICT, strict as u32);
    let storage = vm.alloc(Kind::Words, limit)?;
    vm.heap.poke(vm.heap.get(this), STORAGE, vm.heap.get(storage));
    if let Some(iterable) = args.pos(0) {
        extend(vm, this, iterable)?;
    }
    vm.heap.set(args.ret, vm.heap.get(this));
    Ok(())
}

fn len(vm: &Vm, this: Local) -> u32 {
    vm.heap.raw(vm.heap.get(this), LEN)
}

/// The place in the storage of item `idx`.
fn place(vm: &Vm, this: Local, idx: u32) -> u32 {
    let object = vm.heap.get(this);
    (vm.heap.raw(object, HEAD) + idx) % capacity(vm, this).max(1)
}

fn capacity(vm: &Vm, this: Local) -> u32 {
    vm.heap.words(vm.heap.word(vm.heap.get(this), STORAGE))
}

/// Makes room for one more item; false if the deque may hold none.
fn make_room(vm: &mut Vm, this: Local, drop_first: bool) -> PyResult<bool> {
    let count = len(vm, this);
    if count < capacity(vm, this) {
        return Ok(true);
    }
    if vm.heap.raw(vm.heap.get(this), STRICT) != 0 {
        return Err(vm.raise(&exception::INDEX_ERROR, "full"));
    }
    if count == 0 {
        return Ok(false);
    }
    take(vm, this, drop_first)?;
    Ok(true)
}

fn append(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    if make_room(vm, this, true)? {
        let count = len(vm, this);
        let place = place(vm, this, count);
        let object = vm.heap.get(this);
        vm.heap.poke(vm.heap.word(object, STORAGE), place, vm.heap.get(item));
        vm.heap.poke_raw(object, LEN, count + 1);
    }
    Ok(())
}

fn appendleft(vm: &mut Vm, this: Local, item: Local) -> PyResult<()> {
    if make_room(vm, this, false)? {
        let object = vm.heap.get(this);
        let capacity = vm.heap.words(vm.heap.word(object, STORAGE));
        let head = (vm.heap.raw(object, HEAD) + capacity - 1) % capacity.max(1);
        vm.heap.poke(vm.heap.word(object, STORAGE), head, vm.heap.get(item));
        vm.heap.poke_raw(object, HEAD, head);
        vm.heap.poke_raw(object, LEN, vm.heap.raw(object, LEN) + 1);
    }
    Ok(())
}

fn extend(vm: &mut Vm, this: Local, iterable: Local) -> PyResult<()> {
    vm.for_each(iterable, |vm, item| append(vm, this, item))
}

fn extendleft(vm: &mut Vm, this: Local, iterable: Local) -> PyResult<()> {
    vm.for_each(iterable, |vm, item| appendleft(vm, this, item))
}

/// Takes the first or the last item away.
fn take(vm: &mut Vm, this: Local, first: bool) -> PyResult<Local> {
    let count = len(vm, this);
    if count == 0 {
        return Err(vm.raise(&exception::INDEX_ERROR, "empty"));
    }
    let at = place(vm, this, if first { 0 } else { count - 1 });
    let storage = vm.push_word(this, STORAGE)?;
    let item = vm.push_word(storage, at)?;
    let (object, words) = (vm.heap.get(this), vm.heap.get(storage));
    vm.heap.poke_immediate(words, at, Value::NULL);
    if first {
        vm.heap.poke_raw(object, HEAD, (at + 1) % vm.heap.words(words).max(1));
    }
    vm.heap.poke_raw(object, LEN, count - 1);
    Ok(item)
}

fn pop(vm: &mut Vm, this: Local) -> PyResult<Local> {
    take(vm, this, false)
}

fn popleft(vm: &mut Vm, this: Local) -> PyResult<Local> {
    take(vm, this, true)
}

fn clear(vm: &mut Vm, this: Local) -> PyResult<()> {
    let mark = vm.mark();
    while len(vm, this) > 0 {
        take(vm, this, false)?;
        vm.release(mark);
    }
    Ok(())
}

fn deque_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    match op {
        UnaryOp::Len => vm.alloc_int(i64::from(len(vm, this))).map(Some),
        UnaryOp::Bool => vm.push(Value::from_bool(len(vm, this) > 0)).map(Some),
        _ => Ok(None),
    }
}

fn deque_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::Items, this)
}

fn deque_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    let idx = vm.to_index(index, len(vm, this), "deque")?;
    let at = place(vm, this, idx);
    let storage = vm.push_word(this, STORAGE)?;
    vm.push_word(storage, at)
}

fn deque_store_subscript(
    vm: &mut Vm,
    this: Local,
    index: Local,
    value: Option<Local>,
) -> PyResult<()> {
    let Some(value) = value else {
        return Err(vm.raise_type("'deque' object doesn't support item deletion"));
    };
    let idx = vm.to_index(index, len(vm, this), "deque")?;
    let at = place(vm, this, idx);
    let object = vm.heap.get(this);
    vm.heap.poke(vm.heap.word(object, STORAGE), at, vm.heap.get(value));
    Ok(())
}

fn deque_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"deque(")?;
    let list = vm.list_from(this)?;
    vm.print(list, out, PrintKind::Repr)?;
    let limit = capacity(vm, this);
    vm.write_numbers(out, ", maxlen=%u)", &[limit])
}
