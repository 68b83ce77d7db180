//! Mounting file systems made in Python; the module `vfs`.

use super::place::{POINT_MAX, mounted_as, point_of, with_text};
use crate::keyword::keywords;
use crate::{kept, table};
use octopy_fs::{MOUNTS_MAX, Mounted};
use octopy_hal::Errno;
use octopy_vm::types::list;
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Rest, Value, Vm, class, module, q};

module! {
    /// Mounting file systems.
    pub static VFS = vfs (table::VFS) {
        __name__ = name (vfs),
        /// Mounts a file system; without arguments, a list of what is mounted and where.
        mount = function (mount, **),
        /// Unmounts a file system, by its object or mount point.
        umount = function (umount, place),
    }
}

class! {
    /// The board's own file system, as `vfs.mount()` shows it.
    pub static VFS_LFS2 = VfsLfs2 (table::VFS_LFS2) {
        slots { print: board_print }
    }
}

fn board_print(vm: &mut Vm, _this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<VfsLfs2>")
}

/// `mount(fs, place, *, readonly=False, mkfs=False)`
pub(crate) fn mount(vm: &mut Vm, rest: Rest) -> PyResult<Local> {
    let args = rest.0;
    if args.n_pos == 0 && args.n_kw == 0 {
        return mounted(vm);
    }
    let [readonly, mkfs] = keywords(vm, &args, [q::readonly, q::mkfs])?;
    let (Some(system), Some(place)) = (args.pos(0), args.pos(1)) else {
        return Err(vm.raise_type("function missing required positional arguments"));
    };
    let mut flags = [system; 2];
    for (flag, given) in flags.iter_mut().zip([readonly, mkfs]) {
        *flag = match given {
            Some(given) => given,
            None => vm.push(Value::FALSE)?,
        };
    }
    let Some(method) = vm.opt_attr(system, q::mount)? else {
        // A block device: this runtime knows no file systems on those.
        return Err(vm.raise_os(Errno::NODEV));
    };
    vm.call(method, &flags)?;
    let Some(row) = free_row(vm)? else {
        return Err(vm.raise_os(Errno::NOMEM));
    };
    let res = with_text(vm, place, |vm, point| vm.mounts.mount(point, Mounted::Object(row)))?;
    if let Err(errno) = res {
        return Err(vm.raise_os(errno));
    }
    kept::store(vm, kept::MOUNTED + u32::from(row), system)?;
    vm.push(Value::NONE)
}

/// The first row without a file system.
fn free_row(vm: &mut Vm) -> PyResult<Option<u16>> {
    let mark = vm.mark();
    for row in 0..MOUNTS_MAX as u16 {
        let object = kept::load(vm, kept::MOUNTED + u32::from(row))?;
        let free = vm.heap.get(object).is_null();
        vm.release(mark);
        if free {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// `umount(place)`
pub(crate) fn umount(vm: &mut Vm, place: Local) -> PyResult<()> {
    let system = if vm.is_str(place) {
        let found = with_text(vm, place, |vm, point| vm.mounts.unmount(point))?;
        found.map_err(|errno| vm.raise_os(errno))?
    } else {
        unmount_object(vm, place)?
    };
    let Mounted::Object(row) = system else { return Ok(()) };
    let object = kept::load(vm, kept::MOUNTED + u32::from(row))?;
    kept::clear(vm, kept::MOUNTED + u32::from(row))?;
    if vm.heap.get(object).is_null() {
        return Ok(());
    }
    let method = vm.attr(object, q::umount)?;
    vm.call(method, &[])?;
    Ok(())
}

fn unmount_object(vm: &mut Vm, object: Local) -> PyResult<Mounted> {
    let Some(mounted) = mounted_as(vm, object)? else {
        return Err(vm.raise_os(Errno::INVAL));
    };
    let mut point = [0; POINT_MAX];
    let len = point_of(&vm.mounts, mounted, &mut point);
    let point = core::str::from_utf8(point.get(..len).unwrap_or_default()).unwrap_or("");
    vm.mounts.unmount(point).map_err(|errno| vm.raise_os(errno))
}

/// A list of pairs of file system and mount point, pushed.
fn mounted(vm: &mut Vm) -> PyResult<Local> {
    let made = list::alloc(vm, 0)?;
    // What is mounted on the root comes last: it is asked last.
    for is_root in [false, true] {
        let mut n = 0;
        loop {
            let mark = vm.mark();
            let points = vm.mounts.points();
            let found = points.filter(|(point, _)| (*point == "/") == is_root).nth(n);
            let Some((_, system)) = found else { break };
            let mut point = [0; POINT_MAX];
            let len = point_of(&vm.mounts, system, &mut point);
            let object = match system {
                Mounted::Board => board_object(vm)?,
                Mounted::Object(row) => kept::load(vm, kept::MOUNTED + u32::from(row))?,
            };
            let first = vm.copy(object)?;
            vm.alloc_str(point.get(..len).unwrap_or_default())?;
            let pair = vm.alloc_tuple(first, 2)?;
            list::push(vm, made, pair)?;
            vm.release(mark);
            n += 1;
        }
    }
    Ok(made)
}

fn board_object(vm: &mut Vm) -> PyResult<Local> {
    let object = vm.alloc(Kind::NativeState, 4)?;
    vm.heap.poke_raw(vm.heap.get(object), 0, u32::from(table::VFS_LFS2));
    Ok(object)
}
