//! `split`, `rsplit`, `splitlines`, `partition`, `rpartition`.

use crate::types::buffer::BufferLook;
use crate::types::list;
use crate::types::text::find::{Needle, seek};
use crate::types::text::strip::is_space;
use crate::types::text::{Text, make, this_text};
use crate::{PyResult, Rest, Vm};
use octopy_heap::{Kind, Local};
use octopy_qstr::q;

/// Appends a part of a text to a list.
fn push_part(vm: &mut Vm, list: Local, text: &Text, look: &BufferLook) -> PyResult<()> {
    vm.stop_if_interrupted()?;
    let mark = vm.mark();
    let part = make(vm, text.flavour, look)?;
    list::push(vm, list, part)?;
    vm.release(mark);
    Ok(())
}

/// The separator of an argument; `None` for white space.
fn separator_of(
    vm: &mut Vm,
    text: &Text,
    separator: Option<Local>,
) -> PyResult<Option<BufferLook>> {
    let Some(slot) = separator else { return Ok(None) };
    if vm.heap.get(slot).is_none() {
        return Ok(None);
    }
    let look = text.same_sort(vm, slot)?;
    if look.len == 0 {
        return Err(vm.raise_value("empty separator"));
    }
    Ok(Some(look))
}

/// How often to split.
fn limit_of(limit: Option<i32>) -> u32 {
    limit.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(u32::MAX)
}

/// `split`
pub(crate) fn split(
    vm: &mut Vm,
    this: Local,
    separator: Option<Local>,
    limit: Option<i32>,
) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let separator = separator_of(vm, text, separator);
    let separator = crate::held(&separator)?;
    let mut left = limit_of(limit);
    let list = list::alloc(vm, 0)?;
    let mut rest = text.look;
    let Some(separator) = separator else {
        loop {
            let bytes = vm.buffer_bytes(&rest);
            let blank = bytes.iter().position(|&b| !is_space(b)).unwrap_or(bytes.len());
            rest = rest.from(blank as u32);
            if rest.len == 0 {
                return Ok(list);
            }
            let bytes = vm.buffer_bytes(&rest);
            let len = match bytes.iter().position(|&b| is_space(b)) {
                Some(len) if left > 0 => len as u32,
                _ => rest.len,
            };
            push_part(vm, list, text, &rest.part(0, len))?;
            rest = rest.from(len);
            left = left.saturating_sub(1);
        }
    };
    let needle = Needle::Run(*separator);
    while left > 0 {
        let Some(at) = seek(vm, &rest, &needle, false)? else { break };
        push_part(vm, list, text, &rest.part(0, at as u32))?;
        rest = rest.from(at as u32 + separator.len);
        left -= 1;
    }
    push_part(vm, list, text, &rest)?;
    Ok(list)
}

/// `rsplit`
pub(crate) fn rsplit(
    vm: &mut Vm,
    this: Local,
    separator: Option<Local>,
    limit: Option<i32>,
) -> PyResult<Local> {
    let mut left = limit_of(limit);
    if left == u32::MAX {
        return split(vm, this, separator, None);
    }
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let separator = separator_of(vm, text, separator);
    let separator = crate::held(&separator)?;
    let list = list::alloc(vm, 0)?;
    let mut rest = text.look;
    loop {
        let bytes = vm.buffer_bytes(&rest);
        if separator.is_none() {
            let end = bytes.iter().rposition(|&b| !is_space(b)).map_or(0, |at| at + 1);
            rest = rest.part(0, end as u32);
            if rest.len == 0 {
                break;
            }
        }
        let found = match separator {
            Some(separator) => seek(vm, &rest, &Needle::Run(*separator), true)?
                .map(|at| (at as u32, separator.len)),
            None => {
                let bytes = vm.buffer_bytes(&rest);
                bytes.iter().rposition(|&b| is_space(b)).map(|at| (at as u32, 1))
            }
        };
        match found {
            Some((at, len)) if left > 0 => {
                push_part(vm, list, text, &rest.from(at + len))?;
                rest = rest.part(0, at);
                left -= 1;
            }
            _ => {
                push_part(vm, list, text, &rest)?;
                break;
            }
        }
    }
    reverse(vm, list);
    Ok(list)
}

/// Turns a list around.
fn reverse(vm: &Vm, list: Local) {
    let list = vm.heap.get(list);
    let (items, first, len) = list::items::storage(&vm.heap, list);
    list::reverse_words(&vm.heap, items, first, len);
}

/// `splitlines([keepends])`; the argument may also be given by its name.
pub(crate) fn splitlines(vm: &mut Vm, this: Local, rest: Rest) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let given = match rest.0.kw(0) {
        Some((name, value)) if vm.heap.get(name) == Vm::name_value(q::keepends) => Some(value),
        Some(_) => return Err(vm.raise_type("unexpected keyword argument")),
        None => rest.0.pos(0),
    };
    let keepends = match given {
        Some(value) => vm.is_true(value)?,
        None => false,
    };
    let list = list::alloc(vm, 0)?;
    let mut rest = text.look;
    while rest.len > 0 {
        let bytes = vm.buffer_bytes(&rest);
        let len = bytes.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(bytes.len());
        let ending = match bytes.get(len..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        let kept = if keepends { len + ending } else { len };
        push_part(vm, list, text, &rest.part(0, kept as u32))?;
        rest = rest.from((len + ending) as u32);
    }
    Ok(list)
}

fn part_at(vm: &mut Vm, this: Local, separator: Local, back: bool) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let look = text.same_sort(vm, separator);
    let look = crate::held(&look)?;
    if look.len == 0 {
        return Err(vm.raise_value("empty separator"));
    }
    let at = seek(vm, &text.look, &Needle::Run(*look), back)?;
    let none = text.look.part(0, 0);
    let parts = match at {
        Some(at) => [text.look.part(0, at as u32), *look, text.look.from(at as u32 + look.len)],
        None if back => [none, none, text.look],
        None => [text.look, none, none],
    };
    let tuple = vm.alloc(Kind::Tuple, 3)?;
    for (idx, part) in parts.iter().enumerate() {
        let mark = vm.mark();
        let item = text.make(vm, part)?;
        vm.heap.poke(vm.heap.get(tuple), idx as u32, vm.heap.get(item));
        vm.release(mark);
    }
    Ok(tuple)
}

/// `partition`
pub(crate) fn partition(vm: &mut Vm, this: Local, separator: Local) -> PyResult<Local> {
    part_at(vm, this, separator, false)
}

/// `rpartition`
pub(crate) fn rpartition(vm: &mut Vm, this: Local, separator: Local) -> PyResult<Local> {
    part_at(vm, this, separator, true)
}
