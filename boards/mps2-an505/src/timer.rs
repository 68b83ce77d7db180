//! Time: a free-running clock and an alarm, on the two CMSDK timers.
//!
//! Nothing ticks. The clock interrupts once per wrap (every 214 s at 20 MHz) and the alarm only
//! when somebody sleeps until a time, so that an idle board executes nothing.

use crate::event;
use crate::interrupt::{self, Interrupt};
use crate::memory::FREQUENCY;
use crate::register::Register;
use core::cell::Cell;
use critical_section::Mutex;

/// A CMSDK timer: counts down from `reload` to zero, and again.
struct Timer {
    control: Register,
    value: Register,
    reload: Register,
    clear: Register,
}

const ENABLE: u32 = 1 << 0;
const INTERRUPT: u32 = 1 << 3;
const TICKS_PER_MICRO: u32 = FREQUENCY / 1_000_000;

const fn timer(base: u32) -> Timer {
    // SAFETY: the addresses are the registers of this chip's timers 0 and 1.
    unsafe {
        Timer {
            control: Register::at(base),
            value: Register::at(base + 0x4),
            reload: Register::at(base + 0x8),
            clear: Register::at(base + 0xc),
        }
    }
}

const CLOCK: Timer = timer(0x5000_0000);
const ALARM: Timer = timer(0x5000_1000);

/// The clock's last reading and how often it has wrapped.
static READING: Mutex<Cell<(u32, u32)>> = Mutex::new(Cell::new((0, 0)));

/// Starts the clock.
pub(crate) fn start() {
    CLOCK.control.write(0);
    CLOCK.reload.write(u32::MAX);
    CLOCK.value.write(u32::MAX);
    CLOCK.control.write(ENABLE | INTERRUPT);
    interrupt::enable(Interrupt::Clock);
    interrupt::enable(Interrupt::Alarm);
}

/// Ticks of the processor's clock since [`start`].
pub(crate) fn ticks() -> u64 {
    critical_section::with(|cs| {
        let cell = READING.borrow(cs);
        let (last, mut wraps) = cell.get();
        let now = !CLOCK.value.read();
        // At least one reading happens in every turn: the interrupt takes one.
        if now < last {
            wraps = wraps.wrapping_add(1);
        }
        cell.set((now, wraps));
        u64::from(wraps) << 32 | u64::from(now)
    })
}

/// Microseconds since [`start`].
pub(crate) fn micros() -> u64 {
    ticks() / u64::from(TICKS_PER_MICRO)
}

/// Sets the alarm, at most 100 s ahead: it signals an event once.
pub(crate) fn set_alarm(micros: u64) {
    let micros = micros.clamp(1, 100_000_000) as u32;
    ALARM.control.write(0);
    ALARM.reload.write(micros * TICKS_PER_MICRO);
    ALARM.value.write(micros * TICKS_PER_MICRO);
    ALARM.control.write(ENABLE | INTERRUPT);
}

/// Switches the alarm off.
pub(crate) fn stop_alarm() {
    ALARM.control.write(0);
    ALARM.clear.write(1);
}

/// Interrupt: the clock wrapped.
pub(crate) extern "C" fn clock_wrapped() {
    CLOCK.clear.write(1);
    ticks();
}

/// Interrupt: the alarm rang.
pub(crate) extern "C" fn alarm_rang() {
    stop_alarm();
    event::signal();
}
