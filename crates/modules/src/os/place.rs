//! Where a path leads: the root, the board's files, or a file system made in Python.

use crate::kept;
use octopy_fs::{MOUNTS_MAX, Mounted, Mounts, PATH_MAX, Place};
use octopy_hal::Errno;
use octopy_vm::{Local, PyResult, Qstr, Value, Vm};

/// Room for a mount point.
pub(super) const POINT_MAX: usize = 64;

/// Where a path leads.
pub(crate) enum Where<'p> {
    /// The root `/`, whatever is mounted on it.
    Root,
    /// Into the board's own file system.
    Board(&'p str),
    /// Into a file system made in Python. A relative path, for one that the current directory is
    /// in, stays as it was written: such file systems know their own current directory.
    Object(Local, &'p str),
}

/// Where the path in `path` (a str or bytes) leads; `buf` holds the text of the inner path.
pub(crate) fn locate<'p>(
    vm: &mut Vm,
    path: Local,
    buf: &'p mut [u8; PATH_MAX],
) -> PyResult<Where<'p>> {
    let mark = vm.mark();
    let look = vm.buffer_of(path);
    let look = octopy_vm::held(&look)?;
    let place = match core::str::from_utf8(vm.buffer_bytes(look)) {
        Ok(text) => resolve(&vm.mounts, text, buf),
        Err(_) => Err(Errno::INVAL),
    };
    vm.release(mark);
    enter(vm, place)
}

/// As [`locate`], of a path in Rust.
pub(crate) fn locate_text<'p>(
    vm: &mut Vm,
    path: &str,
    buf: &'p mut [u8; PATH_MAX],
) -> PyResult<Where<'p>> {
    let place = resolve(&vm.mounts, path, buf);
    enter(vm, place)
}

/// What is mounted on `/`, for operations that look into it.
pub(crate) fn at_root(vm: &mut Vm) -> PyResult<Where<'static>> {
    match vm.mounts.root_system() {
        Some(system) => enter(vm, Ok(Place::Inside { system, path: "/" })),
        None => Ok(Where::Root),
    }
}

/// The file system made in Python that the current directory is in.
pub(crate) fn current_object(mounts: &Mounts) -> Option<Mounted> {
    let mut buf = [0; PATH_MAX];
    match mounts.resolve("", &mut buf) {
        Ok(Place::Inside { system: system @ Mounted::Object(_), .. }) => Some(system),
        _ => None,
    }
}

/// The file system made in Python that a relative path goes to as it is.
fn system_of_relative(mounts: &Mounts, path: &str) -> Option<Mounted> {
    if path.starts_with('/') {
        return None;
    }
    if mounts.current() != "/" {
        return current_object(mounts);
    }
    // From the root, to what is mounted on it.
    let mut buf = [0; PATH_MAX];
    match mounts.resolve(path, &mut buf) {
        Ok(Place::Inside { system: system @ Mounted::Object(_), .. }) => {
            mounts.root_system().filter(|root| *root == system)
        }
        _ => None,
    }
}

fn resolve<'p>(
    mounts: &Mounts,
    path: &str,
    buf: &'p mut [u8; PATH_MAX],
) -> Result<Place<'p>, Errno> {
    let Some(system) = system_of_relative(mounts, path) else { return mounts.resolve(path, buf) };
    let copy = buf.get_mut(..path.len()).ok_or(Errno::NAMETOOLONG)?;
    copy.copy_from_slice(path.as_bytes());
    let path = core::str::from_utf8(copy).map_err(|_| Errno::INVAL)?;
    Ok(Place::Inside { system, path })
}

fn enter<'p>(vm: &mut Vm, place: Result<Place<'p>, Errno>) -> PyResult<Where<'p>> {
    match place {
        Ok(Place::Root) => Ok(Where::Root),
        Ok(Place::Inside { system: Mounted::Board, path }) => Ok(Where::Board(path)),
        Ok(Place::Inside { system: Mounted::Object(row), path }) => {
            let object = kept::load(vm, kept::MOUNTED + u32::from(row))?;
            if vm.heap.get(object).is_null() {
                return Err(vm.raise_os(Errno::NODEV));
            }
            Ok(Where::Object(object, path))
        }
        Err(errno) => Err(vm.raise_os(errno)),
    }
}

/// Copies the mount point of a file system; its length.
pub(crate) fn point_of(mounts: &Mounts, wanted: Mounted, point: &mut [u8]) -> usize {
    let mut points = mounts.points();
    let text = points.find(|(_, system)| *system == wanted).map_or("", |(text, _)| text);
    for (to, from) in point.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    text.len().min(point.len())
}

/// Calls a method of a file system made in Python with a path and another argument; the result is
/// pushed.
pub(crate) fn call(
    vm: &mut Vm,
    system: Local,
    method: Qstr,
    path: &str,
    other: Option<Local>,
) -> PyResult<Local> {
    let method = vm.attr(system, method)?;
    let path = vm.alloc_str(path.as_bytes())?;
    match other {
        Some(other) => vm.call(method, &[path, other]),
        None => vm.call(method, &[path]),
    }
}

/// A path that was left out: the current directory.
pub(crate) fn or_current(vm: &mut Vm, path: Option<Local>) -> PyResult<Local> {
    match path {
        Some(path) if !vm.heap.get(path).is_none() => Ok(path),
        _ => vm.push(Value::from_qstr(octopy_vm::q::empty.0)),
    }
}

/// Calls `body` with a path that was given as str.
pub(crate) fn with_text<R>(
    vm: &mut Vm,
    path: Local,
    body: impl FnOnce(&mut Vm, &str) -> R,
) -> PyResult<R> {
    let look = vm.buffer_of(path);
    let look = octopy_vm::held(&look)?;
    let mut buf = [0; PATH_MAX];
    let bytes = vm.buffer_bytes(look);
    if let Some(copy) = buf.get_mut(..bytes.len()) {
        copy.copy_from_slice(bytes);
        if let Ok(text) = core::str::from_utf8(copy) {
            return Ok(body(vm, text));
        }
    }
    Err(vm.raise_os(Errno::INVAL))
}

/// What a file system made in Python is in the mount table.
pub(super) fn mounted_as(vm: &mut Vm, object: Local) -> PyResult<Option<Mounted>> {
    let mark = vm.mark();
    for row in 0..MOUNTS_MAX as u16 {
        let kept = kept::load(vm, kept::MOUNTED + u32::from(row))?;
        let same = vm.heap.get(kept) == vm.heap.get(object);
        vm.release(mark);
        if same {
            return Ok(Some(Mounted::Object(row)));
        }
    }
    Ok(None)
}
