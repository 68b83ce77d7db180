//! Start-up: from the reset handler to the board's main function on its own stack.
//!
//! `cortex-m-rt` has initialised static data and the FPU and calls `main` on the handler stack.

use crate::{fault, mpu, stack};
use core::arch::naked_asm;

unsafe extern "Rust" {
    /// Defined by [`crate::board!`].
    safe fn octopy_board_main() -> !;
}

/// Called by `cortex-m-rt`'s reset handler, once.
#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    fault::enable();
    mpu::enable();
    let thread = stack::thread_stack().range();
    // SAFETY: the range is RAM set aside by the linker script for this stack, and nothing runs on
    // it yet.
    unsafe { paint(thread.start, thread.end) };
    // SAFETY: both limits lie below the stack that they guard, and the handler stack is the one in
    // use now. `run_on_thread_stack` gets the bounds of a stack that nothing else uses.
    unsafe {
        cortex_m::register::msplim::write(stack::handler_limit());
        run_on_thread_stack(thread.end, thread.start)
    }
}

/// Fills unused stack with a pattern, so that the deepest use can be told later.
///
/// # Safety
///
/// `from..to` must be RAM that nothing uses, both multiples of 4.
unsafe fn paint(from: u32, to: u32) {
    let mut at = from;
    while at < to {
        // SAFETY: by the contract of this function.
        unsafe { (at as *mut u32).write_volatile(stack::PAINT) };
        at += 4;
    }
}

extern "C" fn thread_main() -> ! {
    octopy_board_main()
}

/// Leaves the current stack to interrupt handlers and continues on another.
///
/// # Safety
///
/// `limit..top` must be RAM that nothing uses, `top` a multiple of 8.
#[unsafe(naked)]
unsafe extern "C" fn run_on_thread_stack(top: u32, limit: u32) -> ! {
    naked_asm!(
        "msr psplim, r1",
        "msr psp, r0",
        "mrs r0, control",
        "orr r0, r0, #2",
        "msr control, r0",
        "isb",
        "bl {thread_main}",
        "udf #0",
        thread_main = sym thread_main,
    )
}
