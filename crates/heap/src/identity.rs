//! Identities: numbers that objects keep when they move.
//!
//! An object gets one when somebody asks: it is the object's place in a table, which keeps nothing
//! alive through a full collection, as that of weak references. An index finds the place by the
//! address; it is made anew when it is asked after objects have moved. Who never asks pays nothing.
//!
//! Layout: the table is a Words object, the index a Buffer of as many words, and as many again,
//! which are places plus 1, or 0: a hash table with open addressing.

use crate::{Heap, Kind, Local, OutOfMemory, Root, Value};

/// Places that there are at first.
const FIRST: u32 = 8;

/// From so many places on, garbage is collected before there are more: else asking for the identity
/// of many short-lived objects would fill the heap with them.
const COLLECT_FROM: u32 = 1024;

/// The table and its index.
#[derive(Debug)]
pub(crate) struct Identities {
    table: Root,
    index: Root,
    /// When the index was made, as [`Heap::moves`] counts; `None` if objects have died since.
    made: Option<u32>,
    /// No place before this one is free.
    free: u32,
}

impl Heap {
    /// A number that no other living object has and that stays when the object moves. The slot must
    /// hold a reference.
    pub fn identity(&mut self, object: Local) -> Result<u32, OutOfMemory> {
        loop {
            self.renew_index();
            if let Some(number) = self.known_identity(object).or_else(|| self.new_identity(object))
            {
                return Ok(number);
            }
            self.add_places()?;
        }
    }

    /// The object that [`Heap::identity`] gave this number; `None` if it is no longer there.
    pub fn identified(&self, number: u32) -> Option<Value<'_>> {
        let table = self.identity_table()?;
        let object =
            if number < self.words(table) { self.word(table, number) } else { return None };
        object.is_ref().then_some(object)
    }

    /// The number of an object that has one.
    fn known_identity(&self, object: Local) -> Option<u32> {
        let identities = self.identities.as_ref()?;
        let (table, index) = (identities.table.get(self), identities.index.get(self));
        let object = self.get(object);
        let mask = self.words(index) - 1;
        let mut at = hash(object) & mask;
        loop {
            let place = self.raw(index, at).checked_sub(1)?;
            if self.word(table, place) == object {
                return Some(place);
            }
            at = (at + 1) & mask;
        }
    }

    /// Gives an object the first number that is free, if there is one.
    fn new_identity(&mut self, object: Local) -> Option<u32> {
        let identities = self.identities.as_ref()?;
        let (table, mut place) = (identities.table.get(self), identities.free);
        while place < self.words(table) {
            if self.word(table, place).is_null() {
                self.poke(table, place, self.get(object));
                self.enter(identities, self.get(object), place);
                if let Some(identities) = self.identities.as_mut() {
                    identities.free = place + 1;
                }
                return Some(place);
            }
            place += 1;
        }
        None
    }

    /// Enters a place in the index, which has room.
    fn enter(&self, identities: &Identities, object: Value<'_>, place: u32) {
        let index = identities.index.get(self);
        let mask = self.words(index) - 1;
        let mut at = hash(object) & mask;
        while self.raw(index, at) != 0 {
            at = (at + 1) & mask;
        }
        self.poke_raw(index, at, place + 1);
    }

    /// Makes the index anew if objects have moved or died.
    fn renew_index(&mut self) {
        let moves = self.moves();
        let Some(identities) = self.identities.as_ref().filter(|i| i.made != Some(moves)) else {
            return;
        };
        let (table, index) = (identities.table.get(self), identities.index.get(self));
        for at in 0..self.words(index) {
            self.poke_raw(index, at, 0);
        }
        for place in 0..self.words(table) {
            let object = self.word(table, place);
            if !object.is_null() {
                self.enter(identities, object, place);
            }
        }
        if let Some(identities) = self.identities.as_mut() {
            identities.made = Some(moves);
            identities.free = 0;
        }
    }

    /// The table, if there is one.
    pub(crate) fn identity_table(&self) -> Option<Value<'_>> {
        self.identities.as_ref().map(|identities| identities.table.get(self))
    }

    /// Says that the index is to be made anew, as objects have died.
    pub(crate) fn forget_index(&mut self) {
        if let Some(identities) = self.identities.as_mut() {
            identities.made = None;
        }
    }

    /// Finds places for more objects.
    fn add_places(&mut self) -> Result<(), OutOfMemory> {
        let old = self.identity_table().map_or(0, |table| self.words(table));
        if old >= COLLECT_FROM && self.enabled && self.locked == 0 {
            self.collect();
            let is_sparse = self.identity_table().is_some_and(|table| {
                (0..old).filter(|&place| self.word(table, place).is_null()).count() as u32 > old / 4
            });
            if is_sparse {
                return Ok(());
            }
        }
        let places = (2 * old).max(FIRST);
        let sp = self.sp();
        let table = self.alloc(Kind::Words, places)?;
        let made = self.alloc(Kind::Buffer, 2 * places).and_then(|index| match &self.identities {
            Some(identities) => {
                let from = identities.table.get(self);
                self.copy_words(from, 0, self.get(table), 0, old);
                identities.table.set(self, self.get(table));
                identities.index.set(self, self.get(index));
                Ok(None)
            }
            None => {
                let table = self.root(self.get(table))?;
                let index = self.root(self.get(index))?;
                Ok(Some(Identities { table, index, made: None, free: 0 }))
            }
        });
        self.set_sp(sp);
        match made? {
            Some(identities) => self.identities = Some(identities),
            None => self.forget_index(),
        }
        Ok(())
    }
}

/// Where the search for an address begins.
fn hash(object: Value<'_>) -> u32 {
    let word = (object.bits() >> 3).wrapping_mul(0x9e37_79b1);
    word ^ word >> 15
}
