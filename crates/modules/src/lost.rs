//! Files and sockets whose objects are gone without having been closed.
//!
//! Objects have no finalisers of their own. What is open is written down in a list, and in
//! `gc.collect()`, or when the board has no room for another one, a collection shows which objects
//! are left: what has none is closed.

#[cfg(feature = "network")]
use crate::socket;
use crate::{file, kept};
use octopy_heap::Local;
use octopy_vm::{Kind, PyResult, StateSlot, Vm};

/// A word of the list names a file.
pub(crate) const FILE: u32 = 1 << 16;
/// A word of the list names a socket.
#[cfg(feature = "network")]
pub(crate) const SOCKET: u32 = 2 << 16;

/// How many can be on the list. More can be open; they are not looked after.
const COUNT: usize = 64;

/// The list, pushed: a Buffer of words, 0 where nothing is.
fn list(vm: &mut Vm) -> PyResult<Local> {
    let list = kept::load(vm, kept::OPENED)?;
    if !vm.heap.get(list).is_null() {
        return Ok(list);
    }
    let made = vm.alloc(Kind::Buffer, COUNT as u32)?;
    kept::store(vm, kept::OPENED, made)?;
    Ok(made)
}

/// Replaces the first word of the list that is `from`; false if there is none.
fn replace(vm: &mut Vm, from: u32, to: u32) -> PyResult<bool> {
    let mark = vm.mark();
    let list = list(vm)?;
    let object = vm.heap.get(list);
    let place = (0..COUNT as u32).find(|&place| vm.heap.raw(object, place) == from);
    if let Some(place) = place {
        vm.heap.poke_raw(object, place, to);
    }
    vm.release(mark);
    Ok(place.is_some())
}

/// Makes the list, so that [`note`] cannot fail when something has been opened.
pub(crate) fn prepare(vm: &mut Vm) -> PyResult<()> {
    let mark = vm.mark();
    list(vm)?;
    vm.release(mark);
    Ok(())
}

/// Writes down what has been opened. A full list is a reason to look for what is lost, too.
pub(crate) fn note(vm: &mut Vm, word: u32) -> PyResult<()> {
    if !replace(vm, 0, word)? && reap(vm)? {
        replace(vm, 0, word)?;
    }
    Ok(())
}

/// Strikes out what has been closed.
pub(crate) fn forget(vm: &mut Vm, word: u32) -> PyResult<()> {
    replace(vm, word, 0).map(|_| ())
}

/// Whether anything is on the list. Allocates nothing.
pub(crate) fn is_any_open(vm: &Vm) -> bool {
    let words = vm.peek_state(StateSlot::Files);
    if words.is_null() {
        return false;
    }
    let list = vm.heap.word(words, kept::OPENED);
    !list.is_null() && (0..COUNT as u32).any(|place| vm.heap.raw(list, place) != 0)
}

/// Closes what has lost its object; whether there was anything.
pub(crate) fn reap(vm: &mut Vm) -> PyResult<bool> {
    if vm.heap.lock_depth() > 0 {
        return Ok(false);
    }
    let mark = vm.mark();
    let list = list(vm)?;
    vm.heap.collect();
    let mut lost = [0; COUNT];
    let object = vm.heap.get(list);
    for (place, word) in (0..).zip(&mut lost) {
        *word = vm.heap.raw(object, place);
    }
    vm.heap.for_each_object(&mut |object| {
        if !vm.heap.is_kind(object, Kind::NativeState) {
            return;
        }
        let word = file::open_word(vm, object);
        #[cfg(feature = "network")]
        let word = word.or_else(|| socket::open_word(vm, object));
        if let Some(lost) = lost.iter_mut().find(|lost| Some(**lost) == word) {
            *lost = 0;
        }
    });
    let mut any = false;
    for word in lost.into_iter().filter(|word| *word != 0) {
        forget(vm, word)?;
        if word & FILE != 0 {
            file::abandon(vm, word as u16);
        }
        #[cfg(feature = "network")]
        if word & SOCKET != 0 {
            socket::abandon(vm, word as u16);
        }
        any = true;
    }
    vm.release(mark);
    Ok(any)
}
