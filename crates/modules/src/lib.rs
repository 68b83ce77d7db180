//! Everything that is reachable by name only: builtin functions and native modules.
//!
//! Reading order: `table.rs` (the registry), `builtins.rs`, then one module a file.
//! Absent on purpose: the types that the syntax can produce (crate `vm`), and hardware, which is
//! reached through `octopy_hal` only.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "array")]
mod array;
#[cfg(feature = "binascii")]
mod binascii;
mod builtins;
#[cfg(feature = "cmath")]
mod cmath;
mod collections;
mod device;
mod errno;
mod file;
mod gc;
#[cfg(feature = "hashlib")]
mod hashlib;
#[cfg(feature = "heapq")]
mod heapq;
pub mod importer;
mod io;
#[cfg(feature = "json")]
mod json;
mod kept;
mod keyword;
mod lost;
mod machine;
mod math;
pub mod micropython;
#[cfg(feature = "network")]
mod network;
mod os;
#[cfg(feature = "random")]
mod random;
#[cfg(feature = "re")]
mod re;
#[cfg(feature = "ring-io")]
mod ring_io;
#[cfg(feature = "select")]
mod select;
mod service;
#[cfg(feature = "network")]
mod socket;
mod stdio;
mod stream;
#[cfg(feature = "struct")]
mod struct_;
mod sys;
pub mod table;
mod time;
#[cfg(feature = "uctypes")]
mod uctypes;
#[cfg(feature = "weakref")]
mod weakref;

pub use builtins::BUILTINS as BUILTINS_TABLE;
pub use collections::named_tuple;
#[cfg(feature = "heap-map")]
pub use gc::HeapMap;
pub use importer::{compile_file, import_file};
pub use table::REGISTRY;

use octopy_vm::{PyResult, StateSlot, Table, Value, Vm};

/// The table of builtin functions and types.
pub const BUILTINS: &Table = &builtins::BUILTINS;

/// Connects a fresh VM with what this crate does for it.
pub fn install(vm: &mut Vm) {
    vm.set_importer(import_file);
    vm.set_module_hooks(sys::module_attr, sys::module_store);
    vm.service_hook = Some(service::serve);
}

/// Calls what `sys.atexit` was given, once.
pub fn run_at_exit(vm: &mut Vm) -> PyResult<()> {
    let callback = vm.state(StateSlot::AtExit)?;
    let look = vm.heap.get(callback);
    if look.is_null() || look.is_none() {
        return Ok(());
    }
    let none = vm.push(Value::NONE)?;
    vm.set_state(StateSlot::AtExit, none);
    vm.call(callback, &[])?;
    Ok(())
}
