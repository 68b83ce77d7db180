//! Tests of what is pinned: it must be where DMA reaches it.

use super::{Random, check_info, drop_top, heap_for_dma, make, one_region, scaled, small_heap};
use crate::generation::Survivors;
use crate::{Heap, Kind, Local, Place, RegionClass, Value};
use std::vec::Vec;

/// A buffer of so many words in the memory that DMA does not reach, its number in each.
fn outside(heap: &mut Heap, words: u32, number: u32) -> Local {
    let buffer = heap.alloc_placed(Kind::Buffer, words, RegionClass::Large).expect("room");
    for idx in 0..words {
        heap.poke_raw(heap.get(buffer), idx, number);
    }
    assert_eq!(heap.region_of(heap.get(buffer).bits()), Some(1));
    buffer
}

#[test]
fn a_pinned_buffer_moves_to_where_dma_reaches_it() {
    let mut heap = small_heap(0x4000, 0x1_0000);
    let buffer = outside(&mut heap, 700, 7);
    // Young and old objects, the stack and a root refer to it, and a weak reference does.
    let old = make(&mut heap, Kind::ByteArray, 2);
    heap.poke(heap.get(old), 1, heap.get(buffer));
    heap.collect_minor(Survivors::Stay);
    let young = make(&mut heap, Kind::Tuple, 3);
    heap.poke(heap.get(young), 2, heap.get(buffer));
    let root = heap.root(heap.get(buffer)).unwrap();
    let table = make(&mut heap, Kind::Words, 2);
    heap.poke(heap.get(table), 0, heap.get(buffer));
    heap.poke(heap.get(table), 1, heap.get(young));
    #[cfg(feature = "weak")]
    heap.set_weak_table(table).unwrap();
    let (sp, moves) = (heap.sp(), heap.moves());
    let pin = heap.pin(buffer).unwrap();
    assert_eq!(heap.sp(), sp);
    assert_ne!(heap.moves(), moves);
    assert_eq!(heap.verify(), Ok(()));
    let addr = pin.get(&heap).bits();
    assert_eq!(heap.region_of(addr), Some(0));
    for found in [
        heap.get(buffer),
        heap.word(heap.get(old), 1),
        heap.word(heap.get(young), 2),
        heap.word(heap.get(table), 0),
        root.get(&heap),
    ] {
        assert_eq!(found.bits(), addr);
    }
    assert!(pin.bytes().chunks(4).all(|word| word[0].get() == 7 && word[3].get() == 0));
    assert_eq!(pin.bytes().len(), 2800);
    // It stays there, and the second guard finds it there.
    heap.collect();
    let again = heap.pin(buffer).unwrap();
    heap.collect_minor(Survivors::Promote);
    assert_eq!([pin.get(&heap).bits(), again.get(&heap).bits()], [addr, addr]);
    assert_eq!(heap.raw(heap.get(buffer), 699), 7);
    // The old place is free.
    assert_eq!(heap.region_info(1).unwrap().used, 0);
}

#[test]
fn objects_with_references_move_too() {
    let mut heap = small_heap(0x4000, 0x1_0000);
    let list = make(&mut heap, Kind::Words, 600);
    assert_eq!(heap.region_of(heap.get(list).bits()), Some(1));
    for idx in 0..600 {
        let item = make(&mut heap, Kind::Tuple, 1);
        heap.poke(heap.get(item), 0, Value::from_small(idx));
        heap.poke(heap.get(list), idx as u32, heap.get(item));
        drop_top(&heap);
    }
    // It refers to itself as well.
    heap.poke(heap.get(list), 599, heap.get(list));
    let pin = heap.pin(list).unwrap();
    assert_eq!(heap.region_of(pin.get(&heap).bits()), Some(0));
    assert_eq!(pin.bytes().len(), 0);
    for _ in 0..3 {
        heap.collect_minor(Survivors::Promote);
        heap.collect();
        for idx in 0..599 {
            let item = heap.word(heap.get(list), idx);
            assert_eq!(heap.word(item, 0).as_small(), Some(idx as i32));
        }
        assert_eq!(heap.word(heap.get(list), 599).bits(), heap.get(list).bits());
    }
}

#[test]
fn where_nothing_is_reached_nothing_is_pinned() {
    let mut heap = heap_for_dma(0x4000, 0x1_0000, [false, false]);
    let buffer = make(&mut heap, Kind::Buffer, 10);
    let (sp, addr) = (heap.sp(), heap.get(buffer).bits());
    assert!(heap.pin(buffer).is_err());
    assert_eq!((heap.shortage().place, heap.shortage().bytes), (Place::Dma, 48));
    assert_eq!((heap.sp(), heap.get(buffer).bits()), (sp, addr));
    // What is no object lies nowhere.
    heap.set(buffer, Value::from_small(5));
    let pin = heap.pin(buffer).unwrap();
    assert_eq!(pin.get(&heap).as_small(), Some(5));
    // Not even if its bits could be an address.
    let number = heap.region(1).base | 1;
    assert!(!Value::from_bits(number).is_ref());
    heap.set(buffer, Value::from_bits(number));
    assert_eq!(heap.pin(buffer).unwrap().get(&heap).bits(), number);
    heap.collect();
    assert_eq!(heap.pinned_bytes(0), 0);
}

#[test]
fn where_there_is_no_room_nothing_is_pinned() {
    let mut heap = small_heap(0x1000, 0x1_0000);
    let buffer = outside(&mut heap, 0x1000, 3);
    assert!(heap.pin(buffer).is_err());
    assert_eq!(heap.shortage().place, Place::Region(0));
    assert_eq!(heap.raw(heap.get(buffer), 0xfff), 3);
    assert_eq!(heap.info().used, 0x4000 + 8);
    // Nothing moves while the heap is locked.
    let small = outside(&mut heap, 10, 4);
    heap.lock();
    assert!(heap.pin(small).is_err());
    assert_eq!(heap.shortage().place, Place::Locked);
    heap.unlock();
    assert!(heap.pin(small).is_ok());
    // Nor without two entries of the root table.
    let mut roots = Vec::new();
    while let Ok(root) = heap.root(Value::NONE) {
        roots.push(root);
    }
    assert!(heap.pin(small).is_err());
    assert_eq!(heap.shortage().place, Place::Roots);
}

#[test]
fn any_region_that_dma_reaches_will_do() {
    let mut heap = heap_for_dma(0x1000, 0x1_0000, [false, true]);
    let buffer = make(&mut heap, Kind::Buffer, 10);
    let pin = heap.pin(buffer).unwrap();
    assert_eq!(heap.region_of(pin.get(&heap).bits()), Some(1));
    // One region, which it reaches: nothing moves.
    let mut heap = one_region(0x1000);
    heap.set_zeal(0);
    let buffer = make(&mut heap, Kind::Buffer, 10);
    let addr = heap.get(buffer).bits();
    let pin = heap.pin(buffer).unwrap();
    assert_eq!((pin.get(&heap).bits(), heap.moves()), (addr, 0));
}

#[test]
fn buffers_are_pinned_while_a_cycle_is_running() {
    let mut heap = small_heap(0x4000, 0x2_0000);
    let mut random = Random(11);
    let kept = make(&mut heap, Kind::Words, 16);
    for round in 0..scaled(2000) {
        let buffer = outside(&mut heap, 20 + random.below(60), round);
        heap.poke(heap.get(kept), random.below(16), heap.get(buffer));
        #[cfg(feature = "incremental")]
        heap.force_slice_unverified(random.below(600));
        if random.below(4) == 0 {
            let pin = heap.pin(buffer).unwrap();
            assert_eq!(heap.region_of(pin.get(&heap).bits()), Some(0));
            assert_eq!(heap.verify(), Ok(()));
            #[cfg(feature = "incremental")]
            heap.force_slice(random.below(600));
            heap.collect_minor(Survivors::Promote);
            assert_eq!(heap.raw(pin.get(&heap), 19), round);
        }
        drop_top(&heap);
        let chosen = heap.word(heap.get(kept), random.below(16));
        if chosen.is_ref() {
            assert_eq!(heap.raw(chosen, 0), heap.raw(chosen, 19));
        }
    }
    check_info(&heap);
}
