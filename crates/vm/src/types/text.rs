//! Text: what str, bytes and bytearray have in common.
//!
//! Each method is written once, over a [`Text`]: the bytes of the receiver and its flavour, which
//! says what results are made of and whether positions count characters or bytes.

pub mod case;
pub mod codec;
pub mod compare;
pub mod find;
pub mod index;
pub mod join;
pub mod quote;
pub mod replace;
pub mod sides;
pub mod split;
pub mod strip;
pub mod subscript;

pub(crate) use index::encode;

use crate::types::buffer::BufferLook;
use crate::types::iterator::{self, Source};
use crate::types::{bytearray, instance, str};
use crate::{Arith, PyResult, UnaryOp, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::q;

/// Which of the three types a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// `str`: positions count characters.
    Str,
    /// `bytes`
    Bytes,
    /// `bytearray`
    ByteArray,
}

/// A receiver: its slot, its bytes and what it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    /// The slot of the object itself (of the native part, for derived classes).
    pub(crate) slot: Local,
    /// Its bytes.
    pub(crate) look: BufferLook,
    /// Its type.
    pub(crate) flavour: Flavour,
}

/// What `value` is as a text.
fn flavour_of(vm: &Vm, value: Value<'_>) -> Option<Flavour> {
    if value.as_qstr().is_some() {
        return Some(Flavour::Str);
    }
    match vm.heap.kind(value)? {
        Kind::Str => Some(Flavour::Str),
        Kind::Bytes => Some(Flavour::Bytes),
        Kind::ByteArray => Some(Flavour::ByteArray),
        _ => None,
    }
}

/// The value in `slot` as a text, if it is one or is derived from one. May push slots.
#[inline(never)]
pub(crate) fn opt_text(vm: &mut Vm, slot: Local) -> PyResult<Option<Text>> {
    let value = vm.heap.get(slot);
    if let Some(flavour) = flavour_of(vm, value) {
        return Ok(vm.opt_buffer(slot)?.map(|look| Text { slot, look, flavour }));
    }
    if vm.heap.is_kind(value, Kind::Instance) {
        let native = vm.heap.word(value, instance::NATIVE);
        if let Some(flavour) = flavour_of(vm, native) {
            let slot = vm.push_word(slot, instance::NATIVE)?;
            return Ok(vm.opt_buffer(slot)?.map(|look| Text { slot, look, flavour }));
        }
    }
    Ok(None)
}

/// The receiver of a method as a text; TypeError for others.
#[inline(never)]
pub(crate) fn this_text(vm: &mut Vm, slot: Local) -> PyResult<Text> {
    match crate::held(&opt_text(vm, slot))? {
        Some(text) => Ok(*text),
        None => Err(vm.raise_convert(slot, "str")),
    }
}

/// The text of a str argument; TypeError for others.
pub(crate) fn str_text(vm: &mut Vm, slot: Local) -> PyResult<Text> {
    match crate::held(&opt_text(vm, slot))? {
        Some(text) if text.flavour == Flavour::Str => Ok(*text),
        _ => Err(vm.raise_convert(slot, "str")),
    }
}

impl Text {
    /// An argument that must be of the same sort: str for str, bytes or bytearray for both.
    #[inline(never)]
    pub(crate) fn same_sort(&self, vm: &mut Vm, slot: Local) -> PyResult<BufferLook> {
        match crate::held(&opt_text(vm, slot))? {
            Some(other) if other.is_str() == self.is_str() => Ok(other.look),
            _ => Err(vm.raise_convert(slot, "str")),
        }
    }

    /// Whether positions count characters.
    pub(crate) fn is_str(&self) -> bool {
        self.flavour == Flavour::Str
    }

    /// A run of bytes as an object of this text's type, pushed. All of an immutable text is the
    /// object itself.
    #[inline(never)]
    pub(crate) fn make(&self, vm: &mut Vm, look: &BufferLook) -> PyResult<Local> {
        let is_whole = look.len == self.look.len && look.object.addr() == self.look.object.addr();
        if is_whole && self.flavour != Flavour::ByteArray {
            return vm.copy(self.slot);
        }
        make(vm, self.flavour, look)
    }

    /// What a builder has gathered as an object of this text's type, pushed.
    pub(crate) fn make_built(&self, vm: &mut Vm, builder: Local) -> PyResult<Local> {
        match self.flavour {
            Flavour::Str => vm.builder_str(builder),
            Flavour::Bytes => vm.builder_text(builder, Kind::Bytes),
            Flavour::ByteArray => Ok(builder),
        }
    }
}

/// A run of bytes as an object of a type, pushed.
#[inline(never)]
pub(crate) fn make(vm: &mut Vm, flavour: Flavour, look: &BufferLook) -> PyResult<Local> {
    match flavour {
        Flavour::Str if look.len == 0 => vm.push(Value::from_qstr(q::empty.0)),
        Flavour::Str => vm.alloc_from_buffer(Kind::Str, look),
        Flavour::Bytes => vm.alloc_from_buffer(Kind::Bytes, look),
        Flavour::ByteArray => bytearray::alloc_from(vm, look),
    }
}

/// An object of a type with `len` bytes that the caller fills, pushed, and its raw object's slot
/// and the place of its first byte there.
#[inline(never)]
pub(crate) fn blank(vm: &mut Vm, flavour: Flavour, len: u32) -> PyResult<(Local, Local, u32)> {
    match flavour {
        Flavour::ByteArray => {
            let array = bytearray::alloc(vm, len)?;
            let buffer = vm.push_word(array, bytearray::BUFFER)?;
            Ok((array, buffer, 0))
        }
        _ => {
            let kind = if flavour == Flavour::Str { Kind::Str } else { Kind::Bytes };
            let slot = vm.alloc_unfilled(kind, len)?;
            Ok((slot, slot, 4))
        }
    }
}

/// `len`, truth and hash.
pub(crate) fn text_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(text.look.len != 0)).map(Some),
        UnaryOp::Len => {
            let len = text.look.len;
            let len = if text.is_str() { index::chars_of(vm, &text.look)? } else { len };
            vm.alloc_int(i64::from(len)).map(Some)
        }
        UnaryOp::Hash if text.flavour != Flavour::ByteArray => {
            let hash = vm.hash_run(&text.look)?;
            vm.push(Value::from_small((hash >> 3) as i32)).map(Some)
        }
        _ => Ok(None),
    }
}

/// `+`, `*` and `%`.
pub(crate) fn text_binary(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    match op {
        Arith::Add => {
            let text = this_text(vm, lhs);
            let text = crate::held(&text)?;
            let other = match crate::held(&opt_text(vm, rhs))? {
                Some(other) if other.is_str() == text.is_str() => other.look,
                Some(_) => return Ok(None),
                None if text.is_str() => return Ok(None),
                None => match crate::held(&vm.opt_buffer(rhs))? {
                    Some(look) => *look,
                    None => return Ok(None),
                },
            };
            concat(vm, text, &other, rhs).map(Some)
        }
        Arith::Multiply => {
            if !is_int(vm, rhs) {
                return Ok(None);
            }
            let count = vm.to_i64(rhs)?;
            let text = this_text(vm, lhs);
            let text = crate::held(&text)?;
            repeat(vm, text, count).map(Some)
        }
        Arith::Modulo => {
            let text = this_text(vm, lhs);
            let text = crate::held(&text)?;
            match text.flavour {
                Flavour::ByteArray => Ok(None),
                _ => str::percent::percent(vm, text, rhs).map(Some),
            }
        }
        _ => Ok(None),
    }
}

/// `count * text`
pub(crate) fn text_reverse(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    if op == Arith::Multiply && is_int(vm, lhs) {
        return text_binary(vm, op, rhs, lhs);
    }
    Ok(None)
}

/// Whether a value is an int or a bool.
pub(crate) fn is_int(vm: &Vm, slot: Local) -> bool {
    let value = vm.heap.get(slot);
    value.is_small()
        || vm.heap.is_kind(value, Kind::Int)
        || matches!(value.as_immediate(), Some(Value::TRUE | Value::FALSE))
}

#[inline(never)]
fn concat(vm: &mut Vm, text: &Text, other: &BufferLook, rhs: Local) -> PyResult<Local> {
    if text.flavour != Flavour::ByteArray {
        if other.len == 0 {
            return vm.copy(text.slot);
        }
        if text.look.len == 0 && flavour_of(vm, vm.heap.get(rhs)) == Some(text.flavour) {
            return vm.copy(rhs);
        }
    }
    let len = u64::from(text.look.len) + u64::from(other.len);
    let Ok(len) = u32::try_from(len) else {
        return Err(super::buffer::raise_too_large(vm, len));
    };
    let (made, raw, at) = blank(vm, text.flavour, len)?;
    vm.copy_buffer(&text.look, raw, at);
    vm.copy_buffer(other, raw, at + text.look.len);
    Ok(made)
}

#[inline(never)]
pub(crate) fn repeat(vm: &mut Vm, text: &Text, count: i64) -> PyResult<Local> {
    let count = u64::try_from(count).unwrap_or(0);
    if count == 1 {
        return text.make(vm, &text.look);
    }
    let bytes = u64::from(text.look.len).saturating_mul(count);
    if bytes == 0 {
        return make(vm, text.flavour, &text.look.part(0, 0));
    }
    let Ok(len) = u32::try_from(bytes) else {
        return Err(super::buffer::raise_too_large(vm, bytes));
    };
    let (made, raw, at) = blank(vm, text.flavour, len)?;
    // Doubling what is there already: few long copies instead of many short ones.
    vm.copy_buffer(&text.look, raw, at);
    let mut done = text.look.len;
    while done < len {
        let more = done.min(len - done);
        let object = vm.heap.get(raw);
        vm.heap.copy_bytes(object, at, object, at + done, more);
        done += more;
    }
    Ok(made)
}

/// `item in text`
pub(crate) fn text_contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    if !text.is_str() && is_int(vm, item) {
        let byte = find::byte_of(vm, item)?;
        return Ok(vm.buffer_bytes(&text.look).contains(&byte));
    }
    let needle = match crate::held(&opt_text(vm, item))? {
        Some(other) if other.is_str() == text.is_str() => other.look,
        None if !text.is_str() => vm.buffer_of(item)?,
        _ => return Err(vm.raise_convert(item, "str")),
    };
    Ok(find::seek(vm, &text.look, &find::Needle::Run(needle), false)?.is_some())
}

/// An iterator over characters or bytes.
pub(crate) fn text_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    if !text.is_str() {
        return iterator::alloc(vm, Source::Items, text.slot);
    }
    iterator::alloc(vm, Source::Str, text.slot)
}
