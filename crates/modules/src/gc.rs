//! `gc`: the heap, seen and steered from Python.
//!
//! `gc.info()` tells every figure in bytes and in constant time (`figures.rs`); `gc.log()` is the
//! ring of allocations that did not go the first way (`events.rs`); `gc.map()` prints what lies
//! where (`map.rs`); `gc.alloc()` places a buffer (`placement.rs`).

mod events;
mod figures;
#[cfg(feature = "heap-map")]
mod map;
#[cfg(feature = "placement")]
mod placement;

use events::log;
pub(crate) use events::print_new;
pub use figures::FIGURES;
use figures::info;
#[cfg(feature = "json")]
pub(crate) use figures::to_dict;
#[cfg(feature = "heap-map")]
pub use map::HeapMap;
#[cfg(feature = "heap-map")]
use map::map;
#[cfg(feature = "placement")]
use octopy_heap::RegionClass;
use octopy_vm::{PyResult, Vm, module};
#[cfg(feature = "placement")]
use placement::alloc;

module! {
    /// The heap and its collector.
    pub static GC = gc (crate::table::GC) {
        __name__ = name (gc),
        /// Of `gc.alloc`: the memory inside the chip.
        #[cfg(feature = "placement")]
        FAST = int (RegionClass::Fast as i32),
        /// Of `gc.alloc`: the memory outside.
        #[cfg(feature = "placement")]
        LARGE = int (RegionClass::Large as i32),
        /// A bytearray of `size` zero bytes in the memory that `region` names, where it stays as
        /// long as it does not grow; MemoryError if there is no room in it.
        #[cfg(feature = "placement")]
        alloc = function (alloc, size, **),
        /// Collects garbage now; returns how many bytes that freed.
        collect = function (collect),
        /// Collects garbage and slides all objects together; returns how many bytes that freed.
        compact = function (compact),
        /// Switches automatic collections off.
        disable = function (disable),
        /// Switches automatic collections on.
        enable = function (enable),
        /// All figures, in bytes: looks like a dict, with a dict for each region in `regions`.
        info = function (info),
        /// Whether automatic collections are on.
        isenabled = function (isenabled),
        /// The last allocations that did not go the first way, as tuples (number, request, region,
        /// free, largest, outcome); `True` starts and `False` stops printing new ones.
        log = function (log, on),
        /// Prints what lies where in each region, with at most `cells` letters for each; looks at
        /// no more than `looks` objects.
        #[cfg(feature = "heap-map")]
        map = function (map, cells, looks),
        /// Bytes in use.
        mem_alloc = function (mem_alloc),
        /// Bytes free.
        mem_free = function (mem_free),
        /// After how many allocated bytes a collection comes at the latest; -1 is never.
        threshold = function (threshold, bytes),
    }
}

fn collect(vm: &mut Vm) -> PyResult<u32> {
    let before = vm.heap.info().used;
    if vm.heap.lock_depth() == 0 && crate::lost::is_any_open(vm) {
        crate::lost::reap(vm)?;
    } else {
        vm.heap.collect();
    }
    #[cfg(feature = "weakref")]
    crate::weakref::serve(vm)?;
    Ok(before.saturating_sub(vm.heap.info().used))
}

fn compact(vm: &mut Vm) -> PyResult<u32> {
    let freed = collect(vm)?;
    vm.heap.compact();
    Ok(freed)
}

fn disable(vm: &mut Vm) -> PyResult<()> {
    vm.heap.set_enabled(false);
    Ok(())
}

fn enable(vm: &mut Vm) -> PyResult<()> {
    vm.heap.set_enabled(true);
    Ok(())
}

fn isenabled(vm: &mut Vm) -> PyResult<bool> {
    Ok(vm.heap.is_enabled())
}

fn mem_alloc(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.heap.info().used)
}

fn mem_free(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.heap.info().free)
}

/// Thresholds count in blocks of 16 bytes, as in MicroPython; less than one block is one byte here,
/// so that every allocation collects.
const BLOCK: u32 = 16;

fn threshold(vm: &mut Vm, bytes: Option<i32>) -> PyResult<Option<i64>> {
    match bytes {
        Some(bytes) => {
            let bytes = u32::try_from(bytes).map_or(0, |bytes| (bytes & !(BLOCK - 1)).max(1));
            vm.heap.set_threshold(bytes);
            Ok(None)
        }
        None => Ok(Some(match vm.heap.threshold() {
            0 => -1,
            bytes => i64::from(bytes & !(BLOCK - 1)),
        })),
    }
}
