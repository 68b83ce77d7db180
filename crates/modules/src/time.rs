//! `time`: clocks, waiting, and the calendar.
//!
//! Ticks wrap at 2^29, so that they are never objects of the heap; differences of up to three days
//! of milliseconds are right. Seconds count from 2000 on boards and from 1970 on a PC, as
//! MicroPython's do.

use crate::device::{after, is_board, pause};
use octopy_vm::types::tuple;
use octopy_vm::{Local, PyResult, Value, Vm, module};

module! {
    /// Clocks, waiting and the calendar.
    pub static TIME = time (crate::table::TIME) {
        __name__ = name (time),
        /// Seconds as year, month, day, hour, minute, second, weekday, day of the year.
        gmtime = function (gmtime, seconds),
        /// As `gmtime`: there are no time zones.
        localtime = function (gmtime, seconds),
        /// The seconds of a tuple as `gmtime` makes it.
        mktime = function (mktime, date),
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
const DAY: i64 = 86_400;
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

/// Year, month and day of a day counted from 1970-01-01.
///
/// The year begins in March here: its months then have lengths that a linear formula gives.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_month)
}

/// The day, counted from 1970-01-01, of a date; months outside 1 to 12 are of other years.
fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let months = month - 3;
    let year = year.saturating_add(months.div_euclid(12)).clamp(-1_000_000, 1_000_000);
    let month = months.rem_euclid(12);
    let of_year = (153 * month + 2) / 5;
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day - 1 - 719_468
}

/// The parts of a time in seconds since 1970: year, month, day, hour, minute, second, weekday
/// (Monday is 0), day of the year.
pub(crate) fn parts(seconds: i64) -> [i64; 8] {
    let day = seconds.div_euclid(DAY);
    let second = seconds.rem_euclid(DAY);
    let (year, month, of_month) = civil(day);
    let of_year = day - day_of(year, 1, 1) + 1;
    let weekday = (day + 3).rem_euclid(7);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    [year, month, of_month, hour, minute, second % 60, weekday, of_year]
}

/// Seconds since 1970 of a date and time; parts out of range carry over.
pub(crate) fn seconds_of(parts: [i64; 6]) -> i64 {
    let [year, month, day, hour, minute, second] = parts.map(|part| part.clamp(-1 << 40, 1 << 40));
    day_of(year, month, day) * DAY + hour * 3600 + minute * 60 + second
}

/// A tuple of integers, pushed.
pub(crate) fn int_tuple(vm: &mut Vm, items: &[i64]) -> PyResult<Local> {
    let made = tuple::alloc(vm, items.len() as u32)?;
    for (idx, item) in items.iter().enumerate() {
        let item = vm.alloc_int(*item)?;
        vm.heap.poke(vm.heap.get(made), idx as u32, vm.heap.get(item));
        vm.release(item.addr());
    }
    Ok(made)
}

fn gmtime(vm: &mut Vm, seconds: Option<Local>) -> PyResult<Local> {
    let seconds = match seconds {
        Some(slot) if !vm.heap.get(slot).is_none() => match vm.heap.get(slot).as_small() {
            Some(small) => i64::from(small),
            None if vm.heap.is_kind(vm.heap.get(slot), octopy_vm::Kind::Int) => vm.to_i64(slot)?,
            None => vm.to_float(slot)? as i64,
        },
        _ => now(vm).div_euclid(BILLION),
    };
    let seconds = seconds.clamp(-1 << 44, 1 << 44) + epoch(vm);
    int_tuple(vm, &parts(seconds))
}

fn mktime(vm: &mut Vm, date: Local) -> PyResult<i64> {
    let len = vm.len_of(date)?;
    if !(8..=9).contains(&len) {
        return Err(vm.raise_type("mktime needs a tuple of length 8 or 9"));
    }
    let mut parts = [0; 6];
    int_items(vm, date, &mut parts)?;
    Ok(seconds_of(parts) - epoch(vm))
}

/// The first items of a sequence as integers.
pub(crate) fn int_items(vm: &mut Vm, sequence: Local, items: &mut [i64]) -> PyResult<()> {
    for (idx, part) in items.iter_mut().enumerate() {
        let mark = vm.mark();
        let idx = vm.push(Value::from_small(idx as i32))?;
        let item = vm.subscript(sequence, idx)?;
        *part = vm.to_i64(item)?;
        vm.release(mark);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seconds: i64, expect: [i64; 8]) {
        assert_eq!(parts(seconds), expect, "{seconds}");
        let [year, month, day, hour, minute, second, ..] = expect;
        assert_eq!(seconds_of([year, month, day, hour, minute, second]), seconds);
    }

    #[test]
    fn seconds_are_dates() {
        check(0, [1970, 1, 1, 0, 0, 0, 3, 1]);
        check(MILLENNIUM, [2000, 1, 1, 0, 0, 0, 5, 1]);
        check(951_782_399, [2000, 2, 28, 23, 59, 59, 0, 59]);
        check(951_782_400, [2000, 2, 29, 0, 0, 0, 1, 60]);
        check(1_735_689_599, [2024, 12, 31, 23, 59, 59, 1, 366]);
        check(4_107_542_400, [2100, 3, 1, 0, 0, 0, 0, 60]);
        check(-1, [1969, 12, 31, 23, 59, 59, 2, 365]);
    }

    #[test]
    fn parts_out_of_range_carry_over() {
        assert_eq!(seconds_of([2024, 13, 1, 0, 0, 0]), seconds_of([2025, 1, 1, 0, 0, 0]));
        assert_eq!(seconds_of([2024, 0, 1, 0, 0, 0]), seconds_of([2023, 12, 1, 0, 0, 0]));
        assert_eq!(seconds_of([2024, 2, 30, 25, 61, -1]), seconds_of([2024, 3, 2, 2, 0, 59]));
    }
}
