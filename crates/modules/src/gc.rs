//! `gc`: the heap, seen and steered from Python.
//!
//! `gc.info()` tells every figure in bytes and in constant time. `gc.log()` is the ring of
//! allocations that did not go the first way. `gc.log(True)` prints new lines to the console as
//! they come, between two instructions: at the next backward jump or wait, or when the program ends.

use octopy_heap::{LogEntry, MAX_REGIONS, Outcome, RegionInfo};
use octopy_vm::types::{dict, list};
use octopy_vm::{Local, Out, PyResult, Qstr, StateSlot, Value, Vm, module, q};

module! {
    /// The heap and its collector.
    pub static GC = gc (crate::table::GC) {
        __name__ = name (gc),
        /// Collects garbage now; returns how many bytes that freed.
        collect = function (collect),
        /// Collects garbage and slides all objects together; returns how many bytes that freed.
        compact = function (collect),
        /// Switches automatic collections off.
        disable = function (disable),
        /// Switches automatic collections on.
        enable = function (enable),
        /// All figures, in bytes: a dict, with a dict for each region in `regions`.
        info = function (info),
        /// Whether automatic collections are on.
        isenabled = function (isenabled),
        /// The last allocations that did not go the first way, as tuples (number, request, region,
        /// free, largest, outcome); `True` starts and `False` stops printing new ones.
        log = function (log, on),
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
    vm.heap.collect();
    Ok(before.saturating_sub(vm.heap.info().used))
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

/// The names of the heap's figures, in the order in which the heap has them.
const FIGURES: [Qstr; 16] = [
    q::total,
    q::used,
    q::free,
    q::max_free,
    q::max_block,
    q::num_1block,
    q::num_2block,
    q::minor,
    q::full,
    q::compactions,
    q::last_pause,
    q::longest_pause,
    q::moved,
    q::mark_overflows,
    q::remembered_overflows,
    q::collections,
];

fn info(vm: &mut Vm) -> PyResult<Local> {
    // All figures are of one moment, before the dicts are made.
    let info = vm.heap.info();
    let region_infos: [Option<RegionInfo>; MAX_REGIONS] =
        core::array::from_fn(|idx| vm.heap.region_info(idx));
    let figures = alloc_figures(vm, 17)?;
    let counts = info.counts;
    let all = [
        info.total,
        info.used,
        info.free,
        info.max_free,
        info.max_block,
        info.num_1block,
        info.num_2block,
        counts.minor,
        counts.full,
        counts.compactions,
        counts.last_pause,
        counts.longest_pause,
        counts.moved,
        counts.mark_overflows,
        info.remembered_overflows,
        counts.collections(),
    ];
    for (name, figure) in FIGURES.into_iter().zip(all) {
        store_figure(vm, figures, name, figure)?;
    }
    let regions = alloc_figures(vm, vm.heap.region_count() as u32)?;
    for region in region_infos.into_iter().flatten() {
        let mark = vm.mark();
        let one = alloc_figures(vm, 6)?;
        for (name, figure) in [
            (q::base, region.base),
            (q::total, region.total),
            (q::used, region.used),
            (q::free, region.free),
            (q::max_free, region.max_free),
        ] {
            store_figure(vm, one, name, figure)?;
        }
        let fast = vm.push(Value::from_bool(region.fast))?;
        vm.store_name(one, q::fast, fast)?;
        let name = vm.alloc_str(region.name.as_bytes())?;
        vm.dict_store(regions, name, one)?;
        vm.release(mark);
    }
    vm.store_name(figures, q::regions, regions)?;
    Ok(figures)
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::FellBack => "fell back",
        Outcome::Collected => "collected",
        Outcome::Compacted => "compacted",
        Outcome::Failed => "failed",
    }
}

fn log(vm: &mut Vm, on: Option<bool>) -> PyResult<Local> {
    match on {
        Some(true) => {
            let next = vm.push(Value::from_small((vm.heap.log_end() & NUMBER_MASK) as i32))?;
            vm.set_state(StateSlot::GcLog, next);
            vm.attention.raise_service();
            return vm.push(Value::NONE);
        }
        Some(false) => {
            print_new(vm)?;
            let off = vm.push(Value::NULL)?;
            vm.set_state(StateSlot::GcLog, off);
            return vm.push(Value::NONE);
        }
        None => {}
    }
    let lines = list::alloc(vm, 0)?;
    let mark = vm.mark();
    let end = vm.heap.log_end();
    // The ring is shorter than this; what it has lost is skipped.
    for number in end.saturating_sub(64)..end {
        let Some(entry) = vm.heap.log_entry(number) else { continue };
        let first = vm.alloc_int(i64::from(entry.number))?;
        vm.alloc_int(i64::from(entry.request))?;
        vm.alloc_str(vm.heap.region_name(entry.region).as_bytes())?;
        vm.alloc_int(i64::from(entry.free))?;
        vm.alloc_int(i64::from(entry.largest))?;
        vm.alloc_str(outcome_text(entry.outcome).as_bytes())?;
        let line = vm.alloc_tuple(first, 6)?;
        list::push(vm, lines, line)?;
        vm.release(mark);
    }
    Ok(lines)
}

/// Numbers of events are kept as small ints.
const NUMBER_MASK: u32 = 0x1fff_ffff;

/// Prints the events since the last time, if that is switched on; whether it is.
pub(crate) fn print_new(vm: &mut Vm) -> PyResult<bool> {
    let next = vm.state(StateSlot::GcLog)?;
    let Some(next) = vm.heap.get(next).as_small() else { return Ok(false) };
    let end = vm.heap.log_end();
    let new = end.wrapping_sub(next as u32) & NUMBER_MASK;
    if new > 0 {
        let after = vm.push(Value::from_small((end & NUMBER_MASK) as i32))?;
        vm.set_state(StateSlot::GcLog, after);
        for number in end.wrapping_sub(new)..end {
            if let Some(entry) = vm.heap.log_entry(number) {
                print_entry(vm, entry)?;
            }
        }
    }
    Ok(true)
}

fn print_entry(vm: &mut Vm, entry: LogEntry) -> PyResult<()> {
    let region = vm.heap.region_name(entry.region);
    let text = "gc: %u asked for %u bytes in ";
    vm.write_numbers(Out::Console, text, &[entry.number, entry.request])?;
    vm.write(Out::Console, region.as_bytes())?;
    vm.write(Out::Console, b": ")?;
    vm.write(Out::Console, outcome_text(entry.outcome).as_bytes())?;
    vm.write_numbers(Out::Console, " (%u free, largest run %u)\n", &[entry.free, entry.largest])
}
