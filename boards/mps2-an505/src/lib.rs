//! The mps2-an505 board: QEMU's Cortex-M33 with a UART, timers and two memories.
//!
//! A library, so that the firmware and the self-test share the drivers. Everything is addressed
//! through the Secure aliases, because the processor starts in the Secure state and stays there.
#![no_std]

mod board;
mod disk;
mod entropy;
mod event;
mod interrupt;
pub mod memory;
mod register;
mod ring;
mod timer;
mod uart;

pub use board::An505;
pub use uart::last_words;
