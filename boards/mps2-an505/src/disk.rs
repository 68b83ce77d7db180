//! The RAM disk: the upper half of the PSRAM as a flash chip.
//!
//! It behaves as NOR flash does, so that code which works here works on the real chip: erasing
//! sets bits, programming only clears them. It keeps its contents over a reset, and the emulator
//! can fill it from an image file.

use crate::memory::{DISK_ERASE_SIZE, DISK_PROGRAM_SIZE, DISK_SIZE};
use octopy_hal::{Errno, Flash};

/// The disk and its memory.
#[derive(Debug)]
pub(crate) struct RamDisk {
    bytes: &'static mut [u8],
}

impl RamDisk {
    /// A disk on `bytes`, with whatever they hold.
    pub(crate) fn new(bytes: &'static mut [u8]) -> Self {
        Self { bytes }
    }

    /// Whether this is memory that was just powered on: nothing but zeros where every file system
    /// begins. (A flash chip would come erased.)
    pub(crate) fn is_new(&self) -> bool {
        let start = self.bytes.get(..2 * DISK_ERASE_SIZE as usize).unwrap_or(&[]);
        start.iter().all(|cell| *cell == 0)
    }

    fn span(&mut self, offset: u32, len: usize) -> Result<&mut [u8], Errno> {
        let start = offset as usize;
        let end = start.checked_add(len).ok_or(Errno::INVAL)?;
        self.bytes.get_mut(start..end).ok_or(Errno::INVAL)
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
        buf.copy_from_slice(self.span(offset, buf.len())?);
        Ok(())
    }

    fn program(&mut self, offset: u32, data: &[u8]) -> Result<(), Errno> {
        let whole = DISK_PROGRAM_SIZE as usize;
        if !(offset as usize).is_multiple_of(whole) || !data.len().is_multiple_of(whole) {
            return Err(Errno::INVAL);
        }
        for (cell, byte) in self.span(offset, data.len())?.iter_mut().zip(data) {
            *cell &= byte;
        }
        Ok(())
    }

    fn erase(&mut self, offset: u32, len: u32) -> Result<(), Errno> {
        if !offset.is_multiple_of(DISK_ERASE_SIZE) || !len.is_multiple_of(DISK_ERASE_SIZE) {
            return Err(Errno::INVAL);
        }
        self.span(offset, len as usize)?.fill(0xff);
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Errno> {
        Ok(())
    }
}
