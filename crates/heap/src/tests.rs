//! Tests of the heap as a whole.

mod access;
#[cfg(feature = "incremental")]
mod aging;
#[cfg(not(miri))] // Eight megabytes take Miri hours; the other tests cover the same code.
mod board;
mod damage;
mod dma;
#[cfg(not(miri))] // As the boards.
mod fragmentation;
mod generation;
#[cfg(feature = "weak")]
mod identity;
#[cfg(feature = "incremental")]
mod incremental;
mod join;
mod map;
mod model;
mod overflow;
#[cfg(all(feature = "incremental", not(miri)))]
mod pace;
mod place;
mod seldom;
mod shape;
#[cfg(feature = "weak")]
mod weak;

use crate::generation::{Scope, Survivors};
use crate::{Heap, HeapConfig, Kind, Local, RegionClass, RegionSpec, Space};

/// A heap of one small fast region and one large one, which DMA does not reach.
fn small_heap(fast: u32, large: u32) -> Heap {
    heap_for_dma(fast, large, [true, false])
}

/// The same with regions that DMA reaches or does not.
fn heap_for_dma(fast: u32, large: u32, dma: [bool; 2]) -> Heap {
    let regions = [
        RegionSpec { name: "a", base: 0x1000, size: fast, class: RegionClass::Fast, dma: dma[0] },
        RegionSpec {
            name: "b",
            base: (0x1000 + fast).next_multiple_of(0x1000),
            size: large,
            class: RegionClass::Large,
            dma: dma[1],
        },
    ];
    heap_of(&regions, 2048)
}

/// A heap of small regions from 0x1000 on, with small tables.
pub(crate) fn heap_of(regions: &[RegionSpec], large_object: u32) -> Heap {
    let config = HeapConfig {
        stack_base: 0x400,
        stack_size: 0xc00,
        roots: 16,
        mark_stack: 8,
        trail: 8,
        regions,
        large_object,
    };
    Heap::new(Space::boxed_for(&config), &config)
}

/// A heap of one region.
fn one_region(size: u32) -> Heap {
    heap_with(8, size)
}

/// A heap of one region, with mark stack and trail of so many entries.
fn heap_with(entries: u32, size: u32) -> Heap {
    let base = (0x1_0000 + entries * 16).next_multiple_of(0x1_0000);
    let region = RegionSpec { name: "heap", base, size, class: RegionClass::Fast, dma: true };
    let config = HeapConfig {
        stack_base: 0x1000,
        stack_size: 0x1000 + entries * 16,
        roots: 16,
        mark_stack: entries,
        trail: entries,
        regions: &[region],
        large_object: 4096,
    };
    Heap::new(Space::boxed_for(&config), &config)
}

impl Heap {
    /// A full collection, which can move every object.
    fn collect_to(&mut self, elsewhere: bool) {
        let scope = if elsewhere { Scope::Elsewhere } else { Scope::Full };
        self.collect_full(scope, Survivors::Promote);
    }
}

/// How much work a test does: less under Miri.
const fn scaled(count: u32) -> u32 {
    if cfg!(miri) { count / 250 + 1 } else { count }
}

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
        self.next() % limit
    }
}

/// Allocates and panics if it fails.
#[track_caller]
fn make(heap: &mut Heap, kind: Kind, words: u32) -> Local {
    match heap.alloc(kind, words) {
        Ok(slot) => slot,
        Err(err) => panic!("{err:?}"),
    }
}

/// Drops the newest slot.
fn drop_top(heap: &Heap) {
    heap.set_sp(heap.sp() - 4);
}

/// Checks what must be true of the figures at any time.
#[track_caller]
fn check_info(heap: &Heap) {
    let info = heap.info();
    assert_eq!(info.free + info.used, info.total);
    assert!(info.max_free <= info.free && info.max_block <= info.free, "{info:?}");
    let sums = (0..heap.region_count()).filter_map(|idx| heap.region_info(idx)).fold(
        (0, 0, 0),
        |sum, region| {
            assert_eq!(region.free + region.used, region.total);
            (sum.0 + region.total, sum.1 + region.used, sum.2 + region.free)
        },
    );
    assert_eq!(sums, (info.total, info.used, info.free));
}
