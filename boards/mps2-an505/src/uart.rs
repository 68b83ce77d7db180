//! The console's UART (CMSDK), received by interrupt into a ring.
//!
//! The emulated UART has room for one byte and holds the sender back until it is read, so a full
//! ring loses nothing: the handler leaves the byte where it is. But then Ctrl-C could not get
//! through to a program that does not read. So, when a full ring has not been read for
//! [`STALL`] ticks, bytes are dropped, as the real board's receiver does, until somebody reads.

use crate::board::ATTENTION;
use crate::interrupt::{self, Interrupt};
use crate::memory::RECEIVE_CAPACITY;
use crate::register::Register;
use crate::ring::Ring;
use crate::{event, timer};
use core::sync::atomic::{AtomicBool, Ordering};
use octopy_hal::Console;

/// 400 ms of processor clock: how long a full ring may stay unread before bytes are dropped.
const STALL: u32 = 8_000_000;
/// How long a peer may refuse bytes before they are dropped.
const SEND_PATIENCE: u64 = 500_000;

const SEND_FULL: u32 = 1 << 0;
const RECEIVE_FULL: u32 = 1 << 1;

const SEND_ENABLE: u32 = 1 << 0;
const RECEIVE_ENABLE: u32 = 1 << 1;
const SEND_INTERRUPT: u32 = 1 << 2;
const RECEIVE_INTERRUPT: u32 = 1 << 3;

/// One UART's registers.
struct Port {
    data: Register,
    state: Register,
    control: Register,
    clear: Register,
    divider: Register,
}

const fn port(base: u32) -> Port {
    // SAFETY: the addresses are the registers of this chip's UARTs 0 and 1.
    unsafe {
        Port {
            data: Register::at(base),
            state: Register::at(base + 0x4),
            control: Register::at(base + 0x8),
            clear: Register::at(base + 0xc),
            divider: Register::at(base + 0x10),
        }
    }
}

const CONSOLE: Port = port(0x5020_0000);
const DIAGNOSTICS: Port = port(0x5020_1000);

/// What the divider must at least be.
const DIVIDER: u32 = 16;

static RECEIVED: Ring<RECEIVE_CAPACITY> = Ring::new();
/// Set when a full ring has not been read for long.
static DROPPING: AtomicBool = AtomicBool::new(false);

/// The console.
#[derive(Debug)]
pub(crate) struct Serial {
    /// The peer refused bytes for long; they are dropped until it takes one again.
    is_stuck: bool,
}

impl Serial {
    /// Starts the console's UART and its interrupts.
    pub(crate) fn start() -> Self {
        CONSOLE.divider.write(DIVIDER);
        CONSOLE.control.write(SEND_ENABLE | RECEIVE_ENABLE | RECEIVE_INTERRUPT);
        interrupt::enable(Interrupt::ConsoleReceive);
        interrupt::enable(Interrupt::ConsoleSend);
        Self { is_stuck: false }
    }

    /// Waits until the peer takes bytes again; false if it does not.
    fn wait_for_room(&mut self) -> bool {
        if self.is_stuck {
            return false;
        }
        let deadline = timer::micros().saturating_add(SEND_PATIENCE);
        while CONSOLE.state.read() & SEND_FULL != 0 {
            let now = timer::micros();
            if ATTENTION.is_pending() {
                return false;
            }
            if now >= deadline {
                self.is_stuck = true;
                return false;
            }
            timer::set_alarm(deadline - now);
            CONSOLE
                .control
                .write(SEND_ENABLE | RECEIVE_ENABLE | RECEIVE_INTERRUPT | SEND_INTERRUPT);
            if CONSOLE.state.read() & SEND_FULL != 0 {
                event::sleep();
            }
        }
        timer::stop_alarm();
        true
    }
}

impl Console for Serial {
    fn read(&mut self, buf: &mut [u8]) -> usize {
        let mut n = 0;
        for slot in buf {
            let Some(byte) = RECEIVED.pop() else { break };
            *slot = byte;
            n += 1;
        }
        if n > 0 {
            stop_stall_timer();
            DROPPING.store(false, Ordering::Relaxed);
            // A byte may have been left in the UART because there was no room.
            critical_section::with(|_| receive());
        }
        n
    }

    fn is_readable(&mut self) -> bool {
        RECEIVED.len() > 0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if CONSOLE.state.read() & SEND_FULL != 0 && !self.wait_for_room() {
                return;
            }
            self.is_stuck = false;
            CONSOLE.data.write(u32::from(*byte));
        }
    }

    fn receive_capacity(&self) -> usize {
        RECEIVE_CAPACITY
    }
}

/// The second channel: output only, never held back.
#[derive(Debug)]
pub(crate) struct Diagnostics;

impl Diagnostics {
    /// Starts its UART.
    pub(crate) fn start() -> Self {
        DIAGNOSTICS.divider.write(DIVIDER);
        DIAGNOSTICS.control.write(SEND_ENABLE);
        Self
    }
}

impl Console for Diagnostics {
    fn read(&mut self, _: &mut [u8]) -> usize {
        0
    }

    fn is_readable(&mut self) -> bool {
        false
    }

    fn write(&mut self, bytes: &[u8]) {
        send_polling(&DIAGNOSTICS, bytes);
    }

    fn receive_capacity(&self) -> usize {
        0
    }
}

/// Sends to the console without interrupts: for the fault report.
pub fn last_words(bytes: &[u8]) {
    CONSOLE.divider.write(DIVIDER);
    CONSOLE.control.write(CONSOLE.control.read() | SEND_ENABLE);
    send_polling(&CONSOLE, bytes);
}

/// Sends by polling; gives up on a peer that takes nothing.
fn send_polling(port: &Port, bytes: &[u8]) {
    for byte in bytes {
        let mut polls = 0;
        while port.state.read() & SEND_FULL != 0 {
            polls += 1;
            if polls > 100_000 {
                return;
            }
        }
        port.data.write(u32::from(*byte));
    }
}

/// Moves bytes from the UART into the ring, or leaves them there while it is full.
fn receive() {
    while CONSOLE.state.read() & RECEIVE_FULL != 0 {
        let dropping = DROPPING.load(Ordering::Relaxed);
        if RECEIVED.is_full() && !dropping {
            start_stall_timer();
            return;
        }
        let byte = CONSOLE.data.read() as u8;
        if !ATTENTION.offer(byte) {
            RECEIVED.push(byte);
        }
        event::signal();
    }
}

/// Interrupt: a byte has come.
pub(crate) extern "C" fn received() {
    CONSOLE.clear.write(RECEIVE_FULL);
    receive();
}

/// Interrupt: there is room for a byte to send.
pub(crate) extern "C" fn sent() {
    CONSOLE.control.write(SEND_ENABLE | RECEIVE_ENABLE | RECEIVE_INTERRUPT);
    CONSOLE.clear.write(SEND_FULL);
    event::signal();
}

// SAFETY: the core's own SysTick timer, which only this file uses.
const SYSTICK_CONTROL: Register = unsafe { Register::at(0xe000_e010) };
// SAFETY: as above.
const SYSTICK_RELOAD: Register = unsafe { Register::at(0xe000_e014) };
// SAFETY: as above.
const SYSTICK_VALUE: Register = unsafe { Register::at(0xe000_e018) };

fn start_stall_timer() {
    SYSTICK_RELOAD.write(STALL);
    SYSTICK_VALUE.write(0);
    SYSTICK_CONTROL.write(0b111);
}

fn stop_stall_timer() {
    SYSTICK_CONTROL.write(0);
}

/// Interrupt: the ring has been full and unread for long.
#[unsafe(no_mangle)]
extern "C" fn SysTick() {
    stop_stall_timer();
    if RECEIVED.is_full() {
        DROPPING.store(true, Ordering::Relaxed);
        receive();
    }
}
