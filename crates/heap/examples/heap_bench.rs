//! Measures the heap: allocation, collections with and without moving, worst steps.
//!
//! `cargo run --release -p octopy-heap --features reserve --example heap_bench`

use octopy_heap::{Heap, HeapConfig, Kind, Local, RegionClass, RegionSpec, Value};
use std::hint::black_box;

const OSPI: u32 = 0x80_0000;

fn heap() -> Heap {
    let region = |name, base, size, class| RegionSpec { name, base, size, class, dma: true };
    let config = HeapConfig {
        stack_base: 0x2000_1000,
        stack_size: 0x4000,
        roots: 64,
        mark_stack: 256,
        trail: 128,
        regions: &[
            region("sram", 0x2001_0000, 0x4d000, RegionClass::Fast),
            region("ospi", 0x6800_0000, OSPI, RegionClass::Large),
        ],
        large_object: 4096,
    };
    Heap::host(&config).expect("4 GiB of addresses")
}

/// Seconds that this program has been on a processor: another program's do not count.
fn seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
    let nanos: f64 = stat.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    nanos / 1e9
}

fn drop_top(heap: &Heap) {
    heap.set_sp(heap.sp() - 4);
}

/// Makes an object and pushes it.
type Make = fn(&mut Heap) -> Local;

/// A list with as many objects as take `bytes`; each is made by `make`, which pushes it.
fn live(heap: &mut Heap, bytes: u32, size: u32, make: Make) -> (Local, u32) {
    let count = bytes / (size + 4);
    let list = heap.alloc(Kind::Words, count).expect("room");
    for idx in 0..count {
        let object = make(heap);
        heap.poke(heap.get(list), idx, heap.get(object));
        heap.set_sp(list.addr() + 4);
    }
    (list, count)
}

fn tuple3(heap: &mut Heap) -> Local {
    heap.alloc(Kind::Tuple, 3).expect("room")
}

fn bytes20(heap: &mut Heap) -> Local {
    heap.alloc_raw(Kind::Bytes, 6).expect("room")
}

fn list2(heap: &mut Heap) -> Local {
    let list = heap.alloc(Kind::Items, 2).expect("room");
    let words = heap.alloc(Kind::Words, 2).expect("room");
    heap.poke(heap.get(list), 1, heap.get(words));
    list
}

/// Milliseconds of one run. The clock ticks coarsely, so many are taken together.
fn average(runs: u32, mut work: impl FnMut()) -> f64 {
    let start = seconds();
    (0..runs).for_each(|_| work());
    (seconds() - start) * 1e3 / f64::from(runs)
}

/// Milliseconds of a collection after `spoil`, without it.
fn collecting_after(runs: u32, heap: &mut Heap, mut spoil: impl FnMut(&mut Heap)) -> f64 {
    let start = seconds();
    let mut spoiling = 0.0;
    for _ in 0..runs {
        let before = std::time::Instant::now();
        spoil(heap);
        spoiling += before.elapsed().as_secs_f64();
        heap.collect();
    }
    (seconds() - start - spoiling) * 1e3 / f64::from(runs)
}

fn collections() {
    println!("collection of 8.3 MB, 90 % live, in ms");
    let cases: [(&str, u32, Make); 3] =
        [("tuple3", 16, tuple3), ("list2", 32, list2), ("bytes20", 32, bytes20)];
    for (name, size, make) in cases {
        let mut heap = heap();
        let (list, count) = live(&mut heap, (OSPI + 0x4d000) / 100 * 90, size, make);
        heap.collect();
        let still = average(20, || heap.collect());
        // Every 100th object is replaced, so that nearly all the others move.
        let mut first = 0;
        let moving = collecting_after(20, &mut heap, |heap| {
            for idx in (first..count).step_by(100) {
                heap.poke(heap.get(list), idx, Value::NONE);
            }
            first += 1;
        });
        println!("  {name:8} {count:7} objects   {still:7.3}   moving {moving:7.3}");
    }
    let mut heap = heap();
    let head = heap.push(Value::NONE).expect("room");
    for _ in 0..400_000 {
        let cell = heap.alloc(Kind::Tuple, 2).expect("room");
        heap.poke(heap.get(cell), 0, heap.get(head));
        heap.set(head, heap.get(cell));
        drop_top(&heap);
    }
    let chain = average(20, || heap.collect());
    println!("  chain     400000 objects   {:7.3}", chain);
    let info = heap.info();
    println!(
        "  mark overflows: {} in {} collections",
        info.counts.mark_overflows,
        info.counts.collections()
    );
}

fn allocations() {
    println!("allocate and drop (ns per object, collections included; worst step in us)");
    for percent in [0, 50, 80, 90] {
        for words in [1, 3, 10] {
            let mut heap = heap();
            live(&mut heap, (OSPI + 0x4d000) / 100 * percent, 16, tuple3);
            let (count, before) = (2_000_000, heap.info().counts.collections());
            let start = seconds();
            for _ in 0..count {
                black_box(heap.alloc(Kind::Tuple, black_box(words)).expect("room"));
                drop_top(&heap);
            }
            let time = seconds() - start;
            let collections = heap.info().counts.collections() - before;
            let mut worst = 0.0_f64;
            for _ in 0..200_000 {
                let start = std::time::Instant::now();
                black_box(heap.alloc(Kind::Tuple, words).expect("room"));
                drop_top(&heap);
                worst = worst.max(start.elapsed().as_secs_f64());
            }
            println!(
                "  live {percent:2} %  tuple{words:<3} {:7.1} ns   {collections:4} collections   worst {:7.0}",
                time / f64::from(count) * 1e9,
                worst * 1e6
            );
        }
    }
}

fn main() {
    collections();
    allocations();
}
