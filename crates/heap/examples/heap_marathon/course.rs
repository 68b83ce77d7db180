//! `Course`: a heap with its model, and what happens to them.
//!
//! What may go wrong shows in three ways: each operation looks at what it works with; after each
//! collection that moved something the next few places in turn are looked at; and from time to time
//! all places are, and the verifier runs.

use crate::object::{NOTHING, Object};
use crate::random::Random;
use octopy_heap::{Heap, HeapConfig, Kind, Local, Pinned, RegionSpec, object_size};
use std::time::Duration;

/// Operations between two looks at everything, for each place of the table.
const ROUND: u64 = 16;

/// A heap with its model.
pub(crate) struct Course {
    pub(crate) name: &'static str,
    pub(crate) heap: Heap,
    pub(crate) random: Random,
    pub(crate) objects: Vec<Object>,
    pub(crate) free: Vec<u32>,
    /// What the places of the table in the heap hold: numbers of objects.
    pub(crate) places: Vec<u32>,
    pub(crate) table: Local,
    pub(crate) pins: Vec<(Pinned, u32, u32)>,
    pub(crate) live: u64,
    /// Bytes up to which every request must succeed.
    pub(crate) promised: u64,
    pub(crate) largest: u32,
    /// Where the live bytes are heading.
    pub(crate) target: u64,
    pub(crate) refused: u64,
    pub(crate) served_when_full: u64,
    /// How often objects had moved when places were looked at, and the next place.
    pub(crate) moves: u32,
    pub(crate) next: u32,
    /// The place whose object has got a reference last.
    pub(crate) hot: u32,
    /// Operations until everything is looked at.
    until_check: u64,
    /// How long all that has taken.
    pub(crate) time: Duration,
}

impl Course {
    /// An empty heap with a table of so many places.
    pub(crate) fn new(name: &'static str, regions: &[RegionSpec], places: u32, seed: u64) -> Self {
        // In the small heaps, marking has no entry left now and then.
        let entries = if places < 2000 { 16 } else { 128 };
        let config = HeapConfig {
            stack_base: 0x1000,
            stack_size: 0x4000,
            roots: 64,
            regions,
            large_object: if regions.len() > 1 { 4096 } else { u32::MAX },
            mark_stack: entries,
            trail: entries,
        };
        let mut heap = Heap::host(&config).expect("4 GiB of addresses");
        // In zeal builds everything moves now and then, not at every allocation.
        heap.set_zeal(1009);
        let table = heap.alloc(Kind::Words, places).expect("an empty heap has room");
        let largest = regions.iter().map(|region| region.size).max().unwrap_or(0);
        Self {
            name,
            heap,
            random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            objects: Vec::new(),
            free: Vec::new(),
            places: vec![NOTHING; places as usize],
            table,
            pins: Vec::new(),
            live: u64::from(object_size(places)),
            promised: u64::from(largest) * 97 / 100,
            largest,
            target: 0,
            refused: 0,
            served_when_full: 0,
            moves: 0,
            next: 0,
            hot: 0,
            until_check: 0,
            time: Duration::ZERO,
        }
    }

    /// What the object with this number must be like.
    pub(crate) fn object(&self, id: u32) -> &Object {
        &self.objects[id as usize]
    }

    /// A random place, full or empty.
    pub(crate) fn place(&mut self) -> u32 {
        self.random.below(self.places.len() as u32)
    }

    /// A place that holds an object, if one of a few random ones does.
    pub(crate) fn full_place(&mut self) -> Option<u32> {
        for _ in 0..8 {
            let place = self.place();
            if self.places[place as usize] != NOTHING {
                return Some(place);
            }
        }
        None
    }

    /// Pushes the object in a place.
    pub(crate) fn push(&self, place: u32) -> Local {
        let table = self.heap.get(self.table);
        self.heap.push(self.heap.word(table, place)).expect("the stack has room")
    }

    /// Drops so many slots.
    pub(crate) fn pop(&self, count: u32) {
        self.heap.set_sp(self.heap.sp() - 4 * count);
    }

    /// One reference less; what has none left is gone, and so on.
    pub(crate) fn release(&mut self, id: u32) {
        let object = &mut self.objects[id as usize];
        object.count -= 1;
        if object.count > 0 {
            return;
        }
        // Those that are gone are at the end of the list, from `first` on, until their references
        // have been let go.
        let mut first = self.free.len();
        self.free.push(id);
        while let Some(&id) = self.free.get(first) {
            first += 1;
            self.live -= self.object(id).size();
            for (_, target) in self.object(id).edges.into_iter().filter(|edge| edge.0 != NOTHING) {
                let target_count = &mut self.objects[target as usize].count;
                *target_count -= 1;
                if *target_count == 0 {
                    self.free.push(target);
                }
            }
        }
    }

    /// Writes down what is in a place now.
    pub(crate) fn set_place(&mut self, place: u32, id: u32) {
        let before = std::mem::replace(&mut self.places[place as usize], id);
        if id != NOTHING {
            self.objects[id as usize].count += 1;
        }
        if before != NOTHING {
            self.release(before);
        }
    }

    /// Writes an object down; its number.
    pub(crate) fn number(&mut self, object: Object) -> u32 {
        self.live += object.size();
        if let Some(id) = self.free.pop() {
            self.objects[id as usize] = object;
            return id;
        }
        self.objects.push(object);
        self.objects.len() as u32 - 1
    }

    /// One operation.
    pub(crate) fn step(&mut self) {
        let fills = self.live < self.target;
        match self.random.below(100) {
            0..=29 => self.make(),
            30..=49 if fills => self.make(),
            30..=49 => self.drop_one(),
            50..=53 if !fills => self.drop_one(),
            50..=73 => self.store(),
            74 => self.copy(),
            75..=78 => self.resize(),
            79..=80 => self.replace(),
            81 if self.random.below(16) == 0 => self.pin(),
            82 if self.random.below(100) == 0 => self.make_placed(),
            _ => self.look(),
        }
    }

    /// So many operations.
    pub(crate) fn run(&mut self, operations: u64) {
        let begin = std::time::Instant::now();
        for operation in 0..operations {
            self.step();
            if self.moves != self.heap.moves() {
                self.check_next();
            }
            if operation % 4096 == 0 {
                self.seldom();
            }
            self.until_check = match self.until_check.checked_sub(1) {
                Some(left) => left,
                None => {
                    self.check_all();
                    ROUND * self.places.len() as u64
                }
            };
        }
        self.check_all();
        self.time += begin.elapsed();
    }
}
