//! The firmware for QEMU's mps2-an505.
#![no_std]
#![no_main]

use mps2_an505::{An505, last_words, memory};
use octopy_board_support::{board, fault, report};
use octopy_runtime::{Config, Heap, HeapConfig, RegionClass, RegionSpec, Runtime, Space};

board! { main = main, last_words = last_words }

const FAST: RegionSpec = RegionSpec {
    name: memory::FAST_NAME,
    base: memory::FAST_BASE,
    size: memory::FAST_SIZE,
    class: RegionClass::Fast,
    dma: true,
};

const LARGE: RegionSpec = RegionSpec {
    name: memory::LARGE_NAME,
    base: memory::LARGE_BASE,
    size: memory::LARGE_SIZE,
    class: RegionClass::Large,
    dma: false,
};

const CONFIG: Config =
    Config { single_floats: true, is_board: true, native_depth: memory::NATIVE_DEPTH };

fn main() -> ! {
    start().run_board();
    // A board's console never closes; but if it did, an emulator ends and hardware starts anew.
    fault::end(0)
}

/// The devices, the heap and the runtime. Not inlined: what they need of the stack while they are
/// put together is free again when the program runs.
#[inline(never)]
fn start() -> &'static mut Runtime {
    let Some(board) = An505::start() else { fail("the devices are in use") };
    make(board)
}

/// Makes the runtime.
// Copies of it are in this frame, and not in that of `start`, which calls deep.
#[inline(never)]
fn make(board: &'static mut An505) -> &'static mut Runtime {
    let Some(place) = cortex_m::singleton!(: Option<Runtime> = None) else {
        fail("the runtime is in use")
    };
    match Runtime::new(heap(), board, CONFIG) {
        Ok(runtime) => place.insert(runtime),
        Err(_) => fail("the heap is too small for the interpreter itself"),
    }
}

/// The heap on the memories that answer.
fn heap() -> Heap {
    let large = RegionSpec { size: memory::large_size(), ..LARGE };
    let both = [FAST, large];
    let regions = if large.size > 0 { &both[..] } else { &both[..1] };
    let config = HeapConfig {
        stack_base: memory::VALUE_STACK_BASE,
        stack_size: memory::VALUE_STACK_SIZE,
        roots: memory::ROOTS,
        mark_stack: memory::MARK_STACK,
        trail: memory::TRAIL,
        regions,
        large_object: memory::LARGE_OBJECT,
    };
    // SAFETY: `board.toml` gives the value stack and the regions to the heap alone (its checker
    // refuses overlaps), so much of the large region has just answered, and this is the only heap.
    let mut heap = Heap::new(unsafe { Space::identity() }, &config);
    if large.size < LARGE.size {
        heap.note_missing(LARGE.name, LARGE.size - large.size);
    }
    heap
}

/// Says why the board cannot start.
fn fail(why: &str) -> ! {
    report::text("\r\nSTART: ");
    report::text(why);
    report::text("\r\n");
    fault::end(fault::PANIC_EXIT)
}
