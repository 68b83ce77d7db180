//! Touching memory that may not be there.
//!
//! A load from an address that nothing answers is a bus fault. The fault handler knows the one
//! instruction that may cause it here and continues behind it.

use core::arch::naked_asm;

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

/// Checks that `base..base + size` is RAM with as many cells as it claims, and leaves its contents
/// as they were. Touches a word at each power of two: enough to find a chip that is absent, that
/// has a stuck or swapped address or data line, or that is smaller than expected.
///
/// # Safety
///
/// The range must be either RAM that nothing else uses now, or not answer at all.
pub unsafe fn ram(base: u32, size: u32) -> bool {
    let offsets =
        || core::iter::once(0).chain((2..32).map(|bit| 1u32 << bit)).take_while(move |o| *o < size);
    let mut saved = [0u32; 32];
    for (offset, slot) in offsets().zip(&mut saved) {
        match word(base + offset) {
            Some(value) => *slot = value,
            None => return false,
        }
    }
    let mut good = true;
    for pattern in [0x5555_5555, 0xaaaa_aaaa] {
        for offset in offsets() {
            // SAFETY: the word answered above, so it is RAM, which the caller lets us use.
            unsafe { ((base + offset) as *mut u32).write_volatile(pattern ^ offset) };
        }
        good &= offsets().all(|offset| word(base + offset) == Some(pattern ^ offset));
    }
    for (offset, value) in offsets().zip(saved) {
        // SAFETY: as above.
        unsafe { ((base + offset) as *mut u32).write_volatile(value) };
    }
    good
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
