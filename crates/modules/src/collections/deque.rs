//! `deque`: a queue with two ends in a ring.
//!
//! Layout: NativeState; raw: type, first place in use, items, most items with flags; values: Words.

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
const LIMIT: u32 = 3;
const STORAGE: u32 = 4;

/// In the limit: adding to a full deque raises instead of dropping the other end's item.
const STRICT: u32 = 1 << 31;
/// No limit.
const UNLIMITED: u32 = STRICT - 1;

fn deque_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    let [named] = keywords(vm, &args, [q::maxlen])?;
    vm.check_args(&Args { n_kw: 0, ..args }, 0, 3)?;
    let limit = match args.pos(1).or(named).filter(|slot| !vm.heap.get(*slot).is_none()) {
        None => UNLIMITED,
        Some(slot) => match u32::try_from(vm.to_i32(slot)?) {
            Ok(limit) => limit,
            Err(_) => return Err(vm.raise_value("maxlen must be non-negative")),
        },
    };
    let strict = match args.pos(2) {
        Some(flags) if vm.to_i32(flags)? & 1 != 0 => STRICT,
        _ => 0,
    };
    let this = vm.alloc(Kind::NativeState, 5)?;
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, 0, u32::from(DEQUE.id));
    vm.heap.poke_raw(object, LIMIT, limit | strict);
    vm.heap.poke(object, STORAGE, Value::NULL);
    let storage = vm.alloc(Kind::Words, if limit == UNLIMITED { 8 } else { limit.max(1) })?;
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
    let capacity = vm.heap.words(vm.heap.word(object, STORAGE));
    (vm.heap.raw(object, HEAD) + idx) % capacity.max(1)
}

/// Makes room for one more item; false if the deque may hold none.
fn make_room(vm: &mut Vm, this: Local, drop_first: bool) -> PyResult<bool> {
    let object = vm.heap.get(this);
    let limit = vm.heap.raw(object, LIMIT);
    let count = vm.heap.raw(object, LEN);
    if count >= limit & UNLIMITED {
        if limit & STRICT != 0 {
            return Err(vm.raise(&exception::INDEX_ERROR, "full"));
        }
        if count == 0 {
            return Ok(false);
        }
        take(vm, this, drop_first)?;
        return Ok(true);
    }
    let capacity = vm.heap.words(vm.heap.word(object, STORAGE));
    if count < capacity {
        return Ok(true);
    }
    let mark = vm.mark();
    let grown = vm.alloc(Kind::Words, capacity + capacity / 2 + 4)?;
    let object = vm.heap.get(this);
    let head = vm.heap.raw(object, HEAD);
    let (from, to) = (vm.heap.word(object, STORAGE), vm.heap.get(grown));
    vm.heap.copy_words(from, head, to, 0, capacity - head);
    vm.heap.copy_words(from, 0, to, capacity - head, head);
    vm.heap.poke(object, STORAGE, to);
    vm.heap.poke_raw(object, HEAD, 0);
    vm.release(mark);
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
    vm.heap.poke(words, at, Value::NULL);
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
    let limit = vm.heap.raw(vm.heap.get(this), LIMIT) & UNLIMITED;
    if limit != UNLIMITED {
        vm.write_fmt(out, format_args!(", maxlen={limit}"))?;
    }
    vm.write(out, b")")
}
