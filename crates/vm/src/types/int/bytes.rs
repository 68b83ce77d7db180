//! Ints as bytes.

use super::{digits, is_negative};
use crate::types::exception;
use crate::{Args, PyResult, Rest, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

/// `int.bit_length()`
pub(in crate::types) fn bit_length(vm: &mut Vm, this: Local) -> PyResult<i64> {
    let this = digits::object(vm, this)?;
    Ok(digits::bit_length(&vm.heap, vm.heap.get(this)) as i64)
}

/// An argument that can be given by position or by name.
fn argument(vm: &Vm, args: &Args, idx: u16, name: Qstr) -> Option<Local> {
    if let Some(slot) = args.pos(idx) {
        return Some(slot);
    }
    (0..args.n_kw)
        .filter_map(|idx| args.kw(idx))
        .find_map(|(key, value)| (vm.heap.get(key).as_qstr() == Some(name.0)).then_some(value))
}

/// Whether a byteorder argument means the highest byte first.
fn is_big(vm: &Vm, order: Option<Local>) -> bool {
    order.is_none_or(|order| vm.heap.get(order).as_qstr() != Some(q::little.0))
}

/// `int.from_bytes(bytes, byteorder="big", *, signed=False)`
pub(super) fn from_bytes(vm: &mut Vm, _class: Local, rest: Rest) -> PyResult<Local> {
    let args = rest.0;
    let Some(source) = argument(vm, &args, 0, q::bytes) else {
        return Err(vm.raise_type("function missing 1 required positional arguments"));
    };
    let signed = match argument(vm, &args, 2, q::signed) {
        Some(signed) => vm.is_true(signed)?,
        None => false,
    };
    let big = is_big(vm, argument(vm, &args, 1, q::byteorder));
    let source = as_bytes(vm, source)?;
    let len = vm.heap.data(vm.heap.get(source)).len();
    let int = digits::alloc(vm, (len as u64).div_ceil(4).max(1))?;
    let heap = &vm.heap;
    let (bytes, object) = (heap.data(heap.get(source)), heap.get(int));
    let byte_at = |place: usize| {
        let place = if big { len - 1 - place } else { place };
        bytes.get(place).copied().unwrap_or(0)
    };
    let negative = signed && len > 0 && byte_at(len - 1) & 0x80 != 0;
    // A negative number's magnitude is its complement and one more, within the bytes.
    let mut carry = u32::from(negative);
    for idx in 0..len.div_ceil(4) {
        let mut digit = 0;
        for byte in 0..4 {
            if idx * 4 + byte >= len {
                break;
            }
            let plain = byte_at(idx * 4 + byte);
            carry += u32::from(if negative { !plain } else { plain });
            digit |= (carry & 0xff) << (8 * byte);
            carry >>= 8;
        }
        digits::set_digit(heap, object, idx as u32, digit);
        if cfg!(feature = "long-passes") && vm.attention.is_interrupted() {
            break;
        }
    }
    heap.poke_raw(object, 0, u32::from(negative));
    if cfg!(feature = "long-passes") {
        vm.stop_if_interrupted()?;
    }
    Ok(digits::finish(vm, int))
}

/// The argument as a Bytes object: itself, or a copy of the bytes that it holds or gives.
fn as_bytes(vm: &mut Vm, source: Local) -> PyResult<Local> {
    if vm.heap.is_kind(vm.heap.get(source), Kind::Bytes) {
        return Ok(source);
    }
    if let Some(look) = crate::held(&vm.opt_buffer(source))? {
        return vm.alloc_from_buffer(Kind::Bytes, look);
    }
    let builder = vm.alloc_builder()?;
    vm.for_each(source, |vm, item| {
        let byte = vm.to_i32(item)?;
        vm.write(crate::Out::Builder(builder), &[byte as u8])
    })?;
    vm.builder_text(builder, Kind::Bytes)
}

/// `int.to_bytes(length=1, byteorder="big", *, signed=False)`
pub(super) fn to_bytes(vm: &mut Vm, this: Local, rest: Rest) -> PyResult<Local> {
    let args = rest.0;
    let len = match argument(vm, &args, 0, q::length) {
        Some(len) => vm.to_i32(len)?,
        None => 1,
    };
    let Ok(len) = u32::try_from(len) else {
        return Err(vm.raise_value("length must be non-negative"));
    };
    let big = is_big(vm, argument(vm, &args, 1, q::byteorder));
    let signed = match argument(vm, &args, 2, q::signed) {
        Some(signed) => vm.is_true(signed)?,
        None => false,
    };
    let negative = is_negative(&vm.heap, vm.heap.get(this));
    if negative && !signed {
        return Err(vm.raise(&exception::OVERFLOW_ERROR, "can't convert negative int to unsigned"));
    }
    let int = digits::object(vm, this)?;
    let mut bits = digits::bit_length(&vm.heap, vm.heap.get(int));
    if signed {
        // One more for the sign, except for the lowest number of its width.
        bits += u64::from(!(negative && is_power_of_two(vm, int)));
    }
    if bits > u64::from(len) * 8 {
        return Err(vm.raise_numbers(
            &exception::OVERFLOW_ERROR,
            "int too big to convert to %u bytes",
            &[len],
        ));
    }
    let result = vm.alloc_text(Kind::Bytes, len)?;
    let count = digits::len(&vm.heap, vm.heap.get(int));
    let mut carry = u32::from(negative);
    for place in 0..len {
        vm.pass_step(place)?;
        let digit = match place / 4 {
            idx if idx < count => digits::digit(&vm.heap, vm.heap.get(int), idx),
            _ => 0,
        };
        let plain = (digit >> (8 * (place % 4))) as u8;
        carry += u32::from(if negative { !plain } else { plain });
        let at = if big { len - 1 - place } else { place };
        if let Some(byte) = vm.heap.bytes_mut(result, 1).get_mut(at as usize) {
            *byte = carry as u8;
        }
        carry >>= 8;
    }
    Ok(result)
}

fn is_power_of_two(vm: &Vm, int: Local) -> bool {
    let value: Value<'_> = vm.heap.get(int);
    let count = digits::used(&vm.heap, value);
    let ones: u32 = (0..count).map(|idx| digits::digit(&vm.heap, value, idx).count_ones()).sum();
    ones == 1
}
