//! `Attention`: what interrupts ask of the interpreter.
//!
//! An interrupt handler or a reader thread sets a flag; the interpreter looks at it on every
//! backward jump and call, which costs one relaxed load.

use core::sync::atomic::{AtomicU32, Ordering};

const INTERRUPT: u32 = 1;
const SERVICE: u32 = 2;
const WATCH: u32 = 4;

/// Requests raised outside the interpreter and answered by it.
#[derive(Debug)]
pub struct Attention {
    flags: AtomicU32,
    /// The byte that interrupts a program: 3 is Ctrl-C, 256 is none (`micropython.kbd_intr`).
    interrupt_byte: AtomicU32,
}

impl Default for Attention {
    fn default() -> Self {
        Self::new()
    }
}

impl Attention {
    /// Nothing pending; Ctrl-C does not interrupt until [`Attention::set_interrupt_byte`].
    pub const fn new() -> Self {
        Self { flags: AtomicU32::new(0), interrupt_byte: AtomicU32::new(256) }
    }

    /// Whether anything is pending. The interpreter's fast check.
    #[inline(always)]
    pub fn is_pending(&self) -> bool {
        self.flags.load(Ordering::Relaxed) != 0
    }

    /// Asks for a KeyboardInterrupt. Callable from an interrupt handler.
    pub fn raise_interrupt(&self) {
        self.flags.fetch_or(INTERRUPT, Ordering::Relaxed);
    }

    /// Whether a KeyboardInterrupt is asked for; it stays so until it is taken.
    #[inline(always)]
    pub fn is_interrupted(&self) -> bool {
        self.flags.load(Ordering::Relaxed) & INTERRUPT != 0
    }

    /// Takes a pending KeyboardInterrupt request.
    pub fn take_interrupt(&self) -> bool {
        self.flags.fetch_and(!INTERRUPT, Ordering::Relaxed) & INTERRUPT != 0
    }

    /// Asks for the interpreter's service function. Callable from an interrupt handler.
    pub fn raise_service(&self) {
        self.flags.fetch_or(SERVICE, Ordering::Relaxed);
    }

    /// Takes a pending request for the service function.
    pub fn take_service(&self) -> bool {
        self.flags.fetch_and(!SERVICE, Ordering::Relaxed) & SERVICE != 0
    }

    /// Asks that the VM's observer look at the heap. Callable from another thread.
    pub fn raise_watch(&self) {
        self.flags.fetch_or(WATCH, Ordering::Relaxed);
    }

    /// Takes a pending request for the observer.
    pub fn take_watch(&self) -> bool {
        self.flags.fetch_and(!WATCH, Ordering::Relaxed) & WATCH != 0
    }

    /// Sets the byte which, when received, interrupts the program; `None` switches that off.
    pub fn set_interrupt_byte(&self, byte: Option<u8>) {
        self.interrupt_byte.store(byte.map_or(256, u32::from), Ordering::Relaxed);
    }

    /// Called by the console's receiver for each byte: true if the byte was the interrupt byte
    /// and is now a pending KeyboardInterrupt instead of input.
    pub fn offer(&self, byte: u8) -> bool {
        let hit = self.interrupt_byte.load(Ordering::Relaxed) == u32::from(byte);
        if hit {
            self.raise_interrupt();
        }
        hit
    }
}
