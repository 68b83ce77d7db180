//! Values, and the ways to look at objects and to poke into them.

use super::{drop_top, make, one_region, small_heap};
use crate::{Heap, Kind, Layout, Local, MAX_WORDS, Place, RegionClass, Rom, Value};
use std::format;

#[test]
fn a_look_is_what_the_heap_is() {
    let mut heap = small_heap(0x1000, 0x1000);
    heap.set_zeal(0);
    let list = make(&mut heap, Kind::Items, 2);
    let bytes = make(&mut heap, Kind::Buffer, 2);
    heap.poke_raw(heap.get(bytes), 1, 0x4433_2211);
    let address = heap.data_address(heap.get(bytes));
    let look = heap.window().of(&heap);
    let object = look.get(list);
    assert_eq!((look.kind(object), look.words(object)), (Some(Kind::Items), 2));
    assert_eq!(look.kind(Value::TRUE), None);
    assert!(look.is_kind(object, Kind::Items) && !look.is_kind(object, Kind::Tuple));
    assert!(!look.is_kind(Value::NONE, Kind::Items));
    look.poke_raw(object, 0, 7);
    look.init(object, 1, look.get(bytes));
    assert_eq!((look.raw(object, 0), look.word(object, 1)), (7, heap.get(bytes)));
    look.poke_immediate(object, 1, Value::NONE);
    assert!(heap.word(heap.get(list), 1).is_none());
    look.poke(object, 1, look.get(bytes));
    assert_eq!(look.raw(look.word(object, 1), 1), 0x4433_2211);
    assert_eq!([0, 3].map(|at| look.byte_at(address + at)), [0x11, 0x44]);
    look.set(bytes, Value::FALSE);
    assert_eq!(heap.get(bytes), Value::FALSE);
    assert_eq!((heap.kind(heap.get(list)), heap.kind(Value::FALSE)), (Some(Kind::Items), None));
}

#[test]
fn values_are_told_apart() {
    let mut heap = one_region(0x1000);
    let tuple = make(&mut heap, Kind::Tuple, 1);
    let reference = heap.get(tuple);
    assert_eq!((Value::from_bool(true), Value::from_bool(false)), (Value::TRUE, Value::FALSE));
    assert!(reference.as_immediate().is_none() && reference.is_ref());
    assert_eq!(Value::TRUE.as_immediate(), Some(Value::TRUE));
    assert!(Value::NULL.as_immediate().is_some());
    for float in [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, 1.5, -3e7] {
        let value = Value::from_f32(float).expect("it needs no memory");
        assert_eq!(value.as_immediate_float().map(f32::to_bits), Some(float.to_bits()));
    }
    let nan = Value::from_f32(f32::NAN).and_then(Value::as_immediate_float);
    assert!(nan.is_some_and(f32::is_nan));
    for value in [Value::NONE, Value::from_qstr(3), Value::from_small(5), reference] {
        assert_eq!(value.as_immediate_float(), None);
    }
    let small = [Value::from_small(1), Value::from_small(-1)];
    assert!(Value::both_small(small[0], small[1]));
    assert!(!Value::both_small(small[0], Value::TRUE) && !Value::both_small(Value::TRUE, small[1]));
    assert_eq!(Value::small(1 << 29), None);
    assert_eq!(Value::small(-(1 << 29)).and_then(Value::as_small), Some(-(1 << 29)));
    let rom = Rom { table: 9, row: 70 };
    assert_eq!(Value::from_rom(rom).as_rom(), Some(rom));
    assert!(Value::TRUE.as_rom().is_none() && Value::from_rom(rom).as_qstr().is_none());
    for value in [reference, Value::TRUE, Value::from_small(8), Value::from_rom(rom), Value::NULL] {
        assert!(!format!("{value:?}").is_empty());
    }
    assert!(!format!("{:?} {:?}", Value::from_qstr(3), Value::from_f32(2.5)).is_empty());
}

#[test]
fn copies_that_overlap_and_empty_ones() {
    let mut heap = one_region(0x1000);
    heap.set_zeal(0);
    let words = make(&mut heap, Kind::Words, 5);
    for idx in 0..5 {
        heap.poke(heap.get(words), idx, Value::from_small(idx as i32));
    }
    let object = heap.get(words);
    heap.copy_words(object, 0, object, 1, 4);
    heap.copy_words(object, 4, object, 0, 0);
    let ints = |heap: &Heap, object: Local| {
        [0, 1, 2, 3, 4].map(|idx| heap.word(heap.get(object), idx).as_small())
    };
    assert_eq!(ints(&heap, words), [Some(0), Some(0), Some(1), Some(2), Some(3)]);
    // Into an old object.
    heap.collect();
    let from = heap.push(Value::from_small(9)).expect("there is room");
    heap.copy_slots(from, heap.get(words), 3, 1);
    let object = heap.get(words);
    heap.copy_words(object, 3, object, 4, 1);
    assert_eq!(ints(&heap, words), [Some(0), Some(0), Some(1), Some(9), Some(9)]);
}

#[test]
fn a_reader_stays_inside_what_it_reads() {
    let mut heap = one_region(0x1000);
    let bytes = make(&mut heap, Kind::Buffer, 1);
    heap.poke_raw(heap.get(bytes), 0, 0x0403_0201);
    let reader = heap.reader(bytes).expect("there is a root");
    assert_eq!([0, 3, 4].map(|at| reader.byte(at)), [Some(1), Some(4), None]);
    let tuple = make(&mut heap, Kind::Tuple, 1);
    assert_eq!(heap.reader(tuple).expect("there is a root").byte(0), None);
    heap.set(tuple, Value::TRUE);
    assert_eq!(heap.reader(tuple).expect("there is a root").byte(0), None);
    heap.set(tuple, Value::NULL);
    assert_eq!(heap.reader(tuple).expect("there is a root").byte(0), None);
}

#[test]
fn what_is_too_long_is_refused() {
    let mut heap = small_heap(0x1000, 0x1000);
    heap.set_zeal(0);
    assert!(heap.alloc(Kind::Words, MAX_WORDS + 1).is_err());
    assert_eq!(heap.shortage().bytes, (MAX_WORDS + 1) * 4 + 4);
    assert!(heap.alloc(Kind::Buffer, u32::MAX).is_err());
    assert_eq!(heap.shortage().bytes, u32::MAX);
    assert!(heap.alloc_placed(Kind::Buffer, MAX_WORDS + 1, RegionClass::Fast).is_err());
    let words = make(&mut heap, Kind::Words, 4);
    assert!(!heap.try_grow(words, MAX_WORDS + 1) && !heap.try_grow(words, 3));
    heap.shrink(words, 4);
    assert_eq!(heap.words(heap.get(words)), 4);
    heap.lock();
    assert!(!heap.try_grow(words, 6));
    assert!(heap.alloc_placed(Kind::Buffer, 1, RegionClass::Fast).is_err());
    assert_eq!(heap.shortage().place, Place::Locked);
    assert_eq!((heap.unlock(), heap.unlock()), (0, 0));
    assert!(heap.try_grow(words, 6));
}

#[test]
fn what_is_not_there_is_nothing() {
    let heap = one_region(0x1000);
    assert!(heap.region_info(1).is_none() && heap.region_info(0).is_some());
    assert_eq!((heap.region_name(0), heap.region_name(9)), ("heap", ""));
    assert!(heap.log_entry(0).is_none() && heap.log_entry(1).is_none());
    assert!(heap.has_class(RegionClass::Fast) && !heap.has_class(RegionClass::Large));
}

#[test]
fn failing_once_is_over_after_that() {
    let mut heap = one_region(0x1000);
    heap.set_zeal(0);
    assert_eq!(heap.until_failure(), None);
    heap.fail_once_after(1);
    assert_eq!(heap.until_failure(), Some(1));
    make(&mut heap, Kind::Tuple, 1);
    assert!(heap.alloc(Kind::Tuple, 1).is_err());
    assert_eq!(heap.until_failure(), None);
    make(&mut heap, Kind::Tuple, 1);
    // A locked heap counts, too.
    heap.fail_after(Some(0));
    heap.lock();
    assert!(heap.alloc(Kind::Float, 1).is_err() && heap.shortage().place == Place::Region(0));
    heap.unlock();
    heap.fail_after(None);
    make(&mut heap, Kind::Tuple, 1);
}

#[test]
fn a_full_stack_gives_back_what_was_allocated() {
    let mut heap = one_region(0x8000);
    heap.set_zeal(0);
    while heap.stack_free() > 0 {
        heap.push(Value::NONE).expect("there is room");
    }
    // From the window, from the gap, without clearing, and placed.
    let used = heap.info().used;
    assert!(heap.alloc(Kind::Words, 3).is_err() && heap.shortage().place == Place::Stack);
    assert!(heap.alloc(Kind::Words, 300).is_err());
    assert!(heap.alloc_raw(Kind::Buffer, 3).is_err());
    assert!(heap.alloc_placed(Kind::Buffer, 3, RegionClass::Fast).is_err());
    assert_eq!(heap.info().used, used);
    drop_top(&heap);
    make(&mut heap, Kind::Words, 3);
    assert_eq!(Kind::Words.layout(), Layout::Traced(0));
    assert_eq!(heap.verify(), Ok(()));
}
