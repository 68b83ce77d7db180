//! Subscripts and slices of texts, with any step.

use crate::types::bytearray;
use crate::types::text::index::{char_len_at, char_offset, continues, index_of};
use crate::types::text::{Flavour, Text, blank, make, this_text};
use crate::{PyResult, Vm, types};
use octopy_heap::{Kind, Local, Value};

/// A slice fitted to a sequence: the first item, the distance to the next, and how many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// The first item.
    pub(crate) start: i64,
    /// The distance to the next; not 0.
    pub(crate) step: i64,
    /// How many items there are.
    pub(crate) count: u32,
}

/// Fits the slice object in `slice` to a sequence of `len` items.
pub(crate) fn span_of(vm: &mut Vm, slice: Local, len: u32) -> PyResult<Span> {
    let len = i64::from(len);
    let part = |vm: &mut Vm, word: u32| -> PyResult<Option<i64>> {
        let mark = vm.mark();
        let slot = vm.push_word(slice, word)?;
        let res =
            if vm.heap.get(slot).is_none() { None } else { Some(index_of(vm, slot, "slice")?) };
        vm.release(mark);
        Ok(res)
    };
    let step = part(vm, 2)?.unwrap_or(1);
    if step == 0 {
        return Err(vm.raise_value("slice step can't be zero"));
    }
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let fit = |given: Option<i64>, default: i64| match given {
        None => default,
        Some(at) if at < 0 => at.saturating_add(len).max(low),
        Some(at) => at.min(high),
    };
    let start = fit(part(vm, 0)?, if step > 0 { low } else { high });
    let stop = fit(part(vm, 1)?, if step > 0 { high } else { low });
    let distance = if step > 0 { stop - start } else { start - stop };
    let count = if distance <= 0 { 0 } else { (distance - 1) / step.saturating_abs() + 1 };
    Ok(Span { start, step, count: u32::try_from(count).unwrap_or(0) })
}

/// The byte of bytes or a bytearray at an index that fits, the common case of a subscript.
#[inline]
pub(crate) fn byte_fast(vm: &Vm, this: Value<'_>, index: Value<'_>) -> Option<u8> {
    let at = usize::try_from(index.as_small()?).ok()?;
    match vm.heap.kind(this)? {
        Kind::Bytes => vm.heap.data(this).get(at).copied(),
        Kind::ByteArray if at < vm.heap.raw(this, bytearray::LEN) as usize => {
            let buffer = vm.heap.buffer(vm.heap.word(this, bytearray::BUFFER));
            Some(buffer.get(at)?.get())
        }
        _ => None,
    }
}

/// `text[index]`
pub(crate) fn text_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    if let Some(byte) = byte_fast(vm, vm.heap.get(this), vm.heap.get(index)) {
        return vm.push(Value::from_small(i32::from(byte)));
    }
    let text = this_text(vm, this)?;
    if vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        return if text.is_str() {
            slice_chars(vm, &text, index)
        } else {
            slice_bytes(vm, &text, index)
        };
    }
    if text.is_str() {
        let at = index_of(vm, index, "string")?;
        let bytes = vm.buffer_bytes(&text.look);
        return match char_offset(bytes, at) {
            Some(at) if at < bytes.len() => {
                let len = char_len_at(bytes, at);
                types::str::alloc_char(vm, &text.look.part(at as u32, len as u32))
            }
            _ => Err(vm.raise(&types::exception::INDEX_ERROR, "string index out of range")),
        };
    }
    let at = vm.to_index(index, text.look.len, text.class_name())?;
    let byte = vm.buffer_bytes(&text.look).get(at as usize).copied().unwrap_or(0);
    vm.push(Value::from_small(i32::from(byte)))
}

fn slice_bytes(vm: &mut Vm, text: &Text, index: Local) -> PyResult<Local> {
    let span = span_of(vm, index, text.look.len)?;
    if span.step == 1 {
        return text.make(vm, &text.look.part(span.start as u32, span.count));
    }
    let (made, raw, at) = blank(vm, text.flavour, span.count)?;
    for idx in 0..span.count {
        let from = span.start + i64::from(idx) * span.step;
        vm.copy_buffer(&text.look.part(from as u32, 1), raw, at + idx);
    }
    Ok(made)
}

fn slice_chars(vm: &mut Vm, text: &Text, index: Local) -> PyResult<Local> {
    let bytes = vm.buffer_bytes(&text.look);
    let n_chars = bytes.iter().filter(|&&byte| !continues(byte)).count() as u32;
    let is_ascii = n_chars == text.look.len;
    let span = span_of(vm, index, n_chars)?;
    if span.count == 0 {
        return make(vm, Flavour::Str, &text.look.part(0, 0));
    }
    if is_ascii && span.step == 1 {
        return text.make(vm, &text.look.part(span.start as u32, span.count));
    }
    let bytes = vm.buffer_bytes(&text.look);
    let mut at = char_offset(bytes, span.start).unwrap_or(0);
    if span.step == 1 {
        let rest = bytes.get(at..).unwrap_or_default();
        let len = char_offset(rest, i64::from(span.count)).unwrap_or(rest.len());
        return text.make(vm, &text.look.part(at as u32, len as u32));
    }
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    for idx in 0..span.count {
        let bytes = vm.buffer_bytes(&text.look);
        let len = char_len_at(bytes, at);
        let part = text.look.part(at as u32, len as u32);
        let more = if idx + 1 < span.count { span.step } else { 0 };
        let (behind, ahead) = bytes.split_at_checked(at).unwrap_or_default();
        at = if more < 0 {
            char_offset(behind, more).unwrap_or(0)
        } else {
            at + char_offset(ahead, more).unwrap_or(0)
        };
        bytearray::extend_look(vm, builder, &part)?;
    }
    let made = vm.builder_str(builder)?;
    Ok(vm.keep(mark, made))
}
