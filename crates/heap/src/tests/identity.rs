//! Numbers that objects keep.

use super::{drop_top, make, small_heap};
use crate::{Heap, Kind, Local};
use std::vec::Vec;

/// Objects of one raw word in as many slots.
fn objects(heap: &mut Heap, count: u32) -> Vec<Local> {
    (0..count).map(|_| make(heap, Kind::Buffer, 1)).collect()
}

fn number(heap: &mut Heap, object: Local) -> u32 {
    heap.identity(object).expect("there is memory")
}

#[test]
fn numbers_stay_when_objects_move() {
    let mut heap = small_heap(0x8000, 0x8000);
    heap.set_zeal(0);
    let all = objects(&mut heap, 100);
    // Some die, so that the others move.
    for at in (0..100).step_by(3) {
        heap.set(all[at], crate::Value::NONE);
    }
    let living: Vec<_> = (0..100).filter(|at| at % 3 != 0).map(|at| all[at]).collect();
    let numbers: Vec<_> = living.iter().map(|&object| number(&mut heap, object)).collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), numbers.len());
    for is_full in [false, true, false] {
        let moves = heap.moves();
        heap.collect_to(is_full);
        assert!(!is_full || heap.moves() != moves);
        let again: Vec<_> = living.iter().map(|&object| number(&mut heap, object)).collect();
        assert_eq!(again, numbers);
    }
    heap.set_zeal(1);
    for (&object, &expected) in living.iter().zip(&numbers) {
        make(&mut heap, Kind::Tuple, 2);
        drop_top(&heap);
        assert_eq!(number(&mut heap, object), expected);
    }
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn a_number_is_free_again_when_its_object_is_dead() {
    let mut heap = small_heap(0x8000, 0x8000);
    heap.set_zeal(0);
    let [kept, lost] = objects(&mut heap, 2)[..] else { unreachable!() };
    assert_eq!((number(&mut heap, kept), number(&mut heap, lost)), (0, 1));
    heap.set(lost, crate::Value::NONE);
    heap.collect();
    let next = make(&mut heap, Kind::Tuple, 1);
    assert_eq!((number(&mut heap, kept), number(&mut heap, next)), (0, 1));
    // The table itself lives on, and is not needed after a reset.
    heap.reset();
    let first = make(&mut heap, Kind::Tuple, 1);
    assert_eq!(number(&mut heap, first), 0);
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn short_lived_objects_do_not_fill_the_heap_with_numbers() {
    let mut heap = small_heap(0x10000, 0x10000);
    heap.set_zeal(0);
    let mut highest = 0;
    for _ in 0..20_000 {
        let object = make(&mut heap, Kind::Tuple, 1);
        highest = number(&mut heap, object).max(highest);
        drop_top(&heap);
    }
    assert!(highest < 1024, "{highest}");
}

#[test]
fn no_number_without_memory() {
    let mut heap = small_heap(0x1000, 0x1000);
    heap.set_zeal(0);
    let all = objects(&mut heap, 9);
    for &object in &all[..8] {
        assert!(heap.identity(object).is_ok());
    }
    heap.lock();
    for (at, &object) in all[..8].iter().enumerate() {
        assert_eq!(heap.identity(object), Ok(at as u32));
    }
    assert!(heap.identity(all[8]).is_err());
    heap.unlock();
    assert_eq!(heap.identity(all[8]), Ok(8));
}
