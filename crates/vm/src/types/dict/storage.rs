//! The storage of dicts: tables, indexes, growth.

use super::{
    DELETED_SHIFT, FIXED, INDEXED, LINEAR, MIXED, ORDERED, STATE, TABLE, USED_SHIFT, key_word,
    table_words, used, value_word,
};
use crate::{PyResult, Vm};
use octopy_heap::{Heap, Kind, Local, OutOfMemory, Value};
use octopy_qstr::Qstr;

/// The hash of a name in a names-only dict.
#[inline(always)]
pub(super) fn name_hash(name: Qstr) -> u32 {
    u32::from(name.0).wrapping_mul(0x9e37_79b1) >> 8
}

fn capacity(heap: &Heap, table: Value<'_>) -> u32 {
    (heap.words(table) - 1) / 2
}

/// The index of a Table, if it has one.
#[inline(always)]
pub(super) fn index<'h>(heap: &'h Heap, table: Value<'h>) -> Option<Value<'h>> {
    if heap.raw(table, STATE) & INDEXED == 0 {
        return None;
    }
    Some(heap.word(table, heap.words(table) - 1))
}

/// Bytes of the index of a Table.
#[inline]
pub fn index_size(heap: &Heap, table: Value<'_>) -> u32 {
    index(heap, table).map_or(0, |index| octopy_heap::object_size(heap.words(index)))
}

/// Bits of the first word of an index that hold the logarithm of the number of places; the number
/// of deleted entries is above.
const PLACES_BITS: u32 = 5;

/// The logarithm of the number of places of an index, and by how many bits a place's number is
/// shifted to give that of its word: a place is half a word, or a whole one in big tables.
#[inline(always)]
fn shape(heap: &Heap, index: Value<'_>) -> (u32, u32) {
    let places = heap.raw(index, 0) & ((1 << PLACES_BITS) - 1);
    (places, u32::from(places <= 15))
}

/// The number of live entries of a Table.
pub(super) fn live(heap: &Heap, table: Value<'_>) -> u32 {
    let deleted = match index(heap, table) {
        Some(index) => heap.raw(index, 0) >> PLACES_BITS,
        None => heap.raw(table, STATE) >> DELETED_SHIFT & 0xf,
    };
    used(heap, table) - deleted
}

/// What is in a place of an index: 0, or the number of an entry plus 1.
#[inline(always)]
fn read(heap: &Heap, index: Value<'_>, place: u32, shift: u32) -> u32 {
    let word = heap.raw(index, 1 + (place >> shift));
    match shift {
        0 => word,
        _ => word >> (16 * (place & 1)) & 0xffff,
    }
}

fn write(heap: &Heap, index: Value<'_>, place: u32, shift: u32, entry: u32) {
    let at = 1 + (place >> shift);
    let word = match shift {
        0 => entry,
        // The place was empty.
        _ => heap.raw(index, at) | entry << (16 * (place & 1)),
    };
    heap.poke_raw(index, at, word);
}

/// Where the search for a hash begins. Ints are their own hash: without mixing, those that follow
/// each other would fill a run of places without a gap, which the search for a missing one walks
/// through to its end.
#[inline(always)]
fn first_place(hash: u32, places: u32) -> u32 {
    hash.wrapping_mul(0x9e37_79b1) >> (32 - places)
}

/// Visits the entries with this hash until `test` answers.
#[inline]
pub(super) fn probe<T>(
    heap: &Heap,
    index: Value<'_>,
    hash: u32,
    mut test: impl FnMut(u32) -> Option<T>,
) -> Option<(u32, T)> {
    let (places, shift) = shape(heap, index);
    let mut place = first_place(hash, places);
    for _ in 0..1u32 << places {
        let entry = read(heap, index, place, shift);
        if entry == 0 {
            return None;
        }
        if let Some(answer) = test(entry - 1) {
            return Some((entry - 1, answer));
        }
        place = (place + 1) & ((1 << places) - 1);
    }
    None
}

/// Visits all entries until `test` answers.
pub(super) fn scan<T>(
    heap: &Heap,
    table: Value<'_>,
    mut test: impl FnMut(u32) -> Option<T>,
) -> Option<(u32, T)> {
    (0..used(heap, table)).find_map(|n| test(n).map(|answer| (n, answer)))
}

/// Enters entry `n` into the index, if there is one.
pub(super) fn index_entry(heap: &Heap, table: Value<'_>, hash: u32, n: u32) {
    let Some(index) = index(heap, table) else { return };
    let (places, shift) = shape(heap, index);
    let mut place = first_place(hash, places);
    while read(heap, index, place, shift) != 0 {
        place = (place + 1) & ((1 << places) - 1);
    }
    write(heap, index, place, shift, n + 1);
}

/// Empties all places of an index.
pub(super) fn clear_index(heap: &Heap, index: Value<'_>) {
    for at in 1..heap.words(index) {
        heap.poke_raw(index, at, 0);
    }
}

/// A Table with room for so many entries, with an empty index if that is many, pushed.
pub(super) fn alloc_table(heap: &mut Heap, capacity: u32) -> Result<Local, OutOfMemory> {
    if capacity <= LINEAR {
        return heap.alloc(Kind::Table, table_words(capacity));
    }
    let places = (capacity + capacity / 2).next_power_of_two();
    let size = if places > 1 << 15 { 4 } else { 2 };
    let index = heap.alloc(Kind::Buffer, 1 + (places * size).div_ceil(4))?;
    heap.poke_raw(heap.get(index), 0, places.trailing_zeros());
    // The table is made last: what is new needs no write barrier.
    let table = heap.alloc(Kind::Table, table_words(capacity) + 1)?;
    let object = heap.get(table);
    heap.init(object, table_words(capacity), heap.get(index));
    heap.poke_raw(object, STATE, INDEXED);
    heap.set(index, object);
    heap.set_sp(table.addr());
    Ok(index)
}

/// Whether the next insertion must grow the table.
pub(super) fn is_full(heap: &Heap, dict: Value<'_>) -> bool {
    let table = heap.word(dict, TABLE);
    table.is_null() || used(heap, table) == capacity(heap, table)
}

/// How many entries a table gets that has to hold more than `live`.
///
/// SIZE: small steps at first, because most tables are small and stay.
pub(in crate::types) fn next_capacity(live: u32) -> u32 {
    match live {
        0 => 1,
        1..4 => 4,
        4..7 => 7,
        7..10 => 10,
        _ => live + live / 2 + 2,
    }
}

/// Gives the dict a table with room, without its deleted entries. Of a mixed dict, the index is
/// empty after this.
pub(super) fn grow_table(heap: &mut Heap, dict: Local) -> Result<(), OutOfMemory> {
    let wanted = next_capacity(super::len(heap, heap.get(dict)));
    let fresh = alloc_table(heap, wanted)?;
    let (object, to) = (heap.get(dict), heap.get(fresh));
    let from = heap.word(object, TABLE);
    let mut count = 0;
    if !from.is_null() {
        let flags = heap.raw(from, STATE) & (MIXED | ORDERED | FIXED);
        heap.poke_raw(to, STATE, heap.raw(to, STATE) | flags);
        for n in 0..used(heap, from) {
            let key = heap.word(from, key_word(n));
            if key == Value::DELETED {
                continue;
            }
            heap.init(to, key_word(count), key);
            heap.init(to, value_word(count), heap.word(from, value_word(n)));
            if flags & MIXED == 0
                && let Some(number) = key.as_qstr()
            {
                index_entry(heap, to, name_hash(Qstr(number)), count);
            }
            count += 1;
        }
    }
    heap.poke_raw(to, STATE, heap.raw(to, STATE) | count << USED_SHIFT);
    heap.poke(object, TABLE, to);
    heap.set_sp(fresh.addr());
    Ok(())
}

/// Adds an entry whose key is not there yet. A names-only dict grows by itself; a mixed one has
/// been given room by the caller.
pub(super) fn insert(
    heap: &mut Heap,
    dict: Local,
    key: Local,
    value: Local,
    hash: u32,
) -> Result<(), OutOfMemory> {
    if is_full(heap, heap.get(dict)) {
        grow_table(heap, dict)?;
    }
    let table = heap.word(heap.get(dict), TABLE);
    let state = heap.raw(table, STATE);
    let n = state >> USED_SHIFT;
    heap.poke(table, key_word(n), heap.get(key));
    heap.poke(table, value_word(n), heap.get(value));
    heap.poke_raw(table, STATE, state + (1 << USED_SHIFT));
    index_entry(heap, table, hash, n);
    Ok(())
}

/// Removes entry `n`.
pub(super) fn remove(heap: &Heap, dict: Value<'_>, n: u32) {
    let table = heap.word(dict, TABLE);
    heap.poke_immediate(table, key_word(n), Value::DELETED);
    heap.poke_immediate(table, value_word(n), Value::NULL);
    let state = heap.raw(table, STATE);
    // Without an index to be told, the last entry can be used again: so the name of a caught
    // exception, which is deleted each time, does not make a namespace grow.
    match index(heap, table) {
        Some(index) => heap.poke_raw(index, 0, heap.raw(index, 0) + (1 << PLACES_BITS)),
        None if n + 1 == state >> USED_SHIFT => {
            heap.poke_raw(table, STATE, state - (1 << USED_SHIFT));
        }
        None => heap.poke_raw(table, STATE, state + (1 << DELETED_SHIFT)),
    }
}

/// What of an entry an iteration wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key.
    Key,
    /// The value.
    Value,
    /// Both, as a tuple.
    Item,
}

/// The first live entry at or behind entry `at`, its part pushed, and how many entries to go on by.
pub fn next_entry(vm: &mut Vm, dict: Local, at: u32, part: Part) -> PyResult<(u32, Option<Local>)> {
    let table = vm.heap.word(vm.heap.get(dict), TABLE);
    if table.is_null() {
        return Ok((0, None));
    }
    let used = used(&vm.heap, table);
    let mut n = at;
    while n < used && vm.heap.word(table, key_word(n)) == Value::DELETED {
        n += 1;
    }
    if n >= used {
        return Ok((0, None));
    }
    let step = n - at + 1;
    if part == Part::Item {
        let pair = vm.alloc(Kind::Tuple, 2)?;
        let object = vm.heap.get(pair);
        let table = vm.heap.word(vm.heap.get(dict), TABLE);
        vm.heap.init(object, 0, vm.heap.word(table, key_word(n)));
        vm.heap.init(object, 1, vm.heap.word(table, value_word(n)));
        return Ok((step, Some(pair)));
    }
    let word = if part == Part::Key { key_word(n) } else { value_word(n) };
    let table = vm.push_word(dict, TABLE)?;
    let value = vm.push_word(table, word)?;
    Ok((step, Some(value)))
}
