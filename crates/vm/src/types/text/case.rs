//! Letters: their case, and what sort of characters a text is made of. ASCII only, as in
//! MicroPython.

use crate::types::text::{blank, this_text};
use crate::{PyResult, Vm};
use octopy_heap::Local;

fn convert(vm: &mut Vm, this: Local, change: fn(u8) -> u8) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    if vm.buffer_bytes(&text.look).iter().all(|&byte| change(byte) == byte) {
        return text.make(vm, &text.look);
    }
    let (made, raw, at) = blank(vm, text.flavour, text.look.len)?;
    vm.copy_buffer(&text.look, raw, at);
    let bytes = vm.heap.bytes_mut(raw, 0).get_mut(at as usize..).unwrap_or_default();
    for byte in bytes.iter_mut().take(text.look.len as usize) {
        *byte = change(*byte);
    }
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
    Ok(text.look.len > 0 && vm.buffer_bytes(&text.look).iter().all(|&byte| is(byte)))
}

/// Whether there are letters and all of them satisfy `is`.
fn letters(vm: &mut Vm, this: Local, is: fn(&u8) -> bool) -> PyResult<bool> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let mut letters = vm.buffer_bytes(&text.look).iter().filter(|b| b.is_ascii_alphabetic());
    Ok(letters.clone().next().is_some() && letters.all(is))
}

/// `capitalize`
pub(crate) fn capitalize(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let (made, raw, at) = blank(vm, text.flavour, text.look.len)?;
    vm.copy_buffer(&text.look, raw, at);
    let bytes = vm.heap.bytes_mut(raw, 0).get_mut(at as usize..).unwrap_or_default();
    for (idx, byte) in bytes.iter_mut().enumerate().take(text.look.len as usize) {
        *byte = if idx == 0 { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
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
