//! The table of weak references.

use super::{drop_top, make, small_heap};
use crate::generation::Survivors;
use crate::{Heap, Kind, Local, Value};

/// A heap whose table of weak references has room for so many pairs.
fn heap_with_table(pairs: u32) -> Heap {
    let mut heap = small_heap(0x4000, 0x4000);
    heap.set_zeal(0);
    let table = make(&mut heap, Kind::Words, 2 * pairs);
    assert!(heap.weak_table().is_none());
    assert!(heap.set_weak_table(table).is_ok());
    heap.set(table, Value::NONE);
    drop_top(&heap);
    heap
}

/// Pushes an object of one raw word, which says which one it is.
fn named(heap: &mut Heap, name: u32) -> Local {
    let object = make(heap, Kind::Buffer, 1);
    heap.poke_raw(heap.get(object), 0, name);
    object
}

fn set_pair(heap: &Heap, pair: u32, target: Local, holder: Local) {
    let table = heap.weak_table().expect("there is a table");
    heap.poke(table, 2 * pair, heap.get(target));
    heap.poke(table, 2 * pair + 1, heap.get(holder));
}

/// The names of a pair's target and holder.
fn pair(heap: &Heap, pair: u32) -> [Option<u32>; 2] {
    let table = heap.weak_table().expect("there is a table");
    [0, 1].map(|idx| {
        let value = heap.word(table, 2 * pair + idx);
        (!value.is_null()).then(|| heap.raw(value, 0))
    })
}

#[test]
fn what_only_the_table_refers_to_is_gone() {
    let mut heap = heap_with_table(3);
    let kept = named(&mut heap, 1);
    let lost = [named(&mut heap, 2), named(&mut heap, 3)];
    set_pair(&heap, 0, kept, kept);
    set_pair(&heap, 1, lost[0], kept);
    set_pair(&heap, 2, kept, lost[1]);
    heap.collect();
    assert_eq!(pair(&heap, 1), [Some(2), Some(1)]);
    heap.set_sp(lost[0].addr());
    heap.collect();
    assert_eq!(pair(&heap, 0), [Some(1), Some(1)]);
    assert_eq!(pair(&heap, 1), [None, Some(1)]);
    assert_eq!(pair(&heap, 2), [None, None]);
    assert_eq!(heap.info().used, 8 + 32);
}

#[test]
fn what_moves_is_found_again() {
    let mut heap = heap_with_table(20);
    let holder = named(&mut heap, 99);
    for name in 0..20 {
        let before = named(&mut heap, 1000);
        let target = named(&mut heap, name);
        set_pair(&heap, name, target, holder);
        // What is before it dies.
        heap.set(before, heap.get(target));
        drop_top(&heap);
    }
    let moves = heap.moves();
    heap.collect();
    assert_ne!(heap.moves(), moves);
    heap.collect_to(true);
    for name in 0..20 {
        assert_eq!(pair(&heap, name), [Some(name), Some(99)]);
    }
}

#[test]
fn minor_collections_and_slices_leave_targets_alone() {
    let mut heap = heap_with_table(1);
    let holder = named(&mut heap, 9);
    let target = named(&mut heap, 7);
    set_pair(&heap, 0, target, holder);
    drop_top(&heap);
    heap.collect_minor(Survivors::Stay);
    heap.collect_minor(Survivors::Promote);
    for _ in 0..10 {
        heap.force_slice(1000);
    }
    heap.collect_to(true);
    assert_eq!(pair(&heap, 0), [Some(7), Some(9)]);
    heap.collect();
    assert_eq!(pair(&heap, 0), [None, Some(9)]);
}

#[test]
fn cycles_of_targets_die_and_the_table_can_be_replaced() {
    let mut heap = heap_with_table(1);
    let holder = make(&mut heap, Kind::Tuple, 1);
    let ring = [make(&mut heap, Kind::Tuple, 1), make(&mut heap, Kind::Tuple, 1)];
    heap.poke(heap.get(ring[0]), 0, heap.get(ring[1]));
    heap.poke(heap.get(ring[1]), 0, heap.get(ring[0]));
    let table = make(&mut heap, Kind::Words, 4);
    assert!(heap.set_weak_table(table).is_ok());
    set_pair(&heap, 0, ring[0], holder);
    set_pair(&heap, 1, ring[1], holder);
    heap.collect();
    let word = |heap: &Heap, idx| heap.weak_table().map(|table| heap.word(table, idx).is_null());
    assert_eq!(word(&heap, 0), Some(false));
    heap.set_sp(ring[0].addr());
    heap.collect();
    assert_eq!(
        (word(&heap, 0), word(&heap, 2), word(&heap, 3)),
        (Some(true), Some(true), Some(false))
    );
    heap.reset();
    assert!(heap.weak_table().is_none());
    heap.collect();
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn who_is_told_is_told_once() {
    let mut heap = heap_with_table(3);
    let target = named(&mut heap, 1);
    let holder = named(&mut heap, 2);
    set_pair(&heap, 0, target, holder);
    // A pair whose target is no object is as good as any.
    let table = heap.weak_table().expect("there is a table");
    heap.poke(table, 2, Value::from_small(1));
    heap.poke(table, 3, heap.get(holder));
    heap.collect();
    assert!(!heap.has_weak_loss() && !heap.begin_weak_service());
    heap.set(target, Value::NONE);
    heap.collect();
    assert!(heap.has_weak_loss());
    assert!(heap.begin_weak_service());
    // Whoever is at work on it hears no more of it, and nothing is lost meanwhile.
    heap.set(holder, Value::NONE);
    heap.collect();
    assert!(!heap.has_weak_loss() && !heap.begin_weak_service());
    heap.end_weak_service();
    assert!(heap.has_weak_loss() && heap.begin_weak_service());
    heap.end_weak_service();
}
