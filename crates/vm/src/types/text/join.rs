//! `join`.

use crate::types::buffer;
use crate::types::buffer::BufferLook;
use crate::types::list::items::storage;
use crate::types::text::{Text, blank, opt_text, this_text};
use crate::{PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

/// Item `idx`, pushed, as bytes that fit the receiver.
fn item_look(vm: &mut Vm, text: &Text, items: Local, idx: u32) -> PyResult<BufferLook> {
    vm.stop_if_interrupted()?;
    let (words, first, len) = storage(&vm.heap, vm.heap.get(items));
    let item = if idx < len { vm.heap.word(words, first + idx) } else { Value::NONE };
    let Ok(slot) = vm.heap.push(item) else {
        return Err(vm.raise_recursion());
    };
    match crate::held(&opt_text(vm, slot))? {
        Some(item) if item.is_str() == text.is_str() => Ok(item.look),
        _ => {
            Err(vm
                .raise_type("join expects a list of str/bytes objects consistent with self object"))
        }
    }
}

/// `join`
pub(crate) fn join(vm: &mut Vm, this: Local, items: Local) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let kind = vm.heap.kind(vm.heap.get(items));
    let items = match kind {
        Some(Kind::List | Kind::Tuple) => items,
        _ => vm.list_from(items)?,
    };
    let (_, _, count) = storage(&vm.heap, vm.heap.get(items));
    let mut total = 0_u64;
    for idx in 0..count {
        let mark = vm.mark();
        let look = item_look(vm, text, items, idx);
        let look = crate::held(&look)?;
        total += u64::from(look.len) + if idx > 0 { u64::from(text.look.len) } else { 0 };
        vm.release(mark);
    }
    let Ok(len) = u32::try_from(total) else {
        return Err(buffer::raise_too_large(vm, total));
    };
    if count == 1 || len == 0 {
        if count == 1 {
            let look = item_look(vm, text, items, 0);
            let look = crate::held(&look)?;
            return super::make(vm, text.flavour, look);
        }
        return super::make(vm, text.flavour, &text.look.part(0, 0));
    }
    let (made, raw, mut at) = blank(vm, text.flavour, len)?;
    for idx in 0..count {
        let mark = vm.mark();
        if idx > 0 {
            vm.copy_buffer(&text.look, raw, at);
            at += text.look.len;
        }
        let look = item_look(vm, text, items, idx);
        let look = crate::held(&look)?;
        vm.copy_buffer(look, raw, at);
        at += look.len;
        vm.release(mark);
    }
    Ok(made)
}
