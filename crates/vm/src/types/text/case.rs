//! Letters: their case, and what sort of characters a text is made of. ASCII only, as in
//! MicroPython.

use crate::types::buffer::BufferLook;
use crate::types::text::{blank, this_text};
use crate::{PyResult, Vm};
use octopy_heap::Local;

fn convert(vm: &mut Vm, this: Local, change: fn(u8) -> u8) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    if vm.pass(&text.look, |bytes| bytes.iter().all(|&byte| change(byte) == byte))? {
        return text.make(vm, &text.look);
    }
    let (made, raw, at) = blank(vm, text.flavour, text.look.len)?;
    vm.copy_buffer(&text.look, raw, at);
    let look = BufferLook { object: raw, at, writable: true, ..text.look };
    vm.pass_mut(&look, |bytes| bytes.iter_mut().for_each(|byte| *byte = change(*byte)))?;
    Ok(made)
}

/// `lower`
pub(crate) fn lower(vm: &mut Vm, this: Local) -> PyResult<Local> {
    convert(vm, this, |byte| byte.to_ascii_lowercase())
}

/// `upper`
pub(crate) fn upper(vm: &mut Vm, this: Local) -> PyResult<Local> {
    convert(vm, this, |byte| byte.to_ascii_uppercase())
}

fn all(vm: &mut Vm, this: Local, is: fn(u8) -> bool) -> PyResult<bool> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    Ok(text.look.len > 0 && vm.pass(&text.look, |bytes| bytes.iter().all(|&byte| is(byte)))?)
}

/// Whether there are letters and all of them satisfy `is`.
fn letters(vm: &mut Vm, this: Local, is: fn(&u8) -> bool) -> PyResult<bool> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let mut any = false;
    let all = vm.pass(&text.look, |bytes| {
        bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).all(|letter| {
            any = true;
            is(letter)
        })
    })?;
    Ok(any && all)
}

/// `capitalize`
pub(crate) fn capitalize(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let (made, raw, at) = blank(vm, text.flavour, text.look.len)?;
    vm.copy_buffer(&text.look, raw, at);
    let look = BufferLook { object: raw, at, writable: true, ..text.look };
    vm.pass_mut(&look, <[u8]>::make_ascii_lowercase)?;
    if let Some(first) = vm.heap.bytes_mut(raw, 0).get_mut(at as usize) {
        first.make_ascii_uppercase();
    }
    Ok(made)
}

/// `isalnum`
pub(crate) fn isalnum(vm: &mut Vm, this: Local) -> PyResult<bool> {
    all(vm, this, |byte| byte.is_ascii_alphanumeric())
}

/// `isspace`
pub(crate) fn isspace(vm: &mut Vm, this: Local) -> PyResult<bool> {
    all(vm, this, super::strip::is_space)
}

/// `isalpha`
pub(crate) fn isalpha(vm: &mut Vm, this: Local) -> PyResult<bool> {
    all(vm, this, |byte| byte.is_ascii_alphabetic())
}

/// `isdigit`
pub(crate) fn isdigit(vm: &mut Vm, this: Local) -> PyResult<bool> {
    all(vm, this, |byte| byte.is_ascii_digit())
}

/// `isupper`
pub(crate) fn isupper(vm: &mut Vm, this: Local) -> PyResult<bool> {
    letters(vm, this, u8::is_ascii_uppercase)
}

/// `islower`
pub(crate) fn islower(vm: &mut Vm, this: Local) -> PyResult<bool> {
    letters(vm, this, u8::is_ascii_lowercase)
}
