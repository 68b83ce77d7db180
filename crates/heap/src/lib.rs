//! The heap: regions, values, objects, roots and the collector.
//!
//! THE unsafe crate. A [`Value`] is one 32-bit word on every machine; a reference is an address in
//! a 4 GiB [`Space`] (the chip's own address map, or a range reserved on a PC). Objects move.
//!
//! The rule that keeps this sound: **`&Heap` looks and pokes; `&mut Heap` may move.** A [`Value`]
//! borrows the heap, so it cannot be held across an allocation; what must survive one is in a
//! [`Local`] (a slot of the value stack) or a [`Root`].
//!
//! ```
//! use octopy_heap::{Heap, Kind, Local, OutOfMemory};
//!
//! fn pair(heap: &mut Heap, item: Local) -> Result<Local, OutOfMemory> {
//!     let pair = heap.alloc(Kind::Tuple, 2)?;
//!     heap.poke(heap.get(pair), 0, heap.get(item));
//!     Ok(pair)
//! }
//! ```
//!
//! The wrong order, a look taken before the allocation and used after it, does not compile:
//!
//! ```compile_fail,E0502
//! use octopy_heap::{Heap, Kind, Local, OutOfMemory};
//!
//! fn pair(heap: &mut Heap, item: Local) -> Result<Local, OutOfMemory> {
//!     let look = heap.get(item);
//!     let pair = heap.alloc(Kind::Tuple, 2)?;
//!     heap.poke(heap.get(pair), 0, look);
//!     Ok(pair)
//! }
//! ```
//!
//! Nor do bytes, cells or a root's value outlive a collection:
//!
//! ```compile_fail,E0502
//! fn first(heap: &mut octopy_heap::Heap, buffer: octopy_heap::Local) -> u8 {
//!     let cells = heap.buffer(heap.get(buffer));
//!     heap.collect();
//!     cells[0].get()
//! }
//! ```
//!
//! ```compile_fail,E0502
//! fn kept(heap: &mut octopy_heap::Heap, root: &octopy_heap::Root) -> u32 {
//!     let value = root.get(heap);
//!     heap.collect();
//!     value.bits()
//! }
//! ```
//!
//! `raw.rs` and `space.rs` are the only files with `unsafe`.
//! Absent on purpose: everything Python. The heap knows layouts, not types.
#![no_std]
#![deny(unsafe_code)]

#[cfg(not(target_os = "none"))]
extern crate std;

mod alloc;
#[cfg(feature = "incremental")]
mod chart;
mod compact;
mod cycle;
mod dma;
mod generation;
mod growth;
mod heap;
#[cfg(feature = "weak")]
mod identity;
mod info;
mod join;
mod kind;
mod local;
mod log;
mod look;
mod map;
mod mark;
mod object;
mod pin;
mod place;
mod raw;
mod reader;
mod region;
mod remember;
mod resize;
mod root;
mod sabotage;
mod space;
mod span;
mod totals;
mod value;
mod verify;
mod walk;
#[cfg(feature = "weak")]
mod weak;

#[cfg(test)]
mod tests;

pub use alloc::{OutOfMemory, Place, Shortage};
pub use heap::{Heap, HeapConfig};
pub use info::{Counts, HeapInfo, RegionInfo, fragmentation};
pub use join::Refusal;
pub use kind::{Kind, Layout};
pub use local::{Any, Local};
pub use log::{LogEntry, Outcome};
pub use look::{Look, Window};
pub use map::{Block, Blocks};
pub(crate) use object::Header;
pub use object::{MAX_WORDS, object_size};
pub use pin::Pinned;
pub use reader::Reader;
pub use region::{MAX_REGIONS, RegionClass, RegionSpec};
pub use root::Root;
pub use space::Space;
#[cfg(feature = "totals")]
pub use totals::Totals;
pub use value::{Rom, Value};
pub use verify::VerifyError;
