//! `RamFlash`: a flash in memory that behaves as badly as a real one.
//!
//! Programming a byte that is not erased, or not at a multiple of the program size, is an error and
//! is counted. Power can be cut at any program or erase operation, cleanly or in its middle.

use alloc::vec;
use alloc::vec::Vec;

use octopy_hal::{Errno, Flash};

/// What the operation during which power fails leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wound {
    /// Nothing of it happened.
    Lost,
    /// The first half of it happened.
    Torn,
    /// It happened, and was the last one.
    Done,
}

/// A flash device in memory.
#[derive(Debug, Clone)]
pub struct RamFlash {
    bytes: Vec<u8>,
    erase_size: u32,
    program_size: u32,
    /// Program and erase operations that were carried out.
    operations: u64,
    /// Operations that broke a rule of the device.
    violations: u64,
    /// At which operation power fails, and how.
    cut: Option<(u64, Wound)>,
}

impl RamFlash {
    /// An erased device.
    pub fn new(blocks: u32, erase_size: u32, program_size: u32) -> Self {
        Self::from_bytes(vec![0xff; (blocks * erase_size) as usize], erase_size, program_size)
    }

    /// A device with this content.
    pub fn from_bytes(bytes: Vec<u8>, erase_size: u32, program_size: u32) -> Self {
        Self { bytes, erase_size, program_size, operations: 0, violations: 0, cut: None }
    }

    /// The content.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content, to be damaged.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Program and erase operations so far.
    pub fn operations(&self) -> u64 {
        self.operations
    }

    /// How often a rule of the device was broken.
    pub fn violations(&self) -> u64 {
        self.violations
    }

    /// Cuts power at the operation after the next `after` ones.
    pub fn cut_power(&mut self, after: u64, wound: Wound) {
        self.cut = Some((self.operations + after, wound));
    }

    /// Power is back.
    pub fn restore_power(&mut self) {
        self.cut = None;
    }

    /// True once power has failed.
    pub fn is_dead(&self) -> bool {
        self.cut.is_some_and(|(at, _)| self.operations > at)
    }

    /// How many of an operation's `len` bytes still happen.
    fn admit(&mut self, len: usize) -> Result<usize, Errno> {
        if self.is_dead() {
            return Err(Errno::IO);
        }
        self.operations += 1;
        Ok(match self.cut {
            Some((at, wound)) if self.operations > at => match wound {
                Wound::Lost => 0,
                Wound::Torn => len / 2,
                Wound::Done => len,
            },
            _ => len,
        })
    }

    fn finish(&self) -> Result<(), Errno> {
        if self.is_dead() { Err(Errno::IO) } else { Ok(()) }
    }

    fn range(
        &mut self,
        offset: u32,
        len: usize,
        unit: u32,
    ) -> Result<core::ops::Range<usize>, Errno> {
        let start = offset as usize;
        let aligned = offset.is_multiple_of(unit) && len.is_multiple_of(unit as usize);
        if !aligned || start + len > self.bytes.len() {
            self.violations += 1;
            return Err(Errno::INVAL);
        }
        Ok(start..start + len)
    }
}

impl Flash for RamFlash {
    fn size(&self) -> u32 {
        self.bytes.len() as u32
    }

    fn erase_size(&self) -> u32 {
        self.erase_size
    }

    fn program_size(&self) -> u32 {
        self.program_size
    }

    fn read(&mut self, offset: u32, buf: &mut [u8]) -> Result<(), Errno> {
        self.finish()?;
        let range = self.range(offset, buf.len(), 1)?;
        buf.copy_from_slice(&self.bytes[range]);
        Ok(())
    }

    fn program(&mut self, offset: u32, data: &[u8]) -> Result<(), Errno> {
        let range = self.range(offset, data.len(), self.program_size)?;
        if self.bytes[range.clone()].iter().any(|&byte| byte != 0xff) {
            self.violations += 1;
            return Err(Errno::IO);
        }
        let happens = self.admit(data.len())?;
        self.bytes[range.start..range.start + happens].copy_from_slice(&data[..happens]);
        self.finish()
    }

    fn erase(&mut self, offset: u32, len: u32) -> Result<(), Errno> {
        let range = self.range(offset, len as usize, self.erase_size)?;
        let happens = self.admit(range.len())?;
        self.bytes[range.start..range.start + happens].fill(0xff);
        self.finish()
    }

    fn sync(&mut self) -> Result<(), Errno> {
        self.finish()
    }
}
