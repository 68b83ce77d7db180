//! What a full mark stack costs: the same graphs with 16 entries, and with as many as they want.

use super::{Random, drop_top, heap_with, make, scaled};
use crate::{Heap, Kind, Value};
use std::vec::Vec;

/// Entries of a mark stack that never is full.
const MANY: u32 = 80_000;

/// Edges from word to word: node, word, node.
type Edges = Vec<(u32, u32, u32)>;

/// A heap with mark stack and trail of so many entries, in which a slot holds node 0 and the node
/// in the middle, of `count` tuples of three with these edges.
fn graph(entries: u32, count: u32, edges: &Edges) -> Heap {
    let mut heap = heap_with(entries, 0x20_0000);
    heap.set_zeal(0);
    heap.marker.keep_in = true;
    let heads = make(&mut heap, Kind::Tuple, 2);
    let all = make(&mut heap, Kind::Tuple, count);
    for idx in 0..count {
        let node = make(&mut heap, Kind::Tuple, 3);
        heap.poke(heap.get(all), idx, heap.get(node));
        drop_top(&heap);
    }
    for &(from, word, to) in edges {
        let to = heap.word(heap.get(all), to);
        heap.poke(heap.word(heap.get(all), from), word, to);
    }
    for (idx, node) in [0, count / 2].into_iter().enumerate() {
        heap.poke(heap.get(heads), idx as u32, heap.word(heap.get(all), node));
    }
    heap.set(all, Value::NONE);
    heap
}

/// What a full collection and what a cycle looks at, in that order, and how often each found no
/// entry.
fn work(entries: u32, count: u32, edges: &Edges) -> [(u32, u32); 2] {
    let mut heap = graph(entries, count, edges);
    let before = heap.info().counts.mark_overflows;
    heap.collect_to(false);
    let effort = heap.marker.effort();
    let (used, overflows) = (heap.info().used, heap.info().counts.mark_overflows);
    let mut slices = 1;
    while !heap.force_slice_unverified(4096) {
        slices += 1;
    }
    let info = heap.info();
    assert_eq!(info.used, used);
    [(effort, overflows - before), (slices, info.counts.mark_overflows - overflows)]
}

/// Checks that 16 entries lead to little more work.
fn compare(count: u32, edges: &Edges, is_deep: bool) {
    let (few, many) = (work(16, count, edges), work(MANY, count, edges));
    for (few, many) in few.into_iter().zip(many) {
        // Each object at most once more, and a walk over headers.
        assert!(few.0 <= many.0 * 5 / 2, "{few:?} {many:?}");
        assert_eq!(many.1, 0);
    }
    assert_eq!(few[0].1 > 0, is_deep, "{few:?}");
    if cfg!(feature = "incremental") {
        assert_eq!(few[1].1 > 0, is_deep, "{few:?}");
    }
}

fn count() -> u32 {
    scaled(65_536).max(512) & !1
}

/// Two lists, each through the first words of its nodes, so that each link takes an entry. Nodes are
/// linked in the order of `order`, which has all of one list's before all of the other's.
fn two_lists(order: &[u32]) -> Edges {
    let half = order.len() / 2;
    let link = |list: &[u32]| -> Edges {
        list.iter().zip(list.iter().skip(1)).map(|(&from, &to)| (from, 0, to)).collect()
    };
    let (first, second) = order.split_at(half);
    [link(first), link(second)].concat()
}

#[test]
fn deep_lists_from_low_to_high() {
    let order: Vec<u32> = (0..count()).collect();
    compare(count(), &two_lists(&order), true);
}

#[test]
fn deep_lists_from_high_to_low() {
    // As a program makes them that puts each new node before the others; node 0 comes first here
    // because it is the one that is held.
    let half = count() / 2;
    let down = |first: u32| std::iter::once(first).chain((first + 1..first + half).rev());
    let order: Vec<u32> = down(0).chain(down(half)).collect();
    compare(count(), &two_lists(&order), true);
}

#[test]
fn deep_lists_in_no_order() {
    let (count, mut random) = (count(), Random(11));
    let half = count / 2;
    // Every node but the two heads may be in either list, anywhere.
    let mut rest: Vec<u32> = (0..count).filter(|&node| node != 0 && node != half).collect();
    for idx in (1..rest.len()).rev() {
        rest.swap(idx, random.below(idx as u32 + 1) as usize);
    }
    let (first, second) = rest.split_at(rest.len() / 2);
    let order = [&[0], first, &[half], second].concat();
    compare(count, &two_lists(&order), true);
}

#[test]
fn a_wide_tree() {
    // Node n has the nodes 3n+1 to 3n+3: ten levels.
    let edges = (1..count()).map(|to| ((to - 1) / 3, (to - 1) % 3, to)).collect();
    compare(count(), &edges, false);
}

#[test]
fn a_graph_with_cycles() {
    let (count, mut random) = (count(), Random(5));
    let edges = (0..count * 3).map(|edge| (edge / 3, edge % 3, random.below(count))).collect();
    compare(count, &edges, true);
}

#[test]
fn lists_of_lists_go_on_where_they_were() {
    // An array of many deep lists is not looked at from its start again for each of them.
    let mut heap = heap_with(16, 0x20_0000);
    heap.set_zeal(0);
    heap.marker.keep_in = true;
    let rows = scaled(500).max(20);
    let array = make(&mut heap, Kind::Tuple, rows);
    for row in 0..rows {
        let head = heap.push(Value::NONE).unwrap();
        for _ in 0..60 {
            let node = make(&mut heap, Kind::Tuple, 3);
            heap.poke(heap.get(node), 0, heap.get(head));
            heap.set(head, heap.get(node));
            drop_top(&heap);
        }
        heap.poke(heap.get(array), row, heap.get(head));
        heap.set_sp(head.addr());
    }
    heap.collect();
    let objects = rows * 60 + 1;
    assert_eq!(heap.info().used, (objects - 1) * 16 + crate::object_size(rows));
    assert!(heap.counts.mark_overflows > 0);
    assert!(heap.marker.effort() < objects * 60, "{}", heap.marker.effort());
}
