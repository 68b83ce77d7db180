//! `FlashImage`: a flash device in a file.
//!
//! The file is the device, byte for byte, so that other tools can read and make it. It may be
//! shorter: what is missing at the end is erased. A fresh image is an empty file.
//!
//! It is as strict as the chip: programming bytes that are not erased would yield neither the old
//! nor the new, so it is refused, and a file system that tries is found out here.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use octopy_hal::{Errno, Flash};

use crate::os_error::errno;

const ERASED: u8 = 0xff;

/// The sizes of a flash device, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlashShape {
    /// All of it.
    pub size: u32,
    /// Erased at once.
    pub erase_size: u32,
    /// Programmed at once.
    pub program_size: u32,
}

/// A flash device; clones are the same device.
#[derive(Debug, Clone)]
pub struct FlashImage {
    file: Arc<File>,
    path: Arc<PathBuf>,
    shape: FlashShape,
}

impl FlashImage {
    /// Opens the image at `path`, making it if need be; `fresh` erases it first.
    ///
    /// The file is locked: two boards on one flash would destroy it.
    pub fn open(path: &Path, shape: FlashShape, fresh: bool) -> Result<Self> {
        let name = path.display();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder of {name}"))?;
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .with_context(|| format!("cannot open the flash image {name}"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("{name} is in use by another board"),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {name}"));
            }
        }
        if fresh {
            file.set_len(0).with_context(|| format!("cannot erase {name}"))?;
        }
        let len = file.metadata()?.len();
        if len > u64::from(shape.size) {
            bail!("{name} has {len} bytes, but the flash of this board has {}", shape.size);
        }
        Ok(Self { file: Arc::new(file), path: Arc::new(path.to_owned()), shape })
    }

    /// Where the image is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn check(&self, offset: u32, len: usize, unit: u32) -> Result<(), Errno> {
        let len = u32::try_from(len).map_err(|_| Errno::INVAL)?;
        let end = offset.checked_add(len).ok_or(Errno::INVAL)?;
        if end > self.shape.size || !offset.is_multiple_of(unit) || !len.is_multiple_of(unit) {
            return Err(Errno::INVAL);
        }
        Ok(())
    }

    fn stored_len(&self) -> Result<u64, Errno> {
        Ok(self.file.metadata().map_err(|error| errno(&error))?.len())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Errno> {
        self.file.write_all_at(data, offset).map_err(|error| errno(&error))
    }

    /// Writes `len` erased bytes.
    fn fill(&self, mut offset: u64, len: u64) -> Result<(), Errno> {
        const PAGE: [u8; 4096] = [ERASED; 4096];
        let end = offset + len;
        while offset < end {
            let n = (end - offset).min(PAGE.len() as u64);
            self.write(offset, &PAGE[..n as usize])?;
            offset += n;
        }
        Ok(())
    }
}

impl Flash for FlashImage {
    fn size(&self) -> u32 {
        self.shape.size
    }

    fn erase_size(&self) -> u32 {
        self.shape.erase_size
    }

    fn program_size(&self) -> u32 {
        self.shape.program_size
    }

    fn read(&mut self, offset: u32, buf: &mut [u8]) -> Result<(), Errno> {
        self.check(offset, buf.len(), 1)?;
        let (mut at, mut rest) = (u64::from(offset), buf);
        while !rest.is_empty() {
            match self.file.read_at(rest, at) {
                Ok(0) => break,
                Ok(n) => {
                    at += n as u64;
                    rest = &mut rest[n..];
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(errno(&error)),
            }
        }
        rest.fill(ERASED);
        Ok(())
    }

    fn program(&mut self, offset: u32, data: &[u8]) -> Result<(), Errno> {
        self.check(offset, data.len(), self.shape.program_size)?;
        let mut before = vec![0; data.len()];
        self.read(offset, &mut before)?;
        if before.iter().any(|byte| *byte != ERASED) {
            return Err(Errno::IO);
        }
        let (offset, stored) = (u64::from(offset), self.stored_len()?);
        if offset > stored {
            // A hole in the file would read as zeros.
            self.fill(stored, offset - stored)?;
        }
        self.write(offset, data)
    }

    fn erase(&mut self, offset: u32, len: u32) -> Result<(), Errno> {
        self.check(offset, len as usize, self.shape.erase_size)?;
        let (offset, stored) = (u64::from(offset), self.stored_len()?);
        let end = (offset + u64::from(len)).min(stored);
        self.fill(offset, end.saturating_sub(offset))
    }

    fn sync(&mut self) -> Result<(), Errno> {
        // The power of this flash is the process, and the operating system has the bytes already.
        // Waiting for the disk would take milliseconds at every step of the file system, to
        // survive a power cut of the PC itself.
        Ok(())
    }
}

#[cfg(test)]
mod tests;
