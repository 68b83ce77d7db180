//! `strip`, `lstrip`, `rstrip`.

use crate::types::text::{index, this_text};
use crate::{PyResult, Vm};
use octopy_heap::Local;

/// Whether a byte is white space.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Whether a set of characters has the character `one`.
fn has_char(mut set: &[u8], one: &[u8], by_chars: bool) -> bool {
    while !set.is_empty() {
        let len = if by_chars { index::char_len_at(set, 0) } else { 1 };
        let (member, rest) = set.split_at_checked(len).unwrap_or((set, &[]));
        if member == one {
            return true;
        }
        set = rest;
    }
    false
}

fn strip_sides(
    vm: &mut Vm,
    this: Local,
    characters: Option<Local>,
    left: bool,
    right: bool,
) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let set = match characters {
        Some(slot) if !vm.heap.get(slot).is_none() => Some(text.same_sort(vm, slot)?),
        _ => None,
    };
    let bytes = vm.buffer_bytes(&text.look);
    let set = set.as_ref().map(|look| vm.buffer_bytes(look));
    let goes = |one: &[u8]| match set {
        Some(set) => has_char(set, one, text.is_str()),
        None => one.first().is_some_and(|&byte| is_space(byte)),
    };
    let (mut start, mut end) = (0, bytes.len());
    while left && start < end && !vm.attention.is_interrupted() {
        let len = if text.is_str() { index::char_len_at(bytes, start) } else { 1 };
        if !goes(bytes.get(start..start + len).unwrap_or_default()) {
            break;
        }
        start += len;
    }
    while right && start < end && !vm.attention.is_interrupted() {
        let mut at = end - 1;
        while text.is_str() && at > start && bytes.get(at).is_some_and(|&b| index::continues(b)) {
            at -= 1;
        }
        if !goes(bytes.get(at..end).unwrap_or_default()) {
            break;
        }
        end = at;
    }
    let look = text.look.part(start as u32, end.saturating_sub(start) as u32);
    vm.stop_if_interrupted()?;
    text.make(vm, &look)
}

/// `strip`
pub(crate) fn strip(vm: &mut Vm, this: Local, characters: Option<Local>) -> PyResult<Local> {
    strip_sides(vm, this, characters, true, true)
}

/// `lstrip`
pub(crate) fn lstrip(vm: &mut Vm, this: Local, characters: Option<Local>) -> PyResult<Local> {
    strip_sides(vm, this, characters, true, false)
}

/// `rstrip`
pub(crate) fn rstrip(vm: &mut Vm, this: Local, characters: Option<Local>) -> PyResult<Local> {
    strip_sides(vm, this, characters, false, true)
}
