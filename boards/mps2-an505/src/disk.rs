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
        let span = self.span(offset, buf.len())?;
        buf.copy_from_slice(span);
        Ok(())
    }

    fn program(&mut self, offset: u32, data: &[u8]) -> Result<(), Errno> {
        let whole = DISK_PROGRAM_SIZE as usize;
        if offset as usize % whole != 0 || data.len() % whole != 0 {
            return Err(Errno::INVAL);
        }
        for (cell, byte) in self.span(offset, data.len())?.iter_mut().zip(data) {
            *cell &= byte;
        }
        Ok(())
    }

    fn erase(&mut self, offset: u32, len: u32) -> Result<(), Errno> {
        if offset % DISK_ERASE_SIZE != 0 || len % DISK_ERASE_SIZE != 0 {
            return Err(Errno::INVAL);
        }
        self.span(offset, len as usize)?.fill(0xff);
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Errno> {
        Ok(())
    }
}
