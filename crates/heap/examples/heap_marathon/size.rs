//! Objects that become longer or shorter.

use crate::course::Course;
use crate::object::{NOTHING, Object};

impl Course {
    /// Of a few places, the one whose object lies highest: what is behind it may be the gap.
    fn last_place(&mut self) -> Option<u32> {
        let places: [_; 12] = std::array::from_fn(|_| self.full_place());
        let table = self.heap.get(self.table);
        places.into_iter().flatten().max_by_key(|&place| self.heap.word(table, place).bits())
    }

    /// Makes an object longer or shorter where it is.
    pub(crate) fn resize(&mut self) {
        let is_last = self.random.below(8) == 0;
        let found = if is_last { self.last_place() } else { self.full_place() };
        let Some(place) = found else { return };
        let id = self.places[place as usize];
        let slot = self.push(place);
        let mut object = self.object(id).clone();
        let (before, words) = (object.size(), object.words);
        if self.random.below(2) == 0 {
            let more = words + self.random.below(words / 2 + 8);
            // Where a kind's raw words come first, all its words must have been there.
            if object.keeps_raw(more) && self.heap.try_grow(slot, more) {
                object.words = more;
                self.check_clear(slot, &object, words);
                self.fill(slot, &object, words);
            }
        } else {
            let less = self.random.below(words + 1);
            if object.keeps_raw(less) {
                self.heap.shrink(slot, less);
                object.words = less;
                for edge in &mut object.edges {
                    if edge.0 != NOTHING && edge.0 >= less {
                        let target = std::mem::replace(edge, (NOTHING, NOTHING)).1;
                        self.release(target);
                    }
                }
            }
        }
        self.live = self.live - before + object.size();
        object.count = self.object(id).count;
        self.objects[id as usize] = object;
        self.pop(1);
    }

    /// Moves an object into a longer one, as a list does that grows.
    pub(crate) fn replace(&mut self) {
        let Some(place) = self.full_place() else { return };
        let id = self.places[place as usize];
        let old = self.object(id).clone();
        if !old.keeps_raw(u32::MAX) {
            return;
        }
        let more = old.words + old.words / 2 + 1;
        let Some(slot) = self.ask(old.kind, more) else { return };
        let object = Object { words: more, count: 0, class: None, ..old.clone() };
        let from = self.push(place);
        let (raw, look) = (old.raw(), self.heap.get(slot));
        self.heap.copy_bytes(self.heap.get(from), 0, look, 0, raw * 4);
        if raw < old.words {
            self.heap.copy_words(self.heap.get(from), raw, look, raw, old.words - raw);
        }
        self.fill(slot, &object, old.words);
        for edge in object.edges.iter().filter(|edge| edge.0 != NOTHING) {
            self.objects[edge.1 as usize].count += 1;
        }
        self.heap.poke(self.heap.get(self.table), place, look);
        self.pop(2);
        let new = self.number(object);
        self.set_place(place, new);
    }
}
