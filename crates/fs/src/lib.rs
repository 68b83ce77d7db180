//! Files and directories: paths, the mount table and littlefs on flash.
//!
//! `LittleFs` puts the on-disk format that MicroPython uses onto any [`octopy_hal::Flash`].
//! Nothing here allocates: paths are put into the caller's buffers, and a mounted littlefs with its
//! open files is one struct of about 4 KB.
//! Absent on purpose: FAT, and anything that knows Python objects.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(any(test, feature = "testing"))]
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
