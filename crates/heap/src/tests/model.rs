//! Random operations against a model in ordinary Rust.

use super::{Random, check_info, one_region, scaled, small_heap};
use crate::generation::Survivors;
use crate::{Heap, Kind, Layout, Local, Pinned, Root, Value, object_size};
use std::collections::HashMap;
use std::vec::Vec;

/// A value in the model.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Thing {
    Int(i32),
    Null,
    Object(usize),
}

#[derive(Debug)]
struct Object {
    kind: Kind,
    raw: Vec<u32>,
    values: Vec<Thing>,
}

#[derive(Default)]
struct Model {
    objects: Vec<Object>,
    stack: Vec<Thing>,
    roots: Vec<(Root, Thing)>,
    pins: Vec<(Pinned, usize, u32)>,
}

const KINDS: [Kind; 8] = [
    Kind::Tuple,
    Kind::Words,
    Kind::Items,
    Kind::Dict,
    Kind::Code,
    Kind::Buffer,
    Kind::Int,
    Kind::NativeState,
];

fn raw_words(kind: Kind, words: u32) -> u32 {
    match kind.layout() {
        Layout::Raw => words,
        Layout::Traced(raw) => words.min(u32::from(raw)),
    }
}

impl Model {
    fn slot(&self, heap: &Heap, idx: usize) -> Local {
        Local::at(heap.stack_base() + 4 * idx as u32)
    }

    /// A random slot that holds an object.
    fn object_slot(&self, random: &mut Random) -> Option<(usize, usize)> {
        let objects = self.stack.iter().enumerate().filter_map(|(idx, thing)| match thing {
            Thing::Object(id) => Some((idx, *id)),
            _ => None,
        });
        let slots: Vec<(usize, usize)> = objects.collect();
        if slots.is_empty() {
            return None;
        }
        slots.get(random.below(slots.len() as u32) as usize).copied()
    }

    fn live(&self) -> Vec<usize> {
        let mut seen = std::vec![false; self.objects.len()];
        let mut todo: Vec<Thing> = self.stack.clone();
        todo.extend(self.roots.iter().map(|root| root.1));
        todo.extend(self.pins.iter().map(|pin| Thing::Object(pin.1)));
        let mut live = Vec::new();
        while let Some(thing) = todo.pop() {
            if let Thing::Object(id) = thing
                && !std::mem::replace(&mut seen[id], true)
            {
                live.push(id);
                todo.extend(&self.objects[id].values);
            }
        }
        live
    }

    fn live_bytes(&self) -> u32 {
        let objects = self.live().into_iter().map(|id| &self.objects[id]);
        objects.map(|o| object_size((o.raw.len() + o.values.len()) as u32)).sum()
    }

    /// Compares everything that can be reached, in the heap and here.
    fn check(&self, heap: &Heap) {
        check_info(heap);
        assert_eq!(heap.verify(), Ok(()));
        let mut addrs: HashMap<usize, u32> = HashMap::new();
        let mut todo: Vec<(Thing, u32)> = Vec::new();
        for (idx, thing) in self.stack.iter().enumerate() {
            todo.push((*thing, heap.get(self.slot(heap, idx)).bits()));
        }
        todo.extend(self.roots.iter().map(|(root, thing)| (*thing, root.get(heap).bits())));
        for (pin, id, addr) in &self.pins {
            assert_eq!(pin.get(heap).bits(), *addr, "a pinned object moved");
            todo.push((Thing::Object(*id), *addr));
        }
        while let Some((thing, bits)) = todo.pop() {
            let value = Value::from_bits(bits);
            match thing {
                Thing::Int(int) => assert_eq!(value.as_small(), Some(int)),
                Thing::Null => assert!(value.is_null()),
                Thing::Object(id) => {
                    if let Some(&known) = addrs.get(&id) {
                        assert_eq!(known, bits, "one object in two places");
                        continue;
                    }
                    addrs.insert(id, bits);
                    let object = &self.objects[id];
                    assert!(heap.is_kind(value, object.kind));
                    let n_raw = object.raw.len() as u32;
                    assert_eq!(heap.words(value), n_raw + object.values.len() as u32);
                    for (idx, &word) in object.raw.iter().enumerate() {
                        assert_eq!(heap.raw(value, idx as u32), word);
                    }
                    for (idx, &thing) in object.values.iter().enumerate() {
                        todo.push((thing, heap.word(value, n_raw + idx as u32).bits()));
                    }
                }
            }
        }
        let mut places: Vec<_> = addrs.values().collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), addrs.len(), "two objects in one place");
    }

    fn alloc(&mut self, heap: &mut Heap, random: &mut Random) {
        let kind = KINDS[random.below(KINDS.len() as u32) as usize];
        let words = match random.below(40) {
            0 => 300 + random.below(1500),
            1..=9 => 8 + random.below(60),
            _ => random.below(9),
        };
        match heap.alloc(kind, words) {
            Ok(slot) => {
                assert_eq!(slot.addr(), self.slot(heap, self.stack.len()).addr());
                let n_raw = raw_words(kind, words);
                let mut raw = Vec::new();
                for idx in 0..n_raw {
                    assert_eq!(heap.raw(heap.get(slot), idx), 0);
                    // Anything at all, what looks like references and headers included.
                    raw.push(if idx & 1 == 0 { random.next() } else { heap.get(slot).bits() | 3 });
                    heap.poke_raw(heap.get(slot), idx, raw[idx as usize]);
                }
                let values = std::vec![Thing::Null; (words - n_raw) as usize];
                self.stack.push(Thing::Object(self.objects.len()));
                self.objects.push(Object { kind, raw, values });
            }
            Err(_) if heap.is_enabled() => {
                // It has collected, and no region has room.
                assert_eq!(heap.info().used, self.live_bytes());
                assert!(heap.info().max_block <= words * 4 || !self.pins.is_empty());
            }
            Err(_) => {}
        }
    }

    fn poke(&mut self, heap: &Heap, random: &mut Random) {
        let Some((slot, id)) = self.object_slot(random) else { return };
        let n_raw = self.objects[id].raw.len() as u32;
        let n_values = self.objects[id].values.len() as u32;
        if n_values == 0 {
            return;
        }
        let (thing, value) = match random.below(8) {
            0 => (Thing::Null, Value::NULL),
            1 => {
                let int = random.below(1000) as i32;
                (Thing::Int(int), Value::from_small(int))
            }
            _ => {
                let from = random.below(self.stack.len() as u32) as usize;
                (self.stack[from], heap.get(self.slot(heap, from)))
            }
        };
        let idx = random.below(n_values);
        heap.poke(heap.get(self.slot(heap, slot)), n_raw + idx, value);
        self.objects[id].values[idx as usize] = thing;
    }

    /// Loads a value out of an object onto the stack.
    fn load(&mut self, heap: &Heap, random: &mut Random) {
        let Some((slot, id)) = self.object_slot(random) else { return };
        let object = &self.objects[id];
        if object.values.is_empty() {
            return;
        }
        let idx = random.below(object.values.len() as u32);
        let value = heap.word(heap.get(self.slot(heap, slot)), object.raw.len() as u32 + idx);
        if heap.push(value).is_ok() {
            self.stack.push(object.values[idx as usize]);
        }
    }

    fn resize(&mut self, heap: &mut Heap, random: &mut Random) {
        let Some((slot, id)) = self.object_slot(random) else { return };
        let local = self.slot(heap, slot);
        let object = &mut self.objects[id];
        let (n_raw, n_values) = (object.raw.len() as u32, object.values.len() as u32);
        let words = n_raw + n_values;
        if random.below(2) == 0 {
            let more = words + random.below(20);
            if heap.try_grow(local, more) {
                let n_raw = raw_words(object.kind, more);
                object.raw.resize(n_raw as usize, 0);
                object.values.resize((more - n_raw) as usize, Thing::Null);
            }
        } else {
            let less = random.below(words + 1);
            heap.shrink(local, less);
            object.raw.truncate(less as usize);
            object.values.truncate(less.saturating_sub(n_raw) as usize);
        }
    }

    fn step(&mut self, heap: &mut Heap, random: &mut Random) {
        match random.below(100) {
            0..=39 => self.alloc(heap, random),
            40..=69 => self.poke(heap, random),
            70..=77 => self.load(heap, random),
            78..=89 => {
                let keep = self.stack.len() as u32 - random.below(4).min(self.stack.len() as u32);
                self.stack.truncate(keep as usize);
                heap.set_sp(heap.stack_base() + keep * 4);
            }
            90..=91 => {
                if let Some((slot, id)) = self.object_slot(random)
                    && let Ok(root) = heap.root(heap.get(self.slot(heap, slot)))
                {
                    self.roots.push((root, Thing::Object(id)));
                }
            }
            92 => {
                if let Some((slot, id)) = self.object_slot(random) {
                    let local = self.slot(heap, slot);
                    if let Ok(pin) = heap.pin(local) {
                        let addr = heap.get(local).bits();
                        assert!(heap.region_of(addr).is_some_and(|idx| heap.region(idx).dma));
                        self.pins.push((pin, id, addr));
                    }
                }
            }
            93 if !self.roots.is_empty() => {
                self.roots.swap_remove(random.below(self.roots.len() as u32) as usize);
            }
            94 if !self.pins.is_empty() => {
                self.pins.swap_remove(random.below(self.pins.len() as u32) as usize);
            }
            95..=98 => self.resize(heap, random),
            99 if random.below(2) == 0 => {
                for _ in 0..random.below(8) {
                    heap.force_slice(1 + random.below(4000));
                }
                self.check(heap);
            }
            99 if random.below(2) == 0 => {
                let promote = random.below(2) == 0;
                heap.collect_minor(if promote { Survivors::Promote } else { Survivors::Stay });
                self.check(heap);
            }
            99 => {
                heap.collect_to(random.below(2) == 0);
                assert_eq!(heap.info().used, self.live_bytes());
                self.check(heap);
            }
            _ => {}
        }
        if self.stack.len() > 200 {
            self.stack.truncate(20);
            heap.set_sp(heap.stack_base() + 80);
        }
    }
}

#[test]
fn the_heap_does_what_the_model_does() {
    for seed in 1..=scaled(40) {
        let mut heap = if seed % 5 == 0 { one_region(0x8000) } else { small_heap(0x3000, 0x8000) };
        heap.set_slice(if seed % 3 == 0 { 100 } else { 1000 });
        heap.marker.keep_in = seed % 2 == 0;
        heap.remembered.limit = if seed % 3 == 0 { 256 } else { 8 };
        let mut model = Model::default();
        let mut random = Random(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if seed % 4 == 0 {
            heap.set_threshold(4096);
        }
        for step in 0..scaled(4000).max(300) {
            model.step(&mut heap, &mut random);
            if step % 16 == 0 {
                check_info(&heap);
            }
        }
        model.check(&heap);
        model.stack.clear();
        model.roots.clear();
        model.pins.clear();
        heap.set_sp(heap.stack_base());
        heap.collect();
        assert_eq!(heap.info().used, 0);
    }
}
