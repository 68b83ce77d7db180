//! Fragmentation: thirteen shapes of a fragmented heap, and the two programs that are proven to be
//! the worst for allocators that do not move objects, or few of them.

use super::board::bytearray;
use super::{Random, check_info, drop_top, make, one_region};
use crate::{Heap, Kind, Local, Value, object_size};
use std::vec::Vec;

/// A heap of one region, in which objects do not move at each allocation.
fn quiet_region(size: u32) -> Heap {
    let mut heap = one_region(size);
    heap.set_zeal(0);
    heap
}

/// What a shape is filled with.
#[derive(Debug, Clone, Copy)]
enum Filling {
    Tuple3,
    List2,
    Bytes(u32),
    /// Buffers of random lengths between these.
    Mixed(u32, u32),
}

/// Which of the objects are dropped.
#[derive(Debug, Clone, Copy)]
enum Dropped {
    Every(u32),
    PerCent(u32),
}

fn alloc(heap: &mut Heap, filling: Filling, random: &mut Random) -> Option<Local> {
    let len = match filling {
        Filling::Tuple3 => return heap.alloc(Kind::Tuple, 3).ok(),
        Filling::List2 => {
            let list = heap.alloc(Kind::Items, 2).ok()?;
            let Ok(items) = heap.alloc(Kind::Words, 4) else {
                drop_top(heap);
                return None;
            };
            heap.poke(heap.get(list), 1, heap.get(items));
            drop_top(heap);
            return Some(list);
        }
        Filling::Bytes(len) => len,
        Filling::Mixed(least, most) => least + random.below(most - least),
    };
    bytearray(heap, len).ok()
}

/// Objects that are kept: an array in the heap, and how many of its words are used.
struct Kept {
    all: Local,
    count: u32,
}

impl Kept {
    fn new(heap: &mut Heap, capacity: u32) -> Self {
        Self { all: make(heap, Kind::Words, capacity), count: 0 }
    }

    /// Fills the heap until so many bytes are free, or until nothing fits.
    fn fill(&mut self, heap: &mut Heap, filling: Filling, random: &mut Random, left: u32) {
        while heap.info().free > left
            && let Some(object) = alloc(heap, filling, random)
        {
            heap.poke(heap.get(self.all), self.count, heap.get(object));
            drop_top(heap);
            self.count += 1;
        }
    }

    /// Drops some, and moves the references to the others together.
    fn thin(&mut self, heap: &Heap, dropped: Dropped, random: &mut Random) {
        let mut kept = 0;
        for idx in 0..self.count {
            let goes = match dropped {
                Dropped::Every(nth) => idx % nth == 0,
                Dropped::PerCent(share) => random.below(100) < share,
            };
            if !goes {
                let object = heap.word(heap.get(self.all), idx);
                heap.poke(heap.get(self.all), kept, object);
                kept += 1;
            }
        }
        for idx in kept..self.count {
            heap.poke(heap.get(self.all), idx, Value::NULL);
        }
        self.count = kept;
    }
}

/// One object takes 97 % of what is free.
#[track_caller]
fn check_block(heap: &mut Heap, what: &str) {
    // What is free, and not only what was at the last collection.
    heap.collect();
    let info = heap.info();
    let wanted = (u64::from(info.free) * 97 / 100) as u32;
    assert!(info.max_block >= wanted, "{what}: {info:?}");
    assert!(bytearray(heap, wanted).is_ok(), "{what}: {info:?}");
    drop_top(heap);
    check_info(heap);
}

const SIZES: [u32; 2] = [8 << 20, 140 << 10];

#[test]
fn one_object_takes_nearly_all_of_an_empty_region() {
    for size in SIZES {
        let mut heap = quiet_region(size);
        let wanted = (u64::from(size) * 99 / 100) as u32;
        assert!(heap.info().max_block >= wanted);
        for _ in 0..3 {
            assert!(bytearray(&mut heap, wanted).is_ok(), "{wanted} of {size} bytes");
            drop_top(&heap);
        }
    }
}

#[test]
fn thirteen_shapes() {
    use Dropped::{Every, PerCent};
    use Filling::{Bytes, List2, Mixed, Tuple3};
    let shapes = [
        (Tuple3, Every(2), false),
        (List2, Every(4), false),
        (List2, Every(2), false),
        (Bytes(64), Every(2), false),
        (Bytes(1000), Every(2), false),
        (Mixed(16, 512), PerCent(50), false),
        (Mixed(16, 512), PerCent(90), false),
        (List2, Every(2), true),
        (Bytes(64), Every(2), true),
        (Mixed(16, 512), PerCent(50), true),
        (Mixed(16, 512), PerCent(90), true),
    ];
    for size in SIZES {
        check_block(&mut quiet_region(size), "empty");
        for (filling, dropped, full) in shapes {
            let mut heap = quiet_region(size);
            let mut random = Random(size.into());
            let mut kept = Kept::new(&mut heap, size / 20 + 1);
            kept.fill(&mut heap, filling, &mut random, if full { 0 } else { size / 20 });
            kept.thin(&heap, dropped, &mut random);
            check_block(&mut heap, &std::format!("{size} {filling:?} {dropped:?} {full}"));
        }
        // Eight rounds that replace four objects of ten.
        let mut heap = quiet_region(size);
        let mut random = Random(3);
        let mut kept = Kept::new(&mut heap, size / 20 + 1);
        for _ in 0..8 {
            kept.fill(&mut heap, Mixed(16, 512), &mut random, size / 20);
            kept.thin(&heap, PerCent(40), &mut random);
        }
        check_block(&mut heap, "churn");
    }
}

/// A heap and the objects that an adversary keeps in it.
struct Adversary {
    heap: Heap,
    all: Local,
    /// The words of `all` that are in use, with the size of the object.
    live: Vec<(u32, u32)>,
    unused: Vec<u32>,
    /// Bytes of the objects that are alive, and how many there may be.
    bytes: u32,
    most: u32,
}

impl Adversary {
    /// The live objects may be 97 % of what the region has beside the array.
    fn new(size: u32, smallest: u32) -> Self {
        let mut heap = quiet_region(size);
        let capacity = size / smallest;
        let all = make(&mut heap, Kind::Words, capacity);
        let most = (u64::from(size - object_size(capacity)) * 97 / 100) as u32;
        Self { heap, all, live: Vec::new(), unused: (0..capacity).rev().collect(), bytes: 0, most }
    }

    /// Allocates objects of `size` bytes as long as it may: each request must be served.
    fn fill(&mut self, size: u32) {
        while self.bytes + size <= self.most {
            let object = make(&mut self.heap, Kind::Buffer, size / 4 - 1);
            let word = self.unused.pop().expect("a word");
            self.heap.poke(self.heap.get(self.all), word, self.heap.get(object));
            drop_top(&self.heap);
            self.live.push((word, size));
            self.bytes += size;
        }
    }

    fn addr(&self, word: u32) -> u32 {
        self.heap.word(self.heap.get(self.all), word).bits()
    }

    /// Keeps the objects that `keep` wants, by address and size.
    fn drop_others(&mut self, mut keep: impl FnMut(u32, u32) -> bool) {
        let mut live: Vec<_> =
            self.live.iter().map(|&(word, size)| (self.addr(word), word, size)).collect();
        live.sort_unstable();
        self.live.clear();
        for (addr, word, size) in live {
            if keep(addr, size) {
                self.live.push((word, size));
            } else {
                self.heap.poke(self.heap.get(self.all), word, Value::NULL);
                self.unused.push(word);
                self.bytes -= size;
            }
        }
    }
}

/// Robson (1971): objects double in size; of the old ones those stay that lie across a multiple of
/// the new size, so that no gap of a fixed heap can be used again.
#[test]
fn robsons_program() {
    for size in SIZES {
        let mut program = Adversary::new(size, 16);
        program.fill(16);
        let mut offset = 0;
        let mut step = 32;
        while step <= size / 4 {
            let crosses = |addr: u32, size: u32, at: u32| {
                let from = addr.wrapping_sub(at) % step;
                from == 0 || from + size > step
            };
            // Of the two places that the last offset leaves, the one that keeps more.
            let weight = |at: u32| -> u32 {
                let sizes = program.live.iter().filter_map(|&(word, size)| {
                    crosses(program.addr(word), size, at).then_some(size)
                });
                sizes.sum()
            };
            if weight(offset + step / 2) > weight(offset) {
                offset += step / 2;
            }
            program.drop_others(|addr, size| crosses(addr, size, offset));
            program.fill(step);
            check_info(&program.heap);
            step *= 2;
        }
        check_block(&mut program.heap, "Robson");
    }
}

/// Bendersky and Petrank (2011): in each chunk just so much stays that a collector that may move a
/// tenth of what is allocated cannot afford to clear it.
#[test]
fn bendersky_and_petranks_program() {
    const SHARE: u32 = 10;
    for size in SIZES {
        let mut program = Adversary::new(size, 16);
        program.fill(16);
        let mut chunk = 64;
        while chunk <= size / 8 {
            let (mut now, mut kept) = (u32::MAX, 0);
            program.drop_others(|addr, size| {
                if addr / chunk != now {
                    (now, kept) = (addr / chunk, 0);
                }
                let keep = kept < chunk.div_ceil(SHARE);
                if keep {
                    kept += size;
                }
                keep
            });
            program.fill(chunk);
            check_info(&program.heap);
            chunk *= 2;
        }
        check_block(&mut program.heap, "Bendersky and Petrank");
    }
}
