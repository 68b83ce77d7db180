//! `Disk`: the flash in blocks, with one read cache.
//!
//! A block number or an offset may come from a damaged image, so every access is checked here and
//! nowhere else; one outside of the device is [`CORRUPT`].

use core::cmp::Ordering;

use octopy_hal::{Errno, Flash};

use super::MountError;
use super::crc::crc;

/// littlefs' own error number for a damaged structure, which MicroPython passes on.
pub(super) const CORRUPT: Errno = Errno::new(84);
/// Bytes of a cache: MicroPython's four program units of 32.
pub(super) const CACHE: usize = 128;
/// MicroPython's program size; every commit ends at a multiple of it.
const UNIT: u32 = 32;

#[derive(Debug)]
pub(super) struct Disk<F> {
    pub(super) flash: F,
    pub(super) block_size: u32,
    pub(super) blocks: u32,
    /// Programs start at and are multiples of this.
    pub(super) unit: u32,
    /// A number that differs between contents: the checksums that were seen.
    pub(super) seed: u32,
    cache: [u8; CACHE],
    /// Block and offset of what is cached.
    cached: Option<(u32, u32)>,
}

impl<F: Flash> Disk<F> {
    pub(super) fn new(flash: F) -> Self {
        let block_size = flash.erase_size();
        Self {
            blocks: flash.size().checked_div(block_size).unwrap_or(0),
            block_size,
            unit: flash.program_size().max(UNIT),
            flash,
            seed: 0,
            cache: [0; CACHE],
            cached: None,
        }
    }

    /// Checks that littlefs can live on this device.
    pub(super) fn check(&self) -> Result<(), MountError> {
        let cache = CACHE as u32;
        let fits = self.blocks >= 2
            && self.block_size >= cache
            && self.block_size.is_multiple_of(cache)
            && self.unit.is_multiple_of(self.flash.program_size())
            && cache.is_multiple_of(self.unit);
        if fits { Ok(()) } else { Err(MountError::Geometry) }
    }

    /// The device's address of a range within a block.
    fn address(&self, block: u32, off: u32, len: usize) -> Result<u32, Errno> {
        let end = u64::from(off) + len as u64;
        if block >= self.blocks || end > u64::from(self.block_size) {
            return Err(CORRUPT);
        }
        Ok(block * self.block_size + off)
    }

    // SIZE: these are called everywhere; inlined, the file system is half as big again.
    #[inline(never)]
    pub(super) fn read(&mut self, block: u32, off: u32, buf: &mut [u8]) -> Result<(), Errno> {
        let address = self.address(block, off, buf.len())?;
        if buf.len() >= CACHE {
            return self.flash.read(address, buf);
        }
        let (mut off, mut rest) = (off, buf);
        while !rest.is_empty() {
            let line = off - off % CACHE as u32;
            if self.cached != Some((block, line)) {
                let address = self.address(block, line, CACHE)?;
                self.cached = None;
                self.flash.read(address, &mut self.cache)?;
                self.cached = Some((block, line));
            }
            let have = self.cache.get((off - line) as usize..).unwrap_or(&[]);
            let len = have.len().min(rest.len());
            let (part, after) = rest.split_at_mut(len);
            part.copy_from_slice(have.get(..len).ok_or(CORRUPT)?);
            rest = after;
            off += len as u32;
        }
        Ok(())
    }

    /// Reads a little-endian word.
    #[inline(never)]
    pub(super) fn word(&mut self, block: u32, off: u32) -> Result<u32, Errno> {
        let mut bytes = [0; 4];
        self.read(block, off, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Reads two little-endian words.
    pub(super) fn two_words(&mut self, block: u32, off: u32) -> Result<[u32; 2], Errno> {
        Ok([self.word(block, off)?, self.word(block, off.saturating_add(4))?])
    }

    /// Goes on with a checksum over a range.
    #[inline(never)]
    pub(super) fn crc(&mut self, block: u32, off: u32, len: u32, start: u32) -> Result<u32, Errno> {
        let mut sum = start;
        let mut buf = [0; 32];
        let mut done = 0;
        while done < len {
            let step = (len - done).min(buf.len() as u32);
            let part = buf.get_mut(..step as usize).unwrap_or(&mut []);
            self.read(block, off.saturating_add(done), part)?;
            sum = crc(sum, part);
            done += step;
        }
        Ok(sum)
    }

    /// Compares a range with `bytes`.
    pub(super) fn compare(
        &mut self,
        block: u32,
        off: u32,
        bytes: &[u8],
    ) -> Result<Ordering, Errno> {
        let mut buf = [0; 32];
        let mut at = off;
        for part in bytes.chunks(buf.len()) {
            let have = buf.get_mut(..part.len()).unwrap_or(&mut []);
            self.read(block, at, have)?;
            match (*have).cmp(part) {
                Ordering::Equal => {}
                other => return Ok(other),
            }
            at = at.saturating_add(part.len() as u32);
        }
        Ok(Ordering::Equal)
    }

    /// `off`, or the next program unit after it.
    pub(super) fn round_up(&self, off: u32) -> u32 {
        // The unit divides the cache, so it is a power of two.
        let mask = self.unit.wrapping_sub(1);
        off.saturating_add(mask) & !mask
    }

    /// Programs and reads back; [`CORRUPT`] if the flash did not take it.
    #[inline(never)]
    pub(super) fn program(&mut self, block: u32, off: u32, data: &[u8]) -> Result<(), Errno> {
        let address = self.address(block, off, data.len())?;
        self.cached = None;
        self.flash.program(address, data)?;
        match self.compare(block, off, data)? {
            Ordering::Equal => Ok(()),
            _ => Err(CORRUPT),
        }
    }

    pub(super) fn erase(&mut self, block: u32) -> Result<(), Errno> {
        let address = self.address(block, 0, 0)?;
        self.cached = None;
        self.flash.erase(address, self.block_size)
    }
}
