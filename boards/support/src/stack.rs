//! The thread stack: its bounds, and how much of it was ever used.
//!
//! Interrupt handlers run on a small stack of their own, so that a program's stack overflow still
//! leaves room to report it. The processor checks the thread stack's limit at every push.

use core::ops::Range;

/// What unused stack is filled with at start-up.
pub(crate) const PAINT: u32 = 0xa5a5_a5a5;

unsafe extern "C" {
    static _octopy_thread_stack_start: u32;
    static _octopy_thread_stack_end: u32;
    static _octopy_handler_stack_end: u32;
}

/// The stack that the interpreter runs on.
#[derive(Debug, Clone, Copy)]
pub struct Stack {
    /// Lowest address and the address behind the highest. The stack grows downwards.
    top: u32,
    end: u32,
}

/// The thread stack of this board.
pub fn thread_stack() -> Stack {
    Stack {
        top: (&raw const _octopy_thread_stack_start) as u32,
        end: (&raw const _octopy_thread_stack_end) as u32,
    }
}

/// The lowest address that the handler stack may reach.
pub(crate) fn handler_limit() -> u32 {
    (&raw const _octopy_handler_stack_end) as u32
}

impl Stack {
    /// Its addresses.
    pub fn range(self) -> Range<u32> {
        self.end..self.top
    }

    /// Bytes in all.
    pub fn size(self) -> u32 {
        self.top - self.end
    }

    /// Bytes between the caller's frame and the limit.
    pub fn remaining(self) -> u32 {
        let here = 0u8;
        ((&raw const here) as u32).saturating_sub(self.end)
    }

    /// Bytes that were in use at the deepest moment since start-up.
    pub fn deepest(self) -> u32 {
        let mut at = self.end;
        // SAFETY: the addresses between `end` and `top` are RAM that belongs to this stack alone;
        // reading words of it is harmless, whatever they hold.
        while at < self.top && unsafe { (at as *const u32).read_volatile() } == PAINT {
            at += 4;
        }
        self.top - at
    }
}
