//! Where instances keep their own attributes.
//!
//! Values (Words): the names, then the values, NULL where there is none. Names (Words): in the order
//! in which they were first seen, then NULL. At least as many as there are places for values.
//!
//! Instances of a class share its names, so that each keeps nothing but values. An instance that has
//! more attributes, would leave many places empty, or gets them in another order, has names of its
//! own.

use super::CLASS;
use crate::types::class;
use crate::{PyResult, Vm};
use octopy_heap::{Heap, Kind, Local, Value};
use octopy_qstr::Qstr;

/// Word of the names.
const NAMES: u32 = 0;
/// Word of the first value.
const FIRST: u32 = 1;
/// Most names that instances share. An odd number, with which no word of the object is lost.
// SIZE: 64 bytes for each class whose instances have attributes.
const MOST_SHARED: u32 = 15;
/// Most places in a row that an instance leaves empty.
const MOST_EMPTY: u32 = 3;

/// How many values there is room for.
#[inline(always)]
pub fn room(heap: &Heap, values: Value<'_>) -> u32 {
    if values.is_null() { 0 } else { heap.words(values) - FIRST }
}

/// The value of an attribute that is said to be at `place`; `None` if it is not.
#[inline(always)]
pub(crate) fn guessed<'h>(
    heap: &'h Heap,
    values: Value<'h>,
    name: Qstr,
    place: u32,
) -> Option<Value<'h>> {
    if place >= room(heap, values)
        || heap.word(heap.word(values, NAMES), place) != Value::from_qstr(name.0)
    {
        return None;
    }
    let value = heap.word(values, FIRST + place);
    if value.is_null() { None } else { Some(value) }
}

/// Whether an attribute that is not there may be set at `place`, behind all others: one of those
/// that `__init__` sets, when other instances were there before.
#[inline(always)]
pub(crate) fn is_next(heap: &Heap, values: Value<'_>, name: Qstr, place: u32) -> bool {
    let room = room(heap, values);
    place < room
        && heap.word(heap.word(values, NAMES), place) == Value::from_qstr(name.0)
        && (place == 0 || entry(heap, values, place - 1).is_some())
        && (place..room).all(|place| entry(heap, values, place).is_none())
        // The name may be there twice.
        && find(heap, values, name).is_none()
}

/// The place of an attribute.
#[inline]
pub(crate) fn find(heap: &Heap, values: Value<'_>, name: Qstr) -> Option<u32> {
    let room = room(heap, values);
    if room == 0 {
        return None;
    }
    let (names, key) = (heap.word(values, NAMES), Value::from_qstr(name.0));
    (0..room).find(|&place| {
        heap.word(names, place) == key && !heap.word(values, FIRST + place).is_null()
    })
}

/// The name and the value at a place below [`room`]; `None` if it is empty.
pub fn entry<'h>(heap: &'h Heap, values: Value<'h>, place: u32) -> Option<(Value<'h>, Value<'h>)> {
    let value = heap.word(values, FIRST + place);
    let name = heap.word(heap.word(values, NAMES), place);
    if value.is_null() { None } else { Some((name, value)) }
}

/// Sets the value at a place that has a name.
#[inline(always)]
pub(crate) fn set(heap: &Heap, values: Value<'_>, place: u32, value: Value<'_>) {
    heap.poke(values, FIRST + place, value);
}

/// Takes the value at a place away.
pub(super) fn clear(heap: &Heap, values: Value<'_>, place: u32) {
    heap.poke_immediate(values, FIRST + place, Value::NULL);
}

/// The place for an attribute that is not there, behind all others; `None` if these names have none
/// for it. A name may be there before, of an attribute that was taken away.
fn new_place(heap: &Heap, names: Value<'_>, values: Value<'_>, name: Qstr) -> Option<u32> {
    if names.is_null() {
        return None;
    }
    let mut next = room(heap, values);
    while next > 0 && entry(heap, values, next - 1).is_none() {
        next -= 1;
    }
    let key = Value::from_qstr(name.0);
    (next..heap.words(names).min(next + MOST_EMPTY + 1)).find(|&place| {
        let word = heap.word(names, place);
        word == key || word.is_null()
    })
}

/// Adds an attribute that is not there. `word` is that of the values.
pub(super) fn add(vm: &mut Vm, this: Local, word: u32, name: Qstr, value: Local) -> PyResult<()> {
    let mark = vm.mark();
    let values = vm.push_word(this, word)?;
    let names = vm.push(Value::NULL)?;
    if vm.heap.get(values).is_null() {
        shared_names(vm, this, names)?;
    } else {
        vm.heap.set(names, vm.heap.word(vm.heap.get(values), NAMES));
    }
    let heap = &vm.heap;
    let before = room(heap, heap.get(values));
    let place = match new_place(heap, heap.get(names), heap.get(values), name) {
        Some(place) => place,
        None => {
            // At least as many as there are places.
            let own = vm.alloc(Kind::Words, (before + before / 2 + 3) | 1)?;
            vm.heap.set(names, vm.heap.get(own));
            pack(&vm.heap, values, names)
        }
    };
    let heap = &vm.heap;
    heap.poke_immediate(heap.get(names), place, Value::from_qstr(name.0));
    if place >= before {
        // SIZE: an even number of places, and not many that may stay empty.
        let wanted = ((place + 2) & !1).max((place + place / 2) & !1);
        let most = heap.words(heap.get(names));
        let fresh = vm.alloc(Kind::Words, FIRST + wanted.min(most))?;
        let heap = &vm.heap;
        heap.copy_words(heap.get(values), FIRST, heap.get(fresh), FIRST, before);
        heap.init(heap.get(fresh), NAMES, heap.get(names));
        heap.set(values, heap.get(fresh));
        heap.poke(heap.get(this), word, heap.get(fresh));
    }
    let heap = &vm.heap;
    set(heap, heap.get(values), place, heap.get(value));
    vm.release(mark);
    Ok(())
}

/// Sets `names` to those that the instances of a class share; NULL if it is no class of Python.
fn shared_names(vm: &mut Vm, this: Local, names: Local) -> PyResult<()> {
    let heap = &vm.heap;
    let class = heap.word(heap.get(this), CLASS);
    if !heap.is_kind(class, Kind::Class) {
        return Ok(());
    }
    let shared = heap.word(class, class::NAMES);
    heap.set(names, shared);
    if shared.is_null() {
        let made = vm.alloc(Kind::Words, MOST_SHARED)?;
        let heap = &vm.heap;
        heap.set(names, heap.get(made));
        heap.poke(heap.word(heap.get(this), CLASS), class::NAMES, heap.get(made));
    }
    Ok(())
}

/// Moves values together and gives them names of their own. Says how many they are.
fn pack(heap: &Heap, values: Local, names: Local) -> u32 {
    let (values, names) = (heap.get(values), heap.get(names));
    let mut count = 0;
    for place in 0..room(heap, values) {
        if let Some((name, value)) = entry(heap, values, place) {
            heap.poke(names, count, name);
            clear(heap, values, place);
            set(heap, values, count, value);
            count += 1;
        }
    }
    if !values.is_null() {
        heap.poke(values, NAMES, names);
    }
    count
}
