//! What stands beside a text: fill to its left and right, prefixes and suffixes.

use crate::types::text::{index, this_text};
use crate::{Out, PyResult, Vm};
use octopy_heap::Local;

/// Writes `count` copies of one character.
pub(crate) fn write_fill(vm: &mut Vm, out: Out, fill: &[u8], count: u32) -> PyResult<()> {
    let mut chunk = super::quote::Chunk::new(out);
    for _ in 0..count {
        chunk.push_all(vm, fill)?;
    }
    chunk.flush(vm)
}

/// A text between two runs of a fill character, `left` of them to its left.
fn between(
    vm: &mut Vm,
    this: Local,
    width: i32,
    fill: Option<Local>,
    left: fn(u32) -> u32,
) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let bytes = vm.buffer_bytes(&text.look);
    let len = if text.is_str() { index::count_chars(bytes) } else { text.look.len };
    let pad = u32::try_from(width).unwrap_or(0).saturating_sub(len);
    if pad == 0 {
        return text.make(vm, &text.look);
    }
    let mut fill_bytes = [b' ', 0, 0, 0];
    let mut fill_len = 1;
    if let Some(slot) = fill {
        let look = text.same_sort(vm, slot);
        let look = crate::held(&look)?;
        let given = vm.buffer_bytes(look);
        if given.is_empty() || index::char_len_at(given, 0) != given.len() {
            return Err(vm.raise_type("fill must be one character"));
        }
        fill_len = given.len().min(4);
        for (to, from) in fill_bytes.iter_mut().zip(given) {
            *to = *from;
        }
    }
    let fill = fill_bytes.get(..fill_len).unwrap_or_default();
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let out = Out::Builder(builder);
    write_fill(vm, out, fill, left(pad))?;
    vm.write_buffer(out, &text.look)?;
    write_fill(vm, out, fill, pad - left(pad))?;
    let made = text.make_built(vm, builder)?;
    Ok(vm.keep(mark, made))
}

/// `center`
pub(crate) fn center(vm: &mut Vm, this: Local, width: i32, fill: Option<Local>) -> PyResult<Local> {
    between(vm, this, width, fill, |pad| pad / 2)
}

/// `ljust`
pub(crate) fn ljust(vm: &mut Vm, this: Local, width: i32, fill: Option<Local>) -> PyResult<Local> {
    between(vm, this, width, fill, |_| 0)
}

/// `rjust`
pub(crate) fn rjust(vm: &mut Vm, this: Local, width: i32, fill: Option<Local>) -> PyResult<Local> {
    between(vm, this, width, fill, |pad| pad)
}

/// `zfill`
pub(crate) fn zfill(vm: &mut Vm, this: Local, width: i32) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let bytes = vm.buffer_bytes(&text.look);
    let len = index::count_chars(bytes);
    let signs = u32::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let pad = u32::try_from(width).unwrap_or(0).saturating_sub(len);
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let out = Out::Builder(builder);
    vm.write_buffer(out, &text.look.part(0, signs))?;
    write_fill(vm, out, b"0", pad)?;
    vm.write_buffer(out, &text.look.from(signs))?;
    let made = text.make_built(vm, builder)?;
    Ok(vm.keep(mark, made))
}

/// `removeprefix`
pub(crate) fn removeprefix(vm: &mut Vm, this: Local, prefix: Local) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let prefix = text.same_sort(vm, prefix);
    let prefix = crate::held(&prefix)?;
    let starts = vm.buffer_bytes(&text.look).starts_with(vm.buffer_bytes(prefix));
    text.make(vm, &text.look.from(if starts { prefix.len } else { 0 }))
}

/// `removesuffix`
pub(crate) fn removesuffix(vm: &mut Vm, this: Local, suffix: Local) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let suffix = text.same_sort(vm, suffix);
    let suffix = crate::held(&suffix)?;
    let ends = vm.buffer_bytes(&text.look).ends_with(vm.buffer_bytes(suffix));
    text.make(vm, &text.look.part(0, text.look.len - if ends { suffix.len } else { 0 }))
}
