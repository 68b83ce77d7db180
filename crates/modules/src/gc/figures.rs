//! `gc.info()`: every figure of the heap.

use octopy_heap::{HeapInfo, MAX_REGIONS, RegionInfo};
use octopy_vm::types::dict;
use octopy_vm::{Local, PyResult, Qstr, Value, Vm, q};

/// A figure's name, and how it is found.
type Figure<T> = (Qstr, fn(&T) -> u32);

/// The figures of the whole heap.
pub(super) static HEAP: [Figure<HeapInfo>; 19] = [
    (q::total, |heap| heap.total),
    (q::used, |heap| heap.used),
    (q::free, |heap| heap.free),
    (q::max_free, |heap| heap.max_free),
    (q::max_block, |heap| heap.max_block),
    (q::num_1block, |heap| heap.num_1block),
    (q::num_2block, |heap| heap.num_2block),
    (q::pinned, |heap| heap.pinned),
    (q::minor, |heap| heap.counts.minor),
    (q::full, |heap| heap.counts.full),
    (q::cycles, |heap| heap.counts.cycles),
    (q::slices, |heap| heap.counts.slices),
    (q::compactions, |heap| heap.counts.compactions),
    (q::last_pause, |heap| heap.counts.last_pause),
    (q::longest_pause, |heap| heap.counts.longest_pause),
    (q::moved, |heap| heap.counts.moved),
    (q::mark_overflows, |heap| heap.counts.mark_overflows),
    (q::remembered_overflows, |heap| heap.remembered_overflows),
    (q::collections, |heap| heap.counts.collections()),
];

/// The figures of a region.
pub(super) static REGION: [Figure<RegionInfo>; 7] = [
    (q::base, |region| region.base),
    (q::total, |region| region.total),
    (q::used, |region| region.used),
    (q::free, |region| region.free),
    (q::max_free, |region| region.max_free),
    (q::pinned, |region| region.pinned),
    (q::fragmentation, RegionInfo::fragmentation),
];

/// `gc.info()`
pub(super) fn info(vm: &mut Vm) -> PyResult<Local> {
    // All figures are of one moment, before the dicts are made.
    let info = vm.heap.info();
    let region_infos: [Option<RegionInfo>; MAX_REGIONS] =
        core::array::from_fn(|idx| vm.heap.region_info(idx));
    let all = alloc_figures(vm, HEAP.len() as u32 + 1)?;
    for (name, figure) in HEAP {
        store_figure(vm, all, name, figure(&info))?;
    }
    let regions = alloc_figures(vm, vm.heap.region_count() as u32)?;
    for region in region_infos.into_iter().flatten() {
        let mark = vm.mark();
        let one = alloc_figures(vm, REGION.len() as u32 + 1)?;
        for (name, figure) in REGION {
            store_figure(vm, one, name, figure(&region))?;
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

fn store_figure(vm: &mut Vm, figures: Local, name: Qstr, figure: u32) -> PyResult<()> {
    let value = vm.alloc_int(i64::from(figure))?;
    vm.store_name(figures, name, value)?;
    vm.release(value.addr());
    Ok(())
}
