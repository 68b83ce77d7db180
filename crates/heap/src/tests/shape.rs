//! Deep, wide and tangled graphs, with a mark stack of eight entries.

use super::{Random, check_info, drop_top, make, scaled, small_heap};
use crate::mark::ENTRY;
use crate::{Heap, Kind, Local, Value};

/// A heap for many objects: in zeal builds they do not all move at each allocation.
fn large_graph_heap(fast: u32, large: u32) -> Heap {
    let large = if cfg!(miri) { large.min(0x20000) } else { large };
    let mut heap = small_heap(fast, large);
    heap.set_zeal(997);
    heap.marker.keep_in = true;
    heap
}

/// A chain of two-word tuples, (link, number) or (number, link), newest first; one slot.
fn chain(heap: &mut Heap, len: u32, link: u32) -> Local {
    let head = heap.push(Value::NONE).unwrap();
    for number in 0..len {
        let cell = make(heap, Kind::Tuple, 2);
        heap.poke(heap.get(cell), link, heap.get(head));
        heap.poke(heap.get(cell), 1 - link, Value::from_small(number as i32));
        heap.set(head, heap.get(cell));
        drop_top(heap);
    }
    head
}

fn check_chain(heap: &Heap, head: Local, len: u32, link: u32) {
    let mut at = heap.get(head);
    for number in (0..len).rev() {
        assert_eq!(heap.word(at, 1 - link).as_small(), Some(number as i32));
        at = heap.word(at, link);
    }
    assert!(at.is_none());
}

#[test]
fn deep_chains_survive() {
    for link in [0, 1] {
        let len = scaled(100_000);
        let mut heap = large_graph_heap(0x10000, 0x30_0000);
        let head = chain(&mut heap, len, link);
        heap.collect();
        check_chain(&heap, head, len, link);
        let used = heap.info().used;
        assert_eq!(used, len * 16);
        // A chain through the last word needs no mark stack.
        assert_eq!(heap.counts.mark_overflows == 0, link == 1);
        heap.collect_to(true);
        check_chain(&heap, head, len, link);
        heap.set(head, Value::NONE);
        heap.collect();
        assert_eq!(heap.info().used, 0);
    }
}

#[test]
fn a_chain_through_the_first_word_costs_linear_time() {
    let mut heap = large_graph_heap(0x10000, 0x30_0000);
    let len = scaled(100_000);
    // A list whose links are followed by more words: each level needs an entry.
    let head = chain(&mut heap, len, 0);
    heap.collect();
    heap.collect();
    // Every object is looked at twice, and walked over once.
    assert!(heap.marker.effort() <= len * (8 + 2 * 8 + ENTRY));
    check_chain(&heap, head, len, 0);
}

#[test]
fn a_full_mark_stack_goes_on_in_a_gap() {
    let mut heap = large_graph_heap(0x10000, 0x30_0000);
    heap.marker.keep_in = false;
    let len = scaled(100_000);
    let head = chain(&mut heap, len, 0);
    heap.collect();
    assert_eq!(heap.counts.mark_overflows, 0);
    check_chain(&heap, head, len, 0);
    // Without a gap, the rest is found as before.
    for words in [50_000, 100, 1] {
        while heap.stack_free() > 1 && heap.alloc(Kind::Buffer, words).is_ok() {}
    }
    heap.collect();
    assert!(heap.counts.mark_overflows > 0 || len < 5000);
    check_chain(&heap, head, len, 0);
}

#[test]
fn a_wide_array_takes_one_entry() {
    let mut heap = large_graph_heap(0x8000, 0x10_0000);
    let width = scaled(10_000);
    let array = make(&mut heap, Kind::Tuple, width);
    for idx in 0..width {
        let leaf = make(&mut heap, Kind::Tuple, 1);
        heap.poke(heap.get(leaf), 0, Value::from_small(idx as i32));
        heap.poke(heap.get(array), idx, heap.get(leaf));
        drop_top(&heap);
    }
    heap.collect();
    assert_eq!(heap.counts.mark_overflows, 0);
    for idx in 0..width {
        let leaf = heap.word(heap.get(array), idx);
        assert_eq!(heap.word(leaf, 0).as_small(), Some(idx as i32));
    }
}

#[test]
fn a_tangle_survives() {
    let mut heap = large_graph_heap(0x4000, 0x40000);
    let count = scaled(3000).max(100);
    let mut random = Random(7);
    let all = make(&mut heap, Kind::Tuple, count);
    for idx in 0..count {
        let node = make(&mut heap, Kind::Tuple, 6);
        heap.poke(heap.get(node), 5, Value::from_small(idx as i32));
        heap.poke(heap.get(all), idx, heap.get(node));
        drop_top(&heap);
    }
    let mut edges = std::vec::Vec::new();
    for idx in 0..count {
        for word in 0..5 {
            let to = random.below(count);
            edges.push((idx, word, to));
            let target = heap.word(heap.get(all), to);
            heap.poke(heap.word(heap.get(all), idx), word, target);
        }
    }
    // Reach everything through one node only, as far as it goes.
    let first = heap.push(heap.word(heap.get(all), 0)).unwrap();
    for round in 0..4 {
        heap.marker.keep_in = round < 2;
        heap.collect_to(round % 2 == 1);
        check_info(&heap);
        for &(idx, word, to) in &edges {
            let target = heap.word(heap.word(heap.get(all), idx), word);
            assert_eq!(heap.word(target, 5).as_small(), Some(to as i32));
        }
    }
    assert!(heap.counts.mark_overflows > 0);
    for keep_in in [false, true] {
        heap.marker.keep_in = keep_in;
        heap.set(all, Value::NONE);
        heap.collect();
        check_reachable(&heap, first, &edges);
    }
}

/// Checks the nodes that can be reached from the one with number 0.
fn check_reachable(heap: &Heap, first: Local, edges: &[(u32, u32, u32)]) {
    let mut seen = std::collections::BTreeMap::new();
    let mut todo = std::vec![(0, heap.get(first))];
    while let Some((number, node)) = todo.pop() {
        assert_eq!(heap.word(node, 5).as_small(), Some(number as i32));
        if seen.insert(number, node.bits()).is_none() {
            let from = edges.partition_point(|edge| edge.0 < number);
            let out = edges.iter().skip(from).take(5);
            todo.extend(out.map(|edge| (edge.2, heap.word(node, edge.1))));
        }
    }
    assert_eq!(heap.info().used, seen.len() as u32 * 32);
}

/// The example in `docs/MEMORY.md`.
#[test]
fn the_example_of_the_documentation() {
    let mut heap = small_heap(0x1000, 0x1000);
    heap.set_zeal(0);
    let (a, b) = (make(&mut heap, Kind::Tuple, 1), make(&mut heap, Kind::Tuple, 3));
    let (c, d) = (make(&mut heap, Kind::Tuple, 2), make(&mut heap, Kind::Tuple, 1));
    let addrs = |heap: &Heap| [a, b, c, d].map(|slot| heap.get(slot).bits());
    assert_eq!(addrs(&heap), [0x1000, 0x1008, 0x1018, 0x1028]);
    heap.poke(heap.get(a), 0, heap.get(c));
    heap.poke(heap.get(c), 0, heap.get(a));
    heap.poke(heap.get(c), 1, heap.get(d));
    heap.poke(heap.get(d), 0, heap.get(c));
    // Two slots are left: s0 with A, s1 with D.
    heap.set(b, heap.get(d));
    heap.set_sp(c.addr());
    heap.collect();
    let (s0, s1) = (heap.get(a), heap.get(b));
    assert_eq!((s0.bits(), s1.bits()), (0x1000, 0x1018));
    let c = heap.word(s0, 0);
    assert_eq!(c.bits(), 0x1008);
    assert_eq!(heap.word(c, 0), s0);
    assert_eq!(heap.word(c, 1), s1);
    assert_eq!(heap.word(s1, 0), c);
    assert_eq!(heap.region(0).top, 0x1020);
    assert_eq!((heap.info().counts.moved, heap.moves()), (24, 1));
}
