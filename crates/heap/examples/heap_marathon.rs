//! Random operations against a model, as many as asked for: nothing that is live changes, and no
//! request is refused while there is room for it.
//!
//! `cargo run --release -p octopy-heap --features reserve --example heap_marathon -- 1000000000 [SEED]`
//!
//! Objects are made, grown, shrunk, dropped, pinned and stored in each other. References lead from
//! a higher rank to a lower one, ranks being random: so there are no cycles, counting says which
//! objects are alive, and the model knows to the byte what is used. (Cycles are in the tests.)
//! Four heaps take turns: the board's two regions, one of 2 MB, and two so small that they are
//! full all the time.

use octopy_heap::{
    Heap, HeapConfig, Kind, Layout, Local, Pinned, RegionClass, RegionSpec, Value, object_size,
};
use std::process::ExitCode;
use std::time::Instant;

/// A small generator of numbers, the same on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.next() % limit.max(1)
    }
}

/// Nothing in a place of the table, or at a word.
const NOTHING: u32 = u32::MAX;

/// References of an object that the model knows; its other values are small ints.
const EDGES: usize = 4;

/// Objects that are pinned at most.
const PINS: usize = 6;

/// An object, as it must be.
#[derive(Clone)]
struct Object {
    kind: Kind,
    words: u32,
    /// What its words are made of, and how high it stands.
    rank: u32,
    /// How many places, pins and words refer to it.
    count: u32,
    /// Words that refer to objects: the word, and the object's number.
    edges: [(u32, u32); EDGES],
}

impl Object {
    /// Words that are no values.
    fn raw(&self) -> u32 {
        match self.kind.layout() {
            Layout::Raw => self.words,
            Layout::Traced(raw) => self.words.min(u32::from(raw)),
        }
    }

    fn size(&self) -> u64 {
        u64::from(object_size(self.words))
    }

    /// What a word says that refers to nothing: of a raw word anything at all, references included.
    fn pattern(&self, idx: u32) -> u32 {
        if idx < self.raw() { self.mixed(idx) } else { self.number(idx).bits() }
    }

    fn mixed(&self, idx: u32) -> u32 {
        (self.rank ^ idx).wrapping_mul(0x9e37_79b1)
    }

    /// The number in a word that refers to nothing.
    fn number(&self, idx: u32) -> Value<'static> {
        Value::from_small((self.mixed(idx) >> 3) as i32)
    }

    fn edge_at(&self, idx: u32) -> Option<usize> {
        self.edges.iter().position(|edge| edge.0 == idx)
    }
}

const KINDS: [Kind; 7] =
    [Kind::Tuple, Kind::Words, Kind::List, Kind::Dict, Kind::Code, Kind::Buffer, Kind::NativeState];

/// A heap with its model.
struct Course {
    name: &'static str,
    heap: Heap,
    random: Random,
    objects: Vec<Object>,
    free: Vec<u32>,
    /// What the places of the table in the heap hold: numbers of objects.
    places: Vec<u32>,
    table: Local,
    pins: Vec<(Pinned, u32, u32)>,
    live: u64,
    /// Bytes up to which every request must succeed.
    promised: u64,
    largest: u32,
    /// Where the live bytes are heading.
    target: u64,
    refused: u64,
    served_when_full: u64,
}

impl Course {
    fn new(name: &'static str, regions: &[RegionSpec], places: u32, seed: u64) -> Self {
        let config = HeapConfig {
            stack_base: 0x1000,
            stack_size: 0x4000,
            roots: 64,
            regions,
            large_object: if regions.len() > 1 { 4096 } else { u32::MAX },
            mark_stack: 256,
            trail: 128,
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
        }
    }

    fn object(&self, id: u32) -> &Object {
        &self.objects[id as usize]
    }

    /// A random place, full or empty.
    fn place(&mut self) -> u32 {
        self.random.below(self.places.len() as u32)
    }

    /// A place that holds an object, if one of a few random ones does.
    fn full_place(&mut self) -> Option<u32> {
        for _ in 0..8 {
            let place = self.place();
            if self.places[place as usize] != NOTHING {
                return Some(place);
            }
        }
        None
    }

    /// Pushes the object in a place.
    fn push(&self, place: u32) -> Local {
        let table = self.heap.get(self.table);
        self.heap.push(self.heap.word(table, place)).expect("the stack has room")
    }

    fn pop(&self, count: u32) {
        self.heap.set_sp(self.heap.sp() - 4 * count);
    }

    /// One reference less; what has none left is gone, and so on.
    fn release(&mut self, id: u32) {
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            let object = &mut self.objects[id as usize];
            object.count -= 1;
            if object.count == 0 {
                let edges = object.edges.iter().filter(|edge| edge.0 != NOTHING);
                todo.extend(edges.map(|edge| edge.1));
                self.live -= object.size();
                self.free.push(id);
            }
        }
    }

    fn set_place(&mut self, place: u32, id: u32) {
        let before = std::mem::replace(&mut self.places[place as usize], id);
        if id != NOTHING {
            self.objects[id as usize].count += 1;
        }
        if before != NOTHING {
            self.release(before);
        }
    }

    /// Writes the patterns of the words from `first` on into the object in a slot.
    fn fill(&self, slot: Local, object: &Object, first: u32) {
        let look = self.heap.get(slot);
        for idx in first..object.words {
            if idx < object.raw() {
                self.heap.poke_raw(look, idx, object.pattern(idx));
            } else {
                self.heap.poke_immediate(look, idx, object.number(idx));
            }
        }
    }

    /// Compares an object with its model: all of it if it is short, else some of it.
    fn check(&mut self, slot: Local, id: u32) {
        let object = self.objects[id as usize].clone();
        let look = self.heap.get(slot);
        assert!(self.heap.is_kind(look, object.kind), "the kind is another");
        assert_eq!(self.heap.words(look), object.words, "the length is another");
        let step = object.words / 16 + 1;
        let start = self.random.below(step);
        let some = (start..object.words).step_by(step as usize);
        for idx in some.chain(object.words.checked_sub(1)) {
            if object.edge_at(idx).is_some() {
                continue;
            }
            let found = if idx < object.raw() {
                self.heap.raw(look, idx)
            } else {
                self.heap.word(look, idx).bits()
            };
            assert_eq!(
                found,
                object.pattern(idx),
                "word {idx} of {object_words}",
                object_words = object.words
            );
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

    /// How long a new object is, in words.
    fn length(&mut self) -> u32 {
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
    fn ask(&mut self, kind: Kind, words: u32) -> Option<Local> {
        let wanted = self.live + u64::from(object_size(words));
        let served = match kind.layout() {
            Layout::Raw if self.random.below(2) == 0 => self.heap.alloc_raw(kind, words),
            _ => self.heap.alloc(kind, words),
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

    fn make(&mut self) {
        let kind = KINDS[self.random.below(KINDS.len() as u32) as usize];
        let words = self.length();
        let Some(slot) = self.ask(kind, words) else { return };
        let rank = self.random.next();
        let object = Object { kind, words, rank, count: 0, edges: [(NOTHING, NOTHING); EDGES] };
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
            self.heap.poke_immediate(self.heap.get(self.table), place, Value::NULL);
            self.set_place(place, NOTHING);
        }
    }

    /// Writes an object down; its number.
    fn number(&mut self, object: Object) -> u32 {
        self.live += object.size();
        if let Some(id) = self.free.pop() {
            self.objects[id as usize] = object;
            return id;
        }
        self.objects.push(object);
        self.objects.len() as u32 - 1
    }

    fn drop_one(&mut self) {
        let Some(place) = self.full_place() else { return };
        let table = self.heap.get(self.table);
        self.heap.poke_immediate(table, place, Value::NULL);
        self.set_place(place, NOTHING);
    }

    /// Stores a reference, or a number over one.
    fn store(&mut self) {
        let (Some(from), Some(to)) = (self.full_place(), self.full_place()) else { return };
        let (mut from, mut to) = (from, to);
        let mut ids = (self.places[from as usize], self.places[to as usize]);
        if self.object(ids.0).rank < self.object(ids.1).rank {
            (from, to, ids) = (to, from, (ids.1, ids.0));
        }
        let holder = self.object(ids.0).clone();
        let (raw, words) = (holder.raw(), holder.words);
        if ids.0 == ids.1 || raw >= words || holder.rank == self.object(ids.1).rank {
            return;
        }
        let edge = self.random.below(EDGES as u32) as usize;
        let (at, before) = holder.edges[edge];
        let idx = raw + self.random.below(words - raw);
        let holder_slot = self.push(from);
        let target_slot = self.push(to);
        if at != NOTHING {
            // The word becomes a number again.
            self.heap.poke_immediate(self.heap.get(holder_slot), at, holder.number(at));
            self.objects[ids.0 as usize].edges[edge] = (NOTHING, NOTHING);
            self.release(before);
        }
        if self.object(ids.0).edge_at(idx).is_none() {
            self.heap.poke(self.heap.get(holder_slot), idx, self.heap.get(target_slot));
            self.objects[ids.0 as usize].edges[edge] = (idx, ids.1);
            self.objects[ids.1 as usize].count += 1;
        }
        self.pop(2);
    }

    /// Makes an object longer or shorter where it is.
    fn resize(&mut self) {
        let Some(place) = self.full_place() else { return };
        let id = self.places[place as usize];
        let slot = self.push(place);
        let mut object = self.object(id).clone();
        let (before, words) = (object.size(), object.words);
        if self.random.below(2) == 0 {
            let more = words + self.random.below(words / 2 + 8);
            // Where a kind's raw words come first, all its words must have been there.
            if object.raw() == raw_of(object.kind, more) || object.kind.layout() == Layout::Raw {
                if self.heap.try_grow(slot, more) {
                    object.words = more;
                    self.fill(slot, &object, words);
                }
            }
        } else {
            let less = self.random.below(words + 1);
            if object.raw() == raw_of(object.kind, less) || object.kind.layout() == Layout::Raw {
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
    fn replace(&mut self) {
        let Some(place) = self.full_place() else { return };
        let id = self.places[place as usize];
        let old = self.object(id).clone();
        if old.raw() != raw_of(old.kind, u32::MAX) && old.kind.layout() != Layout::Raw {
            return;
        }
        let more = old.words + old.words / 2 + 1;
        let Some(slot) = self.ask(old.kind, more) else { return };
        let object = Object { words: more, count: 0, ..old.clone() };
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

    fn pin(&mut self) {
        if self.pins.len() >= PINS || self.random.below(2) == 0 {
            if !self.pins.is_empty() {
                let at = self.random.below(self.pins.len() as u32) as usize;
                let (pin, id, _) = self.pins.swap_remove(at);
                drop(pin);
                self.release(id);
            }
            return;
        }
        let Some(place) = self.full_place() else { return };
        let id = self.places[place as usize];
        let slot = self.push(place);
        if let Ok(pin) = self.heap.pin(slot) {
            let addr = pin.get(&self.heap).bits();
            self.pins.push((pin, id, addr));
            self.objects[id as usize].count += 1;
        }
        self.pop(1);
    }

    fn look(&mut self) {
        let Some(place) = self.full_place() else { return };
        let slot = self.push(place);
        self.check(slot, self.places[place as usize]);
        self.pop(1);
    }

    /// What happens seldom.
    fn seldom(&mut self) {
        for (pin, _, addr) in &self.pins {
            assert_eq!(pin.get(&self.heap).bits(), *addr, "a pinned object has moved");
        }
        let info = self.heap.info();
        assert_eq!(info.free + info.used, info.total);
        assert!(u64::from(info.used) >= self.live, "{} bytes alive in {info:?}", self.live);
        match self.random.below(16) {
            0 => {
                self.heap.collect();
                assert_eq!(u64::from(self.heap.info().used), self.live, "of the bytes alive");
            }
            1 => self.heap.set_enabled(false),
            2 | 3 => self.heap.set_enabled(true),
            4 => {
                self.heap.lock();
                for _ in 0..20 {
                    self.step();
                }
                self.heap.unlock();
            }
            5 => self.heap.set_threshold(0),
            6 => {
                let bytes = self.largest / 16 + self.random.below(self.largest / 8);
                self.heap.set_threshold(bytes);
            }
            7 => self
                .pins
                .drain(..)
                .map(|pin| pin.1)
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|id| self.release(id)),
            8..=10 => {
                // Mostly below nine tenths, so that not every request has everything moved.
                let limit = if self.random.below(8) == 0 { 99 } else { 90 };
                self.target = u64::from(self.random.below(limit)) * u64::from(self.largest) / 100;
            }
            _ => {}
        }
    }

    fn step(&mut self) {
        let fills = self.live < self.target;
        match self.random.below(100) {
            0..=29 => self.make(),
            30..=49 if fills => self.make(),
            30..=49 => self.drop_one(),
            50..=53 if !fills => self.drop_one(),
            50..=74 => self.store(),
            75..=78 => self.resize(),
            79..=80 => self.replace(),
            81 if self.random.below(16) == 0 => self.pin(),
            _ => self.look(),
        }
    }

    /// Looks at everything.
    fn check_all(&mut self) {
        assert_eq!(self.heap.verify(), Ok(()));
        for place in 0..self.places.len() as u32 {
            let id = self.places[place as usize];
            if id != NOTHING {
                let slot = self.push(place);
                self.check(slot, id);
                self.pop(1);
            }
        }
    }

    fn run(&mut self, operations: u64) {
        for operation in 0..operations {
            self.step();
            if operation % 4096 == 0 {
                self.seldom();
            }
        }
        self.check_all();
    }
}

/// Raw words of an object of this kind with so many words.
fn raw_of(kind: Kind, words: u32) -> u32 {
    match kind.layout() {
        Layout::Raw => words,
        Layout::Traced(raw) => words.min(u32::from(raw)),
    }
}

fn courses(seed: u64) -> [Course; 4] {
    let region = |name, base, size, class| RegionSpec { name, base, size, class, dma: true };
    let fast = RegionClass::Fast;
    let large = RegionClass::Large;
    let board =
        [region("sram", 0x2003_3000, 0x4d000, fast), region("ospi", 0x6800_0000, 8 << 20, large)];
    let small =
        [region("sram", 0x2003_3000, 0x6000, fast), region("ospi", 0x6800_0000, 0x20000, large)];
    [
        Course::new("board", &board, 60_000, seed),
        Course::new("2 MB", &[region("heap", 0x1000_0000, 2 << 20, fast)], 16_000, seed + 1),
        Course::new("small board", &small, 1_200, seed + 2),
        Course::new("64 KB", &[region("heap", 0x1000_0000, 64 << 10, fast)], 500, seed + 3),
    ]
}

/// Operations of a heap in one turn.
const TURN: u64 = 250_000;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>());
    let (Some(Ok(operations)), Ok(seed)) = (args.next(), args.next().unwrap_or(Ok(1))) else {
        eprintln!("usage: heap_marathon OPERATIONS [SEED]");
        return ExitCode::FAILURE;
    };
    let mut courses = courses(seed);
    let begin = Instant::now();
    let (mut done, mut shown) = (0, 0);
    while done < operations {
        for course in &mut courses {
            let turn = TURN.min(operations - done);
            course.run(turn);
            done += turn;
        }
        if done - shown >= operations / 100 || done == operations {
            shown = done;
            let seconds = begin.elapsed().as_secs();
            println!("{done} operations with seed {seed} in {seconds} s");
            for course in &courses {
                let info = course.heap.info();
                println!(
                    "  {}: {} minor, {} full, {} cycles; {} of {} bytes alive; {} refused, {} \
                     served with more than nine tenths alive",
                    course.name,
                    info.counts.minor,
                    info.counts.full,
                    info.counts.cycles,
                    course.live,
                    info.total,
                    course.refused,
                    course.served_when_full
                );
            }
        }
    }
    ExitCode::SUCCESS
}
