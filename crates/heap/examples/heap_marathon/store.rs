//! What is stored in objects.

use crate::course::Course;
use crate::object::{EDGES, NOTHING, Object};
use octopy_heap::Local;
use std::cmp::Ordering;

/// Words that are copied at most.
const COPIED: u32 = 12;

impl Course {
    /// Writes the patterns of the words from `first` on into the object in a slot.
    pub(crate) fn fill(&self, slot: Local, object: &Object, first: u32) {
        let look = self.heap.get(slot);
        for idx in first..object.words {
            if idx < object.raw() {
                self.heap.poke_raw(look, idx, object.pattern(idx));
            } else {
                self.heap.poke_immediate(look, idx, object.number(idx));
            }
        }
    }

    /// Two objects of which the first stands higher, and their places.
    fn pair(&mut self) -> Option<[(u32, u32); 2]> {
        let other = self.full_place()?;
        // Often the last one again, which is remembered then, and no longer watched.
        let is_hot = self.random.below(4) == 0 && self.places[self.hot as usize] != NOTHING;
        let place = if is_hot { self.hot } else { self.full_place()? };
        let pair = [place, other].map(|place| (place, self.places[place as usize]));
        let [first, second] = pair.map(|(_, id)| self.object(id).rank);
        match first.cmp(&second) {
            Ordering::Greater => Some(pair),
            Ordering::Less => Some([pair[1], pair[0]]),
            Ordering::Equal => None,
        }
    }

    /// Makes one of an object's references a number again.
    fn forget_edge(&mut self, slot: Local, id: u32, edge: usize) {
        let (at, target) = self.object(id).edges[edge];
        if at != NOTHING {
            self.heap.poke_immediate(self.heap.get(slot), at, self.object(id).number(at));
            self.objects[id as usize].edges[edge] = (NOTHING, NOTHING);
            self.release(target);
        }
    }

    /// Stores a reference, or a number over one.
    pub(crate) fn store(&mut self) {
        let Some([(from, holder), (to, target)]) = self.pair() else { return };
        let (raw, words) = (self.object(holder).raw(), self.object(holder).words);
        if raw >= words {
            return;
        }
        let edge = self.random.below(EDGES as u32) as usize;
        let idx = raw + self.random.below(words - raw);
        let holder_slot = self.push(from);
        let target_slot = self.push(to);
        self.forget_edge(holder_slot, holder, edge);
        if self.object(holder).edge_at(idx).is_none() {
            self.heap.poke(self.heap.get(holder_slot), idx, self.heap.get(target_slot));
            self.objects[holder as usize].edges[edge] = (idx, target);
            self.objects[target as usize].count += 1;
            self.hot = from;
        }
        self.pop(2);
        if self.random.below(4) == 0 {
            // From now on only the holder has it.
            self.clear(to);
        }
    }

    /// Copies a few words, and one of its references, from an object to one that stands higher.
    pub(crate) fn copy(&mut self) {
        let Some([(to, id), (from, source)]) = self.pair() else { return };
        let (old, new) = (self.object(source).clone(), self.object(id).clone());
        let edge = self.random.below(EDGES as u32) as usize;
        let (at, target) = old.edges[self.random.below(EDGES as u32) as usize];
        let count = 1 + self.random.below(COPIED);
        if at == NOTHING || at + count > old.words || new.words < new.raw() + count {
            return;
        }
        let first = new.raw() + self.random.below(new.words - new.raw() - count + 1);
        let slot = self.push(to);
        let source_slot = self.push(from);
        self.objects[target as usize].count += 1;
        self.forget_edge(slot, id, edge);
        for edge in 0..EDGES {
            if (first..first + count).contains(&self.object(id).edges[edge].0) {
                self.forget_edge(slot, id, edge);
            }
        }
        let look = self.heap.get(slot);
        self.heap.copy_words(self.heap.get(source_slot), at, look, first, count);
        for idx in first + 1..first + count {
            self.heap.poke_immediate(look, idx, new.number(idx));
        }
        self.objects[id as usize].edges[edge] = (first, target);
        self.hot = to;
        self.pop(2);
    }
}
