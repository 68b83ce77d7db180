//! `dict_view`: the keys, values or items of a dict, as it changes.
//!
//! Layout: raw what is viewed (an iterator's source kind); values: dict.

use crate::types::iterator::{self, Source};
use crate::types::{dict, set};
use crate::{Arith, Compare, Out, PrintKind, PyResult, UnaryOp, Vm, table};
use octopy_heap::{Kind, Local, Value};

crate::class! {
    /// A view of a dict.
    pub static DICT_VIEW = dict_view (table::DICT_VIEW) {
        slots {
            print: view_print, unary: view_unary, binary: view_binary, reverse: view_binary,
            compare: view_compare, contains: view_contains, iter: view_iter,
        }
    }
}

/// Word of what is viewed.
const SOURCE: u32 = 0;
/// Word of the dict.
const DICT: u32 = 1;

/// A view of a dict's keys, values or items, pushed.
pub fn alloc(vm: &mut Vm, dict: Local, source: Source) -> PyResult<Local> {
    let view = vm.alloc(Kind::DictView, 2)?;
    let object = vm.heap.get(view);
    vm.heap.poke_raw(object, SOURCE, source as u32);
    vm.heap.init(object, DICT, vm.heap.get(dict));
    Ok(view)
}

fn source(vm: &Vm, this: Local) -> Source {
    match vm.heap.raw(vm.heap.get(this), SOURCE) {
        source if source == Source::DictKeys as u32 => Source::DictKeys,
        source if source == Source::DictValues as u32 => Source::DictValues,
        _ => Source::DictItems,
    }
}

fn view_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let source = source(vm, this);
    let dict = vm.push_word(this, DICT)?;
    iterator::alloc(vm, source, dict)
}

fn view_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let name: &[u8] = match source(vm, this) {
        Source::DictKeys => b"dict_keys([",
        Source::DictValues => b"dict_values([",
        _ => b"dict_items([",
    };
    vm.write(out, name)?;
    vm.print_each(this, out)?;
    vm.write(out, b"])")
}

fn view_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    match op {
        UnaryOp::Bool | UnaryOp::Len => {
            let dict = vm.push_word(this, DICT)?;
            match dict::DICT.slots.unary {
                Some(unary) => unary(vm, op, dict),
                None => Ok(None),
            }
        }
        // Values have no equality, so any number will do.
        UnaryOp::Hash if is_values(vm, this) => vm.push(Value::from_small(0x7a1e)).map(Some),
        _ => Ok(None),
    }
}

fn view_contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    let dict = vm.push_word(this, DICT)?;
    match source(vm, this) {
        Source::DictKeys => Ok(vm.dict_find(dict, item)?.is_some()),
        Source::DictItems => {
            let pair = vm.heap.get(item);
            if !vm.heap.is_kind(pair, Kind::Tuple) || vm.heap.words(pair) != 2 {
                return Ok(false);
            }
            let key = vm.push_word(item, 0)?;
            let value = vm.push_word(item, 1)?;
            match vm.dict_get(dict, key)? {
                Some(found) => vm.equal(found, value),
                None => Ok(false),
            }
        }
        _ => {
            let iterator = view_iter(vm, this)?;
            let mark = vm.mark();
            while let Some(value) = vm.next(iterator)? {
                if vm.equal(value, item)? {
                    return Ok(true);
                }
                vm.release(mark);
            }
            Ok(false)
        }
    }
}

fn is_values(vm: &Vm, value: Local) -> bool {
    vm.heap.is_kind(vm.heap.get(value), Kind::DictView) && source(vm, value) == Source::DictValues
}

/// Sets of what two views or iterables have, pushed.
fn as_sets(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<(Local, Local)> {
    Ok((set::from_iterable(vm, lhs)?, set::from_iterable(vm, rhs)?))
}

/// Set operations of keys and items, with any iterable.
fn view_binary(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
    if !matches!(op, Arith::And | Arith::Or | Arith::Xor | Arith::Subtract)
        || is_values(vm, lhs)
        || is_values(vm, rhs)
    {
        return Ok(None);
    }
    let (lhs, rhs) = as_sets(vm, lhs, rhs)?;
    vm.arith(op, true, lhs, rhs).map(Some)
}

fn view_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    let is_set_like = matches!(
        vm.heap.kind(vm.heap.get(rhs)),
        Some(Kind::Set | Kind::FrozenSet | Kind::DictView)
    );
    if !is_set_like || is_values(vm, lhs) || is_values(vm, rhs) {
        return Ok(None);
    }
    let (lhs, rhs) = as_sets(vm, lhs, rhs)?;
    match set::SET.slots.compare {
        Some(compare) => compare(vm, op, lhs, rhs),
        None => Ok(None),
    }
}
