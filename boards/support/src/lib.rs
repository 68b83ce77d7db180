//! What every Cortex-M board shares: start-up, fault report, stack limits.
//!
//! A board names its main function and its last words with [`board!`]; everything else links
//! itself in. Boards may use `unsafe`, each time with its reason; crates above them may not.
//!
//! Absent on purpose: drivers. A chip's devices belong to its own board or chip crate.
#![no_std]

// The reset handler and the vector table live there and nobody calls them by name.
use cortex_m_rt as _;

pub mod fault;
mod mpu;
mod panic;
pub mod probe;
pub mod report;
pub mod semihosting;
mod stack;
mod start;

pub use stack::{Stack, thread_stack};

/// Names a board's main function and its emergency output.
///
/// `main` is a `fn() -> !`, run on the thread stack with its limit set. `last_words` is a
/// `fn(&[u8])` that sends bytes to the console without interrupts or allocation: the fault report
/// uses it when nothing else can be trusted any more.
#[macro_export]
macro_rules! board {
    (main = $main:path, last_words = $last_words:path $(,)?) => {
        /// The board's main function, under the name that the start-up code calls.
        #[unsafe(no_mangle)]
        fn octopy_board_main() -> ! {
            let main: fn() -> ! = $main;
            main()
        }

        /// The board's emergency output, under the name that the fault report calls.
        #[unsafe(no_mangle)]
        fn octopy_board_last_words(bytes: &[u8]) {
            let last_words: fn(&[u8]) = $last_words;
            last_words(bytes)
        }
    };
}
