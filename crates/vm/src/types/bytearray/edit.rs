//! What changes a bytearray.

use super::{BUFFER, LEN, alloc_from, extend_bytes, extend_look};
use crate::types::array::methods::{replace_run, source_of};
use crate::types::buffer::BufferLook;
use crate::types::slice::{self, Bounds};
use crate::types::{array, bytes, text};
use crate::{Args, Arith, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

/// `bytearray(...)`: as `bytes(...)`.
pub(super) fn bytearray_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 3)?;
    let made = match args.pos(0) {
        // All of what `gc.info()` calls `max_block` can be had: nothing is made besides.
        Some(count) if args.n_pos == 1 && text::is_int(vm, count) => bytes::zeros(vm, count)?,
        _ => {
            let look = bytes::content(vm, args);
            let look = crate::held(&look)?;
            alloc_from(vm, look)?
        }
    };
    vm.heap.set(args.ret, vm.heap.get(made));
    Ok(())
}

/// The bytearray that a receiver is, or is derived from.
pub(super) fn this_array(vm: &mut Vm, this: Local) -> PyResult<Local> {
    if vm.heap.is_kind(vm.heap.get(this), Kind::ByteArray) {
        return Ok(this);
    }
    match vm.native_part(this, Kind::ByteArray)? {
        Some(native) => Ok(native),
        None => Err(vm.raise_convert(this, "bytearray")),
    }
}

/// `append`
pub(super) fn append(vm: &mut Vm, this: Local, byte: Local) -> PyResult<()> {
    let this = this_array(vm, this)?;
    let byte = array::item::low_byte(vm, byte)?;
    extend_bytes(vm, this, &[byte])
}

/// `extend`
pub(super) fn extend(vm: &mut Vm, this: Local, items: Local) -> PyResult<()> {
    let this = this_array(vm, this)?;
    if let Some(look) = crate::held(&vm.opt_buffer(items))? {
        return extend_look(vm, this, look);
    }
    vm.for_each(items, |vm, item| {
        let byte = array::item::low_byte(vm, item)?;
        extend_bytes(vm, this, &[byte])
    })
}

/// `+=`
pub(super) fn bytearray_inplace(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    if op != Arith::Add {
        return Ok(None);
    }
    extend(vm, lhs, rhs)?;
    vm.copy(lhs).map(Some)
}

/// `this[index] = value`, `del this[index]`
pub(super) fn bytearray_store(
    vm: &mut Vm,
    this: Local,
    index: Local,
    value: Option<Local>,
) -> PyResult<()> {
    if let Some(value) = value
        && store_fast(vm, vm.heap.get(this), vm.heap.get(index), vm.heap.get(value)).is_some()
    {
        return Ok(());
    }
    let this = this_array(vm, this)?;
    let len = vm.heap.raw(vm.heap.get(this), LEN);
    let none = BufferLook { object: this, at: 0, len: 0, typecode: b'B', writable: false };
    if vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        let span = slice::bounds(vm, index, len)?;
        let source = match value {
            Some(value) => source_of(vm, value, 1)?,
            None => none,
        };
        if span.step == 1 {
            return replace_run(vm, this, span, &source);
        }
        if value.is_none() {
            return delete_steps(vm, this, span);
        }
        return store_steps(vm, this, span, &source);
    }
    let at = vm.to_index(index, len, "bytearray")?;
    match value {
        Some(value) => {
            let byte = array::item::low_byte(vm, value)?;
            let object = vm.heap.get(this);
            let buffer = vm.heap.buffer(vm.heap.word(object, BUFFER));
            if let Some(place) = buffer.get(at as usize) {
                place.set(byte);
            }
            Ok(())
        }
        None => replace_run(vm, this, Bounds { start: at, step: 1, count: 1 }, &none),
    }
}

/// Stores a byte at an index that fits, the common case; `None` for everything else.
#[inline(never)]
pub(crate) fn store_fast(
    vm: &Vm,
    this: Value<'_>,
    index: Value<'_>,
    value: Value<'_>,
) -> Option<()> {
    let (at, byte) = (index.as_small()?, value.as_small()?);
    if !vm.heap.is_kind(this, Kind::ByteArray) {
        return None;
    }
    let at = usize::try_from(at).ok().filter(|&at| at < vm.heap.raw(this, LEN) as usize)?;
    vm.heap.buffer(vm.heap.word(this, BUFFER)).get(at)?.set(byte as u8);
    Some(())
}

/// Assigns to every so many-th byte.
fn store_steps(vm: &mut Vm, this: Local, span: Bounds, source: &BufferLook) -> PyResult<()> {
    if source.len != span.count {
        return Err(vm.raise_value("lhs and rhs should be compatible"));
    }
    let copy = alloc_from(vm, source)?;
    let source = vm.buffer_of(copy);
    let source = crate::held(&source)?;
    let object = vm.heap.get(this);
    let buffer = vm.heap.buffer(vm.heap.word(object, BUFFER));
    for (place, byte) in span.places().zip(vm.buffer_bytes(source)) {
        if let Some(to) = buffer.get(place as usize) {
            to.set(*byte);
        }
    }
    Ok(())
}

/// Removes every so many-th byte.
fn delete_steps(vm: &mut Vm, this: Local, span: Bounds) -> PyResult<()> {
    let object = vm.heap.get(this);
    let len = vm.heap.raw(object, LEN);
    let buffer = vm.heap.buffer(vm.heap.word(object, BUFFER));
    let span = span.ascending();
    let mut to = 0;
    for (at, byte) in buffer.iter().enumerate().take(len as usize) {
        let is_gone = (at as u32).checked_sub(span.start).is_some_and(|distance| {
            let step = span.step.unsigned_abs();
            distance % step == 0 && distance / step < span.count
        });
        if is_gone {
            continue;
        }
        if let Some(place) = buffer.get(to) {
            place.set(byte.get());
        }
        to += 1;
    }
    vm.heap.poke_raw(object, LEN, to as u32);
    Ok(())
}
