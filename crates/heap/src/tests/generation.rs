//! Young and old objects, the write barrier and minor collections.

use super::{check_info, drop_top, make, scaled, small_heap};
use crate::generation::Survivors;
use crate::object::Header;
use crate::{Heap, Kind, Local, Value, raw};

/// A heap in which only the tests collect.
fn quiet_heap(fast: u32, large: u32) -> Heap {
    let mut heap = small_heap(fast, large);
    heap.set_zeal(0);
    heap.remembered.limit = 8;
    heap
}

fn is_old(heap: &Heap, slot: Local) -> bool {
    !heap.is_young(heap.get(slot).bits())
}

/// A tuple of one number.
fn numbered(heap: &mut Heap, number: i32) -> Local {
    let object = make(heap, Kind::Tuple, 1);
    heap.poke(heap.get(object), 0, Value::from_small(number));
    object
}

#[test]
fn what_survives_is_old() {
    let mut heap = quiet_heap(0x2000, 0x2000);
    let dead = make(&mut heap, Kind::Tuple, 3);
    let kept = numbered(&mut heap, 5);
    heap.set(dead, Value::NONE);
    assert!(!is_old(&heap, kept));
    heap.collect_minor(Survivors::Stay);
    assert!(is_old(&heap, kept));
    assert_eq!(heap.get(kept).bits(), 0x1000);
    let info = heap.info();
    assert_eq!(
        (info.used, info.counts.minor, info.counts.full, info.counts.collections()),
        (8, 1, 0, 1)
    );
    // What dies old is found by a full collection only.
    heap.set(kept, Value::NONE);
    heap.collect_minor(Survivors::Stay);
    assert_eq!(heap.info().used, 8);
    heap.collect();
    assert_eq!(heap.info().used, 0);
}

#[test]
fn young_objects_live_through_old_ones() {
    let mut heap = quiet_heap(0x2000, 0x2000);
    let old = make(&mut heap, Kind::Tuple, 2);
    heap.collect_minor(Survivors::Stay);
    // Two levels, so that the reference is not the only thing that is updated.
    make(&mut heap, Kind::Tuple, 3);
    let inner = numbered(&mut heap, 7);
    let outer = make(&mut heap, Kind::Tuple, 1);
    heap.poke(heap.get(outer), 0, heap.get(inner));
    heap.poke(heap.get(old), 1, heap.get(outer));
    heap.set_sp(old.addr() + 4);
    heap.collect_minor(Survivors::Stay);
    assert_eq!(heap.info().used, 16 + 8 + 8);
    let outer = heap.word(heap.get(old), 1);
    assert_eq!(heap.word(heap.word(outer, 0), 0).as_small(), Some(7));
    // The object is watched again.
    assert!(heap.header(heap.get(old).bits()).0 & Header::WATCHED != 0);
}

#[test]
fn a_missed_store_is_found() {
    let mut heap = quiet_heap(0x2000, 0x2000);
    let old = make(&mut heap, Kind::Tuple, 2);
    heap.collect_minor(Survivors::Stay);
    let young = make(&mut heap, Kind::Tuple, 1);
    let (old, young) = (heap.get(old).bits(), heap.get(young).bits());
    raw::store(&heap.space, old + 8, young);
    let what = heap.verify().map_err(|error| error.what);
    assert_eq!(what, Err("a reference to a young object is missed"));
    // By the setter, it is not missed; and an object is not forgotten without being found out.
    heap.poke(Value::from_bits(old), 1, Value::from_bits(young));
    assert_eq!(heap.verify(), Ok(()));
    heap.remembered.clear();
    let what = heap.verify().map_err(|error| error.what);
    assert_eq!(what, Err("an old object is neither watched nor remembered"));
}

#[test]
fn copies_are_remembered() {
    let mut heap = quiet_heap(0x4000, 0x4000);
    let old = make(&mut heap, Kind::Words, 20);
    heap.collect_minor(Survivors::Stay);
    let fresh = make(&mut heap, Kind::Words, 10);
    for idx in 0..10 {
        let item = numbered(&mut heap, idx as i32);
        heap.poke(heap.get(fresh), idx, heap.get(item));
        drop_top(&heap);
    }
    heap.copy_words(heap.get(fresh), 0, heap.get(old), 5, 10);
    drop_top(&heap);
    assert_eq!(heap.verify(), Ok(()));
    heap.collect_minor(Survivors::Stay);
    for idx in 0..10 {
        let item = heap.word(heap.get(old), 5 + idx);
        assert_eq!(heap.word(item, 0).as_small(), Some(idx as i32));
    }
    assert_eq!(heap.info().used, 88 + 80);
}

#[test]
fn the_remembered_set_can_be_too_small() {
    for count in [4, 8, 12, 200] {
        let mut heap = quiet_heap(0x4000, 0x8000);
        let all = make(&mut heap, Kind::Words, count);
        for idx in 0..count {
            let old = make(&mut heap, Kind::Tuple, if idx % 5 == 0 { 20 } else { 2 });
            heap.poke(heap.get(all), idx, heap.get(old));
            drop_top(&heap);
        }
        heap.collect();
        heap.set_enabled(false);
        for round in 0..3 {
            let fresh = make(&mut heap, Kind::Words, count);
            for idx in 0..count {
                let young = numbered(&mut heap, (idx * 3 + round) as i32);
                heap.poke(heap.get(fresh), idx, heap.get(young));
                drop_top(&heap);
            }
            // Backwards, so that a span grows at both ends.
            for idx in (0..count).rev() {
                let old = heap.word(heap.get(all), idx);
                heap.poke(old, heap.words(old) - 1, heap.word(heap.get(fresh), idx));
            }
            drop_top(&heap);
            assert_eq!(heap.verify(), Ok(()));
            heap.collect_minor(Survivors::Stay);
            for idx in 0..count {
                let old = heap.word(heap.get(all), idx);
                let young = heap.word(old, heap.words(old) - 1);
                assert_eq!(heap.word(young, 0).as_small(), Some((idx * 3 + round) as i32));
            }
        }
        assert_eq!(heap.info().remembered_overflows > 0, count > 8, "{count}");
    }
}

#[test]
fn a_long_remembered_set_leads_to_a_collection() {
    let mut heap = quiet_heap(0x8000, 0x8000);
    let all = make(&mut heap, Kind::Words, 30);
    for idx in 0..30 {
        let old = make(&mut heap, Kind::Tuple, 2);
        heap.poke(heap.get(all), idx, heap.get(old));
        drop_top(&heap);
    }
    heap.collect();
    for idx in 0..30 {
        let young = numbered(&mut heap, idx as i32);
        heap.poke(heap.word(heap.get(all), idx), 0, heap.get(young));
        drop_top(&heap);
    }
    let info = heap.info();
    assert_eq!((info.counts.minor, info.remembered_overflows), (4, 0));
}

#[test]
fn long_objects_are_remembered_word_by_word() {
    let mut heap = quiet_heap(0x4000, 0x10000);
    let long = [20, 63, 64, 3000].map(|words| make(&mut heap, Kind::Words, words));
    heap.collect();
    heap.set_enabled(false);
    for (round, count) in [1, 2, 5, 20].into_iter().enumerate() {
        let fresh = make(&mut heap, Kind::Words, 20);
        for idx in 0..20 {
            let young = numbered(&mut heap, (idx as usize + round) as i32);
            heap.poke(heap.get(fresh), idx, heap.get(young));
            drop_top(&heap);
        }
        for &object in &long {
            for idx in 0..count {
                // Some words are stored to again and again, some no longer refer to anything.
                let word = if idx % 3 == 0 { 5 } else { idx };
                heap.poke(heap.get(object), word, heap.word(heap.get(fresh), idx));
            }
            heap.poke(heap.get(object), 1, Value::NONE);
            assert_eq!(heap.verify(), Ok(()));
        }
        drop_top(&heap);
        heap.collect_minor(Survivors::Stay);
        // One word in each.
        assert!(count > 1 || heap.info().counts.last_pause < 100, "{:?}", heap.info());
        for &object in &long {
            let young = heap.word(heap.get(object), 5);
            let last = if count == 20 { 18 } else { (count - 1) / 3 * 3 };
            assert_eq!(heap.word(young, 0).as_small(), Some((last as usize + round) as i32));
        }
    }
}

#[test]
fn copies_to_long_objects_are_remembered() {
    for count in [3, 100, 300] {
        let mut heap = quiet_heap(0x4000, 0x10000);
        let long = make(&mut heap, Kind::Words, 3000);
        heap.collect();
        heap.set_enabled(false);
        let from = make(&mut heap, Kind::Words, count);
        for idx in 0..count {
            let young = numbered(&mut heap, idx as i32);
            heap.poke(heap.get(from), idx, heap.get(young));
            drop_top(&heap);
        }
        heap.poke(heap.get(long), 1235, heap.word(heap.get(from), 0));
        heap.copy_words(heap.get(from), 0, heap.get(long), 1234, count);
        drop_top(&heap);
        assert_eq!(heap.verify(), Ok(()));
        // What is cut off is no longer the object's.
        heap.shrink(long, 1236);
        assert_eq!(heap.verify(), Ok(()));
        heap.collect_minor(Survivors::Stay);
        for idx in 0..2 {
            let young = heap.word(heap.get(long), 1234 + idx);
            assert_eq!(heap.word(young, 0).as_small(), Some(idx as i32));
        }
        check_info(&heap);
        assert_eq!(heap.info().remembered_overflows, 0);
    }
}

#[test]
fn a_long_object_becomes_a_short_one() {
    let mut heap = quiet_heap(0x4000, 0x4000);
    let array = make(&mut heap, Kind::Words, 20);
    heap.collect();
    let first = numbered(&mut heap, 1);
    let second = numbered(&mut heap, 2);
    heap.poke(heap.get(array), 3, heap.get(first));
    heap.poke(heap.get(array), 17, heap.get(first));
    heap.shrink(array, 4);
    assert_eq!(heap.verify(), Ok(()));
    // It is remembered as a whole now; the word is not visited twice.
    heap.poke(heap.get(array), 3, heap.get(second));
    heap.poke(heap.get(array), 2, heap.get(first));
    heap.set_sp(array.addr() + 4);
    make(&mut heap, Kind::Tuple, 1);
    heap.collect_minor(Survivors::Stay);
    for (idx, number) in [(3, 2), (2, 1)] {
        let item = heap.word(heap.get(array), idx);
        assert_eq!(heap.word(item, 0).as_small(), Some(number));
    }
    check_info(&heap);
}

#[test]
fn an_old_object_that_grows_stays_old() {
    let mut heap = quiet_heap(0x4000, 0x4000);
    let array = make(&mut heap, Kind::Words, 3);
    heap.collect_minor(Survivors::Stay);
    assert!(heap.try_grow(array, 60));
    assert!(is_old(&heap, array));
    for idx in 0..60 {
        let item = numbered(&mut heap, idx as i32);
        heap.poke(heap.get(array), idx, heap.get(item));
        drop_top(&heap);
    }
    heap.collect_minor(Survivors::Stay);
    for idx in 0..60 {
        let item = heap.word(heap.get(array), idx);
        assert_eq!(heap.word(item, 0).as_small(), Some(idx as i32));
    }
    // When it shrinks, what follows is young again.
    heap.collect();
    let array_end = heap.get(array).bits() + 8;
    heap.set_sp(array.addr() + 4);
    heap.shrink(array, 1);
    check_info(&heap);
    heap.collect_minor(Survivors::Stay);
    assert!(heap.region(0).floor >= array_end);
    check_info(&heap);
}

#[test]
fn the_nursery_stays_in_fast_memory() {
    let mut heap = quiet_heap(0x8000, 0x40000);
    let count = scaled(4000);
    let all = make(&mut heap, Kind::Words, count);
    // Twice as much as the fast region has.
    for idx in 0..count {
        let item = numbered(&mut heap, idx as i32);
        assert_eq!(heap.region_of(heap.get(item).bits()), Some(0), "{idx}");
        heap.poke(heap.get(all), idx, heap.get(item));
        drop_top(&heap);
        make(&mut heap, Kind::Tuple, 1);
        drop_top(&heap);
        if idx % 64 == 0 {
            check_info(&heap);
        }
    }
    for idx in 0..count {
        let item = heap.word(heap.get(all), idx);
        assert_eq!(heap.word(item, 0).as_small(), Some(idx as i32));
    }
    let fast = heap.region(0);
    assert!(fast.end - fast.floor >= heap.nursery - 8 || count < 4000);
    // A full collection keeps it so, also if there was no room in the large region before.
    heap.collect();
    let fast = heap.region(0);
    assert!(fast.end - fast.floor >= heap.nursery - 8 || count < 4000);
    heap.set_sp(all.addr());
    heap.collect();
    assert_eq!(heap.info().used, 0);
}

#[test]
fn a_pinned_object_stays_in_a_minor_collection() {
    let mut heap = quiet_heap(0x4000, 0x4000);
    let old = numbered(&mut heap, 1);
    let old_pin = heap.pin(old).unwrap();
    heap.collect_minor(Survivors::Promote);
    let dead = make(&mut heap, Kind::Tuple, 3);
    let young = make(&mut heap, Kind::Buffer, 3);
    let last = numbered(&mut heap, 3);
    let pin = heap.pin(young).unwrap();
    let addrs = [old, young].map(|slot| heap.get(slot).bits());
    heap.set(dead, Value::NONE);
    heap.collect_minor(Survivors::Promote);
    assert_eq!([old, young].map(|slot| heap.get(slot).bits()), addrs);
    assert_eq!(heap.word(heap.get(last), 0).as_small(), Some(3));
    assert_eq!(heap.info().num_1block, 1);
    check_info(&heap);
    // The hole is old now; the next minor collection leaves it alone.
    make(&mut heap, Kind::Tuple, 3);
    heap.collect_minor(Survivors::Promote);
    assert_eq!(heap.info().num_1block, 1);
    drop((pin, old_pin));
    heap.collect();
    assert_eq!(heap.info().num_1block, 0);
}

#[test]
fn a_minor_collection_does_not_move_large_buffers() {
    let mut heap = quiet_heap(0x4000, 0x10_0000);
    // Something old, a young dead one, a young live one.
    make(&mut heap, Kind::Buffer, 3000);
    heap.collect_minor(Survivors::Stay);
    let dead = make(&mut heap, Kind::Buffer, 10_000);
    let live = make(&mut heap, Kind::Buffer, 30_000);
    make(&mut heap, Kind::Buffer, 10_000);
    let at = heap.get(live).bits();
    heap.set(dead, Value::NONE);
    drop_top(&heap);
    let moved = heap.info().counts.moved;
    heap.collect_minor(Survivors::Stay);
    assert_eq!((heap.get(live).bits(), heap.info().counts.moved), (at, moved));
    let info = heap.info();
    check_info(&heap);
    // The dead one is a hole, the one behind it is gap again; together they are a block.
    assert!(info.max_free < info.max_block);
    assert_eq!(heap.region_info(1).unwrap().used, 12_008 + 120_008);
    make(&mut heap, Kind::Buffer, info.max_block / 4);
    assert_eq!(heap.info().counts.compactions, 1);
}
