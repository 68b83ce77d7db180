//! `set` and `frozenset`.
//!
//! Layout: raw live members, raw places taken (deleted ones included) and flags; values: Words or
//! NULL. The Words are an open-addressing table: NULL is free, DELETED was a member.
//!
//! INVARIANT `room`: at least one place is free, of many a third, so that every search ends.
//! Hashing and comparing members may run Python code, which may change the very set: a search
//! begins anew when the storage is not the same any more, and a set that is being rebuilt refuses
//! changes ([`BUSY`]).

mod algebra;
mod methods;

pub use methods::{FROZENSET, SET};

use crate::{PyResult, Vm};
use octopy_heap::{Heap, Kind, Local, Value};

/// Word of the number of members.
pub const LIVE: u32 = 0;
/// Word of the number of places that are not free, of the finger and of the flag.
pub const USED: u32 = 1;
/// Word of the storage.
pub const STORAGE: u32 = 2;
/// Flag in the USED word: the set is being rebuilt.
const BUSY: u32 = 1 << 31;
/// Bits of the number in the USED word: storage has at most 2^21 places.
const COUNT: u32 = (1 << FINGER) - 1;
/// Lowest bit of the finger, in 512ths of the places: `pop` goes on there, so that emptying a set
/// does not search the emptied part again and again.
const FINGER: u32 = 22;
const FINGER_STEPS: u32 = 512;

/// The first number of places that is not few. Of few places, an odd number that fills an object
/// with its header, all but one can be taken; many are a power of two.
const MANY_PLACES: u32 = 16;

/// How many of so many places may be taken.
fn limit(places: u32) -> u32 {
    if places < MANY_PLACES { places.saturating_sub(1) } else { places * 2 / 3 }
}

/// An empty set of this kind (Set or FrozenSet), pushed.
pub fn alloc(vm: &mut Vm, kind: Kind) -> PyResult<Local> {
    vm.alloc(kind, 3)
}

/// A set of the items of an iterable, pushed.
pub fn from_iterable(vm: &mut Vm, iterable: Local) -> PyResult<Local> {
    let set = alloc(vm, Kind::Set)?;
    algebra::add_all(vm, set, iterable)?;
    Ok(set)
}

/// The number of members.
pub fn len(heap: &Heap, set: Value<'_>) -> u32 {
    heap.raw(set, LIVE)
}

fn used(heap: &Heap, set: Value<'_>) -> u32 {
    heap.raw(set, USED) & COUNT
}

/// The place where `pop` goes on.
fn finger(heap: &Heap, set: Value<'_>) -> u32 {
    let places = heap.words(heap.word(set, STORAGE));
    let finger = (heap.raw(set, USED) & !BUSY) >> FINGER;
    // Places have 21 bits, steps nine.
    finger * places / FINGER_STEPS
}

fn set_finger(heap: &Heap, set: Value<'_>, place: u32) {
    let places = heap.words(heap.word(set, STORAGE));
    let finger = place * FINGER_STEPS / places;
    let others = heap.raw(set, USED) & (COUNT | BUSY);
    heap.poke_raw(set, USED, others | finger << FINGER);
}

/// The order in which a search visits places: at first by the low bits of the hash, then by the
/// others, at last all of them. So small ints stand in order, and no pattern of hashes is slow.
/// Few places are visited one after the other.
#[derive(Clone, Copy)]
struct Path {
    place: u32,
    rest: u32,
    places: u32,
}

impl Path {
    /// The path of a hash through so many places.
    fn new(hash: u32, places: u32) -> Self {
        let place = if places < MANY_PLACES { hash % places.max(1) } else { hash & (places - 1) };
        Self { place, rest: hash, places }
    }

    fn advance(&mut self) {
        if self.places < MANY_PLACES {
            self.place += 1;
            if self.place == self.places {
                self.place = 0;
            }
            return;
        }
        self.rest >>= 5;
        let next = self.place.wrapping_mul(5).wrapping_add(self.rest).wrapping_add(1);
        self.place = next & (self.places - 1);
    }
}

/// Whether two members are equal, where that can be told by looking.
fn same(vm: &Vm, a: Value<'_>, b: Value<'_>) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    if a == Value::DELETED || Value::both_small(a, b) {
        return Some(false);
    }
    match (vm.text(a), vm.text(b)) {
        (Some(a), Some(b)) => Some(a == b),
        (Some(_), None) if b.as_immediate().is_some() => Some(false),
        (None, Some(_)) if a.as_immediate().is_some() => Some(false),
        _ => None,
    }
}

/// Where a search stopped.
enum Probe {
    /// At the member.
    Found,
    /// At a free place: it is no member.
    Free,
    /// At a member that Python code must compare.
    Ask,
}

/// Searches by looking only, from a place on.
fn probe(vm: &Vm, storage: Value<'_>, item: Value<'_>, path: &mut Path) -> Probe {
    loop {
        let candidate = vm.heap.word(storage, path.place);
        if candidate.is_null() {
            return Probe::Free;
        }
        match same(vm, candidate, item) {
            Some(true) => return Probe::Found,
            Some(false) => {}
            None => return Probe::Ask,
        }
        path.advance();
    }
}

/// The place of a member.
fn find(vm: &mut Vm, set: Local, item: Local, hash: u32) -> PyResult<Option<u32>> {
    let storage = vm.heap.word(vm.heap.get(set), STORAGE);
    if storage.is_null() {
        return Ok(None);
    }
    let mut path = Path::new(hash, vm.heap.words(storage));
    match probe(vm, storage, vm.heap.get(item), &mut path) {
        Probe::Found => Ok(Some(path.place)),
        Probe::Free => Ok(None),
        Probe::Ask => find_asking(vm, set, item, hash),
    }
}

/// The place of a member, among others that Python code must compare with it.
#[inline(never)]
fn find_asking(vm: &mut Vm, set: Local, item: Local, hash: u32) -> PyResult<Option<u32>> {
    let start = vm.mark();
    let storage = vm.push_word(set, STORAGE)?;
    let mark = vm.mark();
    loop {
        let words = vm.heap.get(storage);
        if words.is_null() {
            return Ok(None);
        }
        let mut path = Path::new(hash, vm.heap.words(words));
        let found = loop {
            match probe(vm, vm.heap.get(storage), vm.heap.get(item), &mut path) {
                Probe::Found => break Some(Some(path.place)),
                Probe::Free => break Some(None),
                Probe::Ask => {
                    let at = path.place;
                    let candidate = vm.push_word(storage, at)?;
                    let equal = vm.equal(candidate, item)?;
                    let words = vm.heap.get(storage);
                    let is_there = vm.heap.word(vm.heap.get(set), STORAGE) == words
                        && vm.heap.word(words, at) == vm.heap.get(candidate);
                    vm.release(mark);
                    if !is_there {
                        break None;
                    }
                    if equal {
                        break Some(Some(at));
                    }
                    path.advance();
                }
            }
        };
        match found {
            Some(found) => {
                vm.release(start);
                return Ok(found);
            }
            // The comparison changed the set: the search begins anew.
            None => {
                let words = vm.heap.word(vm.heap.get(set), STORAGE);
                vm.heap.set(storage, words);
            }
        }
    }
}

/// Whether `item` is a member.
pub fn has(vm: &mut Vm, set: Local, item: Local) -> PyResult<bool> {
    if len(&vm.heap, vm.heap.get(set)) == 0 {
        // Unhashable items are an error even where nothing can be found.
        vm.hash(item)?;
        return Ok(false);
    }
    let hash = vm.hash(item)?;
    Ok(find(vm, set, item, hash)?.is_some())
}

fn is_busy(vm: &Vm, set: Local) -> bool {
    vm.heap.raw(vm.heap.get(set), USED) & BUSY != 0
}

/// Adds a member; false if it was one already.
pub fn add(vm: &mut Vm, set: Local, item: Local) -> PyResult<bool> {
    let hash = vm.hash(item)?;
    if find(vm, set, item, hash)?.is_some() {
        return Ok(false);
    }
    if is_busy(vm, set) {
        return Err(vm.raise_changed());
    }
    let object = vm.heap.get(set);
    let storage = vm.heap.word(object, STORAGE);
    let places = if storage.is_null() { 0 } else { vm.heap.words(storage) };
    if used(&vm.heap, object) >= limit(places) {
        let live = len(&vm.heap, object);
        // Where members come and go, it must not be soon that it happens again.
        let spare = if used(&vm.heap, object) > live { live / 2 + 2 } else { 1 };
        rebuild(vm, set, live + spare)?;
    }
    let heap = &vm.heap;
    let object = heap.get(set);
    if insert(heap, heap.word(object, STORAGE), heap.get(item), hash) {
        heap.poke_raw(object, USED, heap.raw(object, USED) + 1);
    }
    heap.poke_raw(object, LIVE, len(heap, object) + 1);
    Ok(true)
}

/// Adds a small int if that takes no memory and no Python code.
pub(crate) fn add_quickly(vm: &Vm, set: Value<'_>, item: Value<'_>) -> bool {
    let heap = &vm.heap;
    let storage = heap.word(set, STORAGE);
    let Some(small) = item.as_small() else { return false };
    if storage.is_null() || heap.raw(set, USED) & BUSY != 0 {
        return false;
    }
    let places = heap.words(storage);
    let mut path = Path::new(small as u32, places);
    match probe(vm, storage, item, &mut path) {
        Probe::Found => true,
        Probe::Ask => false,
        Probe::Free => {
            let has_room = used(heap, set) < limit(places);
            if has_room {
                heap.poke(storage, path.place, item);
                heap.poke_raw(set, USED, heap.raw(set, USED) + 1);
                heap.poke_raw(set, LIVE, len(heap, set) + 1);
            }
            has_room
        }
    }
}

/// Puts a value that is no member into the first place that holds none; true if that was free.
fn insert(heap: &Heap, storage: Value<'_>, item: Value<'_>, hash: u32) -> bool {
    let mut path = Path::new(hash, heap.words(storage));
    loop {
        let old = heap.word(storage, path.place);
        if old.is_null() || old == Value::DELETED {
            heap.poke(storage, path.place, item);
            return old.is_null();
        }
        path.advance();
    }
}

/// Gives the set storage with room for so many members, without deleted ones.
fn rebuild(vm: &mut Vm, set: Local, members: u32) -> PyResult<()> {
    let places = match members {
        0..=4 => 5,
        5..=6 => 7,
        7..=10 => 11,
        // Half full, so that it is long before it happens again.
        _ => members.saturating_mul(2).checked_next_power_of_two().unwrap_or(u32::MAX),
    };
    let mark = vm.mark();
    let fresh = vm.alloc(Kind::Words, places)?;
    let object = vm.heap.get(set);
    let flagged = vm.heap.raw(object, USED) | BUSY;
    vm.heap.poke_raw(object, USED, flagged);
    let res = rehash(vm, set, fresh);
    let object = vm.heap.get(set);
    match res {
        Ok(()) => {
            vm.heap.poke(object, STORAGE, vm.heap.get(fresh));
            vm.heap.poke_raw(object, USED, len(&vm.heap, object));
        }
        Err(_) => vm.heap.poke_raw(object, USED, flagged & !BUSY),
    }
    vm.release(mark);
    res
}

/// Enters the members of a set into other storage.
fn rehash(vm: &mut Vm, set: Local, fresh: Local) -> PyResult<()> {
    let mark = vm.mark();
    let mut at = 0;
    loop {
        let (step, member) = next_member(vm, set, at)?;
        let Some(member) = member else { return Ok(()) };
        let hash = vm.hash(member)?;
        insert(&vm.heap, vm.heap.get(fresh), vm.heap.get(member), hash);
        vm.release(mark);
        at += step;
    }
}

/// Removes a member; false if it was none.
pub fn discard(vm: &mut Vm, set: Local, item: Local) -> PyResult<bool> {
    let hash = vm.hash(item)?;
    let Some(place) = find(vm, set, item, hash)? else {
        return Ok(false);
    };
    if is_busy(vm, set) {
        return Err(vm.raise_changed());
    }
    remove(&vm.heap, vm.heap.get(set), place);
    Ok(true)
}

/// Empties a place.
fn remove(heap: &Heap, set: Value<'_>, place: u32) {
    heap.poke_immediate(heap.word(set, STORAGE), place, Value::DELETED);
    heap.poke_raw(set, LIVE, heap.raw(set, LIVE) - 1);
}

/// Removes all members.
fn clear(vm: &mut Vm, set: Local) -> PyResult<()> {
    if is_busy(vm, set) {
        return Err(vm.raise_changed());
    }
    let object = vm.heap.get(set);
    vm.heap.poke_immediate(object, STORAGE, Value::NULL);
    vm.heap.poke_raw(object, LIVE, 0);
    vm.heap.poke_raw(object, USED, 0);
    Ok(())
}

/// The first member at or behind place `at`, pushed, and how far it is plus one.
pub fn next_member(vm: &mut Vm, set: Local, at: u32) -> PyResult<(u32, Option<Local>)> {
    let storage = vm.heap.word(vm.heap.get(set), STORAGE);
    let places = if storage.is_null() { 0 } else { vm.heap.words(storage) };
    for place in at..places {
        let member = vm.heap.word(storage, place);
        if !member.is_null() && member != Value::DELETED {
            return match vm.heap.push(member) {
                Ok(slot) => Ok((place - at + 1, Some(slot))),
                Err(_) => Err(vm.raise_recursion()),
            };
        }
    }
    Ok((0, None))
}
