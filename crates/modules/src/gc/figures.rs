//! `gc.info()`: every figure of the heap.

use octopy_heap::{HeapInfo, MAX_REGIONS, RegionInfo};
use octopy_vm::types::dict;
use octopy_vm::{Local, PyResult, Qstr, Value, Vm, q};

/// A table of figures: their names, and what makes their numbers of what the heap says.
///
/// SIZE: arrays that the compiler fills are 200 bytes less than a function for each figure.
macro_rules! figures {
    ($(#[doc = $doc:literal])* $names:ident, $numbers:ident($heap:ident: $of:ty) {
        $($name:path = $figure:expr,)*
    }) => {
        $(#[doc = $doc])*
        pub(super) const $names: [Qstr; [$($name),*].len()] = [$($name),*];

        /// Their numbers, in the same order.
        pub(super) fn $numbers($heap: &$of) -> [u32; $names.len()] {
            [$($figure),*]
        }
    };
}

figures! {
    /// The figures of the whole heap, but for those that its regions add up to.
    HEAP, heap_figures(heap: HeapInfo) {
        q::total = heap.total,
        q::used = heap.used,
        q::free = heap.free,
        q::max_free = heap.max_free,
        q::max_block = heap.max_block,
        q::num_1block = heap.num_1block,
        q::num_2block = heap.num_2block,
        q::minor = heap.counts.minor,
        q::full = heap.counts.full,
        q::cycles = heap.counts.cycles,
        q::slices = heap.counts.slices,
        q::compactions = heap.counts.compactions,
        q::last_pause = heap.counts.last_pause,
        q::longest_pause = heap.counts.longest_pause,
        q::moved = heap.counts.moved,
        q::mark_overflows = heap.counts.mark_overflows,
        q::remembered_overflows = heap.remembered_overflows,
        q::collections = heap.counts.collections(),
    }
}

figures! {
    /// The figures of a region.
    REGION, region_figures(region: RegionInfo) {
        q::base = region.base,
        q::total = region.total,
        q::used = region.used,
        q::free = region.free,
        q::max_free = region.max_free,
        q::fragmentation = region.fragmentation(),
    }
}

/// `gc.info()`
pub(super) fn info(vm: &mut Vm) -> PyResult<Local> {
    // All figures are of one moment, before the dicts are made.
    let info = vm.heap.info();
    let region_infos: [Option<RegionInfo>; MAX_REGIONS] =
        core::array::from_fn(|idx| vm.heap.region_info(idx));
    // SIZE: 300 bytes, for which a board without maps has no room.
    let has_pinned = cfg!(feature = "heap-map");
    let pinned: [u32; MAX_REGIONS] =
        core::array::from_fn(|idx| if has_pinned { vm.heap.pinned_bytes(idx) } else { 0 });
    let all = alloc_figures(vm, HEAP.len() as u32 + 2)?;
    store_figures(vm, all, &HEAP, &heap_figures(&info))?;
    if has_pinned {
        store_figures(vm, all, &[q::pinned], &[pinned.iter().sum()])?;
    }
    let regions = alloc_figures(vm, vm.heap.region_count() as u32)?;
    for (idx, region) in region_infos.into_iter().flatten().enumerate() {
        let mark = vm.mark();
        let one = alloc_figures(vm, REGION.len() as u32 + 2)?;
        store_figures(vm, one, &REGION, &region_figures(&region))?;
        if has_pinned {
            store_figures(vm, one, &[q::pinned], pinned.get(idx..=idx).unwrap_or_default())?;
        }
        let fast = vm.push(Value::from_bool(region.fast))?;
        vm.store_name(one, q::fast, fast)?;
        let name = vm.alloc_str(region.name.as_bytes())?;
        vm.dict_store(regions, name, one)?;
        vm.release(mark);
    }
    vm.store_name(all, q::regions, regions)?;
    Ok(all)
}

/// A dict for so many figures, pushed.
fn alloc_figures(vm: &mut Vm, count: u32) -> PyResult<Local> {
    match dict::alloc(&mut vm.heap, count) {
        Ok(figures) => Ok(figures),
        Err(error) => Err(vm.raise_memory(error)),
    }
}

#[inline(never)]
fn store_figures(vm: &mut Vm, into: Local, names: &[Qstr], numbers: &[u32]) -> PyResult<()> {
    for (&name, &number) in names.iter().zip(numbers) {
        let value = vm.alloc_int(i64::from(number))?;
        vm.store_name(into, name, value)?;
        vm.release(value.addr());
    }
    Ok(())
}
