//! The programs that the board must run, at the level of the heap, in its two memories.

use super::{check_info, drop_top, make};
use crate::{
    Heap, HeapConfig, Kind, Local, OutOfMemory, Outcome, Place, RegionClass, RegionSpec, Space,
    Value,
};
use std::vec::Vec;

pub(super) const SRAM: u32 = 0x4d000;
pub(super) const OSPI: u32 = 0x80_0000;

/// The board's sizes, at low addresses.
pub(super) fn board_heap() -> Heap {
    let config = HeapConfig {
        stack_base: 0x1000,
        stack_size: 0x1000,
        roots: 64,
        mark_stack: 8,
        trail: 8,
        regions: &[
            RegionSpec {
                name: "sram",
                base: 0x1_0000,
                size: SRAM,
                class: RegionClass::Fast,
                dma: true,
            },
            RegionSpec {
                name: "ospi",
                base: 0x10_0000,
                size: OSPI,
                class: RegionClass::Large,
                dma: false,
            },
        ],
        large_object: 4096,
    };
    let mut heap = Heap::new(Space::boxed_for(&config), &config);
    // The policy is on trial here, so that zeal builds collect when the others do.
    heap.set_zeal(0);
    heap
}

/// What `bytearray(len)` does.
pub(super) fn bytearray(heap: &mut Heap, len: u32) -> Result<Local, OutOfMemory> {
    let object = heap.alloc(Kind::ByteArray, 2)?;
    heap.poke_raw(heap.get(object), 0, len);
    match heap.alloc(Kind::Buffer, len.div_ceil(4)) {
        Ok(buffer) => heap.poke(heap.get(object), 1, heap.get(buffer)),
        Err(err) => {
            drop_top(heap);
            return Err(err);
        }
    }
    drop_top(heap);
    Ok(object)
}

/// The buffer of a bytearray, in a slot of its own.
fn buffer(heap: &Heap, object: Local) -> Local {
    heap.push(heap.word(heap.get(object), 1)).unwrap()
}

fn fill(heap: &mut Heap, object: Local, seed: u32) {
    let slot = buffer(heap, object);
    for (idx, byte) in heap.bytes_mut(slot, 0).iter_mut().enumerate() {
        *byte = (idx as u32).wrapping_mul(seed | 1).wrapping_add(seed) as u8;
    }
    drop_top(heap);
}

fn is_filled(heap: &Heap, object: Local, seed: u32) -> bool {
    heap.buffer(heap.word(heap.get(object), 1)).iter().enumerate().all(|(idx, byte)| {
        byte.get() == (idx as u32).wrapping_mul(seed | 1).wrapping_add(seed) as u8
    })
}

/// The region that an object is in.
pub(super) fn place(heap: &Heap, value: Value<'_>) -> &'static str {
    heap.region_of(value.bits()).map_or("", |idx| heap.region_name(idx as u8))
}

#[test]
fn growth_goes_on_until_two_buffers_fill_the_memory() {
    let mut heap = board_heap();
    let live = bytearray(&mut heap, 100 * 1024).unwrap();
    let mut size = 100 * 1024;
    let err = loop {
        fill(&mut heap, live, size);
        match bytearray(&mut heap, size + 50 * 1024) {
            Ok(next) => {
                assert!(is_filled(&heap, live, size));
                size += 50 * 1024;
                heap.set(live, heap.get(next));
                drop_top(&heap);
            }
            Err(_) => break heap.shortage(),
        }
    };
    assert_eq!(size, 4100 * 1024);
    assert_eq!(err.bytes, 4150 * 1024 + 8);
    assert!(err.free >= err.largest && err.largest < err.bytes);
    assert_eq!(heap.region_name(1), "ospi");
    assert_eq!(err.place, Place::Region(1));
    let last = heap.log_entry(heap.log_end() - 1).unwrap();
    assert_eq!((last.outcome, last.request), (Outcome::Failed, err.bytes));
    assert!(is_filled(&heap, live, size));
    // The board goes on.
    make(&mut heap, Kind::Tuple, 3);
    check_info(&heap);
}

#[test]
fn fifteen_live_buffers() {
    let mut heap = board_heap();
    let before = heap.info().used;
    let kib = [50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700, 780];
    let mut total = 0;
    for (idx, kib) in kib.into_iter().enumerate() {
        let object = bytearray(&mut heap, kib * 1024).unwrap();
        total += kib * 1024;
        fill(&mut heap, object, idx as u32);
    }
    assert_eq!(total, 6_174_720);
    heap.collect();
    for idx in 0..15 {
        assert!(is_filled(&heap, Local::at(heap.stack_base() + idx * 4), idx));
    }
    assert_eq!(heap.info().used - before, total + 15 * (16 + 8));
    heap.set_sp(heap.stack_base());
    heap.collect();
    assert_eq!(heap.info().used, before);
}

#[test]
fn fragmentation_does_not_matter() {
    let kinds: [(Kind, u32); 4] =
        [(Kind::Tuple, 3), (Kind::Words, 1), (Kind::Buffer, 16), (Kind::Buffer, 250)];
    for (kind, words) in kinds {
        let mut heap = board_heap();
        let capacity = (SRAM + OSPI) / (words * 4 + 4);
        let all = make(&mut heap, Kind::Words, capacity);
        let mut count = 0;
        while let Ok(slot) = heap.alloc(kind, words) {
            heap.poke(heap.get(all), count, heap.get(slot));
            drop_top(&heap);
            count += 1;
        }
        assert!(count > 30_000 || words > 16);
        for idx in (0..count).step_by(2) {
            heap.poke(heap.get(all), idx, Value::NULL);
        }
        heap.collect();
        let free = heap.region_info(1).unwrap().free;
        assert!(free > OSPI / 6);
        let object = bytearray(&mut heap, free / 100 * 95).unwrap();
        assert_eq!(place(&heap, heap.word(heap.get(object), 1)), "ospi");
        for idx in (1..count).step_by(2) {
            assert!(heap.is_kind(heap.word(heap.get(all), idx), kind));
        }
        check_info(&heap);
    }
}

#[test]
fn fragmentation_without_collecting_first() {
    let mut heap = board_heap();
    let all = make(&mut heap, Kind::Words, 50_000);
    let mut count = 0;
    while let Ok(slot) = heap.alloc(Kind::Buffer, 250) {
        heap.poke(heap.get(all), count, heap.get(slot));
        drop_top(&heap);
        count += 1;
    }
    for idx in (0..count).step_by(2) {
        heap.poke(heap.get(all), idx, Value::NULL);
    }
    let from = heap.log_end();
    bytearray(&mut heap, OSPI / 3).unwrap();
    let outcomes: Vec<_> =
        (from..heap.log_end()).filter_map(|n| heap.log_entry(n)).map(|e| e.outcome).collect();
    assert!(outcomes.contains(&Outcome::Compacted), "{outcomes:?}");
}

#[test]
fn the_log_says_whether_moving_was_needed() {
    let mut heap = board_heap();
    let dead = make(&mut heap, Kind::Buffer, 0x10_0000 / 4);
    while heap.alloc(Kind::Buffer, 5000).is_ok() {}
    heap.set(dead, Value::NONE);
    // A mebibyte in one piece lies between live objects.
    make(&mut heap, Kind::Buffer, 0xf_0000 / 4);
    let last = heap.log_entry(heap.log_end() - 1).unwrap();
    assert_eq!((last.outcome, last.request), (Outcome::Collected, 0xf_0008));
    assert_eq!(last.free, last.largest);
}

#[test]
fn max_block_is_what_a_bytearray_gets() {
    let mut heap = board_heap();
    for live in [0, 1, 100, 5000, 300_000, 4_000_000] {
        let object = bytearray(&mut heap, live).unwrap();
        heap.collect();
        let max = heap.info().max_block;
        assert!(bytearray(&mut heap, max).is_ok(), "{max}");
        drop_top(&heap);
        heap.collect();
        assert!(bytearray(&mut heap, max + 5).is_err());
        heap.set(object, Value::NONE);
    }
    // Shrinking makes room that only sliding can use.
    let object = bytearray(&mut heap, 7_000_000).unwrap();
    let next = make(&mut heap, Kind::Buffer, 100_000);
    let slot = buffer(&heap, object);
    heap.shrink(slot, 1000);
    let info = heap.info();
    assert!(info.max_block > info.free - SRAM - 1000);
    assert!(info.max_free < info.max_block || info.num_1block + info.num_2block == 0);
    let max = info.max_block;
    bytearray(&mut heap, max).unwrap();
    assert_eq!(heap.words(heap.get(next)), 100_000);
}

#[test]
fn holes_around_pinned_objects_are_counted() {
    let mut heap = board_heap();
    let (first, second) = (make(&mut heap, Kind::Buffer, 5), make(&mut heap, Kind::Buffer, 5));
    let (third, fourth) = (make(&mut heap, Kind::Buffer, 2), make(&mut heap, Kind::Buffer, 9));
    heap.poke_raw(heap.get(fourth), 8, 77);
    let addr = heap.get(fourth).bits();
    let fourth_end = addr + 40;
    let pin = heap.pin(fourth).unwrap();
    let twice = heap.pin(fourth).unwrap();
    heap.set(first, Value::NONE);
    heap.set(third, Value::NONE);
    heap.collect_to(true);
    assert_eq!(heap.get(second).bits(), 0x1_0000);
    assert_eq!(heap.get(fourth).bits(), addr);
    let info = heap.info();
    assert_eq!((info.num_1block, info.num_2block), (0, 0));
    assert_eq!(heap.region_info(0).unwrap().used, 24 + 40);
    assert!(info.free > info.max_free);
    // What lies before the pinned object cannot be had, and is not promised.
    let block = make(&mut heap, Kind::Buffer, (OSPI - 8) / 4);
    let info = heap.info();
    assert_eq!(info.max_block, SRAM - (fourth_end - 0x1_0000) - 20);
    assert!(bytearray(&mut heap, info.max_block).is_ok());
    drop_top(&heap);
    assert!(bytearray(&mut heap, info.max_block + 5).is_err());
    heap.set(block, Value::NONE);
    heap.set(second, Value::NONE);
    drop(pin);
    heap.collect();
    assert_eq!(heap.get(fourth).bits(), addr);
    drop(twice);
    heap.collect();
    assert_eq!(heap.get(fourth).bits(), 0x1_0000);
    assert_eq!(heap.raw(heap.get(fourth), 8), 77);
    assert_eq!(heap.region_info(0).unwrap().used, 40);
}

#[test]
fn small_in_sram_large_in_ospi_and_both_fall_back() {
    let mut heap = board_heap();
    let small = make(&mut heap, Kind::Tuple, 3);
    let large = make(&mut heap, Kind::Buffer, 1024);
    assert_eq!(place(&heap, heap.get(small)), "sram");
    assert_eq!(place(&heap, heap.get(large)), "ospi");
    // Large objects fill the OSPI RAM and then go to SRAM.
    let block = make(&mut heap, Kind::Buffer, (OSPI - 8192) / 4);
    assert_eq!(place(&heap, heap.get(block)), "ospi");
    let large = make(&mut heap, Kind::Buffer, 2000);
    assert_eq!(place(&heap, heap.get(large)), "sram");
    let last = heap.log_entry(heap.log_end() - 1).unwrap();
    assert_eq!((last.outcome, last.region), (Outcome::FellBack, 1));
    heap.set(block, Value::NONE);
    // Small objects fill the SRAM and then go to OSPI RAM.
    let list = make(&mut heap, Kind::Words, 50_000);
    for idx in 0..50_000 {
        let cell = make(&mut heap, Kind::Tuple, 3);
        heap.poke(heap.get(list), idx, heap.get(cell));
        drop_top(&heap);
    }
    let cells = (0..50_000).map(|idx| heap.word(heap.get(list), idx));
    let in_ospi = cells.filter(|&cell| place(&heap, cell) == "ospi").count();
    assert!((29_000..36_000).contains(&in_ospi), "{in_ospi}");
    assert!(heap.region_info(0).unwrap().free <= heap.nursery + heap.aging_room());
    check_info(&heap);
}

#[test]
fn a_fast_region_full_of_live_objects_is_not_collected_at_each_allocation() {
    let mut heap = board_heap();
    let keep = make(&mut heap, Kind::Words, SRAM / 16);
    for idx in 0..SRAM / 16 {
        let cell = make(&mut heap, Kind::Tuple, 3);
        heap.poke(heap.get(keep), idx, heap.get(cell));
        drop_top(&heap);
    }
    let before = heap.info();
    for _ in 0..200_000 {
        let cell = make(&mut heap, Kind::Tuple, 3);
        assert_eq!(place(&heap, heap.get(cell)), "sram");
        drop_top(&heap);
    }
    let info = heap.info();
    // 3.2 MB of garbage: one minor collection for each nursery, and one that looks at everything
    // because the SRAM is full for the first time.
    let minor = info.counts.minor - before.counts.minor;
    assert!((97..=100).contains(&minor), "{minor}");
    assert!(info.counts.full <= 1);
    assert!(info.counts.last_pause < 100, "{}", info.counts.last_pause);
}

#[test]
fn a_large_region_full_of_live_buffers_is_not_collected_at_each_allocation() {
    let mut heap = board_heap();
    bytearray(&mut heap, OSPI - 1000).unwrap();
    let before = heap.info().counts.full;
    for _ in 0..1000 {
        make(&mut heap, Kind::Buffer, 2000);
        drop_top(&heap);
    }
    let collections = heap.info().counts.full - before;
    // Each time, nine buffers of 8 KB make up a quarter of the SRAM.
    assert!((10..=1000 / 9 + 2).contains(&collections), "{collections}");
}

#[test]
fn full_collections_are_rarer_when_there_is_more_to_look_at() {
    let mut heap = board_heap();
    let keep = make(&mut heap, Kind::Words, 15_000);
    for idx in 0..15_000 {
        let row = make(&mut heap, Kind::Tuple, 99);
        heap.poke(heap.get(keep), idx, heap.get(row));
        drop_top(&heap);
    }
    heap.collect();
    let before = heap.info();
    // 6.4 MB of rows, each of which replaces one that has become old.
    for idx in 0..16_000 {
        let row = make(&mut heap, Kind::Tuple, 99);
        heap.poke(heap.get(keep), idx % 15_000, heap.get(row));
        drop_top(&heap);
    }
    // Beside 6 MB of values: a quarter of them each time, or what is free.
    let info = heap.info();
    let sum = |counts: crate::Counts| counts.full + counts.cycles;
    let full = sum(info.counts) - sum(before.counts);
    assert!((2..=5).contains(&full), "{full}");
    assert!(info.counts.minor - before.counts.minor > 150);
}

#[test]
fn garbage_stays_in_sram() {
    let mut heap = board_heap();
    // Large live buffers do not change that.
    bytearray(&mut heap, 7_000_000).unwrap();
    for _ in 0..300_000 {
        let cell = make(&mut heap, Kind::Tuple, 3);
        assert_eq!(place(&heap, heap.get(cell)), "sram");
        drop_top(&heap);
    }
    assert_eq!(heap.info().counts.full, 0);
}

#[test]
fn max_block_counts_what_may_be_promoted() {
    let mut heap = board_heap();
    let keep = make(&mut heap, Kind::Words, 19_000);
    for idx in 0..19_000 {
        let cell = make(&mut heap, Kind::Tuple, 3);
        heap.poke(heap.get(keep), idx, heap.get(cell));
        drop_top(&heap);
        if idx % 100 == 0 {
            let max = heap.info().max_block;
            assert!(bytearray(&mut heap, max).is_ok(), "{idx}: {max}");
            drop_top(&heap);
        }
    }
}

#[test]
fn small_objects_of_short_life_stay_in_sram() {
    for live in [100, 200, 300] {
        let mut heap = board_heap();
        let count = live * 1024 / 16;
        let keep = make(&mut heap, Kind::Words, count);
        for idx in 0..count {
            let cell = make(&mut heap, Kind::Tuple, 3);
            heap.poke(heap.get(keep), idx, heap.get(cell));
            drop_top(&heap);
        }
        let mut in_ospi = 0;
        for idx in 0..100_000 {
            let cell = make(&mut heap, Kind::Tuple, 3);
            in_ospi += u32::from(place(&heap, heap.get(cell)) == "ospi");
            // Some replace what lives, as in a program that works.
            if idx % 10 == 0 {
                heap.poke(heap.get(keep), idx % count, heap.get(cell));
            }
            drop_top(&heap);
        }
        assert_eq!(in_ospi, 0, "{live}");
    }
}

#[test]
fn threshold_disable_and_lock() {
    let mut heap = board_heap();
    heap.set_threshold(10_000);
    for _ in 0..10_000 {
        make(&mut heap, Kind::Tuple, 3);
        drop_top(&heap);
    }
    let collections = heap.info().counts.collections();
    assert!((15..=16).contains(&collections), "{collections}");
    heap.set_threshold(0);
    heap.set_enabled(false);
    let mut count = 0;
    let err = loop {
        match heap.alloc(Kind::Tuple, 250) {
            Ok(_) => drop_top(&heap),
            Err(_) => break heap.shortage(),
        }
        count += 1;
    };
    assert!(count > 8000 && err.free < 2048);
    assert_eq!(heap.info().counts.collections(), collections);
    heap.set_enabled(true);
    make(&mut heap, Kind::Tuple, 250);
    assert_eq!(heap.lock(), 1);
    assert_eq!(
        heap.alloc(Kind::Tuple, 1).map_err(|_| heap.shortage().place).unwrap_err(),
        Place::Locked
    );
    assert!(!heap.try_grow(Local::<Value<'_>>::at(heap.stack_base()), 300));
    assert_eq!(heap.unlock(), 0);
    make(&mut heap, Kind::Tuple, 1);
    // A soft reset empties everything; roots stay their owners'.
    let root = heap.root(heap.get(Local::<Value<'_>>::at(heap.stack_base()))).unwrap();
    heap.reset();
    assert!(root.get(&heap).is_none());
    assert_eq!((heap.info().used, heap.sp()), (0, heap.stack_base()));
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn oom_at_every_allocation() {
    // Builds a list of lists; every allocation in turn fails, and the heap stays sound.
    let build = |heap: &mut Heap| -> Result<(), OutOfMemory> {
        let outer = heap.alloc(Kind::Words, 20)?;
        for idx in 0..20 {
            let inner = heap.alloc(Kind::Items, 2)?;
            let words = heap.alloc(Kind::Words, if idx == 7 { 2000 } else { 4 })?;
            heap.poke(heap.get(inner), 1, heap.get(words));
            heap.poke(heap.get(outer), idx, heap.get(inner));
            heap.set_sp(outer.addr() + 4);
        }
        Ok(())
    };
    let mut heap = board_heap();
    for k in 0..=41 {
        heap.fail_after(Some(k));
        let sp = heap.sp();
        let res = build(&mut heap);
        assert_eq!(res.is_ok(), k == 41, "{k}");
        assert_eq!(heap.verify(), Ok(()));
        check_info(&heap);
        heap.set_sp(sp);
        heap.fail_after(None);
    }
    heap.collect();
    assert_eq!(heap.info().used, 0);
    // A full value stack fails as well, and leaves nothing behind.
    while heap.push(Value::NONE).is_ok() {}
    assert_eq!(
        heap.alloc(Kind::Tuple, 3).map_err(|_| heap.shortage().place).unwrap_err(),
        Place::Stack
    );
    assert_eq!(heap.info().used, 0);
}

#[test]
fn buffers_are_recovered_one_by_one_and_together() {
    let mut heap = board_heap();
    for _ in 0..5 {
        let object = bytearray(&mut heap, 102_400).unwrap();
        heap.set(object, Value::NONE);
        drop_top(&heap);
        heap.collect();
        check_info(&heap);
        assert_eq!(heap.info().used, 0);
    }
    for _ in 0..5 {
        bytearray(&mut heap, 102_400).unwrap();
    }
    heap.set_sp(heap.stack_base());
    heap.collect();
    assert_eq!(heap.info().used, 0);
}

#[test]
fn growing_a_buffer_keeps_its_bytes() {
    let mut heap = board_heap();
    let object = bytearray(&mut heap, 71_680).unwrap();
    fill(&mut heap, object, 9);
    let slot = buffer(&heap, object);
    assert!(heap.try_grow(slot, 73_728 / 4));
    let expect = |idx: usize| (idx as u32).wrapping_mul(9).wrapping_add(9) as u8;
    let right = |heap: &Heap| {
        let bytes = heap.buffer(heap.get(slot));
        bytes
            .iter()
            .enumerate()
            .all(|(idx, byte)| byte.get() == if idx < 71_680 { expect(idx) } else { 0 })
    };
    assert!(right(&heap));
    // With something behind it, it cannot grow.
    make(&mut heap, Kind::Buffer, 2000);
    assert!(!heap.try_grow(slot, 80_000 / 4));
    heap.collect_to(true);
    assert!(right(&heap));
}

#[test]
fn nine_thousand_ints_in_a_fresh_table_of_null() {
    let mut heap = board_heap();
    // Dirt, so that a table that is not cleared shows.
    let dirt = make(&mut heap, Kind::Buffer, 500_000);
    for byte in heap.bytes_mut(dirt, 0) {
        *byte = 0xa5;
    }
    heap.set(dirt, Value::NONE);
    heap.collect();
    let table = make(&mut heap, Kind::Table, 1 + 2 * 9000);
    for idx in 1..=18_000 {
        assert!(heap.word(heap.get(table), idx).is_null());
        heap.poke(heap.get(table), idx, Value::from_small(idx as i32));
    }
    heap.collect();
    assert_eq!(heap.word(heap.get(table), 18_000).as_small(), Some(18_000));
}

#[test]
fn twenty_thousand_live_strings_survive_two_collections() {
    let mut heap = board_heap();
    let list = make(&mut heap, Kind::Words, 20_000);
    for idx in 0..20_000 {
        let text = make(&mut heap, Kind::Str, 4);
        heap.poke_raw(heap.get(text), 0, 12);
        heap.poke_raw(heap.get(text), 3, idx);
        heap.poke(heap.get(list), idx, heap.get(text));
        drop_top(&heap);
    }
    for _ in 0..2 {
        heap.collect();
        for idx in 0..20_000 {
            let text = heap.word(heap.get(list), idx);
            assert_eq!(heap.raw(text, 3), idx);
        }
    }
}

#[test]
fn absurd_requests_fail_and_nothing_else_happens() {
    let mut heap = board_heap();
    let keep = make(&mut heap, Kind::Buffer, 1000);
    for words in [9_000_000 / 4, (1 << 22) - 1, 1 << 22, 1 << 29, (1 << 30) - 1, 1 << 30, u32::MAX]
    {
        heap.alloc(Kind::Buffer, words).unwrap_err();
        let err = heap.shortage();
        assert!(err.bytes > 8_000_000 && err.largest < err.bytes);
    }
    assert_eq!(heap.words(heap.get(keep)), 1000);
    check_info(&heap);
}

#[test]
fn objects_beyond_the_first_mebibyte_are_traced() {
    let mut heap = board_heap();
    let pad = make(&mut heap, Kind::Buffer, 0x20_0000 / 4);
    let list = make(&mut heap, Kind::Words, 5000);
    for idx in 0..50 {
        let inner = make(&mut heap, Kind::Words, 1500);
        for word in 0..1500 {
            let leaf = make(&mut heap, Kind::Tuple, 1);
            heap.poke(heap.get(leaf), 0, Value::from_small((idx * 1500 + word) as i32));
            heap.poke(heap.get(inner), word, heap.get(leaf));
            drop_top(&heap);
        }
        heap.poke(heap.get(list), idx, heap.get(inner));
        drop_top(&heap);
    }
    heap.collect_to(true);
    heap.set(pad, Value::NONE);
    heap.collect();
    for idx in 0..50 {
        let inner = heap.word(heap.get(list), idx);
        for word in 0..1500 {
            let leaf = heap.word(inner, word);
            assert_eq!(heap.word(leaf, 0).as_small(), Some((idx * 1500 + word) as i32));
        }
    }
}

#[test]
fn the_same_program_leaves_the_same_bytes() {
    let run = || {
        let mut heap = board_heap();
        for idx in 0..30_000 {
            let cell = make(&mut heap, Kind::Tuple, idx % 7);
            if idx % 3 == 0 && heap.stack_free() > 100 {
                continue;
            }
            heap.set(cell, Value::NONE);
            drop_top(&heap);
        }
        (heap.info(), (0..heap.log_end()).filter_map(|n| heap.log_entry(n)).collect::<Vec<_>>())
    };
    assert_eq!(run(), run());
}

#[cfg(feature = "reserve")]
#[test]
fn objects_are_at_the_boards_addresses() {
    let region = |name, base, size, class| RegionSpec { name, base, size, class, dma: true };
    let config = HeapConfig {
        stack_base: 0x2000_1000,
        stack_size: 0x4000,
        roots: 64,
        mark_stack: 8,
        trail: 8,
        regions: &[
            region("sram", 0x2001_0000, SRAM, RegionClass::Fast),
            region("ospi", 0x6800_0000, OSPI, RegionClass::Large),
        ],
        large_object: 4096,
    };
    let mut heap = Heap::host(&config).unwrap();
    heap.set_zeal(0);
    let small = make(&mut heap, Kind::Tuple, 1);
    let large = make(&mut heap, Kind::Tuple, 10_000);
    assert_eq!(small.addr(), 0x2000_1100);
    assert_eq!(heap.get(small).bits(), 0x2001_0000);
    assert_eq!(heap.get(large).bits(), 0x6800_0000);
    heap.poke(heap.get(small), 0, heap.get(large));
    heap.poke(heap.get(large), 9999, heap.get(small));
    for _ in 0..2 {
        heap.collect_to(true);
        heap.collect();
        assert_eq!(heap.word(heap.get(large), 9999), heap.get(small));
        assert_eq!(heap.word(heap.get(small), 0), heap.get(large));
    }
    assert_eq!(heap.get(large).bits(), 0x6800_0000);
}

#[test]
fn a_reader_follows_its_object() {
    let mut heap = board_heap();
    let (below, text) = (make(&mut heap, Kind::Buffer, 300_000), make(&mut heap, Kind::Buffer, 2));
    heap.poke_raw(heap.get(text), 1, 0x4433_2211);
    let reader = heap.reader(text).unwrap();
    heap.set(text, Value::NONE);
    heap.set(below, Value::NONE);
    heap.collect_to(true);
    assert_eq!(
        (4..9).filter_map(|at| reader.byte(at)).collect::<Vec<_>>(),
        [0x11, 0x22, 0x33, 0x44]
    );
    // It moved, so that nothing is left unusable below it.
    let max = heap.info().max_block;
    assert!(max > OSPI - 40);
    bytearray(&mut heap, max).unwrap();
    drop(reader);
    heap.set_sp(below.addr());
    heap.collect();
    assert_eq!(heap.info().used, 0);
    let list = make(&mut heap, Kind::Tuple, 2);
    assert_eq!(heap.reader(list).unwrap().byte(0), None, "values are not bytes");
}
