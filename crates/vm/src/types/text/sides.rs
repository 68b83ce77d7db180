//! `center`: texts in fields.

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

/// `center`
pub(crate) fn center(vm: &mut Vm, this: Local, width: i32, fill: Option<Local>) -> PyResult<Local> {
    let text = this_text(vm, this)?;
    let bytes = vm.buffer_bytes(&text.look);
    let len = if text.is_str() { index::count_chars(bytes) } else { text.look.len };
    let pad = u32::try_from(width).unwrap_or(0).saturating_sub(len);
    if pad == 0 {
        return text.make(vm, &text.look);
    }
    let mut fill_bytes = [b' ', 0, 0, 0];
    let mut fill_len = 1;
    if let Some(slot) = fill {
        let look = text.same_sort(vm, slot)?;
        let given = vm.buffer_bytes(&look);
        if given.len() > 4 || given.is_empty() || index::char_len_at(given, 0) != given.len() {
            return Err(vm.raise_type("fill must be one character"));
        }
        fill_len = given.len();
        for (to, from) in fill_bytes.iter_mut().zip(given) {
            *to = *from;
        }
    }
    let fill = fill_bytes.get(..fill_len).unwrap_or_default();
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let out = Out::Builder(builder);
    write_fill(vm, out, fill, pad / 2)?;
    vm.write_buffer(out, &text.look)?;
    write_fill(vm, out, fill, pad - pad / 2)?;
    let made = text.make_built(vm, builder)?;
    Ok(vm.keep(mark, made))
}
