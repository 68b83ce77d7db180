//! The heap: regions, values, objects, roots and the collector.
//!
//! THE unsafe crate. A [`Value`] is one 32-bit word on every machine; a reference is an address in
//! a 4 GiB [`Space`] (the chip's own address map, or a range reserved on a PC). Objects move.
//!
//! The rule that keeps this sound: **`&Heap` looks and pokes; `&mut Heap` may move.** A [`Value`]
//! borrows the heap, so it cannot be held across an allocation; what must survive one is in a
//! [`Local`] (a slot of the value stack) or a [`Root`].
//!
//! `raw.rs` and `space.rs` are the only files with `unsafe`.
//! Absent on purpose: everything Python. The heap knows layouts, not types.
#![no_std]
#![deny(unsafe_code)]

#[cfg(any(test, feature = "reserve"))]
extern crate std;

mod alloc;
mod compact;
mod heap;
mod info;
mod kind;
mod local;
mod log;
mod mark;
mod object;
mod pin;
mod raw;
mod region;
mod resize;
mod root;
mod space;
mod value;
mod verify;

#[cfg(test)]
mod tests;

pub use alloc::{OutOfMemory, Place};
pub use heap::{Heap, HeapConfig};
pub use info::{HeapInfo, RegionInfo};
pub use kind::{Kind, Layout};
pub use local::{Any, Local};
pub use log::{LogEntry, Outcome};
pub(crate) use object::Header;
pub use object::{MAX_WORDS, object_size};
pub use pin::Pinned;
pub use region::{MAX_REGIONS, RegionClass, RegionSpec};
pub use root::Root;
pub use space::Space;
pub use value::{Rom, Value};
pub use verify::VerifyError;
