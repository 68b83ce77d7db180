//! The interrupt table: which device calls which handler.

use crate::{timer, uart};
use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use octopy_board_support::fault;

/// The interrupts that this board uses, by number.
#[derive(Debug, Clone, Copy)]
#[repr(u16)]
pub(crate) enum Interrupt {
    /// The free-running clock wrapped around.
    Clock = 3,
    /// The alarm rang.
    Alarm = 4,
    /// The console received a byte.
    ConsoleReceive = 32,
    /// The console sent a byte.
    ConsoleSend = 33,
}

const COUNT: usize = 34;

// SAFETY: the numbers are those of the chip and do not change.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self as u16
    }
}

/// Lets an interrupt through.
pub(crate) fn enable(interrupt: Interrupt) {
    // SAFETY: the handlers share data with the program only through atomics and critical
    // sections of their own, none of which is open here.
    unsafe { NVIC::unmask(interrupt) }
}

extern "C" fn unexpected() {
    fault::unexpected()
}

/// The part of the vector table behind the core's own exceptions; found by the linker script.
#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(no_mangle)]
static __INTERRUPTS: [extern "C" fn(); COUNT] = {
    let mut table: [extern "C" fn(); COUNT] = [unexpected; COUNT];
    table[Interrupt::Clock as usize] = timer::clock_wrapped;
    table[Interrupt::Alarm as usize] = timer::alarm_rang;
    table[Interrupt::ConsoleReceive as usize] = uart::received;
    table[Interrupt::ConsoleSend as usize] = uart::sent;
    table
};
