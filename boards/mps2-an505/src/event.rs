//! The event flag: what makes `Board::wait` return.
//!
//! Interrupt handlers set it. A waiter that finds it set does not sleep, so that nothing which
//! happens between a check and the sleep is lost.

use core::sync::atomic::{AtomicBool, Ordering};

static HAPPENED: AtomicBool = AtomicBool::new(false);

/// Something happened. Called by interrupt handlers.
pub(crate) fn signal() {
    HAPPENED.store(true, Ordering::Release);
}

/// Sleeps until something happens, or has happened since the last call, or an interrupt of any
/// kind comes.
pub(crate) fn sleep() {
    // Interrupts are held back between the check and the sleep; a pending one still wakes.
    critical_section::with(|_| {
        if !HAPPENED.load(Ordering::Acquire) {
            cortex_m::asm::wfi();
        }
    });
    // Whatever was signalled up to here, the caller sees when it looks after this call.
    HAPPENED.store(false, Ordering::Release);
}
