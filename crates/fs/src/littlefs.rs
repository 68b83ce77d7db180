//! `LittleFs`: littlefs 2 on a flash device, in the form MicroPython gives it.
//!
//! Images are interchangeable with MicroPython's `VfsLfs2`: read and program size 32, cache 128,
//! lookahead 32, blocks as big as the device erases. littlefs is copy-on-write: cutting power at any
//! moment loses at most what was written since the last flush or close.
//!
//! Paths are normalised first, which also bounds what the engine copies to the allocator.
//!
//! Absent on purpose: modification times (attribute 1), which the engine's safe interface cannot
//! reach yet; [`Stat::modified`] is 0.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::RefCell;

use littlefs_rust as engine;
use octopy_hal::{
    DirEntry, DirId, Errno, FileId, FileKind, FileSystem, Flash, FsStat, OpenMode, Seek, Stat,
};

use crate::id_table::Table;
use crate::path::{PATH_MAX, normalise};

/// Files that can be open at once.
const FILES_MAX: usize = 16;
/// Listings that can be open at once.
const DIRS_MAX: usize = 16;
/// MicroPython's read and program size.
const UNIT: u32 = 32;
/// MicroPython's lookahead buffer in bytes.
const LOOKAHEAD: u32 = 32;
/// Metadata blocks stay where they are: with another value the engine's debug build overflows on
/// the first format (`lfs_alignup` of a revision of 0xFFFFFFFF).
const BLOCK_CYCLES: i32 = -1;
/// Longest file name in bytes.
const NAME_MAX: u32 = 255;
/// Biggest file in bytes.
const FILE_MAX: u64 = i32::MAX as u64;

/// The files that a new file system starts with.
const FIRST_FILES: [(&str, &[u8]); 2] = [
    ("/boot.py", b"# boot.py: runs first after every start and soft reset.\n"),
    ("/main.py", b"# main.py: your program; it runs after boot.py.\n"),
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

/// The flash as the engine sees it; shared so that it can be taken back.
#[derive(Debug)]
struct Device<F> {
    flash: Rc<RefCell<Option<F>>>,
    block_size: u32,
}

impl<F: Flash> Device<F> {
    fn with(
        &mut self,
        work: impl FnOnce(&mut F) -> Result<(), Errno>,
    ) -> Result<(), engine::Error> {
        let mut flash = self.flash.try_borrow_mut().map_err(|_| engine::Error::Io)?;
        let flash = flash.as_mut().ok_or(engine::Error::Io)?;
        work(flash).map_err(|_| engine::Error::Io)
    }

    fn address(&self, block: u32, offset: u32) -> u32 {
        block.wrapping_mul(self.block_size).wrapping_add(offset)
    }
}

impl<F: Flash> engine::Storage for Device<F> {
    fn read(&mut self, block: u32, offset: u32, buf: &mut [u8]) -> Result<(), engine::Error> {
        let address = self.address(block, offset);
        self.with(|flash| flash.read(address, buf))
    }

    fn write(&mut self, block: u32, offset: u32, data: &[u8]) -> Result<(), engine::Error> {
        let address = self.address(block, offset);
        self.with(|flash| flash.program(address, data))
    }

    fn erase(&mut self, block: u32) -> Result<(), engine::Error> {
        let (address, size) = (self.address(block, 0), self.block_size);
        self.with(|flash| flash.erase(address, size))
    }

    fn sync(&mut self) -> Result<(), engine::Error> {
        self.with(Flash::sync)
    }
}

struct OpenFile<F: Flash + 'static> {
    file: engine::File<'static, Device<F>>,
    mode: OpenMode,
}

/// A littlefs that owns its flash, mounted or not.
///
/// While it is not mounted, every operation is `ENODEV`.
pub struct LittleFs<F: Flash + 'static> {
    flash: Rc<RefCell<Option<F>>>,
    /// Lives as long as the program: open files borrow it, and ids must outlive borrows.
    engine: Option<&'static engine::Filesystem<Device<F>>>,
    files: Table<OpenFile<F>, FILES_MAX>,
    dirs: Table<engine::ReadDir<'static, Device<F>>, DIRS_MAX>,
    blocks: u32,
    block_size: u32,
    unit: u32,
}

impl<F: Flash + 'static> LittleFs<F> {
    /// Takes the device; nothing is read yet.
    pub fn new(flash: F) -> Self {
        let block_size = flash.erase_size();
        Self {
            blocks: flash.size().checked_div(block_size).unwrap_or(0),
            block_size,
            unit: flash.program_size().max(UNIT),
            flash: Rc::new(RefCell::new(Some(flash))),
            engine: None,
            files: Table::new(),
            dirs: Table::new(),
        }
    }

    /// Mounts what is on the device.
    pub fn mount(&mut self) -> Result<(), MountError> {
        self.unmount();
        let config = self.config()?;
        match engine::Filesystem::mount(self.device(), config) {
            Ok(mounted) => {
                self.engine = Some(Box::leak(Box::new(mounted)));
                Ok(())
            }
            Err((error, _)) => Err(refusal(error)),
        }
    }

    /// Makes a fresh file system and mounts it; whatever was on the device is lost.
    pub fn format(&mut self) -> Result<(), MountError> {
        self.unmount();
        let config = self.config()?;
        let mut device = self.device();
        engine::Filesystem::format(&mut device, &config).map_err(refusal)?;
        self.mount()?;
        for (path, text) in FIRST_FILES {
            self.write_whole(path, text).map_err(MountError::Device)?;
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
        self.engine = None;
    }

    /// The device back, without writing anything more to it.
    pub fn into_flash(self) -> Option<F> {
        self.flash.try_borrow_mut().ok()?.take()
    }

    fn device(&self) -> Device<F> {
        Device { flash: Rc::clone(&self.flash), block_size: self.block_size }
    }

    fn config(&self) -> Result<engine::Config, MountError> {
        let cache = self.block_size.min(self.unit.saturating_mul(4));
        // The engine asserts these; a board's mistake must not become a crash.
        let sound = self.blocks >= 2
            && self.block_size >= 128
            && self.block_size.is_multiple_of(cache)
            && cache.is_multiple_of(self.unit);
        if !sound {
            return Err(MountError::Geometry);
        }
        let mut config = engine::Config::new(self.block_size, self.blocks);
        config.read_size = self.unit;
        config.prog_size = self.unit;
        config.cache_size = cache;
        config.lookahead_size = LOOKAHEAD;
        config.block_cycles = BLOCK_CYCLES;
        Ok(config)
    }

    /// True if nothing was ever stored: all 0xFF, but for a format that lost power at its start.
    ///
    /// A format's first write is one program unit or a few at the start of blocks 0 and 1, and a
    /// file system is only there once they are complete, so no file can be in them.
    fn is_blank(&mut self) -> Result<bool, MountError> {
        let mut shared =
            self.flash.try_borrow_mut().map_err(|_| MountError::Device(Errno::BUSY))?;
        let flash = shared.as_mut().ok_or(MountError::Device(Errno::NODEV))?;
        let excused = self.unit.saturating_mul(4);
        let mut buf = [0; 64];
        let step = buf.len() as u32;
        for offset in (0..flash.size()).step_by(buf.len()) {
            if offset < self.block_size * 2 && offset % self.block_size < excused {
                continue;
            }
            let len = step.min(flash.size() - offset) as usize;
            let part = buf.get_mut(..len).unwrap_or(&mut []);
            flash.read(offset, part).map_err(MountError::Device)?;
            if part.iter().any(|&byte| byte != 0xff) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn write_whole(&mut self, path: &str, text: &[u8]) -> Result<(), Errno> {
        let mode = OpenMode { write: true, create: true, truncate: true, ..OpenMode::default() };
        let file = self.open(path, mode)?;
        let written = self.write(file, text);
        self.close(file)?;
        written.map(|_| ())
    }

    fn mounted(&self) -> Result<&'static engine::Filesystem<Device<F>>, Errno> {
        self.engine.ok_or(Errno::NODEV)
    }

    /// Removes what is at `path` if it is a `wanted`, else says `otherwise`.
    fn remove_kind(&self, path: &str, wanted: FileKind, otherwise: Errno) -> Result<(), Errno> {
        let mut buf = [0; PATH_MAX];
        let path = normalise("/", path, &mut buf)?;
        let mounted = self.mounted()?;
        let about = mounted.stat(path).map_err(errno)?;
        if kind(about.file_type) != wanted {
            return Err(otherwise);
        }
        mounted.remove(path).map_err(errno)
    }
}

impl<F: Flash + 'static> FileSystem for LittleFs<F> {
    fn open(&mut self, path: &str, mode: OpenMode) -> Result<FileId, Errno> {
        if !self.files.has_room() {
            return Err(Errno::MFILE);
        }
        let mut buf = [0; PATH_MAX];
        let path = normalise("/", path, &mut buf)?;
        let file = self.mounted()?.open(path, flags(mode)).map_err(errno)?;
        self.files.insert(OpenFile { file, mode }).map(FileId)
    }

    fn close(&mut self, file: FileId) -> Result<(), Errno> {
        self.files.take(file.0)?.file.close().map_err(errno)
    }

    fn read(&mut self, file: FileId, buf: &mut [u8]) -> Result<usize, Errno> {
        let open = self.files.peek(file.0)?;
        if !open.mode.read {
            return Err(Errno::BADF);
        }
        open.file.read(buf).map(|len| len as usize).map_err(errno)
    }

    fn write(&mut self, file: FileId, data: &[u8]) -> Result<usize, Errno> {
        let open = self.files.peek(file.0)?;
        if !open.mode.write {
            return Err(Errno::BADF);
        }
        let at = if open.mode.append {
            open.file.size().max(open.file.tell())
        } else {
            open.file.tell()
        };
        if u64::from(at) + data.len() as u64 > FILE_MAX {
            return Err(Errno::FBIG);
        }
        open.file.write(data).map(|len| len as usize).map_err(errno)
    }

    fn seek(&mut self, file: FileId, to: Seek) -> Result<u64, Errno> {
        let open = self.files.peek(file.0)?;
        let target = match to {
            Seek::Start(at) => i64::try_from(at).ok(),
            Seek::Current(by) => i64::from(open.file.tell()).checked_add(by),
            Seek::End(by) => i64::from(open.file.size()).checked_add(by),
        };
        let target = target.filter(|&at| at <= FILE_MAX as i64).ok_or(Errno::INVAL)?;
        let target = u32::try_from(target).map_err(|_| Errno::INVAL)?;
        open.file.seek(engine::SeekFrom::Start(target)).map(u64::from).map_err(errno)
    }

    fn flush(&mut self, file: FileId) -> Result<(), Errno> {
        self.files.peek(file.0)?.file.sync().map_err(errno)
    }

    fn truncate(&mut self, file: FileId, size: u64) -> Result<(), Errno> {
        let open = self.files.peek(file.0)?;
        if !open.mode.write {
            return Err(Errno::BADF);
        }
        let size = u32::try_from(size).ok().filter(|&size| u64::from(size) <= FILE_MAX);
        open.file.truncate(size.ok_or(Errno::INVAL)?).map_err(errno)
    }

    fn open_dir(&mut self, path: &str) -> Result<DirId, Errno> {
        if !self.dirs.has_room() {
            return Err(Errno::MFILE);
        }
        let mut buf = [0; PATH_MAX];
        let path = normalise("/", path, &mut buf)?;
        let dir = self.mounted()?.read_dir(path).map_err(errno)?;
        self.dirs.insert(dir).map(DirId)
    }

    fn next_entry(&mut self, dir: DirId, name: &mut [u8]) -> Result<Option<DirEntry>, Errno> {
        let Some(entry) = self.dirs.peek(dir.0)?.next() else {
            self.close_dir(dir);
            return Ok(None);
        };
        let entry = entry.map_err(errno)?;
        let text = entry.name.as_bytes();
        name.get_mut(..text.len()).ok_or(Errno::NAMETOOLONG)?.copy_from_slice(text);
        let kind = kind(entry.file_type);
        Ok(Some(DirEntry { name_len: text.len(), kind, size: u64::from(entry.size) }))
    }

    fn close_dir(&mut self, dir: DirId) {
        // An id that is closed already needs nothing more.
        drop(self.dirs.take(dir.0));
    }

    fn stat(&mut self, path: &str) -> Result<Stat, Errno> {
        let mut buf = [0; PATH_MAX];
        let path = normalise("/", path, &mut buf)?;
        let about = self.mounted()?.stat(path).map_err(errno)?;
        Ok(Stat { kind: kind(about.file_type), size: u64::from(about.size), modified: 0 })
    }

    fn statvfs(&mut self, _path: &str) -> Result<FsStat, Errno> {
        let used = self.mounted()?.fs_size().map_err(errno)?;
        Ok(FsStat {
            block_size: self.block_size,
            blocks: self.blocks,
            free_blocks: self.blocks.saturating_sub(used),
            name_max: NAME_MAX,
        })
    }

    fn mkdir(&mut self, path: &str) -> Result<(), Errno> {
        let mut buf = [0; PATH_MAX];
        let path = normalise("/", path, &mut buf)?;
        self.mounted()?.mkdir(path).map_err(errno)
    }

    fn rmdir(&mut self, path: &str) -> Result<(), Errno> {
        self.remove_kind(path, FileKind::Directory, Errno::NOTDIR)
    }

    fn remove(&mut self, path: &str) -> Result<(), Errno> {
        self.remove_kind(path, FileKind::File, Errno::ISDIR)
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), Errno> {
        // The engine would cut the directory off from the root.
        let (mut lhs, mut rhs) = ([0; PATH_MAX], [0; PATH_MAX]);
        let (old, new) = (normalise("/", from, &mut lhs)?, normalise("/", to, &mut rhs)?);
        if new.strip_prefix(old).is_some_and(|rest| rest.starts_with('/')) {
            return Err(Errno::INVAL);
        }
        self.mounted()?.rename(old, new).map_err(errno)
    }

    fn close_all(&mut self) {
        while let Some(open) = self.files.take_any() {
            // Soft reset cannot report; what could be written back has been.
            let _ = open.file.close();
        }
        while self.dirs.take_any().is_some() {}
    }
}

fn kind(kind: engine::FileType) -> FileKind {
    match kind {
        engine::FileType::File => FileKind::File,
        engine::FileType::Dir => FileKind::Directory,
    }
}

fn flags(mode: OpenMode) -> engine::OpenFlags {
    let letters = [
        (mode.read, engine::OpenFlags::READ),
        (mode.write, engine::OpenFlags::WRITE),
        (mode.create, engine::OpenFlags::CREATE),
        (mode.exclusive, engine::OpenFlags::EXCL),
        (mode.truncate, engine::OpenFlags::TRUNC),
        (mode.append, engine::OpenFlags::APPEND),
    ];
    letters
        .into_iter()
        .filter(|(wanted, _)| *wanted)
        .fold(engine::OpenFlags::empty(), |all, (_, flag)| all | flag)
}

fn errno(error: engine::Error) -> Errno {
    match error {
        engine::Error::Io => Errno::IO,
        // littlefs' own number for a damaged structure, which MicroPython passes on.
        engine::Error::Corrupt => Errno(84),
        engine::Error::NoEntry => Errno::NOENT,
        engine::Error::Exists => Errno::EXIST,
        engine::Error::NotDir => Errno::NOTDIR,
        engine::Error::IsDir => Errno::ISDIR,
        engine::Error::NotEmpty => Errno::NOTEMPTY,
        engine::Error::Invalid => Errno::INVAL,
        engine::Error::NoSpace => Errno::NOSPC,
        engine::Error::NoMemory => Errno::NOMEM,
        engine::Error::NoAttribute => Errno(61),
        engine::Error::NameTooLong => Errno::NAMETOOLONG,
    }
}

fn refusal(error: engine::Error) -> MountError {
    match error {
        engine::Error::Corrupt | engine::Error::Invalid | engine::Error::NoEntry => {
            MountError::Broken
        }
        other => MountError::Device(errno(other)),
    }
}

#[cfg(test)]
mod tests;
