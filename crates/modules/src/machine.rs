//! `machine`: the board itself. Pins and buses come with the hardware that has them.

#[cfg(feature = "calendar")]
pub(crate) mod rtc;
#[cfg(feature = "signal")]
pub(crate) mod signal;

use crate::{device, table, time};
use octopy_vm::types::exception;
use octopy_vm::{Local, PyResult, Vm, module};

module! {
    /// The board.
    pub static MACHINE = machine (table::MACHINE) {
        __name__ = name (machine),
        PWRON_RESET = int (1),
        #[cfg(feature = "signal")]
        PinBase = value (signal::PIN_BASE.value()),
        #[cfg(feature = "calendar")]
        RTC = value (rtc::RTC.value()),
        #[cfg(feature = "signal")]
        Signal = value (signal::SIGNAL.value()),
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

/// How long `idle` waits at most, in microseconds.
const IDLE: u64 = 1000;

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
