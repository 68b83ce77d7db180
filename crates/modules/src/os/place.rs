//! Where a path leads: the root, the board's files, or a file system made in Python.

use crate::kept;
use octopy_fs::{Mounted, PATH_MAX, Place};
use octopy_hal::Errno;
use octopy_vm::{Local, PyResult, Qstr, Value, Vm};

/// Where a path leads.
pub(crate) enum Where<'p> {
    /// The root above all mount points, with nothing mounted on it.
    Root,
    /// Into the board's own file system.
    Board(&'p str),
    /// Into a file system made in Python.
    Object(Local, &'p str),
}

/// Where the path in `path` (a str or bytes) leads; `buf` holds the text of the inner path.
pub(crate) fn locate<'p>(
    vm: &mut Vm,
    path: Local,
    buf: &'p mut [u8; PATH_MAX],
) -> PyResult<Where<'p>> {
    let mark = vm.mark();
    let look = vm.buffer_of(path)?;
    let place = match core::str::from_utf8(vm.buffer_bytes(&look)) {
        Ok(text) => vm.mounts.resolve(text, buf),
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
    let place = vm.mounts.resolve(path, buf);
    enter(vm, place)
}

fn enter<'p>(vm: &mut Vm, place: Result<Place<'p>, Errno>) -> PyResult<Where<'p>> {
    let (system, path) = match place {
        Ok(Place::Inside { system, path }) => (system, path),
        Ok(Place::Root) => match vm.mounts.root_system() {
            Some(system) => (system, "/"),
            None => return Ok(Where::Root),
        },
        Err(errno) => return Err(vm.raise_os(errno)),
    };
    match system {
        Mounted::Board => Ok(Where::Board(path)),
        Mounted::Object(row) => {
            let object = kept::load(vm, kept::MOUNTED + u32::from(row))?;
            if vm.heap.get(object).is_null() {
                return Err(vm.raise_os(Errno::NODEV));
            }
            Ok(Where::Object(object, path))
        }
    }
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
