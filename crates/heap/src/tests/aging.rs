//! Aging: what survives once stays young, and what that asks of the remembered set.

use super::{Random, check_info, drop_top, heap_of, make, one_region, scaled, small_heap};
use crate::generation::Survivors;
use crate::object::Header;
use crate::{Heap, Kind, Local, RegionClass, RegionSpec, Value, raw};

/// A heap in which only the tests collect.
fn quiet(mut heap: Heap) -> Heap {
    heap.set_zeal(0);
    heap
}

fn quiet_heap() -> Heap {
    quiet(small_heap(0x4000, 0x8000))
}

fn is_old(heap: &Heap, slot: Local) -> bool {
    !heap.is_young(heap.get(slot).bits())
}

/// A tuple of a number and a place for a reference.
fn numbered(heap: &mut Heap, number: i32) -> Local {
    let object = make(heap, Kind::Tuple, 2);
    heap.poke(heap.get(object), 0, Value::from_small(number));
    object
}

#[track_caller]
fn number(heap: &Heap, object: Value<'_>) -> i32 {
    heap.word(object, 0).as_small().unwrap()
}

#[test]
fn what_survives_twice_is_old() {
    let mut heap = quiet_heap();
    make(&mut heap, Kind::Tuple, 3);
    drop_top(&heap);
    let first = numbered(&mut heap, 1);
    heap.collect_minor(Survivors::Age);
    assert!(!is_old(&heap, first));
    assert_eq!((heap.old(), heap.since(), heap.aged(0)), (0, 0, 16));
    let second = numbered(&mut heap, 2);
    let since = heap.since();
    assert!(since >= 16, "{since}");
    heap.collect_minor(Survivors::Age);
    assert!(is_old(&heap, first) && !is_old(&heap, second));
    heap.collect_minor(Survivors::Age);
    assert!(is_old(&heap, second));
    assert_eq!((heap.old(), heap.since(), heap.aged(0)), (32, 0, 0));
    check_info(&heap);
}

#[test]
fn what_dies_after_the_first_time_does_not_become_old() {
    let mut heap = quiet_heap();
    for round in 0..50 {
        let object = numbered(&mut heap, round);
        heap.collect_minor(Survivors::Age);
        assert_eq!(number(&heap, heap.get(object)), round);
        drop_top(&heap);
        make(&mut heap, Kind::Tuple, 1);
        drop_top(&heap);
        heap.collect_minor(Survivors::Age);
    }
    assert_eq!(heap.old(), 0);
    // And when everything is asked for, nothing waits.
    let object = numbered(&mut heap, 1);
    heap.collect_minor(Survivors::Promote);
    assert!(is_old(&heap, object));
}

#[test]
fn a_promoted_object_that_refers_to_a_young_one_is_remembered() {
    for words in [2, 40, 3000] {
        let mut heap = quiet_heap();
        // So that the promoted one does not move in one of the cases.
        if words == 2 {
            make(&mut heap, Kind::Tuple, 1);
            drop_top(&heap);
        }
        let holder = make(&mut heap, Kind::Words, words);
        heap.collect_minor(Survivors::Age);
        let young = numbered(&mut heap, 7);
        heap.poke(heap.get(holder), words - 1, heap.get(young));
        heap.poke(heap.get(holder), 0, heap.get(young));
        drop_top(&heap);
        heap.collect_minor(Survivors::Age);
        assert!(is_old(&heap, holder), "{words}");
        let young = heap.word(heap.get(holder), 0);
        assert!(heap.is_young(young.bits()));
        assert_eq!(number(&heap, young), 7);
        // The list is all that keeps it.
        make(&mut heap, Kind::Tuple, 1);
        drop_top(&heap);
        heap.collect_minor(Survivors::Age);
        let held = heap.word(heap.get(holder), words - 1);
        assert!(!heap.is_young(held.bits()));
        assert_eq!((held.bits(), number(&heap, held)), (heap.word(heap.get(holder), 0).bits(), 7));
        let header = heap.header(heap.get(holder).bits());
        assert!(header.0 & Header::WATCHED != 0, "{words}");
        assert_eq!(heap.info().remembered_overflows, 0);
    }
}

#[test]
fn an_old_object_stays_remembered_as_long_as_it_has_to() {
    for words in [2, 40] {
        let mut heap = quiet_heap();
        let holder = make(&mut heap, Kind::Words, words);
        heap.collect();
        let young = numbered(&mut heap, 7);
        heap.poke(heap.get(holder), 1, heap.get(young));
        drop_top(&heap);
        heap.collect_minor(Survivors::Age);
        let young = heap.word(heap.get(holder), 1);
        assert!(heap.is_young(young.bits()), "{words}");
        heap.collect_minor(Survivors::Age);
        let old = heap.word(heap.get(holder), 1);
        assert_eq!((heap.is_young(old.bits()), number(&heap, old)), (false, 7));
        let header = heap.header(heap.get(holder).bits());
        assert!(header.0 & Header::WATCHED != 0, "{words}");
    }
}

#[test]
fn a_promoted_object_that_is_forgotten_is_found_out() {
    let mut heap = quiet_heap();
    let holder = make(&mut heap, Kind::Tuple, 2);
    heap.collect_minor(Survivors::Age);
    let young = numbered(&mut heap, 7);
    heap.poke(heap.get(holder), 1, heap.get(young));
    heap.collect_minor(Survivors::Age);
    let addr = heap.get(holder).bits();
    assert_eq!(heap.header(addr).0 & Header::WATCHED, 0);
    // As if sliding had forgotten to look.
    raw::store(&heap.space, addr, heap.header(addr).0 | Header::WATCHED);
    let what = heap.verify().map_err(|error| error.what);
    assert_eq!(what, Err("a reference to a young object is missed"));
}

#[test]
fn many_survivors_are_promoted_at_once() {
    let mut heap = quiet_heap();
    heap.set_enabled(false);
    let count = heap.aging_room() / 16 + 1;
    let all = make(&mut heap, Kind::Words, count);
    for idx in 0..count {
        let item = numbered(&mut heap, idx as i32);
        heap.poke(heap.get(all), idx, heap.get(item));
        drop_top(&heap);
    }
    heap.collect_minor(Survivors::Age);
    assert_eq!(heap.aged(0), 0);
    for idx in 0..count {
        let item = heap.word(heap.get(all), idx);
        assert_eq!((number(&heap, item), heap.is_young(item.bits())), (idx as i32, false));
    }
}

#[test]
fn when_old_objects_refer_to_many_they_are_promoted_at_once() {
    let mut heap = quiet_heap();
    heap.remembered.limit = 8;
    let holders: [Local; 7] = core::array::from_fn(|_| make(&mut heap, Kind::Tuple, 1));
    heap.collect();
    for (count, waits) in [(4, true), (7, false)] {
        for holder in holders.iter().take(count) {
            let young = numbered(&mut heap, 3);
            heap.poke(heap.get(*holder), 0, heap.get(young));
            drop_top(&heap);
        }
        heap.collect_minor(Survivors::Age);
        let young = heap.word(heap.get(holders[0]), 0);
        assert_eq!(heap.is_young(young.bits()), waits, "{count}");
        heap.collect_minor(Survivors::Promote);
    }
    assert_eq!(heap.info().remembered_overflows, 0);
}

#[test]
fn those_that_leave_the_fast_region_are_remembered_too() {
    let mut heap = quiet_heap();
    let count = heap.promotion_limit(&heap.region(0)) / 1008 + 1;
    // No room is left for what becomes old.
    for _ in 0..count {
        heap.alloc_raw(Kind::Buffer, 251).unwrap();
        heap.collect_minor(Survivors::Promote);
    }
    let holder = make(&mut heap, Kind::Tuple, 2);
    heap.collect_minor(Survivors::Age);
    let young = numbered(&mut heap, 7);
    heap.poke(heap.get(holder), 1, heap.get(young));
    drop_top(&heap);
    heap.collect_minor(Survivors::Age);
    assert_eq!(heap.region_of(heap.get(holder).bits()), Some(1));
    let young = heap.word(heap.get(holder), 1);
    assert_eq!((heap.region_of(young.bits()), number(&heap, young)), (Some(0), 7));
    assert!(heap.is_young(young.bits()));
    heap.collect_minor(Survivors::Age);
    let old = heap.word(heap.get(holder), 1);
    assert_eq!((heap.region_of(old.bits()), number(&heap, old)), (Some(1), 7));
}

/// A window of objects that refer to each other, and one of so many that lives long.
fn churn(heap: &mut Heap, rounds: u32, seldom: u32) {
    const WINDOW: u32 = 24;
    let mut random = Random(7);
    let recent = make(heap, Kind::Words, WINDOW);
    let kept = make(heap, Kind::Words, 16);
    for round in 0..scaled(rounds) {
        let item = numbered(heap, round as i32);
        let slot = round % WINDOW;
        // A new one refers to another, or another one to it.
        let other = heap.word(heap.get(recent), random.below(WINDOW));
        if other.is_ref() {
            if random.below(2) == 0 {
                heap.poke(other, 1, heap.get(item));
            } else {
                heap.poke(heap.get(item), 1, other);
                // The chain ends here.
                heap.poke(other, 1, Value::NONE);
            }
        }
        heap.poke(heap.get(recent), slot, heap.get(item));
        if random.below(seldom) == 0 {
            heap.poke(heap.get(kept), random.below(16), heap.get(item));
        }
        drop_top(heap);
        if round >= WINDOW {
            let idx = random.below(WINDOW);
            let found = number(heap, heap.word(heap.get(recent), idx));
            assert_eq!(found as u32 % WINDOW, idx);
            assert!(found as u32 + WINDOW > round);
        }
    }
    assert_eq!(heap.verify(), Ok(()));
    check_info(heap);
}

#[test]
fn short_lives_end_young() {
    let mut heaps = [quiet(small_heap(0x4000, 0x8000)), quiet(one_region(0x4000))];
    for heap in &mut heaps {
        churn(heap, 20_000, u32::MAX);
        if cfg!(not(miri)) {
            assert!(heap.info().counts.minor > 100, "{:?}", heap.info().counts);
            let counts = heap.info().counts;
            assert_eq!((counts.cycles, counts.full), (0, 0), "{counts:?}");
        }
        assert_eq!(
            heap.region(heap.n_regions - 1).class == RegionClass::Large,
            heap.n_regions == 2
        );
    }
    // With a nursery of a few objects, with a list of few places, and where everything moves.
    let spec = |name, base, size, class| RegionSpec { name, base, size, class, dma: true };
    let fast = spec("a", 0x1000, 0x400, RegionClass::Fast);
    let large = spec("b", 0x2000, 0x4000, RegionClass::Large);
    for limit in [2, 8, 512] {
        for zeal in [0, 1, 5] {
            let mut heap = heap_of(&[fast, large], 2048);
            heap.set_zeal(zeal);
            heap.remembered.limit = limit;
            churn(&mut heap, 3000, 10);
        }
    }
}
