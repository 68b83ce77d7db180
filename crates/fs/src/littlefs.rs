//! `LittleFs`: littlefs 2.1 on a flash device, in the form MicroPython gives it.
//!
//! Images are interchangeable with MicroPython's `VfsLfs2` and C littlefs: program units of 32,
//! inline files up to 128 bytes, blocks as big as the device erases, and the time of modification in
//! user attribute 1. littlefs is copy-on-write: cutting power at any moment loses at most what was
//! written since the last flush or close.
//!
//! Everything is in this struct and on the stack; nothing recurses and nothing is allocated.
//!
//! ```text
//! littlefs.rs  mount, format, the FileSystem trait
//! ├ dir.rs     listings, mkdir, remove, rename          ├ file.rs    open files
//! ├ tree.rs    paths, parents, repair after power cuts  ├ chain.rs   the blocks of a file
//! ├ commit.rs  append, compact, split                   ├ blocks.rs  free blocks
//! ├ change.rs  what a commit does                       ├ pen.rs     one block, front to back
//! ├ scribe.rs  one commit in a log                      ├ disk.rs    checked access, read cache
//! └ pair.rs    metadata pairs, read                     └ tag.rs, crc.rs, state.rs, place.rs
//! ```
//!
//! Absent on purpose: moving worn or bad blocks, which C littlefs does (its half-moved pairs are
//! understood and repaired).

mod blocks;
mod chain;
mod change;
mod commit;
mod crc;
mod dir;
mod disk;
mod file;
mod pair;
mod pen;
mod place;
mod scribe;
mod state;
mod tag;
mod tree;

use octopy_hal::{DirEntry, DirId, Errno, FileId, FileSystem, Flash, FsStat, OpenMode, Seek, Stat};

use crate::id_table::Table;
use blocks::{Pairs, Window};
use change::Change;
use dir::OpenDir;
use disk::{CACHE, CORRUPT, Disk};
use file::OpenFile;
use pair::{Meta, NO_PAIR, Pair};
use state::GlobalState;
use tag::{Class, Tag, kind};
use tree::{Target, There};

/// Files that can be open at once.
const FILES_MAX: usize = 12;
/// Listings that can be open at once.
const DIRS_MAX: usize = 8;
/// The user attribute with the time of modification, in nanoseconds since 1970.
const MODIFIED: u16 = 1;
/// Longest file name in bytes.
const NAME_MAX: u32 = 255;
/// Biggest file in bytes.
const FILE_MAX: u32 = i32::MAX as u32;
/// Biggest user attribute in bytes.
const ATTR_MAX: u32 = 1022;
/// The version of the format: 2.1.
const VERSION: u32 = 0x0002_0001;
/// What a superblock is named.
const MAGIC: &[u8; 8] = b"littlefs";

/// The files that a new file system starts with.
const FIRST_FILES: [(&str, &[u8]); 2] = [
    ("/boot.py", b"# boot.py: runs first after every start and soft reset.\n"),
    ("/main.py", b"# main.py: your program, runs then.\n"),
];

/// Why a device could not be mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MountError {
    /// There is something on the device, but not a sound littlefs of this size.
    Broken,
    /// The device's sizes do not suit littlefs.
    Geometry,
    /// The device failed.
    Device(Errno),
}

impl From<MountError> for Errno {
    fn from(error: MountError) -> Self {
        match error {
            MountError::Broken => Errno::NODEV,
            MountError::Geometry => Errno::INVAL,
            MountError::Device(errno) => errno,
        }
    }
}

impl From<Errno> for MountError {
    fn from(errno: Errno) -> Self {
        if errno == CORRUPT { MountError::Broken } else { MountError::Device(errno) }
    }
}

/// What a result holds, where it is.
///
/// SIZE: a question mark alone copies what it gives to another place on the stack, and a pair is
/// nine words: 0.9 KB.
#[inline(always)]
fn held<T>(res: &mut Result<T, Errno>) -> Result<&mut T, Errno> {
    res.as_mut().map_err(|errno| *errno)
}

/// A littlefs that owns its flash, mounted or not.
///
/// While it is not mounted, every operation is `ENODEV`.
#[derive(Debug)]
pub struct LittleFs<F> {
    disk: Disk<F>,
    mounted: bool,
    root: Pair,
    name_max: u32,
    file_max: u32,
    /// Biggest content that lives in the metadata.
    inline_max: u32,
    /// True if the image is of version 2.0, which the first write changes.
    old_superblock: bool,
    /// What the global state is to be after the next commit, and what it is on the device.
    state: GlobalState,
    state_on_disk: GlobalState,
    /// Shares of pairs that go with the next commit.
    state_delta: GlobalState,
    window: Window,
    /// Commits so far; a listing reads its pair again when it has changed.
    changes: u32,
    files: Table<OpenFile, FILES_MAX>,
    dirs: Table<OpenDir, DIRS_MAX>,
    clock: fn() -> u64,
}

impl<F: Flash> LittleFs<F> {
    /// Takes the device; nothing is read yet.
    pub fn new(flash: F) -> Self {
        Self {
            disk: Disk::new(flash),
            mounted: false,
            root: NO_PAIR,
            name_max: NAME_MAX,
            file_max: FILE_MAX,
            inline_max: 0,
            old_superblock: false,
            state: GlobalState::NONE,
            state_on_disk: GlobalState::NONE,
            state_delta: GlobalState::NONE,
            window: Window::new(0),
            changes: 0,
            files: Table::new(),
            dirs: Table::new(),
            clock: || 0,
        }
    }

    /// Sets where times of modification come from: nanoseconds since 1970, 0 if unknown.
    pub fn set_clock(&mut self, clock: fn() -> u64) {
        self.clock = clock;
    }

    /// The device, for raw access; what is mounted must not be written behind its back.
    pub fn flash(&mut self) -> &mut F {
        &mut self.disk.flash
    }

    /// The device back, without writing anything more to it.
    pub fn into_flash(self) -> F {
        self.disk.flash
    }

    /// True if there is a file system to work with.
    pub fn is_mounted(&self) -> bool {
        self.mounted
    }

    /// Mounts what is on the device, and repairs what a power cut has left half done.
    pub fn mount(&mut self) -> Result<(), MountError> {
        self.unmount();
        self.reset()?;
        let mut pairs = Pairs::new(&self.disk);
        let mut state = GlobalState::NONE;
        self.root = NO_PAIR;
        while let Some(meta) = held(&mut pairs.next(&mut self.disk))? {
            if self.read_superblock(meta)? {
                self.root = meta.pair;
            } else if self.root == NO_PAIR {
                return Err(MountError::Broken);
            }
            state = state.xor(self.disk.share(meta)?);
        }
        state = state.on_disk();
        (self.state, self.state_on_disk) = (state, state);
        // Not always the same blocks first, so that they wear evenly.
        self.window = Window::new(self.disk.seed.checked_rem(self.disk.blocks).unwrap_or(0));
        self.mounted = true;
        if (state.moved().is_some() || state.has_orphans())
            && let Err(errno) = self.transaction(|_| Ok(()))
        {
            self.mounted = false;
            return Err(errno.into());
        }
        Ok(())
    }

    /// Makes a fresh file system and mounts it; whatever was on the device is lost.
    pub fn format(&mut self) -> Result<(), MountError> {
        self.unmount();
        self.reset()?;
        // The other block must not look newer.
        let revision = self.disk.word(1, 0)?;
        let mut root = Meta::new([1, 0], revision);
        let superblock = self.superblock_bytes();
        let put = |kind, bytes| Change::Put { kind, id: 0, bytes };
        let entry = [
            Change::Create(0),
            put(kind::SUPERBLOCK, &MAGIC[..]),
            put(kind::INLINE_STRUCT, &superblock[..]),
        ];
        self.commit(&mut root, &entry)?;
        // Once more into the other block, so that nothing old is left in it.
        root.erased = false;
        self.commit(&mut root, &[])?;
        self.disk.flash.sync()?;
        self.mount()?;
        for (path, text) in FIRST_FILES {
            let mode = OpenMode { write: true, create: true, ..OpenMode::default() };
            let file = self.open_file(path, mode)?;
            self.write_file(file, text)?;
            self.close_file(file)?;
        }
        Ok(())
    }

    /// Mounts the device, formatting it first if it is blank.
    ///
    /// Something that is not a sound littlefs is [`MountError::Broken`] and stays as it is.
    pub fn mount_or_format(&mut self) -> Result<(), MountError> {
        match self.mount() {
            Err(MountError::Broken) if self.is_blank()? => self.format(),
            other => other,
        }
    }

    /// Closes everything; afterwards every operation is `ENODEV`.
    pub fn unmount(&mut self) {
        self.close_all();
        self.mounted = false;
    }

    fn reset(&mut self) -> Result<(), MountError> {
        self.disk.check()?;
        (self.name_max, self.file_max) = (NAME_MAX, FILE_MAX);
        self.inline_max = (CACHE as u32).min(self.disk.block_size / 8);
        self.old_superblock = false;
        (self.state, self.state_on_disk) = (GlobalState::NONE, GlobalState::NONE);
        self.state_delta = GlobalState::NONE;
        self.window = Window::new(0);
        Ok(())
    }

    /// True if nothing was ever stored: all 0xFF, but for a format that lost power at its start.
    ///
    /// A format's first commit is the first 64 or 128 bytes of blocks 0 and 1, and before it is
    /// whole there is no file system, so no file can be in them.
    fn is_blank(&mut self) -> Result<bool, MountError> {
        let excused = CACHE as u32;
        let mut buf = [0; CACHE];
        for block in 0..self.disk.blocks {
            for off in (0..self.disk.block_size).step_by(CACHE) {
                if block < 2 && off < excused {
                    continue;
                }
                self.disk.read(block, off, &mut buf)?;
                if buf.iter().any(|&byte| byte != 0xff) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn superblock_bytes(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        let words = [
            VERSION,
            self.disk.block_size,
            self.disk.blocks,
            self.name_max,
            self.file_max,
            ATTR_MAX,
        ];
        for (room, word) in bytes.chunks_exact_mut(4).zip(words) {
            room.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Takes over what a pair's superblock says; false if it has none.
    fn read_superblock(&mut self, meta: &Meta) -> Result<bool, MountError> {
        let block = meta.pair[0];
        let name = self.disk.entry(meta, 0, |tag| tag.class() == Class::Name)?;
        let Some((_, off)) = name.filter(|(tag, _)| *tag == Tag::new(kind::SUPERBLOCK, 0, 8))
        else {
            return Ok(false);
        };
        if self.disk.compare(block, off, MAGIC)?.is_ne() {
            return Ok(false);
        }
        let (tag, off) = self.disk.structure(meta, 0)?.ok_or(MountError::Broken)?;
        if tag.kind() != kind::INLINE_STRUCT || tag.len() < 24 {
            return Err(MountError::Broken);
        }
        let [version, block_size] = self.disk.two_words(block, off)?;
        let [blocks, name_max] = self.disk.two_words(block, off + 8)?;
        let [file_max, attr_max] = self.disk.two_words(block, off + 16)?;
        let fits = version >> 16 == VERSION >> 16
            && version <= VERSION
            && block_size == self.disk.block_size
            && blocks == self.disk.blocks
            && name_max <= NAME_MAX
            && file_max <= FILE_MAX
            && attr_max <= ATTR_MAX;
        if !fits {
            return Err(MountError::Broken);
        }
        self.old_superblock = version < VERSION;
        self.name_max = if name_max == 0 { NAME_MAX } else { name_max };
        self.file_max = if file_max == 0 { FILE_MAX } else { file_max };
        Ok(true)
    }

    fn now(&self) -> u64 {
        (self.clock)()
    }

    fn check_mounted(&self) -> Result<(), Errno> {
        if self.mounted { Ok(()) } else { Err(Errno::NODEV) }
    }

    /// Does something that changes the file system, after what was interrupted before is repaired.
    fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        let result = self.begin().and_then(|()| work(self));
        if result.is_err() {
            self.revert();
        }
        result
    }

    #[inline(never)]
    fn begin(&mut self) -> Result<(), Errno> {
        self.check_mounted()?;
        self.window.checkpoint(self.disk.blocks);
        self.repair()
    }

    /// What did not get to the device was not meant.
    #[inline(never)]
    fn revert(&mut self) {
        self.state = self.state_on_disk;
        self.state_delta = GlobalState::NONE;
    }
}

impl<F: Flash> FileSystem for LittleFs<F> {
    fn open(&mut self, path: &str, mode: OpenMode) -> Result<FileId, Errno> {
        self.check_mounted()?;
        self.open_file(path, mode).map(FileId)
    }

    fn close(&mut self, file: FileId) -> Result<(), Errno> {
        self.close_file(file.0)
    }

    fn read(&mut self, file: FileId, buf: &mut [u8]) -> Result<usize, Errno> {
        self.read_file(file.0, buf)
    }

    fn write(&mut self, file: FileId, data: &[u8]) -> Result<usize, Errno> {
        self.write_file(file.0, data)
    }

    fn seek(&mut self, file: FileId, to: Seek) -> Result<u64, Errno> {
        self.seek_file(file.0, to)
    }

    fn flush(&mut self, file: FileId) -> Result<(), Errno> {
        self.sync_file(file.0)
    }

    fn truncate(&mut self, file: FileId, size: u64) -> Result<(), Errno> {
        self.truncate_file(file.0, size)
    }

    fn open_dir(&mut self, path: &str) -> Result<DirId, Errno> {
        self.check_mounted()?;
        self.open_listing(path).map(DirId)
    }

    fn next_entry(&mut self, dir: DirId, name: &mut [u8]) -> Result<Option<DirEntry>, Errno> {
        let entry = self.list_next(dir.0, name)?;
        if entry.is_none() {
            self.close_dir(dir);
        }
        Ok(entry)
    }

    fn close_dir(&mut self, dir: DirId) {
        // An id that is closed already needs nothing more.
        let _ = self.dirs.take(dir.0);
    }

    fn stat(&mut self, path: &str) -> Result<Stat, Errno> {
        self.check_mounted()?;
        self.status(path)
    }

    fn statvfs(&mut self, _path: &str) -> Result<FsStat, Errno> {
        self.check_mounted()?;
        let used = self.used_blocks()?;
        Ok(FsStat {
            block_size: self.disk.block_size,
            blocks: self.disk.blocks,
            free_blocks: self.disk.blocks.saturating_sub(used),
            name_max: self.name_max,
        })
    }

    fn mkdir(&mut self, path: &str) -> Result<(), Errno> {
        self.transaction(|this| this.make_directory(path))
    }

    fn rmdir(&mut self, path: &str) -> Result<(), Errno> {
        self.transaction(|this| this.remove_kind(path, kind::DIRECTORY, Errno::NOTDIR))
    }

    fn remove(&mut self, path: &str) -> Result<(), Errno> {
        self.transaction(|this| this.remove_kind(path, kind::FILE, Errno::ISDIR))
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), Errno> {
        if to.strip_prefix(from).is_some_and(|rest| rest.starts_with('/')) {
            // A directory in itself would be cut off from the root.
            return Err(Errno::INVAL);
        }
        self.transaction(|this| this.rename_entry(from, to))
    }

    fn close_all(&mut self) {
        while let Some(id) = self.files.any() {
            // Soft reset cannot report; what can be written back is.
            let _ = self.close_file(id);
        }
        while let Some(id) = self.dirs.any() {
            self.close_dir(DirId(id));
        }
    }
}

#[cfg(test)]
mod tests;
