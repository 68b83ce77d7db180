//! `Flash`: a block device that is erased before it is written.

use crate::Errno;

/// A flash device, addressed in bytes from 0.
pub trait Flash {
    /// Size in bytes; a multiple of [`Flash::erase_size`].
    fn size(&self) -> u32;
    /// Bytes erased at once, for example 4096.
    fn erase_size(&self) -> u32;
    /// Smallest unit of [`Flash::program`], in bytes.
    fn program_size(&self) -> u32;
    /// Reads `buf.len()` bytes from `offset`.
    fn read(&mut self, offset: u32, buf: &mut [u8]) -> Result<(), Errno>;
    /// Writes erased bytes; offset and length are multiples of [`Flash::program_size`].
    fn program(&mut self, offset: u32, data: &[u8]) -> Result<(), Errno>;
    /// Erases `len` bytes to 0xFF; offset and length are multiples of [`Flash::erase_size`].
    fn erase(&mut self, offset: u32, len: u32) -> Result<(), Errno>;
    /// Waits until everything written is durable.
    fn sync(&mut self) -> Result<(), Errno>;
}
