//! `HostFiles`: the PC's own files, for scripts on the PC.

use std::fs::{self, File, OpenOptions, ReadDir};
use std::io::{Read, Seek as _, SeekFrom, Write};
use std::time::UNIX_EPOCH;

use octopy_hal::{
    DirEntry, DirId, Errno, FileId, FileKind, FileSystem, FsStat, OpenMode, Seek, Stat,
};

use crate::os_error::errno;

/// Open files and listings, each by its place in a table.
#[derive(Debug, Default)]
pub struct HostFiles {
    files: Slots<File>,
    listings: Slots<ReadDir>,
}

impl HostFiles {
    /// No files open.
    pub fn new() -> Self {
        Self::default()
    }

    fn file(&mut self, id: FileId) -> Result<&mut File, Errno> {
        self.files.entry(id.0)
    }
}

impl FileSystem for HostFiles {
    fn open(&mut self, path: &str, mode: OpenMode) -> Result<FileId, Errno> {
        let file = OpenOptions::new()
            .read(mode.read)
            .write(mode.write && !mode.append)
            .append(mode.append)
            .truncate(mode.truncate && !mode.exclusive)
            .create(mode.create)
            .create_new(mode.exclusive)
            .open(path)
            .map_err(|error| errno(&error))?;
        // The PC lets a directory be opened and fails at the first read.
        if file.metadata().is_ok_and(|data| data.is_dir()) {
            return Err(Errno::ISDIR);
        }
        self.files.insert(file).map(FileId)
    }

    fn close(&mut self, file: FileId) -> Result<(), Errno> {
        self.files.remove(file.0).map(drop)
    }

    fn read(&mut self, file: FileId, buf: &mut [u8]) -> Result<usize, Errno> {
        retry(|| self.file(file)?.read(buf).map_err(|error| errno_or_again(&error)))
    }

    fn write(&mut self, file: FileId, data: &[u8]) -> Result<usize, Errno> {
        retry(|| self.file(file)?.write(data).map_err(|error| errno_or_again(&error)))
    }

    fn seek(&mut self, file: FileId, to: Seek) -> Result<u64, Errno> {
        let to = match to {
            Seek::Start(at) => SeekFrom::Start(at),
            Seek::Current(by) => SeekFrom::Current(by),
            Seek::End(by) => SeekFrom::End(by),
        };
        self.file(file)?.seek(to).map_err(|error| errno(&error))
    }

    fn flush(&mut self, file: FileId) -> Result<(), Errno> {
        // Written bytes are with the operating system already; `flush` on a PC asks for no more.
        self.file(file).map(drop)
    }

    fn truncate(&mut self, file: FileId, size: u64) -> Result<(), Errno> {
        self.file(file)?.set_len(size).map_err(|error| errno(&error))
    }

    fn open_dir(&mut self, path: &str) -> Result<DirId, Errno> {
        let listing = fs::read_dir(path).map_err(|error| errno(&error))?;
        self.listings.insert(listing).map(DirId)
    }

    fn next_entry(&mut self, dir: DirId, name: &mut [u8]) -> Result<Option<DirEntry>, Errno> {
        let Some(entry) = self.listings.entry(dir.0)?.next() else {
            self.listings.remove(dir.0)?;
            return Ok(None);
        };
        let entry = entry.map_err(|error| errno(&error))?;
        let file_name = entry.file_name();
        let text = file_name.to_string_lossy();
        let bytes = text.as_bytes();
        name.get_mut(..bytes.len()).ok_or(Errno::NAMETOOLONG)?.copy_from_slice(bytes);
        // Follows links; a dangling one is listed as an empty file.
        let data = fs::metadata(entry.path()).ok();
        let kind = if data.as_ref().is_some_and(fs::Metadata::is_dir) {
            FileKind::Directory
        } else {
            FileKind::File
        };
        let size = data.filter(fs::Metadata::is_file).map_or(0, |data| data.len());
        Ok(Some(DirEntry { name_len: bytes.len(), kind, size }))
    }

    fn close_dir(&mut self, dir: DirId) {
        let _ = self.listings.remove(dir.0);
    }

    fn stat(&mut self, path: &str) -> Result<Stat, Errno> {
        let data = fs::metadata(path).map_err(|error| errno(&error))?;
        let modified = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Ok(Stat {
            kind: if data.is_dir() { FileKind::Directory } else { FileKind::File },
            size: data.len(),
            modified: modified.map_or(0, |since| since.as_secs()),
        })
    }

    fn statvfs(&mut self, path: &str) -> Result<FsStat, Errno> {
        let data = rustix::fs::statvfs(path).map_err(|error| errno(&error.into()))?;
        // A disk of many terabytes does not fit: it is told in bigger blocks.
        let (mut size, mut blocks, mut free) = (data.f_frsize, data.f_blocks, data.f_bavail);
        while blocks > u64::from(u32::MAX) {
            (size, blocks, free) = (size * 2, blocks / 2, free / 2);
        }
        let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(FsStat {
            block_size: narrow(size),
            blocks: narrow(blocks),
            free_blocks: narrow(free),
            name_max: narrow(data.f_namemax),
        })
    }

    fn mkdir(&mut self, path: &str) -> Result<(), Errno> {
        fs::create_dir(path).map_err(|error| errno(&error))
    }

    fn rmdir(&mut self, path: &str) -> Result<(), Errno> {
        fs::remove_dir(path).map_err(|error| errno(&error))
    }

    fn remove(&mut self, path: &str) -> Result<(), Errno> {
        fs::remove_file(path).map_err(|error| errno(&error))
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), Errno> {
        fs::rename(from, to).map_err(|error| errno(&error))
    }

    fn close_all(&mut self) {
        self.files.clear();
        self.listings.clear();
    }
}

/// Runs `operation` again when a signal has interrupted it.
fn retry<T>(mut operation: impl FnMut() -> Result<T, Interruption>) -> Result<T, Errno> {
    loop {
        match operation() {
            Ok(value) => return Ok(value),
            Err(Interruption::Signal) => {}
            Err(Interruption::Error(errno)) => return Err(errno),
        }
    }
}

enum Interruption {
    Signal,
    Error(Errno),
}

impl From<Errno> for Interruption {
    fn from(errno: Errno) -> Self {
        Self::Error(errno)
    }
}

fn errno_or_again(error: &std::io::Error) -> Interruption {
    if error.kind() == std::io::ErrorKind::Interrupted {
        Interruption::Signal
    } else {
        Interruption::Error(errno(error))
    }
}

/// A table whose free places are used again.
#[derive(Debug)]
struct Slots<T>(Vec<Option<T>>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Slots<T> {
    fn insert(&mut self, value: T) -> Result<u16, Errno> {
        let at = self.0.iter().position(Option::is_none).unwrap_or(self.0.len());
        let id = u16::try_from(at).map_err(|_| Errno::MFILE)?;
        if at == self.0.len() {
            self.0.push(None);
        }
        self.0[at] = Some(value);
        Ok(id)
    }

    fn entry(&mut self, id: u16) -> Result<&mut T, Errno> {
        self.0.get_mut(usize::from(id)).and_then(Option::as_mut).ok_or(Errno::BADF)
    }

    fn remove(&mut self, id: u16) -> Result<T, Errno> {
        self.0.get_mut(usize::from(id)).and_then(Option::take).ok_or(Errno::BADF)
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests;
