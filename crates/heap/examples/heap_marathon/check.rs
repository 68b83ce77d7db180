//! Comparing the heap with its model.

use crate::course::Course;
use crate::object::{EDGES, NOTHING, Object};
use octopy_heap::{Local, RegionClass, RegionInfo};

/// Places that are looked at after objects have moved.
const SOME: u32 = 4;

/// How far references are followed.
const DEPTH: u32 = 8;

impl Course {
    /// Compares an object with its model: all of it if it is short, else some of it.
    fn check(&mut self, slot: Local, id: u32) {
        let object = self.objects[id as usize].clone();
        let look = self.heap.get(slot);
        assert!(self.heap.is_kind(look, object.kind), "the kind is another");
        assert_eq!(self.heap.words(look), object.words, "the length is another");
        if let Some(class) = object.class {
            let is_fast = self.region_at(look.bits()).is_some_and(|region| region.fast);
            assert_eq!(is_fast, class == RegionClass::Fast, "an object has left its memory");
        }
        let step = object.words / 16 + 1;
        let start = self.random.below(step);
        let some = (start..object.words).step_by(step as usize);
        for idx in some.chain(object.words.checked_sub(1)) {
            if object.edge_at(idx).is_some() {
                continue;
            }
            let is_raw = idx < object.raw();
            let found =
                if is_raw { self.heap.raw(look, idx) } else { self.heap.word(look, idx).bits() };
            assert_eq!(found, object.pattern(idx), "word {idx} of {}", object.words);
        }
        for (idx, target) in object.edges.into_iter().filter(|edge| edge.0 != NOTHING) {
            let found = self.heap.word(look, idx);
            let target = self.object(target);
            assert!(self.heap.is_kind(found, target.kind), "a reference leads to another kind");
            assert_eq!(self.heap.words(found), target.words, "a reference leads elsewhere");
            if target.words > 0 && target.edge_at(0).is_none() {
                let word = if target.raw() > 0 {
                    self.heap.raw(found, 0)
                } else {
                    self.heap.word(found, 0).bits()
                };
                assert_eq!(word, target.pattern(0), "a reference leads to another object");
            }
        }
    }

    /// New words say nothing: all of them if they are few, else the first and the last ones.
    pub(crate) fn check_clear(&self, slot: Local, object: &Object, first: u32) {
        let look = self.heap.get(slot);
        let few = (first..object.words.min(first + 8)).chain(object.words.max(first + 8) - 8..);
        for idx in few.take_while(|&idx| idx < object.words) {
            let is_clear = if idx < object.raw() {
                self.heap.raw(look, idx) == 0
            } else {
                self.heap.word(look, idx).is_null()
            };
            assert!(is_clear, "word {idx} of {} is not new", object.words);
        }
    }

    /// The region that an address is in.
    fn region_at(&self, address: u32) -> Option<RegionInfo> {
        (0..self.heap.region_count())
            .filter_map(|idx| self.heap.region_info(idx))
            .find(|region| address.wrapping_sub(region.base) < region.total)
    }

    /// Looks at the next places, because objects have moved.
    pub(crate) fn check_next(&mut self) {
        self.moves = self.heap.moves();
        for _ in 0..SOME {
            self.next = (self.next + 1) % self.places.len() as u32;
            self.check_place(self.next);
        }
    }

    /// Looks at what a place holds, and at some of what that refers to.
    fn check_place(&mut self, place: u32) {
        let id = self.places[place as usize];
        if id == NOTHING {
            return;
        }
        let slot = self.push(place);
        let mut id = id;
        for _ in 0..DEPTH {
            self.check(slot, id);
            let edge = self.random.below(EDGES as u32) as usize;
            let (at, target) = self.object(id).edges[edge];
            if at == NOTHING {
                break;
            }
            self.heap.set(slot, self.heap.word(self.heap.get(slot), at));
            id = target;
        }
        self.pop(1);
    }

    /// Looks at one object.
    pub(crate) fn look(&mut self) {
        if let Some(place) = self.full_place() {
            self.check_place(place);
        }
    }

    /// Looks at everything.
    pub(crate) fn check_all(&mut self) {
        assert_eq!(self.heap.verify(), Ok(()));
        for place in 0..self.places.len() as u32 {
            self.check_place(place);
        }
    }
}
