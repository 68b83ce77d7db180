//! The verifier finds damage.

use super::{make, small_heap};
use crate::{Heap, Kind, Value, VerifyError, raw};

/// Damages a sound heap by storing `word` where `place` says; what does the verifier say?
fn found(place: impl Fn(&Heap) -> (u32, u32)) -> Option<&'static str> {
    let mut heap = small_heap(0x1000, 0x1000);
    heap.set_zeal(0);
    let list = make(&mut heap, Kind::Items, 2);
    let words = make(&mut heap, Kind::Words, 3);
    let bytes = make(&mut heap, Kind::Buffer, 4);
    heap.poke(heap.get(list), 1, heap.get(words));
    heap.poke(heap.get(words), 2, heap.get(bytes));
    assert_eq!(heap.verify(), Ok(()));
    let (addr, word) = place(&heap);
    let before = raw::load(&heap.space, addr);
    raw::store(&heap.space, addr, word);
    let res = heap.verify();
    // Verifying leaves everything as it was.
    assert_eq!(raw::load(&heap.space, addr), word);
    raw::store(&heap.space, addr, before);
    assert_eq!(heap.verify(), Ok(()));
    res.err().map(|VerifyError { what, .. }| what)
}

#[test]
fn damage_is_found() {
    // The objects are at 0x1000 (List), 0x1010 (Words) and 0x1020 (Buffer, up to 0x1038).
    let word = |addr, word| found(move |_| (addr, word));
    assert_eq!(word(0x1014, 0x1020), None);
    assert_eq!(word(0x1014, 7), None);
    assert_eq!(word(0x1014, 0x1008), Some("a reference leads to no object"));
    assert_eq!(word(0x1014, 0x1028), Some("a reference leads to no object"));
    assert_eq!(word(0x1014, 0x1038), Some("a reference leads out of the heap"));
    assert_eq!(word(0x1014, 0x9000), Some("a reference leads out of the heap"));
    assert_eq!(word(0x1010, 0x1000), Some("the header is a reference"));
    assert_eq!(word(0x1010, 3 << 10 | 63 << 4 | 1), Some("there is no such kind"));
    assert_eq!(word(0x1010, 3 << 10 | 9), Some("a flag is left over from a collection"));
    assert_eq!(word(0x1010, 3 << 10 | 5), Some("a young object is watched"));
    assert_eq!(word(0x1020, 900 << 10 | 1), Some("the object ends above the region's top"));
    assert_eq!(word(0x1020, 4 << 10 | 1), Some("the holes are counted wrongly"));
    let slot = |word| found(move |heap| (heap.stack_base() + 8, word));
    assert_eq!(slot(0x1018), Some("a reference leads to no object"));
    assert_eq!(slot(Value::NONE.bits()), None);
    let root = |word| found(move |heap| (heap.roots_base, word));
    assert_eq!(root(0x1018), Some("a reference leads to no object"));
}
