//! `machine`: the board itself. Pins and buses come with the hardware that has them.

use crate::{device, table, time};
use octopy_vm::types::exception;
use octopy_vm::{Args, Kind, Local, Out, PrintKind, PyResult, Vm, class, module};

module! {
    /// The board.
    pub static MACHINE = machine (table::MACHINE) {
        __name__ = name (machine),
        PWRON_RESET = int (1),
        RTC = value (RTC.value()),
        /// The processor's frequency in hertz.
        freq = function (freq),
        /// Waits for an interrupt.
        idle = function (idle),
        /// Waits so many milliseconds.
        lightsleep = function (lightsleep, milliseconds),
        /// Restarts the board.
        reset = function (reset),
        /// Why the board was started.
        reset_cause = function (reset_cause),
        /// Restarts Python.
        soft_reset = function (soft_reset),
        /// A number that no other board has, as bytes.
        unique_id = function (unique_id),
    }
}

class! {
    /// The board's clock and calendar.
    pub static RTC = RTC (table::RTC) {
        slots { new: rtc_new, print: rtc_print }
        /// Year, month, day, weekday (Monday is 1), hour, minute, second, and a fraction; or sets them.
        datetime = method (datetime, this, date),
    }
}

/// How long `idle` waits at most, in microseconds.
const IDLE: u64 = 1000;

/// `datetime` counts fractions of a second in so many parts.
const FRACTIONS: i64 = 1_000_000;

fn freq(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.board().identity().frequency)
}

fn idle(vm: &mut Vm) -> PyResult<()> {
    let deadline = device::after(vm, IDLE);
    device::pause(vm, Some(deadline)).map(|_| ())
}

fn lightsleep(vm: &mut Vm, milliseconds: Option<u32>) -> PyResult<()> {
    match milliseconds {
        Some(milliseconds) => time::wait_micros(vm, u64::from(milliseconds) * 1000),
        None => idle(vm),
    }
}

fn reset(vm: &mut Vm) -> PyResult<()> {
    vm.board().reset();
    // Where that is impossible, starting Python anew comes closest.
    soft_reset(vm)
}

fn reset_cause(_vm: &mut Vm) -> PyResult<i32> {
    Ok(1)
}

fn soft_reset(vm: &mut Vm) -> PyResult<()> {
    Err(vm.raise_bare(&exception::SYSTEM_EXIT))
}

fn unique_id(vm: &mut Vm) -> PyResult<Local> {
    let id = vm.board().identity().unique_id;
    vm.alloc_bytes(&id)
}

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
            time::parts(nanos / 1_000_000_000);
        let fraction = nanos / 1000 % FRACTIONS;
        let items = [year, month, day, weekday + 1, hour, minute, second, fraction];
        return time::int_tuple(vm, &items).map(Some);
    };
    if vm.len_of(date)? != 8 {
        return Err(vm.raise_value("datetime needs a tuple of length 8"));
    }
    let mut items = [0; 8];
    time::int_items(vm, date, &mut items)?;
    let [year, month, day, _, hour, minute, second, fraction] = items;
    let seconds = time::seconds_of([year, month, day, hour, minute, second]);
    let nanos = seconds
        .checked_mul(1_000_000_000)
        .and_then(|nanos| nanos.checked_add(fraction.clamp(0, FRACTIONS - 1) * 1000));
    let set = match nanos.and_then(|nanos| u64::try_from(nanos).ok()) {
        Some(nanos) => vm.board().set_unix_nanos(nanos),
        None => return Err(vm.raise_value("date out of range")),
    };
    if set { Ok(None) } else { Err(vm.raise_os(octopy_hal::Errno::OPNOTSUPP)) }
}
