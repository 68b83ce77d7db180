//! New objects, by every way of asking, and the end of others.

use crate::course::Course;
use crate::object::{KINDS, NOTHING, Object};
use octopy_heap::{Kind, Layout, Local, RegionClass, Value, object_size};

impl Course {
    /// How long a new object is, in words.
    pub(crate) fn length(&mut self) -> u32 {
        let room = (self.promised.saturating_sub(self.live) / 4) as u32;
        // All that the promise leaves, or nearly: seldom, for it has everything moved.
        if self.random.below(self.largest / 64) == 0 {
            return room.saturating_sub(2 + self.random.below(4));
        }
        match self.random.below(1000) {
            0..=4 => self.random.below(self.largest / 512),
            5..=40 => self.random.below(1200),
            41..=250 => self.random.below(64),
            _ => self.random.below(9),
        }
    }

    /// Asks for an object; refused only if the promise does not hold for it.
    pub(crate) fn ask(&mut self, kind: Kind, words: u32) -> Option<Local> {
        let wanted = self.live + u64::from(object_size(words));
        let served = if kind.layout() == Layout::Raw && self.random.below(2) == 0 {
            self.heap.alloc_raw(kind, words)
        } else {
            let served = self.heap.alloc(kind, words);
            if let Ok(slot) = served {
                self.check_clear(slot, &Object::new(kind, words, 0), 0);
            }
            served
        };
        match served {
            Ok(slot) => {
                self.served_when_full += u64::from(wanted * 100 > self.promised * 90);
                Some(slot)
            }
            Err(_) => {
                let is_excused =
                    !self.pins.is_empty() || !self.heap.is_enabled() || self.heap.lock_depth() > 0;
                assert!(
                    is_excused || wanted > self.promised,
                    "{words} words are refused with {} bytes alive: {:?}, {:?}",
                    self.live,
                    self.heap.shortage(),
                    self.heap.info()
                );
                self.refused += 1;
                // As a program would: some is dropped, for each further request would have all of
                // the heap looked at as well.
                self.heap.set_enabled(true);
                for _ in 0..1 + self.places.len() / 64 {
                    self.drop_one();
                }
                None
            }
        }
    }

    /// Makes an object.
    pub(crate) fn make(&mut self) {
        let kind = KINDS[self.random.below(KINDS.len() as u32) as usize];
        let words = self.length();
        let Some(slot) = self.ask(kind, words) else { return };
        let object = Object::new(kind, words, self.random.next());
        self.keep(slot, object);
    }

    /// Makes one that is to stay in one memory. Whether there is room the model does not know.
    pub(crate) fn make_placed(&mut self) {
        let is_fast = self.random.below(2) == 0;
        let class = if is_fast { RegionClass::Fast } else { RegionClass::Large };
        let words = self.random.below(self.largest / 1024);
        if let Ok(slot) = self.heap.alloc_placed(Kind::Buffer, words, class) {
            let object = Object::new(Kind::Buffer, words, self.random.next());
            self.keep(slot, Object { class: Some(class), ..object });
        }
    }

    /// Puts the new object in a slot into a place, and drops the slot.
    fn keep(&mut self, slot: Local, object: Object) {
        self.fill(slot, &object, 0);
        let size = object.size();
        let id = self.number(object);
        let place = self.place();
        let table = self.heap.get(self.table);
        self.heap.poke(table, place, self.heap.get(slot));
        self.pop(1);
        self.set_place(place, id);
        if size > u64::from(self.largest) / 8 {
            // So that there is room for others.
            self.clear(place);
        }
    }

    /// Empties a random place.
    pub(crate) fn drop_one(&mut self) {
        let Some(place) = self.full_place() else { return };
        self.clear(place);
    }

    /// Empties this place.
    pub(crate) fn clear(&mut self, place: u32) {
        self.heap.poke_immediate(self.heap.get(self.table), place, Value::NULL);
        self.set_place(place, NOTHING);
    }
}
