//! Subscripts and slices of texts, with any step.

use crate::types::text::index::{char_len_at, char_offset, continues, index_of};
use crate::types::text::{Flavour, Text, blank, make, this_text};
use crate::types::{bytearray, slice};
use crate::{PyResult, Vm, types};
use octopy_heap::{Kind, Local, Value};

/// The byte of bytes or a bytearray at an index that fits, the common case of a subscript.
#[inline(never)]
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
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    if vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        return if text.is_str() {
            slice_chars(vm, text, index)
        } else {
            slice_bytes(vm, text, index)
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
    let span = slice::bounds(vm, index, text.look.len)?;
    if span.step == 1 {
        return text.make(vm, &text.look.part(span.start, span.count));
    }
    let (made, raw, at) = blank(vm, text.flavour, span.count)?;
    for (idx, from) in span.places().enumerate() {
        vm.stop_if_interrupted()?;
        vm.copy_buffer(&text.look.part(from, 1), raw, at + idx as u32);
    }
    Ok(made)
}

fn slice_chars(vm: &mut Vm, text: &Text, index: Local) -> PyResult<Local> {
    let bytes = vm.buffer_bytes(&text.look);
    let n_chars = bytes.iter().filter(|&&byte| !continues(byte)).count() as u32;
    let is_ascii = n_chars == text.look.len;
    let span = slice::bounds(vm, index, n_chars)?;
    if span.count == 0 {
        return make(vm, Flavour::Str, &text.look.part(0, 0));
    }
    if is_ascii && span.step == 1 {
        return text.make(vm, &text.look.part(span.start, span.count));
    }
    let bytes = vm.buffer_bytes(&text.look);
    let mut at = char_offset(bytes, i64::from(span.start)).unwrap_or(0);
    if span.step == 1 {
        let rest = bytes.get(at..).unwrap_or_default();
        let len = char_offset(rest, i64::from(span.count)).unwrap_or(rest.len());
        return text.make(vm, &text.look.part(at as u32, len as u32));
    }
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    for idx in 0..span.count {
        vm.stop_if_interrupted()?;
        let bytes = vm.buffer_bytes(&text.look);
        let len = char_len_at(bytes, at);
        let part = text.look.part(at as u32, len as u32);
        let more = if idx + 1 < span.count { i64::from(span.step) } else { 0 };
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
