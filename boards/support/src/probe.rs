//! Touching memory that may not be there.
//!
//! A load from an address that nothing answers is a bus fault. The fault handler knows the one
//! instruction that may cause it here and continues behind it.

use core::arch::naked_asm;
use octopy_hal::ram::{self, Cells};

/// Reads the word at `address`, or `None` where nothing answers.
///
/// The address must be a multiple of 4 and must not be a device register whose reading has an
/// effect.
pub fn word(address: u32) -> Option<u32> {
    let mut value = 0;
    // SAFETY: the callee reads one word, survives its absence, and writes only to `value`.
    let present = unsafe { octopy_probe_word(address & !3, &raw mut value) };
    (present != 0).then_some(value)
}

/// How many bytes from `base` on are RAM, up to `size`; their contents stay as they were. See
/// [`ram::usable`].
///
/// # Safety
///
/// The range must be either RAM that nothing else uses now, or not answer at all.
pub unsafe fn ram(base: u32, size: u32) -> u32 {
    ram::usable(&mut Chip { base }, size)
}

/// Memory that `ram` was told it may use.
struct Chip {
    base: u32,
}

impl Cells for Chip {
    fn load(&self, offset: u32) -> Option<u32> {
        word(self.base + offset)
    }

    fn store(&mut self, offset: u32, word: u32) {
        // SAFETY: the word has answered, so it is RAM, which the caller of `ram` lets us use.
        unsafe { ((self.base + offset) as *mut u32).write_volatile(word) };
    }
}

#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn octopy_probe_word(address: u32, out: *mut u32) -> u32 {
    naked_asm!(
        ".global octopy_probe_point",
        ".global octopy_probe_absent",
        "octopy_probe_point:",
        "ldr r2, [r0]",
        "str r2, [r1]",
        "movs r0, #1",
        "bx lr",
        "octopy_probe_absent:",
        "movs r0, #0",
        "bx lr",
    )
}
