//! Files and directories: paths, the mount table and littlefs on flash.
//!
//! `path` and `mounts` are pure `core`.
//! `littlefs` puts the on-disk format that MicroPython uses onto any [`octopy_hal::Flash`];
//! it is the one place of the product that needs `alloc`, because the engine below it keeps its
//! caches in boxes.
//! Absent on purpose: FAT, and anything that knows Python objects.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod id_table;
mod littlefs;
mod mounts;
mod path;
#[cfg(any(test, feature = "testing"))]
mod ram_flash;

pub use littlefs::{LittleFs, MountError};
pub use mounts::{MOUNTS_MAX, Mounted, Mounts, Place};
pub use path::{PATH_MAX, base_name, normalise};
#[cfg(any(test, feature = "testing"))]
pub use ram_flash::{RamFlash, Wound};
