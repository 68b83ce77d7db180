//! Tests of placing objects in a region.

use std::vec::Vec;

use super::{Random, drop_top, make, scaled, small_heap};
use crate::{Heap, Kind, Local, Place, RegionClass};

const FAST: RegionClass = RegionClass::Fast;
const LARGE: RegionClass = RegionClass::Large;

/// A buffer in its region, with its number in every word.
fn placed(heap: &mut Heap, words: u32, class: RegionClass, number: u32) -> Option<Local> {
    let buffer = heap.alloc_placed(Kind::Buffer, words, class).ok()?;
    for idx in 0..words {
        assert_eq!(heap.raw(heap.get(buffer), idx), 0);
        heap.poke_raw(heap.get(buffer), idx, number);
    }
    Some(buffer)
}

#[test]
fn placed_objects_stay_in_their_region() {
    let mut heap = small_heap(0x4000, 0x10000);
    let mut random = Random(7);
    let first = heap.sp();
    let mut kept = Vec::new();
    let mut refused = 0;
    for number in 0..scaled(4000) {
        let class = if random.below(2) == 0 { FAST } else { LARGE };
        let words = 1 + random.below(if class == FAST { 60 } else { 800 });
        match placed(&mut heap, words, class, number) {
            Some(_) => kept.push((words, class, number)),
            None => refused += 1,
        }
        // Others come and go, so that the fast region is crowded and minor collections promote.
        let chain = heap.sp();
        for _ in 0..random.below(120) {
            make(&mut heap, Kind::Tuple, 1 + random.below(4));
        }
        if random.below(8) == 0 {
            heap.collect();
        }
        heap.set_sp(chain);
        if kept.len() > 60 {
            heap.set_sp(first);
            kept.clear();
        }
        for (n, &(words, class, number)) in kept.iter().enumerate() {
            let object = heap.get(Local::<crate::Any>::at(first + n as u32 * 4));
            let region = heap.region_of(object.bits());
            assert_eq!(region, Some(usize::from(class == LARGE)), "{n} of {}", kept.len());
            assert!((0..words).all(|idx| heap.raw(object, idx) == number));
        }
        assert_eq!(heap.verify(), Ok(()));
    }
    assert!(refused < scaled(400), "{refused}");
}

#[test]
fn a_full_region_refuses_and_says_so() {
    let mut heap = small_heap(0x4000, 0x10000);
    let mut count = 0;
    while placed(&mut heap, 99, FAST, count).is_some() {
        count += 1;
    }
    // All but the nursery can be had.
    assert!(count >= (0x4000 - 0x800) / 400 - 1, "{count}");
    let shortage = heap.shortage();
    assert_eq!((shortage.place, shortage.bytes), (Place::Region(0), 400));
    assert!(shortage.free <= 0x4000, "{shortage:?}");
    // The other region still serves, and what is forgotten can be had again.
    assert!(placed(&mut heap, 99, LARGE, 0).is_some());
    drop_top(&heap);
    heap.set_sp(heap.sp() - 8);
    assert!(placed(&mut heap, 99, FAST, 0).is_some());
}

#[test]
fn ordinary_objects_make_room() {
    let mut heap = small_heap(0x4000, 0x10000);
    heap.set_zeal(0);
    while heap.region_info(0).is_some_and(|fast| fast.free > 0x100 + heap.aging_room()) {
        make(&mut heap, Kind::Buffer, 15);
    }
    // What is kept for young objects that have survived once can be had, but not the nursery.
    let room = heap.aging_room();
    assert!(placed(&mut heap, 0x3000, FAST, 1).is_none());
    assert_eq!(heap.aging_room(), room, "what does not fit takes no room");
    let most = room.div_ceil(400);
    let count = (0..=most).take_while(|_| placed(&mut heap, 99, FAST, 1).is_some()).count();
    assert!(count <= most as usize && (count > 0 || room == 0), "{count} of {most}");
    // Collecting has let the nursery go to the large region, and no more.
    assert!(heap.region_info(0).is_some_and(|fast| fast.free >= 0x700));
    // When what is placed is gone, that room is there again.
    let left = heap.aging_room();
    heap.set_sp(heap.sp() - 4 * count as u32);
    heap.collect();
    assert!(heap.aging_room() > left || room == 0);
}

#[test]
fn a_locked_heap_and_an_impossible_size_are_refused() {
    let mut heap = small_heap(0x4000, 0x10000);
    assert!(placed(&mut heap, u32::MAX, LARGE, 0).is_none());
    heap.lock();
    assert!(placed(&mut heap, 4, LARGE, 0).is_none());
    assert_eq!(heap.shortage().place, Place::Locked);
    heap.unlock();
    heap.fail_after(Some(1));
    assert!(placed(&mut heap, 4, LARGE, 0).is_some());
    assert!(placed(&mut heap, 4, LARGE, 0).is_none());
}
