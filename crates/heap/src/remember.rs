//! The remembered set: old objects that got a reference to a young one.
//!
//! A minor collection looks for young objects in the value stack, in the root table and here, but
//! not in the other old objects. So every store of a reference asks whether the object is *watched*
//! (old, and not remembered yet), which is one bit of its header; if so, and if the reference is to
//! a young object, the object is entered and no longer watched, until a collection finds that it
//! refers to nothing that stays young.
//!
//! The set is a list in fast memory: of short objects, and of single words of longer ones, which stay
//! watched. When many words of an object are in the list, the object takes their place.
//!
//! Before the list is full, or long to look at, the next allocation collects. If it is full all the
//! same, because a program stores and does not allocate, the other remembered objects are found by
//! the missing bit, among all old ones.
//!
//! INVARIANT watched: an old object that refers to a young one is not watched, or the word that
//! does is in the list.

use crate::object::Header;
use crate::{Heap, raw};
use core::cell::Cell;

/// Entries of the list.
const REMEMBERED: usize = 512;

/// A collection is due when the list is nearly full, or when the objects in it have so many words.
const MUCH: u32 = 2 * 1024;

/// Objects of so many words are remembered word by word while half of the list is free...
const LONG: u32 = if cfg!(test) { 16 } else { 32 };

/// ...and those of so many as long as there is any place.
const VERY_LONG: u32 = if cfg!(test) { 64 } else { 2048 };

/// A copy of more words than this is not looked through for young objects.
const MOST_LOOKED_AT: u32 = 256;

/// Tells an object in the list from a word.
const WHOLE: u32 = 1;

#[derive(Debug)]
pub(crate) struct Remembered {
    /// The addresses of objects, with [`WHOLE`], and of words; a word can be there more than once.
    entries: [Cell<u32>; REMEMBERED],
    len: Cell<usize>,
    /// How many words the objects in the list have.
    words: Cell<u32>,
    /// There are remembered objects that had no place in the list.
    spilled: Cell<bool>,
    /// Whether a collection should come soon.
    pressing: Cell<bool>,
    /// Entries that are used: all of them, but for tests.
    pub(crate) limit: usize,
    /// How often the list was full, since start-up.
    pub(crate) overflows: Cell<u32>,
}

impl Remembered {
    pub(crate) const fn new() -> Self {
        Self {
            entries: [const { Cell::new(0) }; REMEMBERED],
            len: Cell::new(0),
            words: Cell::new(0),
            spilled: Cell::new(false),
            pressing: Cell::new(false),
            limit: REMEMBERED,
            overflows: Cell::new(0),
        }
    }

    /// Empties the set; the objects' bits stay as they are.
    pub(crate) fn clear(&self) {
        self.len.set(0);
        self.words.set(0);
        self.spilled.set(false);
        self.pressing.set(false);
    }

    fn entries(&self) -> &[Cell<u32>] {
        self.entries.get(..self.len.get()).unwrap_or(&[])
    }

    /// Adds an entry; false if there is no place.
    pub(crate) fn push(&self, entry: u32) -> bool {
        let len = self.len.get();
        let Some(place) = self.entries.get(..self.limit).and_then(|entries| entries.get(len))
        else {
            return false;
        };
        place.set(entry);
        self.len.set(len + 1);
        true
    }

    /// Takes the words out that `keep` does not want.
    fn retain(&self, mut keep: impl FnMut(u32) -> bool) {
        let mut kept = 0;
        for entry in self.entries() {
            if (entry.get() & WHOLE != 0 || keep(entry.get()))
                && let Some(place) = self.entries.get(kept)
            {
                place.set(entry.get());
                kept += 1;
            }
        }
        self.len.set(kept);
    }

    /// Forgets the single words between two addresses.
    pub(crate) fn forget_words(&self, first: u32, end: u32) {
        self.retain(|word| word < first || word >= end);
    }

    /// Whether nothing is remembered.
    #[cfg(feature = "incremental")]
    pub(crate) fn is_empty(&self) -> bool {
        self.len.get() == 0 && !self.spilled.get()
    }

    /// Whether a collection should come soon.
    pub(crate) fn is_pressing(&self) -> bool {
        self.pressing.get()
    }

    /// Whether there is room for so many more entries, and for what the next time brings, if all
    /// of this stays.
    #[cfg(feature = "incremental")]
    pub(crate) fn has_room_for(&self, more: u32) -> bool {
        let half = self.limit / 2;
        self.len.get() <= half
            && more as usize <= half
            && self.words.get() <= MUCH / 2
            && !self.spilled.get()
    }

    /// Whether an object of so many words is remembered word by word.
    #[inline(always)]
    pub(crate) fn by_word(&self, words: u32) -> bool {
        let is_room = self.len.get() < self.limit / 2;
        words >= VERY_LONG || words >= LONG && is_room
    }

    /// Adds an object of so many words.
    #[inline(always)]
    pub(crate) fn push_whole(&self, object: u32, words: u32) {
        self.words.set(self.words.get().saturating_add(words));
        if !self.push(object | WHOLE) && !self.spilled.replace(true) {
            self.overflows.set(self.overflows.get().saturating_add(1));
        }
    }
}

impl Heap {
    /// The write barrier's second half: `value` has been stored at `slot` in a watched object.
    #[cold]
    #[inline(never)]
    pub(crate) fn note_store(&self, object: u32, slot: u32, value: u32) {
        if !self.is_young(value) {
            self.note_old(value);
            return;
        }
        let words = self.header(object).words();
        let set = &self.remembered;
        if !set.by_word(words) || !set.push(slot) {
            self.remember(object);
        }
        self.press_if_much();
    }

    /// The same after a copy to the words from `first` to `end`.
    #[cold]
    #[inline(never)]
    pub(crate) fn note_copy(&self, object: u32, first: u32, end: u32) {
        if end - first > MOST_LOOKED_AT * 4 {
            self.remember(object);
            self.press_if_much();
            return;
        }
        let mut slot = first;
        while slot < end && self.header(object).0 & Header::WATCHED != 0 {
            let word = raw::load(&self.space, slot);
            if word & 7 == 0 {
                self.note_store(object, slot, word);
            }
            slot += 4;
        }
    }

    /// Enters a watched object as a whole.
    fn remember(&self, object: u32) {
        let header = self.header(object);
        let set = &self.remembered;
        raw::store(&self.space, object, header.0 & !Header::WATCHED);
        if header.words() >= LONG {
            set.forget_words(object, object + header.size());
        }
        set.push_whole(object, header.words());
    }

    /// Enters an old object that is to be filled without the barrier.
    #[cfg(feature = "incremental")]
    pub(crate) fn remember_whole(&self, object: u32) {
        self.remember(object);
        self.press_if_much();
    }

    /// Says that an object becomes shorter: none of its words is in the list from now on.
    pub(crate) fn note_shrink(&self, object: u32) {
        let header = self.header(object);
        if header.0 & Header::WATCHED != 0 && header.words() >= LONG {
            self.remember(object);
        }
    }

    /// Lets the next allocation collect, if it is time.
    fn press_if_much(&self) {
        let set = &self.remembered;
        if set.len.get() >= set.limit / 4 * 3 || set.words.get() >= MUCH {
            set.pressing.set(true);
            self.narrow_window();
        }
    }

    /// Takes words out of the list that are there twice, or no longer refer to a young object.
    pub(crate) fn tidy_remembered(&mut self) {
        // A word that has been met is made odd, so that it is no reference the next time.
        self.remembered.retain(|slot| {
            let word = raw::load(&self.space, slot);
            let is_first = word & 7 == 0 && self.is_young(word);
            if is_first {
                raw::store(&self.space, slot, word | 1);
            }
            is_first
        });
        for entry in self.remembered.entries() {
            if entry.get() & WHOLE == 0 {
                let word = raw::load(&self.space, entry.get());
                raw::store(&self.space, entry.get(), word & !1);
            }
        }
    }

    /// Calls `visit` with every run of words that may refer to young objects.
    pub(crate) fn each_remembered(&mut self, visit: fn(&mut Self, u32, u32)) {
        self.each_entry(|heap, entry| {
            if entry & WHOLE == 0 {
                visit(heap, entry, entry + 4);
            } else if let Some((first, end)) = heap.header(entry & !WHOLE).traced(entry & !WHOLE) {
                visit(heap, first, end);
            }
        });
    }

    /// Calls `visit` with every object that is remembered as a whole.
    #[cfg(feature = "incremental")]
    pub(crate) fn each_remembered_object(&mut self, visit: fn(&mut Self, u32)) {
        self.each_entry(|heap, entry| {
            if entry & WHOLE != 0 {
                visit(heap, entry & !WHOLE);
            }
        });
    }

    /// Keeps the entries with words that `keep` wants, and watches the other objects again. All
    /// are in the list.
    #[cfg(feature = "incremental")]
    pub(crate) fn retain_remembered(&self, keep: impl Fn(&Self, u32) -> bool) {
        let set = &self.remembered;
        set.words.set(0);
        set.pressing.set(false);
        let mut kept = 0;
        for entry in set.entries() {
            let is_kept = if entry.get() & WHOLE == 0 {
                keep(self, entry.get())
            } else {
                self.keep_object(entry.get() & !WHOLE, &keep)
            };
            if is_kept && let Some(place) = set.entries.get(kept) {
                place.set(entry.get());
                kept += 1;
            }
        }
        set.len.set(kept);
    }

    /// Whether an object has a word that `keep` wants. Counts its words then, and else it is watched
    /// again.
    #[cfg(feature = "incremental")]
    fn keep_object(&self, object: u32, keep: impl Fn(&Self, u32) -> bool) -> bool {
        let header = self.header(object);
        let (mut slot, end) = header.traced(object).unwrap_or((0, 0));
        while slot < end {
            if keep(self, slot) {
                let words = &self.remembered.words;
                words.set(words.get().saturating_add(header.words()));
                return true;
            }
            slot += 4;
        }
        raw::store(&self.space, object, header.0 | Header::WATCHED);
        false
    }

    /// Watches the remembered objects again, and empties the set.
    pub(crate) fn forget_remembered(&mut self) {
        self.each_entry(|heap, entry| {
            if entry & WHOLE != 0 {
                let object = entry & !WHOLE;
                raw::store(&heap.space, object, heap.header(object).0 | Header::WATCHED);
            }
        });
        self.remembered.clear();
    }

    /// Calls `visit` with every entry, and with those that had no place.
    fn each_entry(&mut self, mut visit: impl FnMut(&mut Self, u32)) {
        let spilled = self.remembered.spilled.get();
        let mut idx = 0;
        while let Some(entry) = self.remembered.entries().get(idx).map(Cell::get) {
            // An object is met below, among all that are not watched.
            if !spilled || entry & WHOLE == 0 {
                visit(self, entry);
            }
            idx += 1;
        }
        if !spilled {
            return;
        }
        for idx in 0..self.n_regions {
            let region = self.region(idx);
            let mut addr = region.base;
            while addr < region.floor {
                let header = self.header(addr);
                if header.0 & Header::WATCHED == 0 {
                    visit(self, addr | WHOLE);
                }
                addr += header.size();
            }
        }
    }

    /// Whether the set has this old object, which is not watched; for the verifier.
    pub(crate) fn is_remembered(&self, object: u32) -> bool {
        self.remembered.spilled.get() || self.is_remembered_at(object | WHOLE)
    }

    /// Whether the set has this word of a watched object; for the verifier.
    pub(crate) fn is_remembered_at(&self, slot: u32) -> bool {
        self.remembered.entries().iter().any(|entry| entry.get() == slot)
    }
}
