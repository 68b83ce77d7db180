//! Regions that join and leave, and a heap that grows.

use std::vec::Vec;

use super::{Random, check_info, drop_top, make, scaled};
use crate::{Any, Heap, HeapConfig, Kind, Local, Refusal, RegionClass, RegionSpec, Space, Value};

const FAST: RegionClass = RegionClass::Fast;
const LARGE: RegionClass = RegionClass::Large;

const fn spec(name: &'static str, base: u32, size: u32, class: RegionClass) -> RegionSpec {
    RegionSpec { name, base, size, class, dma: true }
}

const ALL: [RegionSpec; 4] = [
    spec("a", 0x1_0000, 0x4000, FAST),
    spec("b", 0x2_0000, 0x8000, LARGE),
    spec("c", 0x3_0000, 0x4000, FAST),
    spec("d", 0x4_0000, 0x1_0000, LARGE),
];

/// A heap of some regions in a space that has room for all.
fn heap_of(regions: &[RegionSpec]) -> Heap {
    let config = HeapConfig {
        stack_base: 0x1000,
        stack_size: 0x1000,
        roots: 16,
        regions: &ALL,
        large_object: 1024,
        mark_stack: 256,
        trail: 128,
    };
    let space = Space::boxed_for(&config);
    Heap::new(space, &HeapConfig { regions, ..config })
}

fn names(heap: &Heap) -> Vec<&'static str> {
    (0..heap.region_count()).filter_map(|n| heap.region_info(n)).map(|info| info.name).collect()
}

/// Objects of all sizes, each with its number and a reference to the one before.
fn fill(heap: &mut Heap, random: &mut Random, count: u32) -> Local {
    let list = make(heap, Kind::Words, count);
    for number in 0..count {
        let words = if random.below(20) == 0 { 300 } else { 3 + random.below(9) };
        let Ok(object) = heap.alloc(Kind::Tuple, words) else { break };
        heap.poke(heap.get(object), 0, Value::from_small(number as i32));
        if number > 0 {
            heap.poke(heap.get(object), 1, heap.word(heap.get(list), number - 1));
        }
        heap.poke(heap.get(list), number, heap.get(object));
        drop_top(heap);
    }
    list
}

#[track_caller]
fn check(heap: &Heap, list: Local) {
    check_info(heap);
    assert_eq!(heap.verify(), Ok(()));
    let list = heap.get(list);
    for number in 0..heap.words(list) {
        let object = heap.word(list, number);
        if object.is_null() {
            continue;
        }
        assert_eq!(heap.word(object, 0).as_small(), Some(number as i32));
        if number > 0 {
            assert_eq!(heap.word(object, 1).bits(), heap.word(list, number - 1).bits());
        }
    }
}

#[test]
fn the_order_in_a_description_does_not_matter() {
    let heap = heap_of(&[ALL[1], ALL[0]]);
    assert_eq!((names(&heap), heap.fast, heap.large), (std::vec!["a", "b"], 0, 1));
    let heap = heap_of(&[ALL[1], ALL[3]]);
    assert_eq!((names(&heap), heap.fast, heap.large), (std::vec!["b", "d"], 0, 0));
}

#[test]
fn a_region_that_leaves_loses_nothing() {
    for leaving in 0..4 {
        let mut heap = heap_of(&ALL);
        let list = fill(&mut heap, &mut Random(leaving + 5), 120);
        check(&heap, list);
        let name = names(&heap)[leaving as usize];
        assert_eq!(heap.remove_region(leaving as usize), Ok(()), "{name}");
        assert!(!names(&heap).contains(&name));
        check(&heap, list);
        for number in 0..scaled(3000) {
            make(&mut heap, Kind::Tuple, 1 + number % 9);
            drop_top(&heap);
        }
        check(&heap, list);
    }
}

#[test]
fn regions_come_and_go_at_random() {
    let mut heap = heap_of(&ALL[..2]);
    let mut random = Random(11);
    let mut list = fill(&mut heap, &mut random, 60);
    let (mut joined, mut left, mut refused) = (0, 0, 0);
    for _ in 0..scaled(400) {
        if random.below(2) == 0 {
            let spec = ALL[random.below(4) as usize];
            match heap.add_region(&spec) {
                Ok(()) => joined += 1,
                Err(Refusal::TooMany) => assert_eq!(heap.region_count(), 4),
                Err(why) => {
                    assert_eq!(why, Refusal::Misplaced);
                    assert!(names(&heap).contains(&spec.name), "{}", spec.name);
                }
            }
        } else {
            let idx = random.below(heap.region_count() as u32) as usize;
            match heap.remove_region(idx) {
                Ok(()) => left += 1,
                Err(Refusal::NoRoom { used, room }) => {
                    assert!(used > room);
                    refused += 1;
                }
                Err(why) => assert_eq!((why, heap.region_count()), (Refusal::Needed, 1)),
            }
        }
        let classes: Vec<bool> =
            (0..heap.region_count()).filter_map(|n| heap.region_info(n)).map(|r| r.fast).collect();
        assert!(classes.is_sorted_by(|a, b| a >= b), "{classes:?}");
        check(&heap, list);
        if random.below(4) == 0 {
            heap.set_sp(heap.stack_base());
            list = fill(&mut heap, &mut random, 200);
            heap.collect();
        }
        check(&heap, list);
    }
    assert!(joined > 20 && left > 20 && refused > 0, "{joined} {left} {refused}");
}

#[test]
fn a_region_in_need_stays() {
    let mut heap = heap_of(&ALL[..2]);
    assert_eq!(heap.remove_region(2), Err(Refusal::Needed));
    for (bad, why) in [
        (spec("x", 0x1_2000, 0x1000, LARGE), Refusal::Misplaced),
        (spec("x", 0x1000, 0x1000, LARGE), Refusal::Misplaced),
        (spec("x", 0x5_0004, 0x1000, LARGE), Refusal::Misplaced),
        (spec("x", 0xffff_f000, 0x2000, LARGE), Refusal::Misplaced),
        (spec("x", 0, 0x200, LARGE), Refusal::Misplaced),
        (spec("x", 0x5_0000, 8, LARGE), Refusal::Misplaced),
        (spec("x", 0x1000_0000, 0x1000, LARGE), Refusal::NoMemory),
    ] {
        assert_eq!(heap.add_region(&bad), Err(why), "{bad:?}");
        assert!(!why.text().is_empty());
    }
    heap.lock();
    assert_eq!(heap.add_region(&ALL[2]), Err(Refusal::Locked));
    assert_eq!(heap.remove_region(1), Err(Refusal::Locked));
    heap.unlock();
    // Something in it is pinned.
    let buffer = heap.alloc_placed(Kind::Buffer, 100, LARGE).unwrap();
    let pin = heap.pin(buffer).unwrap();
    assert_eq!(heap.remove_region(1), Err(Refusal::Pinned));
    assert_eq!(heap.remove_region(0), Ok(()));
    drop(pin);
    assert_eq!(heap.remove_region(0), Err(Refusal::Needed));
    // What lives in it fits nowhere.
    assert_eq!(heap.add_region(&ALL[0]), Ok(()));
    let large = heap.alloc_placed(Kind::Buffer, 0x1400, LARGE).unwrap();
    assert_eq!(
        heap.remove_region(1),
        Err(Refusal::NoRoom { used: (0x1400 * 4 + 8 + 400 + 8) & !7, room: 0x4000 })
    );
    let _: Local<Any> = large;
    heap.set_sp(heap.stack_base());
    assert_eq!(heap.remove_region(1), Ok(()));
    assert_eq!(heap.add_region(&ALL[1]), Ok(()));
    assert_eq!(heap.add_region(&ALL[2]), Ok(()));
    assert_eq!(heap.add_region(&ALL[3]), Ok(()));
    assert_eq!(heap.add_region(&spec("x", 0x5_0000, 0x1000, LARGE)), Err(Refusal::TooMany));
    assert_eq!(names(&heap), ["a", "c", "b", "d"]);
}

#[cfg(feature = "reserve")]
#[test]
fn a_heap_grows_and_gives_back() {
    const LEAST: u32 = 0x1_0000;
    const MOST: u32 = 0x40_0000;
    let config = HeapConfig {
        stack_base: 0x1000,
        stack_size: 0x1000,
        roots: 16,
        regions: &[spec("heap", 0x10_0000, LEAST, FAST)],
        large_object: 0x1_0000,
        mark_stack: 256,
        trail: 128,
    };
    let whole = [spec("heap", 0x10_0000, MOST, FAST)];
    let space = Space::boxed_for(&HeapConfig { regions: &whole, ..config });
    let mut heap = Heap::growing(space, &config, MOST);
    if cfg!(feature = "zeal") {
        heap.set_zeal(500);
    }
    let total = |heap: &Heap| heap.info().total;
    for round in 0..3 {
        assert_eq!(total(&heap), LEAST, "round {round}");
        // Many small objects.
        let list = make(&mut heap, Kind::Words, 30_000);
        for number in 0..30_000 {
            let object = make(&mut heap, Kind::Tuple, 3);
            heap.poke(heap.get(object), 0, Value::from_small(number));
            heap.poke(heap.get(list), number as u32, heap.get(object));
            drop_top(&heap);
        }
        let (grown, used) = (total(&heap), heap.info().used);
        assert!(grown > 600_000 && grown < used * 3, "{grown} for {used}");
        // Then a large one, as large as there is room for.
        make(&mut heap, Kind::Buffer, 500_000);
        assert!(total(&heap) > 2_500_000);
        assert!(heap.alloc(Kind::Buffer, MOST / 4).is_err());
        assert!(total(&heap) <= MOST);
        check_info(&heap);
        for number in 0..30_000 {
            let object = heap.word(heap.get(list), number as u32);
            assert_eq!(heap.word(object, 0).as_small(), Some(number));
        }
        // It gives back what it does not need: at once, or as the program goes on.
        heap.set_sp(heap.stack_base());
        if round % 2 == 0 {
            heap.collect();
        } else {
            let recent = make(&mut heap, Kind::Words, 1000);
            let mut turn = 0;
            while total(&heap) > 4 * LEAST {
                let object = make(&mut heap, Kind::Tuple, 9);
                heap.poke(heap.get(recent), turn % 1000, heap.get(object));
                drop_top(&heap);
                turn += 1;
                assert!(turn < 1_000_000, "{:?}", heap.info());
            }
            heap.set_sp(heap.stack_base());
            heap.collect();
        }
        assert_eq!(heap.verify(), Ok(()));
    }
}
