//! Semihosting: exit code and command line, where an emulator or debugger listens.
//!
//! Without a listener the breakpoint instruction is a fault; the fault handler then skips the call
//! and it returns [`ABSENT`], so that the same image runs with and without a listener.

use core::arch::naked_asm;
use core::sync::atomic::{AtomicBool, Ordering};

/// What a call returns when nobody listens.
const ABSENT: u32 = u32::MAX;

const SYS_ERRNO: u32 = 0x13;
const SYS_GET_CMDLINE: u32 = 0x15;
const SYS_EXIT_EXTENDED: u32 = 0x20;
/// The reason "application exit", which carries an exit code.
const APPLICATION_EXIT: u32 = 0x20026;

static PRESENT: AtomicBool = AtomicBool::new(false);

/// Asks whether somebody listens. Called once at start-up: inside a fault handler the question
/// itself would be a second fault.
pub(crate) fn detect() {
    let nothing = [0u32; 1];
    // SAFETY: SYS_ERRNO takes no arguments and changes nothing.
    let errno = unsafe { octopy_semihosting_call(SYS_ERRNO, nothing.as_ptr()) };
    PRESENT.store(errno != ABSENT, Ordering::Relaxed);
}

/// Whether somebody listens.
pub fn is_present() -> bool {
    PRESENT.load(Ordering::Relaxed)
}

/// Ends the emulator with `code` as its exit code; returns where nobody listens.
pub fn exit(code: u32) {
    let block = [APPLICATION_EXIT, code];
    // SAFETY: SYS_EXIT_EXTENDED reads two words, which live until the call returns.
    unsafe { call(SYS_EXIT_EXTENDED, block.as_ptr()) };
}

/// The emulator's command line (program and arguments) in `buf`; empty where nobody listens.
pub fn command_line(buf: &mut [u8]) -> &str {
    let mut block = [buf.as_mut_ptr() as u32, buf.len() as u32];
    // SAFETY: SYS_GET_CMDLINE writes at most `buf.len()` bytes to `buf` and the length to the
    // block; both outlive the call.
    let failed = unsafe { call(SYS_GET_CMDLINE, block.as_mut_ptr()) };
    let len = if failed == 0 { block[1] as usize } else { 0 };
    buf.get(..len).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or("")
}

/// One semihosting call.
///
/// # Safety
///
/// `block` must be what the operation `op` expects, valid until the call returns.
unsafe fn call(op: u32, block: *const u32) -> u32 {
    if !is_present() {
        return ABSENT;
    }
    // SAFETY: passed on to the caller of this function.
    unsafe { octopy_semihosting_call(op, block) }
}

#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn octopy_semihosting_call(op: u32, block: *const u32) -> u32 {
    naked_asm!(
        ".global octopy_semihosting_point",
        ".global octopy_semihosting_absent",
        "octopy_semihosting_point:",
        "bkpt 0xab",
        "bx lr",
        "octopy_semihosting_absent:",
        "mov.w r0, #-1",
        "bx lr",
    )
}
