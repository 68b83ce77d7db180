//! `iterator`: iterators over the core's sequences.
//!
//! Layout: raw source kind, raw position; values: the source. The position counts items (bytes for
//! strings). Everything that can be iterated without Python code goes through [`next`]; iterators
//! of other types (map, zip, ...) are types of their own.

use crate::{PyResult, Vm, table};
use octopy_heap::{Heap, Kind, Local, Value};

crate::class! {
    /// An iterator over a core sequence.
    pub static ITERATOR = iterator (table::ITERATOR) {
        slots { next: next }
        /// The next item of any native iterator.
        __next__ = method (next_method, this),
    }
}

/// What an iterator walks over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Source {
    /// A list, by index.
    List,
    /// A tuple, by index.
    Tuple,
    /// A Range object; the position counts steps.
    Range,
    /// Characters of a string, by byte position.
    Str,
    /// Bytes of bytes, bytearray, array or memoryview, by index through `subscript`.
    Items,
    /// Keys of a dict's Table, by entry.
    DictKeys,
    /// Values of a dict's Table, by entry.
    DictValues,
    /// Pairs of a dict's Table, by entry.
    DictItems,
    /// Members of a set's storage, by place.
    Set,
    /// Any object with `__getitem__`, until IndexError.
    GetItem,
}

/// Word of the source kind.
pub const SOURCE: u32 = 0;
/// Word of the position.
pub const POSITION: u32 = 1;
/// Word of the object walked over.
pub const OBJECT: u32 = 2;

fn next_method(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.forget_stop_value();
    match vm.next(this)? {
        Some(item) => Ok(item),
        None => Err(vm.raise_stop()?),
    }
}

/// An iterator over the object in `object`, pushed.
pub fn alloc(vm: &mut Vm, source: Source, object: Local) -> PyResult<Local> {
    let slot = vm.alloc(Kind::Iterator, 3)?;
    let iterator = vm.heap.get(slot);
    vm.heap.poke_raw(iterator, SOURCE, source as u32);
    vm.heap.init(iterator, OBJECT, vm.heap.get(object));
    Ok(slot)
}

/// The next item, pushed; `None` at the end.
pub fn next(vm: &mut Vm, iterator: Local) -> PyResult<Option<Local>> {
    let this = vm.heap.get(iterator);
    match next_quickly(&vm.heap, this) {
        Quick::Item(item) => match vm.heap.push(item) {
            Ok(slot) => Ok(Some(slot)),
            Err(_) => Err(vm.raise_recursion()),
        },
        Quick::End => Ok(None),
        Quick::Other => {
            let (source, at) = (vm.heap.raw(this, SOURCE), vm.heap.raw(this, POSITION));
            next_other(vm, iterator, source, at)
        }
    }
}

/// What [`next_quickly`] gives.
pub(crate) enum Quick<'h> {
    /// The next item.
    Item(Value<'h>),
    /// There are no more.
    End,
    /// The source needs the VM: ask [`next`].
    Other,
}

/// The next item where nothing can fail: of a list, a tuple or a range of small ints.
pub(crate) fn next_quickly<'h>(heap: &'h Heap, iterator: Value<'h>) -> Quick<'h> {
    let source = heap.raw(iterator, SOURCE);
    let at = heap.raw(iterator, POSITION);
    let object = heap.word(iterator, OBJECT);
    let item = if source == Source::List as u32 {
        if at >= super::list::len(heap, object) {
            return Quick::End;
        }
        super::list::item(heap, object, at)
    } else if source == Source::Tuple as u32 {
        if at >= heap.words(object) {
            return Quick::End;
        }
        heap.word(object, at)
    } else if source == Source::Range as u32 {
        let [start, stop, step] =
            super::range::parts(heap.words(object), |word| heap.word(object, word));
        if !(Value::both_small(start, stop) && step.is_small()) {
            return Quick::Other;
        }
        let [start, stop, step] = [start, stop, step].map(|part| i64::from(part.small_unchecked()));
        let item = start + step * i64::from(at);
        if if step > 0 { item >= stop } else { item <= stop } {
            return Quick::End;
        }
        Value::from_small(item as i32)
    } else {
        return Quick::Other;
    };
    heap.poke_raw(iterator, POSITION, at + 1);
    Quick::Item(item)
}

#[inline(never)]
fn next_other(vm: &mut Vm, iterator: Local, source: u32, at: u32) -> PyResult<Option<Local>> {
    let object = vm.push_word(iterator, OBJECT)?;
    let (step, item) = if source == Source::Range as u32 {
        (1, super::range::nth(vm, object, at)?)
    } else if source == Source::Str as u32 {
        super::str::char_at(vm, object, at)?
    } else if source == Source::DictKeys as u32 {
        super::dict::next_entry(vm, object, at, super::dict::Part::Key)?
    } else if source == Source::DictValues as u32 {
        super::dict::next_entry(vm, object, at, super::dict::Part::Value)?
    } else if source == Source::DictItems as u32 {
        super::dict::next_entry(vm, object, at, super::dict::Part::Item)?
    } else if source == Source::Set as u32 {
        super::set::next_member(vm, object, at)?
    } else if source == Source::Items as u32 {
        let index = vm.push(Value::from_small(at as i32))?;
        let byte = super::text::subscript::byte_fast(vm, vm.heap.get(object), vm.heap.get(index));
        if let Some(byte) = byte {
            vm.heap.set(index, Value::from_small(i32::from(byte)));
            (1, Some(index))
        } else if at < vm.len_of(object)? {
            (1, Some(vm.subscript(object, index)?))
        } else {
            (0, None)
        }
    } else {
        let index = vm.alloc_int(i64::from(at))?;
        match vm.subscript(object, index) {
            Ok(item) => (1, Some(item)),
            Err(raised) => {
                if vm.pending_is(&super::exception::INDEX_ERROR)
                    || vm.pending_is(&super::exception::STOP_ITERATION)
                {
                    vm.clear_exception();
                    (0, None)
                } else {
                    return Err(raised);
                }
            }
        }
    };
    if item.is_some() {
        vm.heap.poke_raw(vm.heap.get(iterator), POSITION, at + step);
    }
    Ok(item)
}
