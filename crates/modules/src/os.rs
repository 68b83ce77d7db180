//! `os`: files and directories by path, and what the board is called.

#[cfg(feature = "environment")]
pub(crate) mod environment;
mod listing;
#[cfg(feature = "vfs")]
pub(crate) mod mount;
pub(crate) mod place;

use crate::collections::named_tuple;
use crate::file::with_files;
use crate::{device, kept, time};
use octopy_fs::PATH_MAX;
use octopy_hal::{Errno, FileKind, FsStat, Stat};
use octopy_vm::types::tuple;
use octopy_vm::{Kind, Local, PyResult, Value, Vm, module, q};
use place::{Where, call, locate, or_current};

module! {
    /// Files, directories and the board.
    pub static OS = os (crate::table::OS) {
        __name__ = name (os),
        /// Makes a directory the current one.
        chdir = function (chdir, path),
        /// The current directory.
        getcwd = function (getcwd),
        /// The entries of a directory: name, type, 0 and size.
        ilistdir = function (listing::ilistdir, path),
        /// The names in a directory.
        listdir = function (listing::listdir, path),
        /// Makes a directory.
        mkdir = function (mkdir, path),
        /// Mounts a file system.
        #[cfg(feature = "vfs")]
        mount = function (mount::mount, **),
        /// Removes a file.
        remove = function (remove, path),
        /// Renames a file or directory.
        rename = function (rename, old, new),
        /// Removes an empty directory.
        rmdir = function (rmdir, path),
        /// What stands between the parts of a path.
        sep = name (slash),
        /// What a path names: type at index 0, size at 6, time of change at 8.
        stat = function (stat, path),
        /// The size of a file system: block size at index 0, blocks at 2, free ones at 3.
        statvfs = function (statvfs, path),
        /// Does nothing: what is closed or flushed is durable.
        sync = function (sync),
        /// Unmounts a file system.
        #[cfg(feature = "vfs")]
        umount = function (mount::umount, place),
        /// Names of the system, the release and the board.
        uname = function (uname),
        /// Removes a file.
        unlink = function (remove, path),
        /// Random bytes.
        urandom = function (urandom, count),
    }
}

/// `os.uname().release`: the MicroPython whose behaviour is the specification.
const RELEASE: &str = "1.29.0";
const VERSION: &str = concat!("Octopy ", env!("CARGO_PKG_VERSION"));

/// Longest name, as far as the root knows.
const NAME_MAX: u32 = 255;

/// `st_mode` of a directory.
pub(crate) const DIRECTORY: i32 = 0x4000;
/// `st_mode` of a file.
pub(crate) const REGULAR: i32 = 0x8000;

/// `st_mode` of what a path names.
pub(crate) fn mode_of(kind: FileKind) -> i32 {
    match kind {
        FileKind::Directory => DIRECTORY,
        FileKind::File => REGULAR,
    }
}

fn chdir(vm: &mut Vm, path: Local) -> PyResult<()> {
    let mut buf = [0; PATH_MAX];
    let mut place = locate(vm, path, &mut buf)?;
    if let Where::Root = place {
        // A file system on the root itself goes to its own root, for relative paths to come.
        if let Where::Object(system, path) = place::at_root(vm)? {
            call(vm, system, q::chdir, path, None)?;
        }
        place = Where::Board("/");
    }
    if let Where::Object(system, path) = place {
        call(vm, system, q::chdir, path, None)?;
        if enter_object(vm, system)? {
            return Ok(());
        }
    }
    if let Where::Board(path) = place {
        let is_directory =
            path == "/" || with_files(vm, |files| files.stat(path))?.kind == FileKind::Directory;
        if !is_directory {
            return Err(vm.raise_os(Errno::NOTDIR));
        }
    }
    place::with_text(vm, path, |vm, path| vm.mounts.set_current(path))?
        .map_err(|errno| vm.raise_os(errno))
}

/// Makes a file system made in Python the current one: where in it that is, it knows itself.
/// Not so if it is mounted on the root, which can be the current directory without it.
fn enter_object(vm: &mut Vm, system: Local) -> PyResult<bool> {
    let Some(mounted) = place::mounted_as(vm, system)? else {
        return Err(vm.raise_os(Errno::NODEV));
    };
    let mut point = [0; place::POINT_MAX];
    let len = place::point_of(&vm.mounts, mounted, &mut point);
    let point = core::str::from_utf8(point.get(..len).unwrap_or_default()).unwrap_or("/");
    if point == "/" {
        return Ok(false);
    }
    vm.mounts.set_current(point).map_err(|errno| vm.raise_os(errno))?;
    Ok(true)
}

/// Whether a tuple of `stat` names a directory.
pub(crate) fn is_directory(vm: &mut Vm, stat: Local) -> PyResult<bool> {
    let first = vm.push(Value::from_small(0))?;
    let mode = vm.subscript(stat, first)?;
    Ok(vm.to_i64(mode)? & i64::from(DIRECTORY) != 0)
}

fn getcwd(vm: &mut Vm) -> PyResult<Local> {
    let mut buf = [0; PATH_MAX];
    let current = vm.mounts.current().as_bytes();
    let len = current.len();
    if let Some(copy) = buf.get_mut(..len) {
        copy.copy_from_slice(current);
    }
    let own = buf.get(..len).unwrap_or_default();
    let Some(octopy_fs::Mounted::Object(row)) = place::current_object(&vm.mounts) else {
        return vm.alloc_str(own);
    };
    // The mount point, and what the file system says.
    let system = kept::load(vm, kept::MOUNTED + u32::from(row))?;
    let method = vm.attr(system, q::getcwd)?;
    let inner = vm.call(method, &[])?;
    if !vm.is_str(inner) {
        return Err(vm.raise_convert(inner, "str"));
    }
    let rest = vm.text(vm.heap.get(inner)).unwrap_or_default();
    if rest == b"/" {
        return vm.alloc_str(own);
    }
    let builder = vm.alloc_builder()?;
    let out = octopy_vm::Out::Builder(builder);
    vm.write(out, if own == b"/" { b"" } else { own })?;
    vm.write_text(out, inner)?;
    vm.builder_str(builder)
}

fn mkdir(vm: &mut Vm, path: Local) -> PyResult<()> {
    let mut buf = [0; PATH_MAX];
    match locate(vm, path, &mut buf)? {
        Where::Root | Where::Board("/") | Where::Object(_, "/") => Err(vm.raise_os(Errno::EXIST)),
        Where::Board(path) => with_files(vm, |files| files.mkdir(path)),
        Where::Object(system, path) => call(vm, system, q::mkdir, path, None).map(|_| ()),
    }
}

fn rmdir(vm: &mut Vm, path: Local) -> PyResult<()> {
    let mut buf = [0; PATH_MAX];
    match locate(vm, path, &mut buf)? {
        Where::Root => Err(vm.raise_os(Errno::PERM)),
        Where::Board(path) => with_files(vm, |files| files.rmdir(path)),
        Where::Object(system, path) => call(vm, system, q::rmdir, path, None).map(|_| ()),
    }
}

fn remove(vm: &mut Vm, path: Local) -> PyResult<()> {
    let mut buf = [0; PATH_MAX];
    match locate(vm, path, &mut buf)? {
        Where::Root => Err(vm.raise_os(Errno::PERM)),
        Where::Board(path) => with_files(vm, |files| files.remove(path)),
        Where::Object(system, path) => call(vm, system, q::remove, path, None).map(|_| ()),
    }
}

fn rename(vm: &mut Vm, old: Local, new: Local) -> PyResult<()> {
    let (mut from, mut to) = ([0; PATH_MAX], [0; PATH_MAX]);
    match (locate(vm, old, &mut from)?, locate(vm, new, &mut to)?) {
        (Where::Board(from), Where::Board(to)) => with_files(vm, |files| files.rename(from, to)),
        (Where::Object(system, from), Where::Object(other, to))
            if vm.heap.get(system) == vm.heap.get(other) =>
        {
            let to = vm.alloc_str(to.as_bytes())?;
            call(vm, system, q::rename, from, Some(to)).map(|_| ())
        }
        // Across file systems.
        _ => Err(vm.raise_os(Errno::PERM)),
    }
}

fn stat(vm: &mut Vm, path: Local) -> PyResult<Local> {
    let mut buf = [0; PATH_MAX];
    let stat = match locate(vm, path, &mut buf)? {
        Where::Root | Where::Board("/") => Stat { kind: FileKind::Directory, size: 0, modified: 0 },
        Where::Board(path) => with_files(vm, |files| files.stat(path))?,
        Where::Object(system, path) => return call(vm, system, q::stat, path, None),
    };
    let epoch = time::epoch(vm);
    let time = (stat.modified as i64 - epoch).max(0);
    tuple::of_ints(
        vm,
        &[i64::from(mode_of(stat.kind)), 0, 0, 0, 0, 0, stat.size as i64, time, time, time],
    )
}

fn statvfs(vm: &mut Vm, path: Option<Local>) -> PyResult<Local> {
    let path = or_current(vm, path)?;
    let mut buf = [0; PATH_MAX];
    let mut place = locate(vm, path, &mut buf)?;
    if let Where::Root = place {
        place = place::at_root(vm)?;
    }
    let stat = match place {
        Where::Root => FsStat { block_size: 0, blocks: 0, free_blocks: 0, name_max: NAME_MAX },
        Where::Board(path) => with_files(vm, |files| files.statvfs(path))?,
        Where::Object(system, path) => return call(vm, system, q::statvfs, path, None),
    };
    let (block, free) = (i64::from(stat.block_size), i64::from(stat.free_blocks));
    let blocks = i64::from(stat.blocks);
    tuple::of_ints(vm, &[block, block, blocks, free, free, 0, 0, 0, 0, i64::from(stat.name_max)])
}

fn sync(_vm: &mut Vm) -> PyResult<()> {
    Ok(())
}

fn uname(vm: &mut Vm) -> PyResult<Local> {
    let identity = vm.board().identity();
    let first = vm.alloc_str(identity.platform.as_bytes())?;
    vm.copy(first)?;
    let release = vm.alloc_str(RELEASE.as_bytes())?;
    vm.alloc_str(VERSION.as_bytes())?;
    let mut machine = octopy_vm::ShortText::new();
    machine.push(identity.board.as_bytes());
    if !identity.mcu.is_empty() {
        machine.push(b" with ");
        machine.push(identity.mcu.as_bytes());
    }
    vm.alloc_str(machine.bytes())?;
    debug_assert!(release.addr() == first.offset(2).addr());
    let fields = [q::sysname, q::nodename, q::release, q::version, q::machine];
    named_tuple::alloc(vm, q::empty, &fields, first)
}

fn urandom(vm: &mut Vm, count: Local) -> PyResult<Local> {
    let count = vm.to_i64(count)?;
    if count < 0 {
        return Err(vm.raise_value("negative count"));
    }
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let made = vm.alloc_text(Kind::Bytes, count)?;
    let look = octopy_vm::types::buffer::BufferLook {
        object: made,
        at: 4,
        len: count,
        typecode: b'B',
        writable: true,
    };
    device::lend_mut(vm, &look, |board, bytes| board.entropy(bytes));
    Ok(made)
}
