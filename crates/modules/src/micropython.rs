//! `micropython`: what only this kind of Python has.

#[cfg(feature = "heap-map")]
mod layout;
#[cfg(feature = "memory-totals")]
mod totals;

use octopy_heap::HeapInfo;
use octopy_vm::types::exception;
use octopy_vm::{Local, Out, PyResult, Qstr, Vm, module, q};
#[cfg(feature = "memory-totals")]
use totals::{mem_current, mem_peak, mem_total};

module! {
    /// Access to the runtime.
    pub static MICROPYTHON = micropython (crate::table::MICROPYTHON) {
        __name__ = name (micropython),
        /// Does nothing: there is always memory for a MemoryError.
        alloc_emergency_exception_buf = function (alloc_emergency_exception_buf, size),
        /// Marks a constant for the compiler.
        const_ = function (const_, value),
        /// Forbids allocation until `heap_unlock`; calls nest.
        heap_lock = function (heap_lock),
        /// How often the heap is locked.
        heap_locked = function (heap_locked),
        /// Takes one `heap_lock` back; returns how many are left.
        heap_unlock = function (heap_unlock),
        /// Sets the byte that interrupts a program when it is received; -1 is none.
        kbd_intr = function (kbd_intr, byte),
        /// Bytes in use.
        #[cfg(feature = "memory-totals")]
        mem_current = function (mem_current),
        /// Prints the figures of the heap; with an argument, also of its regions, and their maps.
        mem_info = function (mem_info, verbose),
        /// The most bytes that were seen in use.
        #[cfg(feature = "memory-totals")]
        mem_peak = function (mem_peak),
        /// Bytes that were ever handed out.
        #[cfg(feature = "memory-totals")]
        mem_total = function (mem_total),
        /// Reads or sets the optimisation level of the compiler.
        opt_level = function (opt_level, level),
        /// Prints the figures of interned names.
        qstr_info = function (qstr_info, verbose),
        /// Calls a function with an argument soon, between two instructions.
        schedule = function (schedule, function, argument),
        /// Bytes of the Python stack in use.
        stack_use = function (stack_use),
    }
}

fn const_(_vm: &mut Vm, value: Local) -> PyResult<Local> {
    Ok(value)
}

fn alloc_emergency_exception_buf(_vm: &mut Vm, _size: i32) -> PyResult<()> {
    Ok(())
}

fn heap_lock(vm: &mut Vm) -> PyResult<()> {
    vm.heap.lock();
    Ok(())
}

fn heap_unlock(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.heap.unlock())
}

fn heap_locked(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.heap.lock_depth())
}

fn kbd_intr(vm: &mut Vm, byte: i32) -> PyResult<()> {
    vm.attention.set_interrupt_byte(u8::try_from(byte).ok());
    Ok(())
}

fn opt_level(vm: &mut Vm, level: Option<i32>) -> PyResult<Option<i32>> {
    match level {
        Some(level) => {
            vm.set_optimise(level.clamp(0, 3) as u8);
            Ok(None)
        }
        None => Ok(Some(i32::from(vm.optimise()))),
    }
}

fn schedule(vm: &mut Vm, function: Local, argument: Local) -> PyResult<()> {
    let row = vm.heap.get(function).as_rom();
    if row.is_some_and(|rom| {
        rom.table == MICROPYTHON.id && MICROPYTHON.find(q::kbd_intr) == Some(rom.row)
    }) {
        return crate::service::schedule_interrupt(vm);
    }
    if crate::service::schedule(vm, function, argument)? {
        return Ok(());
    }
    Err(vm.raise(&exception::RUNTIME_ERROR, "schedule queue full"))
}

fn stack_use(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.heap.sp() - vm.heap.stack_base())
}

/// Prints the figures of the heap; `verbose` also those of its regions, and their maps.
pub fn mem_info(vm: &mut Vm, verbose: Option<Local>) -> PyResult<()> {
    #[cfg(feature = "memory-totals")]
    totals::print_totals(vm)?;
    let used = vm.heap.sp() - vm.heap.stack_base();
    let size = used + vm.heap.stack_free() * 4;
    let info = vm.heap.info();
    // SIZE: one call for two lines.
    let text = "stack: %u out of %u\nGC: total: %u, used: %u, free: %u\n";
    vm.write_numbers(Out::Console, text, &[used, size, info.total, info.used, info.free])?;
    #[cfg(feature = "memory-totals")]
    totals::print_sizes(vm)?;
    #[cfg(not(feature = "memory-totals"))]
    print_runs(vm, &info)?;
    if verbose.is_none() {
        return Ok(());
    }
    for idx in 0..vm.heap.region_count() {
        if let Some(region) = vm.heap.region_info(idx) {
            #[cfg(feature = "heap-map")]
            layout::print(vm, idx, region.base, region.total)?;
            vm.write(Out::Console, region.name.as_bytes())?;
            vm.write_numbers(
                Out::Console,
                " at 0x%X: total: %u, used: %u, free: %u, largest run: %u\n",
                &[region.base, region.total, region.used, region.free, region.max_free],
            )?;
            #[cfg(not(feature = "heap-map"))]
            print_bar(vm, region.used, region.total)?;
        }
    }
    #[cfg(feature = "memory-totals")]
    print_runs(vm, &info)?;
    Ok(())
}

/// The line about what can be asked for.
fn print_runs(vm: &mut Vm, info: &HeapInfo) -> PyResult<()> {
    let text = " largest run: %u, largest request: %u, collections: %u\n";
    vm.write_numbers(
        Out::Console,
        text,
        &[info.max_free, info.max_block, info.counts.collections()],
    )
}

/// In a build without maps: a line of 64 characters, `=` for what is in use.
#[cfg(not(feature = "heap-map"))]
fn print_bar(vm: &mut Vm, used: u32, total: u32) -> PyResult<()> {
    let mut bar = [b'.'; 64];
    let filled = used.div_ceil((total / bar.len() as u32).max(1));
    bar.iter_mut().take(filled as usize).for_each(|mark| *mark = b'=');
    vm.write(Out::Console, &bar)?;
    vm.write(Out::Console, b"\n")
}

#[cfg_attr(not(feature = "memory-totals"), allow(unused_variables, reason = "names take flash"))]
fn qstr_info(vm: &mut Vm, verbose: Option<Local>) -> PyResult<()> {
    let mut count = 0_u32;
    let mut bytes = 0;
    for number in octopy_qstr::COUNT..u16::MAX {
        let len = vm.name_text(Qstr(number)).len();
        if len == 0 {
            break;
        }
        count += 1;
        bytes += len;
    }
    vm.write_numbers(
        Out::Console,
        "qstr pool: n_pool=1, n_qstr=%u, n_str_data_bytes=%u, n_total_bytes=%u\n",
        &[count, bytes as u32, bytes as u32],
    )?;
    #[cfg(feature = "memory-totals")]
    if verbose.is_some() {
        totals::print_names(vm, count)?;
    }
    Ok(())
}
