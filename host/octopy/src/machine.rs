//! `machine`: a heap, a board and a runtime, put together on a thread of its own.

use std::thread;

use anyhow::{Context, Result, anyhow};
use octopy_hal::Board;
use octopy_runtime::{Config, Heap, HeapConfig, RegionClass, RegionSpec, Runtime};
use octopy_virtual_board::{Class, Region};

/// Native stack of the interpreter. Only what is touched becomes memory.
const NATIVE_STACK: usize = 256 << 20;

/// Builds the runtime.
pub fn runtime(
    heap: &HeapConfig<'_>,
    board: &'static mut dyn Board,
    config: Config,
) -> Result<Runtime> {
    finish(Heap::host(heap), board, config)
}

/// As [`runtime`], of one region that grows up to `most` bytes and shrinks again.
pub fn growing_runtime(
    heap: &HeapConfig<'_>,
    most: u32,
    board: &'static mut dyn Board,
    config: Config,
) -> Result<Runtime> {
    finish(Heap::host_growing(heap, most), board, config)
}

fn finish(
    heap: std::io::Result<Heap>,
    board: &'static mut dyn Board,
    config: Config,
) -> Result<Runtime> {
    let heap = heap.context("cannot reserve the 4 GiB of addresses that the heap lives in")?;
    Runtime::new(heap, board, config)
        .map_err(|_| anyhow!("the heap is too small for the interpreter itself"))
}

/// A region of `board.toml` as the heap wants it.
pub fn region_spec(region: &Region) -> RegionSpec {
    RegionSpec {
        name: Box::leak(region.name.clone().into_boxed_str()),
        base: region.base,
        size: region.size,
        class: match region.class {
            Class::Fast => RegionClass::Fast,
            Class::Large => RegionClass::Large,
        },
        dma: region.dma,
    }
}

/// Runs `work` on a thread with the stack that the interpreter needs.
pub fn on_big_stack<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("interpreter".into()).stack_size(NATIVE_STACK);
        let handle = builder.spawn_scoped(scope, work).context("cannot start the interpreter")?;
        handle.join().unwrap_or_else(|_| Err(anyhow!("the interpreter has failed (see above)")))
    })
}
