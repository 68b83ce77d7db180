//! `machine.RTC`: the board's clock and calendar.

use crate::table;
use crate::time::calendar;
use octopy_vm::types::tuple;
use octopy_vm::{Args, Kind, Local, Out, PrintKind, PyResult, Vm, class};

class! {
    /// The board's clock and calendar.
    pub static RTC = RTC (table::RTC) {
        slots { new: rtc_new, print: rtc_print }
        /// Year, month, day, weekday (Monday is 1), hour, minute, second, and a fraction; or sets them.
        datetime = method (datetime, this, date),
    }
}

/// `datetime` counts fractions of a second in so many parts.
const FRACTIONS: i64 = 1_000_000;

fn rtc_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let made = vm.alloc(Kind::NativeState, 4)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, 0, u32::from(table::RTC));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn rtc_print(vm: &mut Vm, _this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<RTC>")
}

fn datetime(vm: &mut Vm, _this: Local, date: Option<Local>) -> PyResult<Option<Local>> {
    let Some(date) = date else {
        let nanos = i64::try_from(vm.board().unix_nanos()).unwrap_or(i64::MAX);
        let [year, month, day, hour, minute, second, weekday, _] =
            calendar::parts(nanos / 1_000_000_000);
        let fraction = nanos / 1000 % FRACTIONS;
        let items = [year, month, day, weekday + 1, hour, minute, second, fraction];
        return tuple::of_ints(vm, &items).map(Some);
    };
    if vm.len_of(date)? != 8 {
        return Err(vm.raise_value("datetime needs a tuple of length 8"));
    }
    let mut items = [0; 8];
    calendar::int_items(vm, date, &mut items)?;
    let [year, month, day, _, hour, minute, second, fraction] = items;
    let seconds = calendar::seconds_of([year, month, day, hour, minute, second]);
    let nanos = seconds
        .checked_mul(1_000_000_000)
        .and_then(|nanos| nanos.checked_add(fraction.clamp(0, FRACTIONS - 1) * 1000));
    let set = match nanos.and_then(|nanos| u64::try_from(nanos).ok()) {
        Some(nanos) => vm.board().set_unix_nanos(nanos),
        None => return Err(vm.raise_value("date out of range")),
    };
    if set { Ok(None) } else { Err(vm.raise_os(octopy_hal::Errno::OPNOTSUPP)) }
}
