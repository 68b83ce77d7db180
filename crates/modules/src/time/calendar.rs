//! The calendar: seconds as dates, and dates as seconds.

use super::{BILLION, epoch, now};
use octopy_vm::types::tuple;
use octopy_vm::{Local, PyResult, Value, Vm};

const DAY: i64 = 86_400;

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

pub(super) fn gmtime(vm: &mut Vm, seconds: Option<Local>) -> PyResult<Local> {
    let seconds = match seconds {
        Some(slot) if !vm.heap.get(slot).is_none() => match vm.heap.get(slot).as_small() {
            Some(small) => i64::from(small),
            None if vm.heap.is_kind(vm.heap.get(slot), octopy_vm::Kind::Int) => vm.to_i64(slot)?,
            None => vm.to_float(slot)? as i64,
        },
        _ => now(vm).div_euclid(BILLION),
    };
    let seconds = seconds.clamp(-1 << 44, 1 << 44) + epoch(vm);
    tuple::of_ints(vm, &parts(seconds))
}

pub(super) fn mktime(vm: &mut Vm, date: Local) -> PyResult<i64> {
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
    use crate::time::MILLENNIUM;

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
