//! `gc.log`: the ring of allocations that did not go the first way.
//!
//! `gc.log(True)` prints new lines to the console as they come, between two instructions: at the
//! next backward jump or wait, or when the program ends.

use octopy_heap::{LogEntry, Outcome};
use octopy_vm::types::list;
use octopy_vm::{Local, Out, PyResult, StateSlot, Value, Vm};

pub(super) fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::FellBack => "fell back",
        Outcome::Collected => "collected",
        Outcome::Compacted => "compacted",
        Outcome::Failed => "failed",
        Outcome::Missing => "missing",
    }
}

pub(super) fn log(vm: &mut Vm, on: Option<bool>) -> PyResult<Local> {
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
    for number in end.saturating_sub(LONGEST)..end {
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

/// The ring has fewer entries than this; what it has lost is skipped.
pub(super) const LONGEST: u32 = 64;

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
