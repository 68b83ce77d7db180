//! `dict`'s slots and methods.

use super::{MIXED, ORDERED, Part, TABLE, flags, key_word, len, next_entry, storage, used};
use crate::types::iterator::{self, Source};
use crate::types::{dict_view, exception};
use crate::{Args, Arith, Compare, Out, PrintKind, PyResult, Rest, UnaryOp, Vm, table};
use octopy_heap::{Kind, Local, Value};

crate::class! {
    /// Mapping of keys to values.
    pub static DICT = dict (table::DICT) {
        slots {
            new: dict_new, print: dict_print, unary: dict_unary, binary: dict_binary,
            inplace: dict_inplace, compare: dict_compare, contains: dict_contains, iter: dict_iter,
            subscript: dict_subscript, store_subscript: dict_store_subscript,
        }
        /// `del this[key]`
        __delitem__ = method (delete_item, this, key),
        /// `this[key]`
        __getitem__ = method (dict_subscript, this, key),
        /// `this[key] = value`
        __setitem__ = method (set_item, this, key, value),
        /// Removes all entries.
        clear = method (clear, this),
        /// A copy of the dict, not of what is in it.
        copy = method (copy, this),
        /// A dict with these keys and one value for all.
        fromkeys = class_method (fromkeys, class, keys, value),
        /// The value of a key, or the default.
        get = method (get, this, key, default),
        /// Keys and values, as the dict changes.
        items = method (items, this),
        /// The keys, as the dict changes.
        keys = method (keys, this),
        /// Removes a key and returns its value.
        pop = method (pop, this, key, default),
        /// Removes the last entry and returns its key and value.
        popitem = method (popitem, this),
        /// The value of a key, which gets the default if it is not there.
        setdefault = method (setdefault, this, key, default),
        /// Stores the entries of another dict, of pairs, of keyword arguments.
        update = method (update, this, **),
        /// The values, as the dict changes.
        values = method (values, this),
    }
}

fn dict_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    let dict = vm.alloc_dict(0)?;
    fill(vm, dict, args)?;
    vm.heap.set(args.ret, vm.heap.get(dict));
    Ok(())
}

/// Stores what the arguments of `dict()` and `update()` say.
pub fn fill(vm: &mut Vm, dict: Local, args: Args) -> PyResult<()> {
    vm.check_args(&Args { n_kw: 0, ..args }, 0, 1)?;
    if let Some(source) = args.pos(0) {
        store_all(vm, dict, source)?;
    }
    for idx in 0..args.n_kw {
        if let Some((name, value)) = args.kw(idx) {
            vm.dict_store(dict, name, value)?;
        }
    }
    Ok(())
}

/// The dict that a value is, or holds as the native part of a subclass.
fn opt_dict(vm: &mut Vm, value: Local) -> PyResult<Option<Local>> {
    if vm.heap.is_kind(vm.heap.get(value), Kind::Dict) {
        return Ok(Some(value));
    }
    vm.native_part(value, Kind::Dict)
}

/// Stores the entries of a dict or of what has `keys()`, or the pairs of an iterable.
fn store_all(vm: &mut Vm, dict: Local, source: Local) -> PyResult<()> {
    if let Some(source) = opt_dict(vm, source)? {
        return vm.dict_update(dict, source);
    }
    if let Some(keys) = vm.opt_attr(source, octopy_qstr::q::keys)? {
        return store_mapping(vm, dict, source, keys);
    }
    vm.for_each(source, |vm, pair| {
        let iterator = vm.iter(pair)?;
        let key = vm.next(iterator)?;
        let value = vm.next(iterator)?;
        match (key, value, vm.next(iterator)?) {
            (Some(key), Some(value), None) => vm.dict_store(dict, key, value),
            _ => Err(vm.raise_value("dict update sequence has wrong length")),
        }
    })
}

/// Stores the entries of a mapping that is no dict, from its method `keys`.
pub(crate) fn store_mapping(vm: &mut Vm, dict: Local, mapping: Local, keys: Local) -> PyResult<()> {
    let keys = vm.call(keys, &[])?;
    vm.for_each(keys, |vm, key| {
        let value = vm.subscript(mapping, key)?;
        vm.dict_store(dict, key, value)
    })
}

fn dict_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let is_ordered = flags(&vm.heap, vm.heap.get(this)) & ORDERED != 0;
    vm.write(out, if is_ordered { b"OrderedDict({" } else { b"{" })?;
    let mut n = 0;
    let mut is_first = true;
    let mark = vm.mark();
    loop {
        vm.stop_if_interrupted()?;
        let (step, key) = next_entry(vm, this, n, Part::Key)?;
        let Some(key) = key else { break };
        let (_, value) = next_entry(vm, this, n, Part::Value)?;
        if !is_first {
            vm.write(out, b", ")?;
        }
        is_first = false;
        vm.print(key, out, PrintKind::Repr)?;
        vm.write(out, b": ")?;
        if let Some(value) = value {
            vm.print(value, out, PrintKind::Repr)?;
        }
        n += step;
        vm.release(mark);
    }
    vm.write(out, if is_ordered { b"})" } else { b"}" })
}

fn dict_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let live = len(&vm.heap, vm.heap.get(this));
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(live > 0)).map(Some),
        UnaryOp::Len => vm.alloc_int(i64::from(live)).map(Some),
        _ => Ok(None),
    }
}

fn dict_binary(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    if op != Arith::Or {
        return Ok(None);
    }
    let Some(rhs) = opt_dict(vm, rhs)? else { return Ok(None) };
    let union = copy(vm, lhs)?;
    vm.dict_update(union, rhs)?;
    Ok(Some(union))
}

fn dict_inplace(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    if op != Arith::Or {
        return Ok(None);
    }
    store_all(vm, lhs, rhs)?;
    Ok(Some(lhs))
}

fn dict_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    if op != Compare::Equal {
        return Ok(None);
    }
    let Some(rhs) = opt_dict(vm, rhs)? else { return Ok(None) };
    let (a, b) = (vm.heap.get(lhs), vm.heap.get(rhs));
    if len(&vm.heap, a) != len(&vm.heap, b) {
        return Ok(Some(false));
    }
    let in_order = flags(&vm.heap, a) & flags(&vm.heap, b) & ORDERED != 0;
    let (mut n, mut other) = (0, 0);
    let mark = vm.mark();
    loop {
        vm.stop_if_interrupted()?;
        let (step, key) = next_entry(vm, lhs, n, Part::Key)?;
        let Some(key) = key else { return Ok(Some(true)) };
        let (_, value) = next_entry(vm, lhs, n, Part::Value)?;
        n += step;
        if in_order {
            let (step, same) = next_entry(vm, rhs, other, Part::Key)?;
            other += step;
            match same {
                Some(same) if vm.equal(key, same)? => {}
                _ => return Ok(Some(false)),
            }
        }
        let equal = match (value, vm.dict_get(rhs, key)?) {
            (Some(a), Some(b)) => vm.equal(a, b)?,
            _ => false,
        };
        if !equal {
            return Ok(Some(false));
        }
        vm.release(mark);
    }
}

fn dict_contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    Ok(vm.dict_find(this, item)?.is_some())
}

fn dict_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::DictKeys, this)
}

#[cold]
fn raise_key(vm: &mut Vm, key: Local) -> crate::Raised {
    match vm.raise_with(&exception::KEY_ERROR, key) {
        Ok(raised) | Err(raised) => raised,
    }
}

fn dict_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    match vm.dict_get(this, index)? {
        Some(value) => Ok(value),
        None => Err(raise_key(vm, index)),
    }
}

fn dict_store_subscript(
    vm: &mut Vm,
    this: Local,
    index: Local,
    value: Option<Local>,
) -> PyResult<()> {
    match value {
        Some(value) => vm.dict_store(this, index, value),
        None if vm.dict_delete(this, index)? => Ok(()),
        None => Err(raise_key(vm, index)),
    }
}

fn delete_item(vm: &mut Vm, this: Local, key: Local) -> PyResult<()> {
    dict_store_subscript(vm, this, key, None)
}

fn set_item(vm: &mut Vm, this: Local, key: Local, value: Local) -> PyResult<()> {
    vm.dict_store(this, key, value)
}

fn clear(vm: &mut Vm, this: Local) -> PyResult<()> {
    vm.check_changeable(this)?;
    let is_ordered = flags(&vm.heap, vm.heap.get(this)) & ORDERED != 0;
    vm.heap.poke_immediate(vm.heap.get(this), TABLE, Value::NULL);
    if is_ordered { vm.dict_flag(this, ORDERED) } else { Ok(()) }
}

fn copy(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let copy = vm.dict_copy(this)?;
    if flags(&vm.heap, vm.heap.get(this)) & ORDERED != 0 {
        vm.dict_flag(copy, ORDERED)?;
    }
    Ok(copy)
}

fn fromkeys(vm: &mut Vm, _class: Local, keys: Local, value: Option<Local>) -> PyResult<Local> {
    let value = match value {
        Some(value) => value,
        None => vm.push(Value::NONE)?,
    };
    let dict = vm.alloc_dict(0)?;
    vm.for_each(keys, |vm, key| vm.dict_store(dict, key, value))?;
    Ok(dict)
}

fn get(vm: &mut Vm, this: Local, key: Local, default: Option<Local>) -> PyResult<Option<Local>> {
    Ok(vm.dict_get(this, key)?.or(default))
}

fn items(vm: &mut Vm, this: Local) -> PyResult<Local> {
    dict_view::alloc(vm, this, Source::DictItems)
}

fn keys(vm: &mut Vm, this: Local) -> PyResult<Local> {
    dict_view::alloc(vm, this, Source::DictKeys)
}

fn values(vm: &mut Vm, this: Local) -> PyResult<Local> {
    dict_view::alloc(vm, this, Source::DictValues)
}

fn pop(vm: &mut Vm, this: Local, key: Local, default: Option<Local>) -> PyResult<Local> {
    vm.check_changeable(this)?;
    match vm.dict_get(this, key)? {
        Some(value) => {
            vm.dict_delete(this, key)?;
            Ok(value)
        }
        None => match default {
            Some(default) => Ok(default),
            None => Err(raise_key(vm, key)),
        },
    }
}

fn popitem(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.check_changeable(this)?;
    let object = vm.heap.get(this);
    let live = len(&vm.heap, object);
    if live == 0 {
        let text = "popitem(): dictionary is empty";
        return Err(vm.raise(&exception::KEY_ERROR, text));
    }
    let table = vm.heap.word(object, TABLE);
    let used = used(&vm.heap, table);
    let is_live = |n: &u32| vm.heap.word(table, key_word(*n)) != Value::DELETED;
    let Some(last) = (0..used).rev().find(is_live) else {
        return Err(vm.bug("dict entry"));
    };
    // Many deleted entries at the end make the search long, and dropping them takes time too: a
    // multiple of the square root of their number is between the two.
    if used - last > 8 << (live.ilog2() / 2) {
        vm.dict_compact(this)?;
        return popitem(vm, this);
    }
    let (_, pair) = next_entry(vm, this, last, Part::Item)?;
    let Some(pair) = pair else { return Err(vm.bug("dict entry")) };
    storage::remove(&vm.heap, vm.heap.get(this), last);
    Ok(pair)
}

impl Vm {
    /// Drops the deleted entries of a dict.
    fn dict_compact(&mut self, dict: Local) -> PyResult<()> {
        if flags(&self.heap, self.heap.get(dict)) & MIXED != 0 {
            return self.dict_grow_mixed(dict);
        }
        storage::grow_table(&mut self.heap, dict).map_err(|error| self.raise_memory(error))
    }
}

fn setdefault(vm: &mut Vm, this: Local, key: Local, default: Option<Local>) -> PyResult<Local> {
    vm.check_changeable(this)?;
    if let Some(value) = vm.dict_get(this, key)? {
        return Ok(value);
    }
    let value = match default {
        Some(default) => default,
        None => vm.push(Value::NONE)?,
    };
    vm.dict_store(this, key, value)?;
    Ok(value)
}

fn update(vm: &mut Vm, this: Local, rest: Rest) -> PyResult<()> {
    fill(vm, this, rest.0)
}
