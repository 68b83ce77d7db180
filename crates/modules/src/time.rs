//! `time`: clocks, waiting, and the calendar.
//!
//! Ticks wrap at 2^29, so that they are never objects of the heap; differences of up to three days
//! of milliseconds are right. Seconds count from 2000 on boards and from 1970 on a PC, as
//! MicroPython's do.

#[cfg(feature = "calendar")]
pub(crate) mod calendar;

use crate::device::{after, is_board, pause};
use octopy_vm::{Local, PyResult, Vm, module};

module! {
    /// Clocks, waiting and the calendar.
    pub static TIME = time (crate::table::TIME) {
        __name__ = name (time),
        /// Seconds as year, month, day, hour, minute, second, weekday, day of the year.
        #[cfg(feature = "calendar")]
        gmtime = function (calendar::gmtime, seconds),
        /// As `gmtime`: there are no time zones.
        #[cfg(feature = "calendar")]
        localtime = function (calendar::gmtime, seconds),
        /// The seconds of a tuple as `gmtime` makes it.
        #[cfg(feature = "calendar")]
        mktime = function (calendar::mktime, date),
        /// Waits so many seconds.
        sleep = function (sleep, seconds),
        /// Waits so many milliseconds.
        sleep_ms = function (sleep_ms, milliseconds),
        /// Waits so many microseconds.
        sleep_us = function (sleep_us, microseconds),
        /// A tick that is so much later.
        ticks_add = function (ticks_add, ticks, delta),
        /// The finest clock there is, in microseconds.
        ticks_cpu = function (ticks_us),
        /// How much later the first tick is than the second.
        ///
        /// >>> time.ticks_diff(time.ticks_add(5, -10), 5)
        /// -10
        ticks_diff = function (ticks_diff, end, start),
        /// Milliseconds of a clock that wraps.
        ticks_ms = function (ticks_ms),
        /// Microseconds of a clock that wraps.
        ticks_us = function (ticks_us),
        /// Seconds since the epoch.
        time = function (time),
        /// Nanoseconds since the epoch.
        time_ns = function (time_ns),
    }
}

/// Where ticks wrap.
const PERIOD: i64 = 1 << 29;
/// Seconds from 1970 to 2000.
const MILLENNIUM: i64 = 946_684_800;
const BILLION: i64 = 1_000_000_000;

/// Seconds from 1970 to the time that counts as 0.
pub(crate) fn epoch(vm: &mut Vm) -> i64 {
    if is_board(vm) { MILLENNIUM } else { 0 }
}

/// Nanoseconds since the epoch.
fn now(vm: &mut Vm) -> i64 {
    let nanos = i64::try_from(vm.board().unix_nanos()).unwrap_or(i64::MAX);
    nanos - epoch(vm) * BILLION
}

fn time(vm: &mut Vm) -> PyResult<Local> {
    let nanos = now(vm);
    if is_board(vm) || vm.has_single_floats() {
        return vm.alloc_int(nanos / BILLION);
    }
    // Microseconds are exact in a double.
    vm.alloc_float((nanos / 1000) as octopy_vm::Float / 1_000_000.0)
}

fn time_ns(vm: &mut Vm) -> PyResult<i64> {
    Ok(now(vm))
}

/// Waits; KeyboardInterrupt ends it.
pub(crate) fn wait_micros(vm: &mut Vm, micros: u64) -> PyResult<()> {
    let deadline = after(vm, micros);
    while pause(vm, Some(deadline))? {}
    Ok(())
}

fn sleep(vm: &mut Vm, seconds: Local) -> PyResult<()> {
    let micros = match vm.heap.get(seconds).as_small() {
        Some(seconds) => u64::try_from(seconds).unwrap_or(0).saturating_mul(1_000_000),
        // Negative and NaN become 0.
        None => (vm.to_float(seconds)? * 1_000_000.0) as u64,
    };
    wait_micros(vm, micros)
}

fn sleep_ms(vm: &mut Vm, milliseconds: Local) -> PyResult<()> {
    let count = vm.to_i64(milliseconds)?;
    wait_micros(vm, u64::try_from(count).unwrap_or(0).saturating_mul(1000))
}

fn sleep_us(vm: &mut Vm, microseconds: Local) -> PyResult<()> {
    let count = vm.to_i64(microseconds)?;
    wait_micros(vm, u64::try_from(count).unwrap_or(0))
}

fn ticks_ms(vm: &mut Vm) -> PyResult<i32> {
    Ok((vm.board().micros() / 1000 % PERIOD as u64) as i32)
}

fn ticks_us(vm: &mut Vm) -> PyResult<i32> {
    Ok((vm.board().micros() % PERIOD as u64) as i32)
}

fn ticks_diff(vm: &mut Vm, end: Local, start: Local) -> PyResult<i32> {
    let (end, start) = (vm.to_i64(end)?, vm.to_i64(start)?);
    let diff = end.wrapping_sub(start).wrapping_add(PERIOD / 2).rem_euclid(PERIOD);
    Ok((diff - PERIOD / 2) as i32)
}

fn ticks_add(vm: &mut Vm, ticks: Local, delta: Local) -> PyResult<i32> {
    let (ticks, delta) = (vm.to_i64(ticks)?, vm.to_i64(delta)?);
    if delta.unsigned_abs() >= PERIOD as u64 / 2 {
        let class = &octopy_vm::types::exception::OVERFLOW_ERROR;
        return Err(vm.raise(class, "ticks interval overflow"));
    }
    Ok(ticks.wrapping_add(delta).rem_euclid(PERIOD) as i32)
}
