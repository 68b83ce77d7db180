//! `os.listdir` and `os.ilistdir`.

use super::place::{Where, at_root, call, locate, or_current};
use super::{DIRECTORY, mode_of};
use crate::file::with_files;
use octopy_fs::PATH_MAX;
use octopy_hal::FileKind;
use octopy_vm::types::list;
use octopy_vm::{Local, PyResult, Value, Vm, q};

/// Longest name of an entry.
const NAME_MAX: usize = 256;

/// `os.listdir`
pub(super) fn listdir(vm: &mut Vm, path: Option<Local>) -> PyResult<Local> {
    entries(vm, path, true)
}

/// `os.ilistdir`
pub(super) fn ilistdir(vm: &mut Vm, path: Option<Local>) -> PyResult<Local> {
    let entries = entries(vm, path, false)?;
    vm.iter(entries)
}

/// The entries of a directory as a list of names or of tuples; what a file system made in Python
/// answers to `ilistdir` as it is.
fn entries(vm: &mut Vm, path: Option<Local>, names: bool) -> PyResult<Local> {
    let path = or_current(vm, path)?;
    let mut buf = [0; PATH_MAX];
    let mut place = locate(vm, path, &mut buf)?;
    let made = list::alloc(vm, 0)?;
    if let Where::Root = place {
        root_entries(vm, made, names)?;
        place = at_root(vm)?;
    }
    match place {
        Where::Root => {}
        Where::Board(path) => board_entries(vm, made, path, names)?,
        Where::Object(system, path) => {
            let found = call(vm, system, q::ilistdir, path, None)?;
            vm.for_each(found, |vm, entry| {
                if !names {
                    return list::push(vm, made, entry);
                }
                let first = vm.push(Value::from_small(0))?;
                let name = vm.subscript(entry, first)?;
                list::push(vm, made, name)
            })?;
        }
    }
    Ok(made)
}

/// The mount points.
fn root_entries(vm: &mut Vm, made: Local, names: bool) -> PyResult<()> {
    let mut n = 0;
    loop {
        let mark = vm.mark();
        let mut name = [0_u8; NAME_MAX];
        let Some(text) = vm.mounts.root_name(n) else { return Ok(()) };
        let len = text.len().min(NAME_MAX);
        for (to, from) in name.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        push_entry(vm, made, name.get(..len).unwrap_or_default(), DIRECTORY, None, names)?;
        vm.release(mark);
        n += 1;
    }
}

fn board_entries(vm: &mut Vm, made: Local, path: &str, names: bool) -> PyResult<()> {
    let dir = with_files(vm, |files| files.open_dir(path))?;
    let mut name = [0_u8; NAME_MAX];
    loop {
        let mark = vm.mark();
        let entry = with_files(vm, |files| files.next_entry(dir, &mut name))?;
        let Some(entry) = entry else { return Ok(()) };
        let text = name.get(..entry.name_len).unwrap_or_default();
        let size = if entry.kind == FileKind::File { entry.size } else { 0 };
        let pushed = push_entry(vm, made, text, mode_of(entry.kind), Some(size), names);
        if pushed.is_err() {
            // No memory: the listing ends here.
            if let Some(files) = vm.board().files() {
                files.close_dir(dir);
            }
            return pushed;
        }
        vm.release(mark);
    }
}

fn push_entry(
    vm: &mut Vm,
    made: Local,
    name: &[u8],
    mode: i32,
    size: Option<u64>,
    names: bool,
) -> PyResult<()> {
    let first = vm.alloc_str(name)?;
    if names {
        return list::push(vm, made, first);
    }
    let mut count = 3;
    vm.push(Value::from_small(mode))?;
    vm.push(Value::from_small(0))?;
    if let Some(size) = size {
        let slot = vm.push(Value::NONE)?;
        let size = vm.alloc_int(size as i64)?;
        vm.heap.set(slot, vm.heap.get(size));
        count = 4;
    }
    let entry = vm.alloc_tuple(first, count)?;
    list::push(vm, made, entry)
}
