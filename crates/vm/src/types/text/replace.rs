//! `replace`.

use crate::types::bytearray;
use crate::types::text::find::{Needle, seek};
use crate::types::text::{index, this_text};
use crate::{PyResult, Vm};
use octopy_heap::Local;

/// `replace`
pub(crate) fn replace(
    vm: &mut Vm,
    this: Local,
    old: Local,
    new: Local,
    count: Option<i32>,
) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let old = text.same_sort(vm, old);
    let old = crate::held(&old)?;
    let new = text.same_sort(vm, new);
    let new = crate::held(&new)?;
    let mut left = count.and_then(|count| u32::try_from(count).ok()).unwrap_or(u32::MAX);
    let needle = Needle::Run(*old);
    if left == 0 || seek(vm, &text.look, &needle, false)?.is_none() {
        return text.make(vm, &text.look);
    }
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let mut rest = text.look;
    while left > 0 {
        if old.len == 0 {
            vm.stop_if_interrupted()?;
            // An empty text stands before each character and at the end.
            let hay = vm.buffer_bytes(&rest);
            let len = if text.is_str() { index::char_len_at(hay, 0) as u32 } else { 1 };
            bytearray::extend_look(vm, builder, new)?;
            bytearray::extend_look(vm, builder, &rest.part(0, len))?;
            left -= 1;
            if rest.len == 0 {
                break;
            }
            rest = rest.from(len);
            continue;
        }
        let Some(at) = seek(vm, &rest, &needle, false)? else { break };
        bytearray::extend_look(vm, builder, &rest.part(0, at as u32))?;
        bytearray::extend_look(vm, builder, new)?;
        rest = rest.from(at as u32 + old.len);
        left -= 1;
    }
    bytearray::extend_look(vm, builder, &rest)?;
    let made = text.make_built(vm, builder)?;
    Ok(vm.keep(mark, made))
}
