//! The formats that are pointers in C: `O` for an object, `S` for a text, beside `P` for a number.
//!
//! Objects move, so no address stands for one: `O` packs a number that the object keeps, and
//! unpacks what has this number. COMPAT: what was packed keeps nothing alive, as in C; but once the
//! object is gone, `unpack` raises ValueError, or gives the object that has the number since. `S`
//! takes an address as `uctypes.addressof` tells it, which is right until objects move.

use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::is_text;
use octopy_vm::{Kind, Local, PyResult, Vm};

/// Bytes of a pointer.
pub(super) const SIZE: u32 = 4;

/// What is packed for an object.
pub(super) fn pack(vm: &mut Vm, object: Local) -> PyResult<u64> {
    match vm.packed(object)? {
        Some(word) => Ok(u64::from(word)),
        None => Err(vm.raise_value("objects have no numbers here")),
    }
}

/// The object that was packed.
pub(super) fn unpack(vm: &mut Vm, word: u32) -> PyResult<Local> {
    match vm.unpacked(word)? {
        Some(object) => Ok(object),
        None => Err(vm.raise_value("no such object")),
    }
}

/// The text from an address up to a byte of 0, or to its end.
pub(super) fn unpack_text(vm: &mut Vm, address: u32) -> PyResult<Local> {
    /// Bytes from where an object is to its text.
    const TEXT: u32 = 8;
    let mut found = None;
    vm.heap.for_each_object(&mut |object| {
        let is_text = vm.heap.is_kind(object, Kind::Str) || vm.heap.is_kind(object, Kind::Bytes);
        if found.is_none()
            && is_text
            && let Some(at) = address.checked_sub(object.bits().wrapping_add(TEXT))
            && let Some(len) = vm.heap.raw(object, 0).checked_sub(at)
        {
            found = vm.heap.push(object).ok().map(|object| (object, at + 4, len));
        }
    });
    let Some((object, at, len)) = found else {
        return Err(vm.raise_value("no text at this address"));
    };
    let look = BufferLook { object, at, len, typecode: b'B', writable: false };
    let bytes = vm.buffer_bytes(&look);
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    if !is_text(bytes.get(..end).unwrap_or_default()) {
        return Err(vm.raise_value("no text at this address"));
    }
    vm.alloc_from_buffer(Kind::Str, &look.part(0, end as u32))
}
