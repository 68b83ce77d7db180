//! Ways that programs take seldom: a full stack, a locked heap, values that are no objects.

#[cfg(feature = "incremental")]
use super::check_info;
use super::{drop_top, heap_for_dma, heap_of, make, one_region, small_heap};
use crate::{Heap, Kind, Local, Place, RegionClass, RegionSpec, Value};
#[cfg(feature = "reserve")]
use crate::{HeapConfig, Space};
#[cfg(feature = "incremental")]
use crate::{VerifyError, raw};
use std::vec::Vec;

/// A heap in which only the tests collect.
fn quiet(mut heap: Heap) -> Heap {
    heap.set_zeal(0);
    heap
}

fn fill_stack(heap: &Heap) {
    while heap.try_push(Value::NONE).is_some() {}
}

/// Objects that leave holes among old ones, and no gap: the array with those that are left.
#[cfg(feature = "incremental")]
fn holes_only(heap: &mut Heap, regions: u32) -> Local {
    let all = make(heap, Kind::Words, 100);
    for idx in 0..100 {
        let tuple = make(heap, Kind::Tuple, 3);
        heap.poke(heap.get(all), idx, heap.get(tuple));
        drop_top(heap);
    }
    heap.collect();
    for idx in (0..98).step_by(2) {
        heap.poke(heap.get(all), idx, Value::NULL);
    }
    while !heap.force_slice(1000) {}
    heap.set_enabled(false);
    for _ in 0..regions {
        let largest = heap.info().max_free;
        make(heap, Kind::Buffer, largest / 4 - 1);
    }
    all
}

#[test]
fn a_full_stack_refuses_small_objects() {
    let mut heap = quiet(small_heap(0x2000, 0x2000));
    let first = make(&mut heap, Kind::Tuple, 1);
    fill_stack(&heap);
    let used = heap.info().used;
    for words in [1, 3, 20, 700] {
        assert!(heap.alloc(Kind::Tuple, words).is_err(), "{words}");
        assert!(heap.alloc_raw(Kind::Buffer, words).is_err(), "{words}");
        assert_eq!(heap.shortage().place, Place::Stack);
        assert_eq!(heap.info().used, used);
    }
    heap.set_sp(first.addr() + 4);
    make(&mut heap, Kind::Tuple, 1);
    assert_eq!(heap.verify(), Ok(()));
}

#[cfg(feature = "incremental")]
#[test]
fn a_full_stack_gives_a_hole_back() {
    let mut heap = quiet(one_region(0x2000));
    let all = holes_only(&mut heap, 1);
    let sp = heap.sp();
    fill_stack(&heap);
    let used = heap.info().used;
    assert!(heap.alloc(Kind::Tuple, 3).is_err());
    assert_eq!((heap.shortage().place, heap.info().used), (Place::Stack, used));
    heap.set_sp(sp);
    assert_eq!(heap.verify(), Ok(()));
    // Another hole serves.
    let tuple = make(&mut heap, Kind::Tuple, 3);
    assert!(heap.get(tuple).bits() < heap.word(heap.get(all), 99).bits());
    check_info(&heap);
}

#[test]
fn few_words_can_be_large() {
    let region = |name, base, class| RegionSpec { name, base, size: 0x1000, class, dma: true };
    let regions =
        &[region("a", 0x1000, RegionClass::Fast), region("b", 0x2000, RegionClass::Large)];
    let mut heap = heap_of(regions, 24);
    for (words, region) in [(1, 0), (5, 0), (6, 1), (8, 1), (9, 1), (2, 0)] {
        let object = make(&mut heap, Kind::Tuple, words);
        assert_eq!(heap.region_of(heap.get(object).bits()), Some(region), "{words}");
    }
}

#[cfg(feature = "incremental")]
#[test]
fn a_locked_heap_serves_what_the_language_needs() {
    let mut heap = quiet(small_heap(0x2000, 0x2000));
    heap.lock();
    assert!(heap.alloc(Kind::Tuple, 3).is_err());
    assert_eq!(heap.shortage().place, Place::Locked);
    // From the gap, also of another region; and for an exception, of any kind.
    make(&mut heap, Kind::Int, 3);
    let before = heap.set_raising(true);
    make(&mut heap, Kind::Tuple, 3);
    heap.set_raising(before);
    heap.unlock();
    holes_only(&mut heap, 1);
    assert_eq!(heap.region_info(1).map(|region| region.free), Some(0));
    heap.lock();
    let mut served = 0;
    while heap.alloc(Kind::Int, 3).is_ok() {
        drop_top(&heap);
        served += 1;
    }
    // All of the gap, and nearly fifty holes.
    assert!(served > 45, "{served}");
    assert_eq!(heap.shortage().place, Place::Locked);
    heap.unlock();
    assert_eq!(heap.verify(), Ok(()));
}

#[cfg(feature = "incremental")]
#[test]
fn only_two_regions_have_lists_of_holes() {
    let region =
        |name, base| RegionSpec { name, base, size: 0x1000, class: RegionClass::Fast, dma: false };
    let regions = &[region("a", 0x1000), region("b", 0x2000), region("c", 0x3000)];
    let mut heap = quiet(heap_of(regions, 0x1000));
    heap.set_enabled(false);
    for _ in 0..3 {
        make(&mut heap, Kind::Buffer, 0x400 - 1);
    }
    assert!(heap.alloc(Kind::Tuple, 1).is_err());
    assert_eq!(heap.info().free, 0);
    assert_eq!(crate::fragmentation(0, 0), 0);
}

#[test]
fn collecting_by_name_works_while_collections_are_off() {
    let mut heap = quiet(small_heap(0x4000, 0x2_0000));
    heap.set_enabled(false);
    let kept = make(&mut heap, Kind::Buffer, 8000);
    make(&mut heap, Kind::Buffer, 200);
    make(&mut heap, Kind::Buffer, 9000);
    let last = make(&mut heap, Kind::Tuple, 2);
    heap.set(Local::<crate::Any>::at(kept.addr() + 4), Value::NONE);
    heap.collect();
    assert_eq!(heap.info().used, 32_008 + 36_008 + 16);
    assert_eq!(heap.region(1).holes().bytes, 0);
    assert!(heap.is_kind(heap.get(last), Kind::Tuple));
    assert!(!heap.is_enabled());
}

#[test]
fn a_number_is_no_object() {
    let mut heap = quiet(heap_for_dma(0x1000, 0x1000, [true, true]));
    let buffer = make(&mut heap, Kind::Buffer, 4);
    let number = heap.push(Value::from_small(4)).unwrap();
    assert!(!heap.is_kind(heap.get(number), Kind::Int));
    assert!(!heap.is_object_addr(heap.region(0).base + 4));
    let pins = [heap.pin(number).unwrap(), heap.pin(buffer).unwrap()];
    assert!(pins[0].bytes().is_empty());
    heap.collect();
    assert_eq!(heap.pinned_bytes(0), 24);
    // A soft reset leaves the mark of a pin alone.
    heap.reset();
    assert!(pins.iter().all(|pin| pin.get(&heap).is_none()));
    drop(pins);
    assert_eq!(heap.pinned_bytes(0), 0);
}

#[test]
fn slots_are_copied_to_old_objects_and_to_new_ones() {
    let mut heap = quiet(small_heap(0x1000, 0x1000));
    for is_old in [false, true] {
        let tuple = make(&mut heap, Kind::Tuple, 2);
        if is_old {
            heap.collect();
        }
        let first = make(&mut heap, Kind::Tuple, 1);
        make(&mut heap, Kind::Tuple, 1);
        heap.copy_slots(first, heap.get(tuple), 0, 2);
        drop_top(&heap);
        drop_top(&heap);
        heap.collect_minor(crate::generation::Survivors::Stay);
        assert!(heap.is_kind(heap.word(heap.get(tuple), 1), Kind::Tuple));
        assert_eq!(heap.verify(), Ok(()));
    }
}

#[test]
fn memory_that_no_region_has_is_refused() {
    let mut heap = quiet(one_region(0x1000));
    assert!(heap.alloc_placed(Kind::Buffer, 10, RegionClass::Large).is_err());
    heap.set_enabled(false);
    assert!(heap.alloc_placed(Kind::Buffer, 2000, RegionClass::Fast).is_err());
    assert!(heap.alloc_placed(Kind::Buffer, 200, RegionClass::Fast).is_ok());
    // What a board should have is told by name, and if it has some of it, of that region.
    heap.note_missing("heap", 8);
    heap.note_missing("ospi", 16);
    assert_eq!(heap.info().missing, 24);
    let regions: Vec<_> =
        (heap.log_end() - 2..heap.log_end()).filter_map(|n| heap.log_entry(n)).collect();
    assert_eq!([regions[0].region, regions[1].region], [0, 1]);
    assert_eq!([heap.region_name(0), heap.region_name(1)], ["heap", "ospi"]);
}

#[test]
fn allocations_that_fail_on_purpose_come_by() {
    let mut heap = quiet(small_heap(0x1000, 0x1000));
    heap.fail_after(Some(3));
    for _ in 0..3 {
        make(&mut heap, Kind::Tuple, 1);
    }
    assert!(heap.alloc(Kind::Tuple, 1).is_err());
    heap.fail_after(None);
    make(&mut heap, Kind::Tuple, 1);
}

#[cfg(feature = "reserve")]
#[test]
fn growing_has_its_limits() {
    const MOST: u32 = 0x40_0000;
    let region =
        |name, base, size| RegionSpec { name, base, size, class: RegionClass::Fast, dma: true };
    let one = [region("heap", 0x10_0000, 0x1_0000)];
    let config = HeapConfig {
        stack_base: 0x1000,
        stack_size: 0x1000,
        roots: 16,
        regions: &one,
        large_object: 0x1_0000,
        mark_stack: 256,
        trail: 128,
    };
    let growing = |most| {
        let whole = [region("heap", 0x10_0000, most)];
        let space = Space::boxed_for(&HeapConfig { regions: &whole, ..config });
        quiet(Heap::growing(space, &config, MOST))
    };
    // Placed objects make it grow as well; no region joins it.
    let mut heap = growing(MOST);
    assert!(heap.alloc_placed(Kind::Buffer, 100_000, RegionClass::Fast).is_ok());
    assert_eq!(heap.add_region(&region("b", 0x80_0000, 0x1000)), Err(crate::Refusal::Growing));
    // It does not shrink while collections are off, nor below what is pinned.
    let grown = heap.info().total;
    heap.set_enabled(false);
    heap.set_sp(heap.stack_base());
    heap.collect();
    assert_eq!(heap.info().total, grown);
    heap.set_enabled(true);
    make(&mut heap, Kind::Buffer, 60_000);
    let pinned = make(&mut heap, Kind::Buffer, 100);
    let pin = heap.pin(pinned).unwrap();
    heap.set_sp(heap.stack_base());
    heap.collect();
    assert!(heap.info().total > 240_000);
    drop(pin);
    heap.collect();
    assert_eq!(heap.info().total, 0x1_0000);
    // The system has no more: as if there were a limit.
    let mut heap = growing(0x2_0000);
    assert!(heap.alloc(Kind::Buffer, 100_000).is_err());
    assert!(heap.alloc(Kind::Buffer, 10_000).is_ok());
    // Two regions do not grow.
    let two = [one[0], region("b", 0x80_0000, 0x1000)];
    let config = HeapConfig { regions: &two, ..config };
    let mut heap = Heap::growing(Space::boxed_for(&config), &config, MOST);
    assert!(heap.alloc(Kind::Buffer, 100_000).is_err());
}

#[cfg(feature = "incremental")]
#[test]
fn walks_step_over_holes_and_what_is_dead() {
    let mut heap = quiet(one_region(0x2000));
    holes_only(&mut heap, 0);
    let mut count = 0;
    heap.for_each_object(&mut |_| count += 1);
    assert_eq!(count, 1 + 51);
    // While a cycle sweeps, what it has not come to is there, dead or alive.
    heap.set_enabled(true);
    let dead = make(&mut heap, Kind::Tuple, 1);
    make(&mut heap, Kind::Tuple, 3);
    heap.collect();
    let addr = heap.get(dead).bits();
    heap.set(dead, Value::NONE);
    while !heap.is_unswept(addr, heap.header(addr)) {
        assert!(!heap.force_slice(1), "the cycle is over");
    }
    let mut met = Vec::new();
    heap.for_each_object(&mut |object| met.push(object.bits()));
    assert!(met.len() == 53 && !met.contains(&addr));
    // A reference to it would be one to nothing.
    raw::store(&heap.space, dead.addr(), addr);
    let what = heap.verify().err().map(|err| err.what);
    assert_eq!(what, Some("a reference leads to a dead object"));
    heap.set(dead, Value::NONE);
    assert_eq!(heap.verify(), Ok(()));
}

/// What the verifier says of a heap with holes in which a word is another.
#[cfg(feature = "incremental")]
#[track_caller]
fn said_of(change: impl Fn(&mut Heap, u32)) -> Option<&'static str> {
    let mut heap = quiet(one_region(0x2000));
    let all = holes_only(&mut heap, 0);
    assert_eq!(heap.verify(), Ok(()));
    // The hole before the object with number 3; 97 others are like it.
    let hole = heap.word(heap.get(all), 3).bits() - 16;
    change(&mut heap, hole);
    heap.verify().err().map(|VerifyError { what, .. }| what)
}

#[cfg(feature = "incremental")]
#[test]
fn damaged_holes_are_found() {
    let link = |word| said_of(move |heap, hole| raw::store(&heap.space, hole + 4, word));
    assert_eq!(link(0x1000), Some("a hole is not among the old objects of its region"));
    assert_eq!(link(0x7fff_fff8), Some("a hole is not among the old objects of its region"));
    assert_eq!(
        said_of(|heap, hole| raw::store(&heap.space, hole + 4, hole)),
        Some("there are more holes than are counted")
    );
    assert_eq!(
        said_of(|heap, hole| raw::store(&heap.space, hole + 4, hole + 16)),
        Some("a hole is in the wrong list")
    );
    let two = |heap: &mut Heap, hole: u32| heap.write_filler(hole, hole + 8);
    assert_eq!(
        said_of(move |heap, hole| {
            two(heap, hole);
            heap.write_filler(hole + 8, hole + 16);
        }),
        Some("a hole is in the wrong list")
    );
    let count = |bytes: i32, largest| {
        said_of(move |heap, _| {
            let holes = &mut heap.regions[0].old_holes;
            holes.bytes = holes.bytes.wrapping_add_signed(bytes);
            holes.largest += largest;
        })
    };
    assert_eq!(count(8, 0), Some("the holes are counted wrongly"));
    assert_eq!(count(0, 0x8000), Some("the holes are counted wrongly"));
    assert_eq!(said_of(|heap, _| heap.regions[0].floor -= 8), Some("an object is half old"));
}
