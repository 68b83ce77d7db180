//! `array`: mutable sequences of numbers of one machine type.
//!
//! Layout: raw length in items, typecode; Buffer. `i` and `l` are 32 bits everywhere, as on the
//! boards.
#![cfg_attr(
    not(feature = "array"),
    allow(dead_code, reason = "the table is what uses the rest of it")
)]

pub mod item;
pub(crate) mod methods;

use crate::types::buffer::{self, BufferLook};
use crate::types::bytearray;
use crate::types::iterator::{self, Source};
use crate::{PyResult, Vm};
use octopy_heap::{Kind, Local};

pub use item::item_size;

#[cfg(feature = "array")]
crate::class! {
    /// Mutable numbers of one machine type.
    pub static ARRAY = array (crate::table::ARRAY) {
        slots {
            new: methods::array_new,
            print: methods::array_print,
            unary: methods::array_unary,
            binary: methods::array_binary,
            inplace: methods::array_inplace,
            compare: methods::array_compare,
            iter: array_iter,
            subscript: methods::array_subscript,
            store_subscript: methods::array_store,
        }
        /// Adds `item` at the end.
        append = method (methods::append, this, item),
        /// Adds the items of a buffer or of an iterable at the end.
        extend = method (methods::extend, this, items),
    }
}

/// Word of the length in items.
pub const LEN: u32 = 0;
/// Word of the typecode.
pub const TYPECODE: u32 = 1;
/// Word of the Buffer.
pub const BUFFER: u32 = 2;

/// An array of `len` zeros, pushed.
pub fn alloc(vm: &mut Vm, typecode: u8, len: u32) -> PyResult<Local> {
    let bytes = u64::from(len) * u64::from(item_size(typecode));
    let Ok(size) = u32::try_from(bytes) else {
        return Err(buffer::raise_too_large(vm, bytes));
    };
    let array = vm.alloc(Kind::Array, 3)?;
    let storage = vm.alloc(Kind::Buffer, size.div_ceil(4).max(1))?;
    let object = vm.heap.get(array);
    vm.heap.poke_raw(object, LEN, len);
    vm.heap.poke_raw(object, TYPECODE, u32::from(typecode));
    vm.heap.poke(object, BUFFER, vm.heap.get(storage));
    vm.release(storage.addr());
    Ok(array)
}

/// The bytes of the array in `slot`. Pushes a slot.
pub(crate) fn look(vm: &mut Vm, slot: Local) -> PyResult<BufferLook> {
    let value = vm.heap.get(slot);
    let typecode = vm.heap.raw(value, TYPECODE) as u8;
    let len = vm.heap.raw(value, LEN) * item_size(typecode);
    let object = vm.push_word(slot, BUFFER)?;
    Ok(BufferLook { object, at: 0, len, typecode, writable: true })
}

/// Makes room for `more` items behind the content.
pub(crate) fn reserve(vm: &mut Vm, array: Local, more: u32) -> PyResult<()> {
    let object = vm.heap.get(array);
    let size = item_size(vm.heap.raw(object, TYPECODE) as u8);
    let used = vm.heap.raw(object, LEN) * size;
    let capacity = vm.heap.words(vm.heap.word(object, BUFFER)) * 4;
    let needed = u64::from(used) + u64::from(more) * u64::from(size);
    let Ok(needed) = u32::try_from(needed) else {
        return Err(buffer::raise_too_large(vm, needed));
    };
    if needed <= capacity { Ok(()) } else { bytearray::grow(vm, array, BUFFER, used, needed) }
}

fn array_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::Items, this)
}
