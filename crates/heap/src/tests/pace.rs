//! Programs for which cycles must come in time: no pause is as long as a full collection.

use super::board::board_heap;
use super::{Random, drop_top, make};
use crate::{Heap, Kind, Local};

/// Lists of a hundred tuples of three, in one array.
struct Rows {
    all: Local,
    count: u32,
}

const ITEMS: u32 = 100;

/// A list of a hundred items, all NULL; the list and its items are pushed.
fn list(heap: &mut Heap) -> (Local, Local) {
    let list = make(heap, Kind::List, 1);
    let items = make(heap, Kind::Words, ITEMS);
    heap.poke(heap.get(list), 0, heap.get(items));
    (list, items)
}

impl Rows {
    /// So many that only `left` bytes are free.
    fn fill(heap: &mut Heap, left: u32) -> Self {
        let mut rows = Self { all: make(heap, Kind::Words, 6000), count: 0 };
        while heap.info().free > left {
            let (list, items) = list(heap);
            for idx in 0..ITEMS {
                let tuple = make(heap, Kind::Tuple, 3);
                heap.poke(heap.get(items), idx, heap.get(tuple));
                drop_top(heap);
            }
            heap.poke(heap.get(rows.all), rows.count, heap.get(list));
            rows.count += 1;
            drop_top(heap);
            drop_top(heap);
        }
        rows
    }

    fn replace_tuple(&self, heap: &mut Heap, random: &mut Random) {
        let tuple = make(heap, Kind::Tuple, 3);
        let list = heap.word(heap.get(self.all), random.below(self.count));
        heap.poke(heap.word(list, 0), random.below(ITEMS), heap.get(tuple));
        drop_top(heap);
    }

    fn replace_list(&self, heap: &mut Heap, random: &mut Random) {
        let (list, _) = list(heap);
        heap.poke(heap.get(self.all), random.below(self.count), heap.get(list));
        drop_top(heap);
        drop_top(heap);
    }
}

#[test]
fn objects_of_another_size_than_the_dead() {
    let mut heap = board_heap();
    heap.collect();
    let rows = Rows::fill(&mut heap, 400_000);
    let mut random = Random(7);
    for _ in 0..60_000 {
        rows.replace_tuple(&mut heap, &mut random);
    }
    let tuples = heap.info().counts;
    // The only one is that of the beginning.
    assert_eq!(tuples.full, 1);
    for _ in 0..600 {
        rows.replace_list(&mut heap, &mut random);
    }
    let lists = heap.info().counts;
    assert_eq!(lists.full, 1);
    // A collection of everything at once would be 15 million.
    assert!(lists.longest_pause < 300_000, "{lists:?}");
    heap.verify().unwrap();
}
