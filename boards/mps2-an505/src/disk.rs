//! The RAM disk: the upper half of the PSRAM as a flash chip.
//!
//! It behaves as NOR flash does, so that code which works here works on the real chip: erasing
//! sets bits, programming only clears them. It keeps its contents over a reset, and the emulator
//! can fill it from an image file.

use crate::memory::{DISK_ERASE_SIZE, DISK_PROGRAM_SIZE, DISK_SIZE};
use core::cell::Cell;
use octopy_hal::{Errno, Flash};

/// The disk and its memory.
#[derive(Debug, Clone)]
pub(crate) struct RamDisk {
    /// Shared between the file system and those who want the raw device.
    bytes: &'static [Cell<u8>],
}

impl RamDisk {
    /// A disk on `bytes`, with whatever they hold.
    pub(crate) fn new(bytes: &'static [Cell<u8>]) -> Self {
        Self { bytes }
    }

    /// Whether this is memory that was just powered on: nothing but zeros where every file system
    /// begins. (A flash chip would come erased.)
    pub(crate) fn is_new(&self) -> bool {
        let start = self.bytes.get(..2 * DISK_ERASE_SIZE as usize).unwrap_or(&[]);
        start.iter().all(|cell| cell.get() == 0)
    }

    fn span(&self, offset: u32, len: usize) -> Result<&'static [Cell<u8>], Errno> {
        let start = offset as usize;
        let end = start.checked_add(len).ok_or(Errno::INVAL)?;
        self.bytes.get(start..end).ok_or(Errno::INVAL)
    }
}

impl Flash for RamDisk {
    fn size(&self) -> u32 {
        DISK_SIZE
    }

    fn erase_size(&self) -> u32 {
        DISK_ERASE_SIZE
    }

    fn program_size(&self) -> u32 {
        DISK_PROGRAM_SIZE
    }

    fn read(&mut self, offset: u32, buf: &mut [u8]) -> Result<(), Errno> {
        let cells = self.span(offset, buf.len())?;
        for (byte, cell) in buf.iter_mut().zip(cells) {
            *byte = cell.get();
        }
        Ok(())
    }

    fn program(&mut self, offset: u32, data: &[u8]) -> Result<(), Errno> {
        let whole = DISK_PROGRAM_SIZE as usize;
        if !(offset as usize).is_multiple_of(whole) || !data.len().is_multiple_of(whole) {
            return Err(Errno::INVAL);
        }
        for (cell, byte) in self.span(offset, data.len())?.iter().zip(data) {
            cell.set(cell.get() & byte);
        }
        Ok(())
    }

    fn erase(&mut self, offset: u32, len: u32) -> Result<(), Errno> {
        if !offset.is_multiple_of(DISK_ERASE_SIZE) || !len.is_multiple_of(DISK_ERASE_SIZE) {
            return Err(Errno::INVAL);
        }
        for cell in self.span(offset, len as usize)? {
            cell.set(0xff);
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Errno> {
        Ok(())
    }
}
