//! `Pen`: writes into one block from front to back, in whole program units.

use octopy_hal::{Errno, Flash};

use super::disk::{CACHE, CORRUPT, Disk};

#[derive(Debug, Clone)]
pub(super) struct Pen {
    pub(super) block: u32,
    /// Where the next byte goes.
    pub(super) off: u32,
    /// The offset of the first byte that is not yet programmed; a multiple of the unit.
    start: u32,
    /// The bytes from `start`.
    pub(super) buf: [u8; CACHE],
}

impl Pen {
    /// Starts at `off`, which is a multiple of the unit.
    pub(super) const fn new(block: u32, off: u32) -> Self {
        Self { block, off, start: off, buf: [0; CACHE] }
    }

    /// Starts over elsewhere.
    pub(super) fn place(&mut self, block: u32, off: u32) {
        (self.block, self.off, self.start) = (block, off, off);
    }

    pub(super) fn put<F: Flash>(&mut self, disk: &mut Disk<F>, data: &[u8]) -> Result<(), Errno> {
        let mut rest = data;
        while !rest.is_empty() {
            // Fill up to the end of the cache line, so that programs after the first are aligned.
            let line_end = self.off - self.off % CACHE as u32 + CACHE as u32;
            let len = rest.len().min((line_end - self.off) as usize);
            let (part, after) = rest.split_at(len);
            let at = (self.off - self.start) as usize;
            self.buf.get_mut(at..at + len).ok_or(CORRUPT)?.copy_from_slice(part);
            self.off += len as u32;
            rest = after;
            if self.off == line_end {
                self.flush(disk)?;
            }
        }
        Ok(())
    }

    /// Programs what is left, padded to a whole unit; nothing more can be put before it.
    pub(super) fn flush<F: Flash>(&mut self, disk: &mut Disk<F>) -> Result<(), Errno> {
        let have = (self.off - self.start) as usize;
        if have == 0 {
            return Ok(());
        }
        let padded = disk.round_up(have as u32) as usize;
        self.buf.get_mut(have..padded).ok_or(CORRUPT)?.fill(0xff);
        let data = self.buf.get(..padded).ok_or(CORRUPT)?;
        disk.program(self.block, self.start, data)?;
        self.start += padded as u32;
        Ok(())
    }
}
