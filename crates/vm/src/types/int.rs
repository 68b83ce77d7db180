//! `int`: small ints in the value, others as objects of 32-bit digits.

use crate::{Float, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Heap, Kind, Local, Value};

crate::class! {
    /// Integers of any size.
    pub static INT = int (table::INT) {
        slots { print: int_print }
    }
}

/// An integer that is no small int, pushed.
pub fn alloc(vm: &mut Vm, int: i64) -> PyResult<Local> {
    let slot = vm.alloc(Kind::Int, 3)?;
    let object = vm.heap.get(slot);
    let magnitude = int.unsigned_abs();
    vm.heap.poke_raw(object, 0, u32::from(int < 0));
    vm.heap.poke_raw(object, 1, magnitude as u32);
    vm.heap.poke_raw(object, 2, (magnitude >> 32) as u32);
    Ok(slot)
}

/// The value of an Int object, if it fits.
pub fn to_i64(heap: &Heap, value: Value<'_>) -> Option<i64> {
    let mut magnitude = 0_u64;
    for idx in (1..heap.words(value)).rev() {
        if magnitude >> 32 != 0 {
            return None;
        }
        magnitude = magnitude << 32 | u64::from(heap.raw(value, idx));
    }
    if heap.raw(value, 0) != 0 {
        0_i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

/// The nearest float of an Int object.
pub fn to_float(heap: &Heap, value: Value<'_>) -> Float {
    let mut float: Float = 0.0;
    for idx in (1..heap.words(value)).rev() {
        float = float * 4_294_967_296.0 + heap.raw(value, idx) as Float;
    }
    if heap.raw(value, 0) != 0 { -float } else { float }
}

/// The low 32 bits of an Int object in two's complement.
pub fn low_word(heap: &Heap, value: Value<'_>) -> u32 {
    let low = if heap.words(value) > 1 { heap.raw(value, 1) } else { 0 };
    if heap.raw(value, 0) != 0 { low.wrapping_neg() } else { low }
}

fn int_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let int = vm.to_i64(this)?;
    vm.write_fmt(out, format_args!("{int}"))
}
