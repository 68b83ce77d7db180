//! `FileSystem`: files and directories by path and small integer ids.
//!
//! Paths are absolute, `/`-separated UTF-8 and relative to the file system's own root. Whoever
//! calls has normalised them: no `.`, no `..`, no NUL, no `/` at the end but the root's.
//! Times are seconds since 1970.

use crate::Errno;

/// An open file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileId(pub u16);

/// An open directory listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirId(pub u16);

/// How to open a file: `open()`'s mode letters, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenMode {
    /// Reading is allowed.
    pub read: bool,
    /// Writing is allowed.
    pub write: bool,
    /// The file is made if it does not exist.
    pub create: bool,
    /// It is an error if the file exists (`x`).
    pub exclusive: bool,
    /// The file is emptied (`w`).
    pub truncate: bool,
    /// Every write goes to the end (`a`).
    pub append: bool,
}

/// Where a seek starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    /// Bytes from the start.
    Start(u64),
    /// Bytes from the current position.
    Current(i64),
    /// Bytes from the end.
    End(i64),
}

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
}

/// One line of a directory.
#[derive(Debug, Clone, Copy)]
pub struct DirEntry {
    /// Bytes of the name that were put into the caller's buffer.
    pub name_len: usize,
    /// What it is.
    pub kind: FileKind,
    /// Size in bytes; 0 for directories.
    pub size: u64,
}

/// What `os.stat` tells.
#[derive(Debug, Clone, Copy)]
pub struct Stat {
    /// What it is.
    pub kind: FileKind,
    /// Size in bytes.
    pub size: u64,
    /// Last modification, seconds since 1970; 0 if unknown.
    pub modified: u64,
}

/// What `os.statvfs` tells.
#[derive(Debug, Clone, Copy)]
pub struct FsStat {
    /// Block size in bytes.
    pub block_size: u32,
    /// Blocks in all.
    pub blocks: u32,
    /// Free blocks.
    pub free_blocks: u32,
    /// Longest file name in bytes.
    pub name_max: u32,
}

/// A mounted file system.
pub trait FileSystem {
    /// Opens a file.
    fn open(&mut self, path: &str, mode: OpenMode) -> Result<FileId, Errno>;
    /// Writes back and closes a file; the id is free afterwards even on error.
    fn close(&mut self, file: FileId) -> Result<(), Errno>;
    /// Reads up to `buf.len()` bytes; 0 at the end of the file.
    fn read(&mut self, file: FileId, buf: &mut [u8]) -> Result<usize, Errno>;
    /// Writes; returns how many bytes were taken (all, unless the device is full).
    fn write(&mut self, file: FileId, data: &[u8]) -> Result<usize, Errno>;
    /// Moves the position; returns the new one in bytes from the start.
    fn seek(&mut self, file: FileId, to: Seek) -> Result<u64, Errno>;
    /// Makes what was written durable.
    fn flush(&mut self, file: FileId) -> Result<(), Errno>;
    /// Makes the file exactly `size` bytes long.
    fn truncate(&mut self, file: FileId, size: u64) -> Result<(), Errno>;
    /// Starts a directory listing (without `.` and `..`).
    fn open_dir(&mut self, path: &str) -> Result<DirId, Errno>;
    /// The next entry, its name copied into `name`; `None` at the end, which closes the listing.
    fn next_entry(&mut self, dir: DirId, name: &mut [u8]) -> Result<Option<DirEntry>, Errno>;
    /// Ends a listing early.
    fn close_dir(&mut self, dir: DirId);
    /// Tells about a path.
    fn stat(&mut self, path: &str) -> Result<Stat, Errno>;
    /// Tells about the whole file system.
    fn statvfs(&mut self, path: &str) -> Result<FsStat, Errno>;
    /// Makes a directory.
    fn mkdir(&mut self, path: &str) -> Result<(), Errno>;
    /// Removes an empty directory.
    fn rmdir(&mut self, path: &str) -> Result<(), Errno>;
    /// Removes a file.
    fn remove(&mut self, path: &str) -> Result<(), Errno>;
    /// Renames a file or directory; replaces an existing file.
    fn rename(&mut self, from: &str, to: &str) -> Result<(), Errno>;
    /// Closes every open file and listing (soft reset), writing back what it can.
    fn close_all(&mut self);
}
