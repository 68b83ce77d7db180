//! Tests of walking over blocks, of pinned bytes and of fragmentation.

use std::vec::Vec;

#[cfg(feature = "incremental")]
use super::{check_info, drop_top, one_region};
use super::{make, small_heap};
#[cfg(feature = "incremental")]
use crate::Value;
use crate::{Block, Blocks, Heap, Kind};

/// All blocks of a region, after a check that they lie one behind the other.
fn blocks(heap: &Heap, region: usize) -> Vec<Block> {
    let mut walk = Blocks::of(heap, region);
    let found: Vec<_> = std::iter::from_fn(|| walk.next(heap)).collect();
    let info = heap.region_info(region).unwrap();
    let mut address = info.base;
    for block in &found {
        assert_eq!(block.address, address, "{found:?}");
        address += block.size;
    }
    assert_eq!(address, info.base + info.total);
    let free = found.iter().filter(|b| b.kind == Kind::Filler).map(|b| b.size);
    assert_eq!(free.sum::<u32>(), info.free);
    found
}

#[test]
fn blocks_are_the_whole_region() {
    let mut heap = small_heap(4096, 8192);
    for words in [1, 4, 600] {
        make(&mut heap, Kind::Tuple, words);
    }
    let long = make(&mut heap, Kind::Buffer, 20);
    make(&mut heap, Kind::Str, 2);
    heap.shrink(long, 10);
    let kinds = |region| blocks(&heap, region).iter().map(|b| b.kind).collect::<Vec<_>>();
    use Kind::{Buffer, Filler, Str, Tuple};
    let fast = kinds(0);
    let fast: Vec<_> = if cfg!(feature = "zeal") {
        fast.into_iter().filter(|&kind| kind != Filler).collect()
    } else {
        assert_eq!(fast, [Tuple, Tuple, Buffer, Filler, Str, Filler]);
        return;
    };
    assert_eq!(fast, [Tuple, Tuple, Buffer, Str]);
}

#[test]
fn a_full_region_has_no_gap() {
    let mut heap = small_heap(4096, 8192);
    let size = heap.region_info(1).unwrap().total;
    heap.set_zeal(0);
    make(&mut heap, Kind::Buffer, size / 4 - 1);
    assert_eq!(blocks(&heap, 1).len(), 1);
    assert_eq!(Blocks::of(&heap, 7).next(&heap), None);
}

#[test]
fn pinned_objects_count_once() {
    let mut heap = super::heap_for_dma(4096, 8192, [true, true]);
    heap.set_zeal(0);
    make(&mut heap, Kind::Tuple, 5);
    let buffer = make(&mut heap, Kind::Buffer, 9);
    let large = make(&mut heap, Kind::Buffer, 600);
    let pinned = |heap: &Heap| {
        let of = |idx| heap.pinned_bytes(idx);
        (of(0), of(1))
    };
    assert_eq!(pinned(&heap), (0, 0));
    let guards = [heap.pin(buffer), heap.pin(buffer), heap.pin(large)];
    assert!(guards.iter().all(Result::is_ok));
    assert_eq!(pinned(&heap), (40, 2408));
    heap.collect();
    assert_eq!(pinned(&heap), (40, 2408));
    let address = heap.get(buffer).bits();
    assert!(heap.is_pinned_between(0, address + 39, address + 64));
    assert!(!heap.is_pinned_between(0, address + 40, address + 64));
    assert!(!heap.is_pinned_between(0, address - 24, address));
    drop(guards);
    assert_eq!(pinned(&heap), (0, 0));
}

#[test]
fn fragmentation_is_what_is_not_in_the_largest_run() {
    let mut heap = small_heap(4096, 8192);
    heap.set_zeal(0);
    let fragmentation = |heap: &Heap| {
        let region = heap.region_info(0).unwrap();
        crate::fragmentation(region.free, region.max_free)
    };
    assert_eq!(fragmentation(&heap), 0);
    let first = make(&mut heap, Kind::Buffer, 256);
    make(&mut heap, Kind::Buffer, 509);
    make(&mut heap, Kind::Buffer, 1);
    // 1,024 bytes are left as the gap; with a hole of 520 it is about a third.
    heap.shrink(first, 126);
    let info = heap.region_info(0).unwrap();
    assert_eq!(fragmentation(&heap), (info.free - info.max_free) * 1000 / info.free);
    assert!((300..400).contains(&fragmentation(&heap)), "{info:?}");
    heap.collect();
    assert_eq!(fragmentation(&heap), 0);
}

/// The blocks are compared with the figures after each slice.
#[cfg(feature = "incremental")]
#[test]
fn the_map_shows_what_the_figures_say_while_a_cycle_sweeps() {
    let mut heap = one_region(0x4000);
    heap.set_zeal(0);
    let all = make(&mut heap, Kind::Words, 100);
    for idx in 0..100 {
        let object = make(&mut heap, Kind::Buffer, 1 + idx % 7);
        heap.poke(heap.get(all), idx, heap.get(object));
        drop_top(&heap);
    }
    heap.collect();
    // Runs of dead objects, and holes of all sizes among them.
    for round in 0..3 {
        for idx in 0..100 {
            let object = heap.word(heap.get(all), idx);
            if object.is_ref() && idx % 9 != 0 && (idx + round) % 3 == 0 {
                heap.poke(heap.get(all), idx, Value::NULL);
            } else if object.is_ref() && heap.words(object) > 1 {
                let slot = heap.push(object).unwrap();
                heap.shrink(slot, heap.words(heap.get(slot)) - 2);
                drop_top(&heap);
            }
        }
        loop {
            let is_over = heap.force_slice(1);
            blocks(&heap, 0);
            check_info(&heap);
            if is_over {
                break;
            }
        }
    }
}
