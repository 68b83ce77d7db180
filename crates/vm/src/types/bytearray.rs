//! `bytearray`: mutable bytes that grow.
//!
//! Layout: raw length; Buffer. The buffer grows geometrically, so appending is linear in all.

mod edit;

pub(crate) use edit::store_fast as store_byte;

use crate::types::buffer::BufferLook;
use crate::types::text::{self, case, codec, find, join, replace, sides, split, strip};
use crate::types::{bytes, str};
use crate::{PyResult, Vm, table};
use octopy_heap::{Kind, Local, RegionClass};

crate::class! {
    /// Mutable bytes.
    pub static BYTEARRAY = bytearray (table::BYTEARRAY) {
        slots {
            new: edit::bytearray_new,
            print: bytes::bytes_print,
            unary: text::text_unary,
            binary: text::text_binary,
            inplace: edit::bytearray_inplace,
            reverse: text::text_reverse,
            compare: text::compare::text_compare,
            contains: text::text_contains,
            iter: text::text_iter,
            subscript: text::subscript::text_subscript,
            store_subscript: edit::bytearray_store,
        }
        /// Adds a byte at the end.
        append = method (edit::append, this, byte),
        /// Text centred in a field of `width`.
        center = method (sides::center, this, width, fill),
        /// How often `sub` occurs.
        count = method (find::count, this, sub, start, end),
        /// The text that the bytes encode.
        decode = method (codec::decode, this, encoding, errors),
        /// Whether it ends with `suffix`, or one of a tuple of suffixes.
        endswith = method (find::endswith, this, suffix, start, end),
        /// Adds the bytes of a buffer or of an iterable at the end.
        extend = method (edit::extend, this, items),
        /// Where `sub` is first, or -1.
        find = method (find::find, this, sub, start, end),
        /// Fills the fields of a format.
        format = method (str::format::format, this, **),
        /// Bytes from pairs of hexadecimal digits.
        fromhex = class_method (codec::fromhex, class, digits),
        /// The bytes as hexadecimal digits.
        hex = method (codec::hex, this, separator),
        /// Where `sub` is first; ValueError if nowhere.
        index = method (find::index, this, sub, start, end),
        /// Whether all are letters.
        isalpha = method (case::isalpha, this),
        /// Whether all are digits.
        isdigit = method (case::isdigit, this),
        /// Whether all letters are lower-case.
        islower = method (case::islower, this),
        /// Whether all are white space.
        isspace = method (case::isspace, this),
        /// Whether all letters are upper-case.
        isupper = method (case::isupper, this),
        /// The items of an iterable, with this between them.
        join = method (join::join, this, items),
        /// A copy in lower case.
        lower = method (case::lower, this),
        /// A copy without leading characters of a set.
        lstrip = method (strip::lstrip, this, characters),
        /// The part before the first separator, it, and the part after.
        partition = method (split::partition, this, separator),
        /// A copy in which `new` stands for `old`.
        replace = method (replace::replace, this, old, new, count),
        /// Where `sub` is last, or -1.
        rfind = method (find::rfind, this, sub, start, end),
        /// Where `sub` is last; ValueError if nowhere.
        rindex = method (find::rindex, this, sub, start, end),
        /// The part before the last separator, it, and the part after.
        rpartition = method (split::rpartition, this, separator),
        /// The parts between separators, from the right.
        rsplit = method (split::rsplit, this, separator, limit),
        /// A copy without trailing characters of a set.
        rstrip = method (strip::rstrip, this, characters),
        /// The parts between separators.
        split = method (split::split, this, separator, limit),
        /// The lines.
        splitlines = method (split::splitlines, this, **),
        /// Whether it starts with `prefix`, or one of a tuple of prefixes.
        startswith = method (find::startswith, this, prefix, start, end),
        /// A copy without leading and trailing characters of a set.
        strip = method (strip::strip, this, characters),
        /// A copy in upper case.
        upper = method (case::upper, this),
    }
}

/// Word of the length in bytes.
pub const LEN: u32 = 0;
/// Word of the Buffer.
pub const BUFFER: u32 = 1;

/// A bytearray of `len` zero bytes, pushed.
pub fn alloc(vm: &mut Vm, len: u32) -> PyResult<Local> {
    let array = vm.alloc(Kind::ByteArray, 2)?;
    let buffer = vm.alloc(Kind::Buffer, len.div_ceil(4).max(1))?;
    Ok(with_buffer(vm, array, buffer, len))
}

/// As [`alloc`], with the bytes in the memory of this class, where they stay until it grows.
pub fn alloc_placed(vm: &mut Vm, len: u32, class: RegionClass) -> PyResult<Local> {
    let array = vm.alloc(Kind::ByteArray, 2)?;
    match vm.heap.alloc_placed(Kind::Buffer, len.div_ceil(4).max(1), class) {
        Ok(buffer) => Ok(with_buffer(vm, array, buffer, len)),
        Err(error) => Err(vm.raise_memory(error)),
    }
}

/// Gives a fresh bytearray its bytes, which are in the slot behind it.
fn with_buffer(vm: &mut Vm, array: Local, buffer: Local, len: u32) -> Local {
    let object = vm.heap.get(array);
    vm.heap.poke(object, BUFFER, vm.heap.get(buffer));
    vm.heap.poke_raw(object, LEN, len);
    vm.release(buffer.addr());
    array
}

/// Makes room for `more` bytes behind the content.
pub fn reserve(vm: &mut Vm, array: Local, more: u32) -> PyResult<()> {
    let object = vm.heap.get(array);
    let len = vm.heap.raw(object, LEN);
    let capacity = vm.heap.words(vm.heap.word(object, BUFFER)) * 4;
    let Some(needed) = len.checked_add(more) else {
        return Err(super::buffer::raise_too_large(vm, u64::from(len) + u64::from(more)));
    };
    if needed <= capacity { Ok(()) } else { grow(vm, array, BUFFER, len, needed) }
}

/// Makes the Buffer in word `word` of an object hold `needed` bytes, of which `used` are kept: in
/// place if nothing is behind it, else by moving to a new one with room to grow.
pub(crate) fn grow(vm: &mut Vm, owner: Local, word: u32, used: u32, needed: u32) -> PyResult<()> {
    let mark = vm.mark();
    let old = vm.push_word(owner, word)?;
    let capacity = vm.heap.words(vm.heap.get(old)) * 4;
    let generous = needed.max(capacity + capacity / 2).div_ceil(4);
    let exact = needed.div_ceil(4);
    if vm.heap.try_grow(old, generous) || vm.heap.try_grow(old, exact) {
        vm.release(mark);
        return Ok(());
    }
    let buffer = vm.alloc_grown(Kind::Buffer, capacity / 4, exact)?;
    let to = vm.heap.get(buffer);
    vm.heap.copy_bytes(vm.heap.get(old), 0, to, 0, used.min(capacity));
    vm.heap.poke(vm.heap.get(owner), word, to);
    vm.release(mark);
    Ok(())
}

/// Appends bytes from Rust.
pub fn extend_bytes(vm: &mut Vm, array: Local, bytes: &[u8]) -> PyResult<()> {
    let more = bytes.len() as u32;
    reserve(vm, array, more)?;
    let object = vm.heap.get(array);
    let len = vm.heap.raw(object, LEN);
    let buffer = vm.heap.buffer(vm.heap.word(object, BUFFER));
    if let Some(room) = buffer.get(len as usize..) {
        for (to, from) in room.iter().zip(bytes) {
            to.set(*from);
        }
    }
    vm.heap.poke_raw(object, LEN, len + more);
    Ok(())
}

/// Appends the content of a Str or Bytes object.
pub fn extend_text(vm: &mut Vm, array: Local, text: Local) -> PyResult<()> {
    let len = vm.heap.raw(vm.heap.get(text), 0);
    let look = BufferLook { object: text, at: 4, len, typecode: b'B', writable: false };
    extend_look(vm, array, &look)
}

/// Appends a run of bytes, which may be part of the array itself.
#[inline(never)]
pub fn extend_look(vm: &mut Vm, array: Local, look: &BufferLook) -> PyResult<()> {
    reserve(vm, array, look.len)?;
    let mark = vm.mark();
    let buffer = vm.push_word(array, BUFFER)?;
    let len = vm.heap.raw(vm.heap.get(array), LEN);
    vm.copy_buffer(look, buffer, len);
    vm.heap.poke_raw(vm.heap.get(array), LEN, len + look.len);
    vm.release(mark);
    Ok(())
}

/// A bytearray with the bytes of a run, pushed.
pub fn alloc_from(vm: &mut Vm, look: &BufferLook) -> PyResult<Local> {
    let array = alloc(vm, look.len)?;
    let mark = vm.mark();
    let buffer = vm.push_word(array, BUFFER)?;
    vm.copy_buffer(look, buffer, 0);
    vm.release(mark);
    Ok(array)
}
