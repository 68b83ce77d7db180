//! Cycles: marking and sweeping old objects in slices, holes, and the pace.

#[cfg(not(miri))]
use super::Random;
use super::{check_info, drop_top, make, one_region, scaled, small_heap};
use crate::generation::Survivors;
use crate::{Header, Heap, Kind, Local, Value, raw};

/// Miri tries only some of the moments at which something can happen.
const STEP: usize = if cfg!(miri) { 17 } else { 1 };

/// A heap in which only the tests collect.
fn quiet(mut heap: Heap) -> Heap {
    heap.set_zeal(0);
    heap
}

/// An array of so many tuples of three, all of them old; the first item of each is its number.
fn old_tuples(heap: &mut Heap, count: u32) -> Local {
    let all = make(heap, Kind::Words, count);
    for idx in 0..count {
        new_tuple(heap, all, idx, idx);
    }
    heap.collect();
    all
}

/// Puts a new tuple with this number into the array.
fn new_tuple(heap: &mut Heap, all: Local, idx: u32, number: u32) {
    let tuple = make(heap, Kind::Tuple, 3);
    heap.poke(heap.get(tuple), 0, Value::from_small(number as i32));
    heap.poke(heap.get(all), idx, heap.get(tuple));
    drop_top(heap);
}

#[track_caller]
fn check_tuple(heap: &Heap, all: Local, idx: u32, number: u32) {
    let tuple = heap.word(heap.get(all), idx);
    assert_eq!(heap.word(tuple, 0).as_small(), Some(number as i32), "{idx}");
}

fn cycle(heap: &mut Heap, budget: u32) -> u32 {
    let mut slices = 1;
    while !heap.force_slice(budget) {
        slices += 1;
        assert!(slices < 100_000, "the cycle does not end");
    }
    slices
}

#[test]
fn what_dies_old_becomes_holes() {
    for budget in [1, 30, 1000, 1_000_000] {
        let mut heap = quiet(small_heap(0x2000, 0x4000));
        let all = old_tuples(&mut heap, 100);
        let used = heap.info().used;
        for idx in 0..100 {
            if idx % 4 != 0 {
                heap.poke(heap.get(all), idx, Value::NULL);
            }
        }
        let addrs: [u32; 25] =
            core::array::from_fn(|n| heap.word(heap.get(all), n as u32 * 4).bits());
        cycle(&mut heap, budget);
        // The last three are at the end of the region: they are no hole.
        let info = heap.info();
        assert_eq!(info.used, used - 75 * 16);
        assert_eq!((info.num_1block, info.num_2block), (0, 0));
        assert_eq!(heap.region(0).holes().bytes, 24 * 48);
        assert_eq!((info.counts.cycles, info.counts.full), (1, 1));
        check_info(&heap);
        for (n, addr) in addrs.into_iter().enumerate() {
            assert_eq!(heap.word(heap.get(all), n as u32 * 4).bits(), addr);
            check_tuple(&heap, all, n as u32 * 4, n as u32 * 4);
        }
        // A compaction takes the holes away.
        heap.collect();
        assert_eq!(heap.region(0).holes().bytes, 0);
        assert_eq!(heap.info().used, used - 75 * 16);
    }
}

/// With the collector off, what nothing else serves goes into the holes.
#[test]
fn holes_serve_while_the_collector_is_off() {
    let mut heap = quiet(small_heap(0x2000, 0x4000));
    let all = old_tuples(&mut heap, 100);
    for idx in 0..100 {
        if idx % 4 != 0 {
            heap.poke(heap.get(all), idx, Value::NULL);
        }
    }
    cycle(&mut heap, 1000);
    let counts = heap.info().counts;
    assert!(heap.region(0).holes().bytes >= 24 * 48);
    heap.set_enabled(false);
    while let Ok(tuple) = heap.alloc(Kind::Tuple, 3) {
        heap.poke(heap.get(tuple), 0, Value::from_small(-1));
        drop_top(&heap);
    }
    assert!(heap.info().free < 16, "{} bytes are free", heap.info().free);
    assert_eq!(heap.info().counts.collections(), counts.collections());
    for idx in (0..100).step_by(4) {
        check_tuple(&heap, all, idx, idx);
    }
    heap.set_enabled(true);
    heap.collect();
    check_info(&heap);
}

/// NULL is stored like any value, whatever the marker has seen by then.
#[test]
fn null_can_be_stored_between_slices() {
    for when in 0..40 {
        let mut heap = quiet(small_heap(0x2000, 0x4000));
        let all = old_tuples(&mut heap, 100);
        let used = heap.info().used;
        for _ in 0..when {
            heap.force_slice(1);
        }
        heap.poke(heap.get(all), 50, Value::NULL);
        cycle(&mut heap, 30);
        // What was marked before may need one cycle more.
        cycle(&mut heap, 30);
        assert_eq!(heap.info().used, used - 16, "{when}");
        check_info(&heap);
        check_tuple(&heap, all, 51, 51);
    }
}

/// Survivors go to holes, in either region, and keep their contents and identity.
#[test]
fn survivors_are_put_into_holes() {
    for regions in [1, 2] {
        let mut heap = quiet(match regions {
            1 => one_region(0x4000),
            _ => small_heap(0x1000, 0x4000),
        });
        let count = 600;
        let all = old_tuples(&mut heap, count);
        for idx in 0..count {
            if idx % 3 != 0 {
                heap.poke(heap.get(all), idx, Value::NULL);
            }
        }
        cycle(&mut heap, 500);
        let (top, holes) = (heap.region(regions - 1).top, heap.info().free);
        heap.set_enabled(false);
        for round in 0..8 {
            for idx in (round * 40..round * 40 + 40).filter(|idx| idx % 3 != 0) {
                new_tuple(&mut heap, all, idx, idx + 1000);
            }
            // A chain among the young ones, so that they refer to each other both ways.
            for idx in (round * 40..round * 40 + 39).filter(|idx| idx % 3 == 1) {
                let tuple = heap.word(heap.get(all), idx);
                heap.poke(tuple, 1, heap.word(heap.get(all), idx + 1));
                heap.poke(heap.word(heap.get(all), idx + 1), 2, tuple);
            }
            heap.collect_minor(Survivors::Promote);
            check_info(&heap);
        }
        assert_eq!(heap.region(regions - 1).top, top, "nothing came to the end of the region");
        assert!(heap.info().free < holes);
        for idx in 0..320 {
            check_tuple(&heap, all, idx, if idx % 3 == 0 { idx } else { idx + 1000 });
            if idx % 3 == 1 && idx % 40 != 39 {
                let (one, two) = (heap.word(heap.get(all), idx), heap.word(heap.get(all), idx + 1));
                assert_eq!(heap.word(one, 1), two);
                assert_eq!(heap.word(two, 2), one);
            }
        }
    }
}

#[test]
fn large_objects_are_put_into_holes() {
    let mut heap = quiet(small_heap(0x2000, 0x4000));
    let buffers = make(&mut heap, Kind::Words, 5);
    for idx in 0..5 {
        let buffer = make(&mut heap, if idx == 4 { Kind::Words } else { Kind::Buffer }, 750);
        heap.poke(heap.get(buffers), idx, heap.get(buffer));
        drop_top(&heap);
    }
    heap.collect();
    let old = [1, 3].map(|idx| heap.word(heap.get(buffers), idx).bits());
    for idx in [1, 3] {
        heap.poke(heap.get(buffers), idx, Value::NULL);
    }
    cycle(&mut heap, 10_000);
    // The gap is too short for it.
    assert!(heap.region(1).gap() < 2904);
    let full = heap.counts.full;
    let first = make(&mut heap, Kind::Tuple, 1);
    let made = make(&mut heap, Kind::Words, 725);
    assert!(old.contains(&heap.get(made).bits()));
    assert!(!heap.is_young(heap.get(made).bits()));
    // It is filled without the barrier, by a young object, and then with it.
    heap.init(heap.get(made), 0, heap.get(first));
    heap.set(first, Value::NONE);
    for idx in 0..200 {
        let item = make(&mut heap, Kind::Tuple, 1);
        heap.poke(heap.get(item), 0, Value::from_small(idx));
        if idx != 0 {
            heap.poke(heap.get(made), idx as u32, heap.get(item));
        }
        drop_top(&heap);
    }
    heap.collect_minor(Survivors::Promote);
    for idx in 0..200 {
        let item = heap.word(heap.get(made), idx as u32);
        assert_eq!(heap.word(item, 0).as_small(), if idx == 0 { None } else { Some(idx) });
    }
    assert_eq!(heap.counts.full, full);
    check_info(&heap);
}

/// The program hides the last reference to an old object in every place that there is.
#[test]
fn nothing_is_hidden_from_a_cycle() {
    for way in 0..6 {
        for stop in (1..60).step_by(STEP) {
            let mut heap = quiet(small_heap(0x4000, 0x4000));
            let hider = make(&mut heap, Kind::Tuple, 3);
            let long = make(&mut heap, Kind::Words, 40);
            let all = old_tuples(&mut heap, 20);
            // Marked in part...
            for _ in 0..stop {
                heap.force_slice(17);
            }
            // ...and now 7 is in one other place only.
            let hidden = heap.push(heap.word(heap.get(all), 7)).unwrap();
            match way {
                0 => heap.poke(heap.get(hider), 1, heap.get(hidden)),
                1 => heap.copy_words(heap.get(all), 5, heap.get(long), 3, 5),
                2 => {
                    let young = make(&mut heap, Kind::Tuple, 2);
                    heap.poke(heap.get(young), 1, heap.get(hidden));
                    heap.poke(heap.get(hider), 1, heap.get(young));
                    drop_top(&heap);
                }
                3 => {
                    // The object is remembered already.
                    let young = make(&mut heap, Kind::Tuple, 2);
                    heap.poke(heap.get(hider), 0, heap.get(young));
                    drop_top(&heap);
                    heap.poke(heap.get(hider), 1, heap.get(hidden));
                }
                4 => {
                    let root = heap.root(heap.get(hidden)).unwrap();
                    heap.poke(heap.get(all), 7, Value::NULL);
                    drop_top(&heap);
                    cycle(&mut heap, 50);
                    assert_eq!(heap.word(root.get(&heap), 0).as_small(), Some(7));
                    continue;
                }
                _ => {
                    heap.poke(heap.get(all), 7, Value::NULL);
                    cycle(&mut heap, 50);
                    assert_eq!(heap.word(heap.get(hidden), 0).as_small(), Some(7));
                    continue;
                }
            }
            heap.poke(heap.get(all), 7, Value::NULL);
            drop_top(&heap);
            cycle(&mut heap, 50);
            let found = match way {
                0 | 3 => heap.word(heap.get(hider), 1),
                1 => heap.word(heap.get(long), 5),
                _ => heap.word(heap.word(heap.get(hider), 1), 1),
            };
            assert_eq!(heap.word(found, 0).as_small(), Some(7), "{way} {stop}");
        }
    }
}

#[test]
fn a_missed_shade_is_found() {
    let mut heap = quiet(small_heap(0x4000, 0x4000));
    let all = old_tuples(&mut heap, 20);
    let hider = make(&mut heap, Kind::Tuple, 3);
    heap.collect();
    while heap.header(heap.get(hider).bits()).0 & crate::Header::MARK == 0 {
        assert!(!heap.force_slice(9));
    }
    // One that has no mark yet, if the trail is longer than this.
    let white = (0..20)
        .rev()
        .map(|idx| heap.word(heap.get(all), idx).bits())
        .find(|&addr| heap.header(addr).0 & crate::Header::MARK == 0);
    let white = white.expect("something is still white");
    let slot = heap.get(hider).bits() + 4;
    while heap.verify() == Ok(()) && heap.header(white).0 & crate::Header::MARK == 0 {
        let before = raw::load(&heap.space, slot);
        raw::store(&heap.space, slot, white);
        if let Err(error) = heap.verify() {
            assert_eq!(error.what, "a marked object refers to one that is missed");
            return;
        }
        raw::store(&heap.space, slot, before);
        heap.force_slice(4);
    }
    panic!("the verifier does not see it");
}

#[test]
fn objects_change_their_length_during_a_cycle() {
    for stop in (1..80).step_by(STEP) {
        let mut heap = quiet(small_heap(0x4000, 0x4000));
        let all = old_tuples(&mut heap, 60);
        // The last old object.
        let last = make(&mut heap, Kind::Words, 30);
        for idx in 0..30 {
            heap.poke(heap.get(last), idx, heap.word(heap.get(all), idx + 30));
        }
        heap.collect_minor(Survivors::Stay);
        for _ in 0..stop {
            heap.force_slice(20);
        }
        heap.shrink(all, 30);
        heap.shrink(last, 10);
        assert!(heap.try_grow(last, 25));
        for idx in 10..25 {
            new_tuple(&mut heap, last, idx, idx + 30);
        }
        heap.force_slice(20);
        heap.collect_minor(Survivors::Promote);
        cycle(&mut heap, 50);
        for idx in 0..30 {
            check_tuple(&heap, all, idx, idx);
        }
        for idx in 0..25 {
            check_tuple(&heap, last, idx, idx + 30);
        }
        check_info(&heap);
    }
}

#[test]
fn a_cycle_is_given_up_for_a_full_collection() {
    for stop in (1..60).step_by(STEP) {
        let mut heap = quiet(small_heap(0x2000, 0x4000));
        let all = old_tuples(&mut heap, 200);
        for idx in 0..150 {
            heap.poke(heap.get(all), idx, Value::NULL);
        }
        for _ in 0..stop {
            heap.force_slice(100);
        }
        heap.collect_to(stop % 2 == 0);
        assert_eq!(heap.info().used, 808 + 50 * 16);
        for idx in 150..200 {
            check_tuple(&heap, all, idx, idx);
        }
    }
}

/// Deep and wide graphs, with a trail of eight entries.
#[test]
fn a_full_trail_defers() {
    let mut heap = quiet(small_heap(0x4000, 0x20000));
    let count = scaled(3000).max(100);
    let head = heap.push(Value::NULL).unwrap();
    for _ in 0..count {
        let cell = make(&mut heap, Kind::Tuple, 3);
        heap.poke(heap.get(cell), 0, heap.get(head));
        heap.set(head, heap.get(cell));
        drop_top(&heap);
    }
    heap.collect();
    let used = heap.info().used;
    let slices = cycle(&mut heap, 1000);
    assert!(slices > count / 100, "{slices}");
    assert!(heap.info().counts.mark_overflows > 0);
    // Linear time: each deferred object is found at once.
    assert!(slices < count / 10 + 10, "{slices}");
    assert_eq!(heap.info().used, used);
    heap.set(head, Value::NULL);
    cycle(&mut heap, 1000);
    assert_eq!(heap.info().used, 0);
}

/// Tuples in a full heap are replaced one by one, so that they die old: no collection of all
/// objects at once is needed, ever.
#[cfg(not(miri))]
#[test]
fn cycles_keep_pace() {
    for regions in [1, 2] {
        let mut heap = quiet(match regions {
            1 => one_region(0x20000),
            _ => small_heap(0x8000, 0x18000),
        });
        heap.set_slice(2000);
        // Three quarters of the memory.
        let count = 0x18000 / 20;
        let all = old_tuples(&mut heap, count);
        let before = heap.info().counts;
        let mut random = Random(7);
        let turns = scaled(60_000);
        for turn in 0..turns {
            new_tuple(&mut heap, all, random.below(count), turn);
            // Ten of eleven are dropped at once.
            for _ in 0..10 {
                make(&mut heap, Kind::Tuple, 3);
                drop_top(&heap);
            }
            if turn % 512 == 0 {
                check_info(&heap);
            }
        }
        let counts = heap.info().counts;
        assert_eq!(counts.full, before.full, "{regions}: {counts:?}");
        assert!(counts.cycles >= turns / 10_000, "{regions}: {counts:?}");
        assert_eq!(heap.verify(), Ok(()));
    }
}

/// On a board, with tuples in lists of 100, most of them in the external RAM.
#[cfg(not(miri))]
#[test]
fn cycles_keep_pace_on_a_board() {
    for (megabytes, turns) in [(1, 300_000), (4, 300_000), (7, 400_000)] {
        let mut heap = quiet(super::board::board_heap());
        let rows = megabytes * 500;
        let all = make(&mut heap, Kind::Words, rows);
        for row in 0..rows {
            let list = make(&mut heap, Kind::Words, 100);
            heap.poke(heap.get(all), row, heap.get(list));
            for idx in 0..100 {
                new_tuple(&mut heap, list, idx, row);
            }
            drop_top(&heap);
        }
        let before = heap.info().counts;
        let mut random = Random(9);
        for turn in 0..turns {
            let row = random.below(rows);
            let list = heap.push(heap.word(heap.get(all), row)).unwrap();
            new_tuple(&mut heap, list, turn % 100, row);
            drop_top(&heap);
        }
        let counts = heap.info().counts;
        assert_eq!(counts.full, before.full, "{megabytes}: {counts:?}");
        assert!(counts.cycles > before.cycles, "{megabytes}: {counts:?}");
    }
}

/// A full collection for which no request waits leaves few holes rather than move a large heap, and
/// a request that needs their memory has everything moved.
#[test]
fn a_dense_heap_stays_where_it_is() {
    let mut heap = quiet(one_region(0x20_0000));
    heap.set_zeal(0);
    let count = scaled(60_000);
    if count < 60_000 {
        return;
    }
    let all = old_tuples(&mut heap, count);
    let forget = |heap: &Heap, every: usize| {
        for idx in (0..count).step_by(every) {
            heap.poke(heap.get(all), idx, Value::NULL);
        }
    };
    forget(&heap, 300);
    let (before, moved) = (heap.info(), heap.info().counts.moved);
    heap.collect();
    let after = heap.info();
    assert_eq!(before.used - after.used, 200 * 16);
    assert_eq!(after.counts.moved, moved);
    assert!(after.max_free < after.free && after.max_free >= after.free / 100 * 97);
    for idx in (0..count).filter(|idx| idx % 300 != 0) {
        check_tuple(&heap, all, idx, idx);
    }
    make(&mut heap, Kind::Buffer, after.max_block / 4);
    assert_eq!(heap.info().counts.full, after.counts.full + 1);
    drop_top(&heap);
    // Of many, few are left.
    forget(&heap, 20);
    heap.collect();
    let info = heap.info();
    assert!(info.max_free >= info.free / 100 * 97);
}

/// Where there is much room for little, a full collection leaves all holes, and a request has no
/// more moved than what makes room for it, and half of what is free one run.
#[test]
fn no_more_is_moved_than_a_request_needs() {
    let mut heap = quiet(one_region(0x40_0000));
    heap.set_zeal(0);
    let count = scaled(60_000);
    if count < 60_000 {
        return;
    }
    let all = old_tuples(&mut heap, count);
    let check = |heap: &Heap| {
        for idx in (0..count).filter(|idx| idx % 3 != 1) {
            check_tuple(heap, all, idx, idx);
        }
    };
    // In tests, every other full collection has no chart.
    heap.counts.full = 0;
    for idx in (0..count).filter(|idx| idx % 3 == 1) {
        heap.poke(heap.get(all), idx, Value::NULL);
    }
    let moved = |heap: &Heap| heap.info().counts.moved;
    let before = moved(&heap);
    heap.collect();
    assert_eq!(moved(&heap), before);
    check(&heap);
    let info = heap.info();
    assert!(info.max_free < info.free / 100 * 95);
    // Half of what is in the holes is wanted besides the gap.
    heap.counts.full = 0;
    let before = moved(&heap);
    make(&mut heap, Kind::Buffer, (info.max_free + info.free) / 8);
    let some = moved(&heap) - before;
    assert!(some > 0 && some < count / 3 * 2 * 16 * 3 / 4, "{some}");
    check(&heap);
    drop_top(&heap);
}

/// A full collection amid a cycle leaves its marks in the headers, and slices take them away.
#[test]
fn marks_that_a_collection_leaves_are_swept_away() {
    let mut heap = quiet(one_region(0x10_0000));
    heap.set_zeal(0);
    heap.enabled = true;
    let count = scaled(8000);
    let all = old_tuples(&mut heap, count);
    while heap.header(heap.word(heap.get(all), 0).bits()).0 & Header::MARK == 0 {
        assert!(!heap.force_slice(count / 4));
    }
    let cycles = heap.counts.cycles;
    // In tests, every other full collection has no chart.
    heap.counts.full = 0;
    heap.poke(heap.get(all), count / 2, Value::NULL);
    heap.collect();
    assert!(heap.header(heap.word(heap.get(all), 0).bits()).0 & Header::MARK != 0);
    assert!(heap.verify().is_ok());
    cycle(&mut heap, count);
    assert_eq!(heap.counts.cycles, cycles);
    for idx in (0..count).filter(|&idx| idx != count / 2) {
        check_tuple(&heap, all, idx, idx);
        assert!(heap.header(heap.word(heap.get(all), idx).bits()).0 & Header::MARK == 0);
    }
}
