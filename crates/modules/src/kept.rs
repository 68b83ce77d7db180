//! What the device modules keep between calls: one Words object in the VM's roots.

use octopy_vm::{Kind, Local, PyResult, StateSlot, Vm};

/// First of the objects of `sys.stdin` and the like.
pub(crate) const STREAMS: u32 = 0;
/// First of the file systems made in Python, by the row that `Mounted::Object` names.
pub(crate) const MOUNTED: u32 = 8;
/// The one `network.LAN`.
pub(crate) const LAN: u32 = MOUNTED + octopy_fs::MOUNTS_MAX as u32;
/// `network.hostname()`.
pub(crate) const HOSTNAME: u32 = LAN + 1;
/// What is open (see `lost.rs`).
pub(crate) const OPENED: u32 = HOSTNAME + 1;
/// Finalizers whose objects are alive, by the number of their pair (see `weakref.rs`).
#[cfg(feature = "weakref")]
pub(crate) const FINALIZERS: u32 = OPENED + 1;
const COUNT: u32 = OPENED + 2;

/// The object with all of it, pushed; made when it is first asked for.
fn words(vm: &mut Vm) -> PyResult<Local> {
    let words = vm.state(StateSlot::Files)?;
    if !vm.heap.get(words).is_null() {
        return Ok(words);
    }
    let made = vm.alloc(Kind::Words, COUNT)?;
    vm.set_state(StateSlot::Files, made);
    Ok(made)
}

/// A kept value, pushed; NULL if there is none.
pub(crate) fn load(vm: &mut Vm, idx: u32) -> PyResult<Local> {
    let words = words(vm)?;
    vm.push_word(words, idx.min(COUNT - 1))
}

/// Keeps a value.
pub(crate) fn store(vm: &mut Vm, idx: u32, value: Local) -> PyResult<()> {
    let mark = vm.mark();
    let words = words(vm)?;
    vm.heap.poke(vm.heap.get(words), idx.min(COUNT - 1), vm.heap.get(value));
    vm.release(mark);
    Ok(())
}

/// Forgets a value.
#[cfg(feature = "vfs")]
pub(crate) fn clear(vm: &mut Vm, idx: u32) -> PyResult<()> {
    let mark = vm.mark();
    let null = vm.push(octopy_vm::Value::NULL)?;
    store(vm, idx, null)?;
    vm.release(mark);
    Ok(())
}
