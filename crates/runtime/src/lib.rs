//! The runtime: heap, VM, modules and REPL put together for a board.
//!
//! Boards depend on this crate and on `hal`, and on nothing else. [`Runtime::run_board`] is a
//! board's whole life; [`Script`] runs a program as MicroPython's unix command does.
#![no_std]
#![forbid(unsafe_code)]

mod board;
mod complete;
mod console;
mod input;
mod main_program;
mod runtime;
mod script;
mod session;
mod text_store;

pub use octopy_heap::{Heap, HeapConfig, RegionClass, RegionSpec, Space};
#[cfg(feature = "heap-map")]
pub use octopy_modules::HeapMap;
#[cfg(feature = "watch")]
pub use octopy_vm::Observer;
pub use octopy_vm::{PyResult, Vm};
pub use runtime::{Config, Runtime};
pub use script::{Exit, Program, Script};

/// Octopy's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The MicroPython version whose language and library this follows.
pub const MICROPYTHON: &str = "1.29.0";
/// The date in the banner; who releases a build sets it.
pub const BUILD_DATE: &str = match option_env!("OCTOPY_BUILD_DATE") {
    Some(date) => date,
    None => "2026-11-23",
};
