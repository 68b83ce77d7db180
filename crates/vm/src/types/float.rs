//! `float`: in the value where its exponent is usual, else boxed.

use crate::{Float, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Heap, Kind, Local, Value};

crate::class! {
    /// Floating-point numbers.
    pub static FLOAT = float (table::FLOAT) {
        slots { print: float_print }
    }
}

/// The float that a value is.
#[inline]
pub fn value(heap: &Heap, value: Value<'_>) -> Option<Float> {
    if let Some(float) = value.as_immediate_float() {
        return Some(Float::from(float));
    }
    if !heap.is_kind(value, Kind::Float) {
        return None;
    }
    let low = heap.raw(value, 0);
    #[cfg(feature = "double")]
    if heap.words(value) == 2 {
        return Some(f64::from_bits(u64::from(low) | u64::from(heap.raw(value, 1)) << 32));
    }
    Some(Float::from(f32::from_bits(low)))
}

/// A float, rounded to the VM's width, pushed.
#[inline]
pub fn alloc(vm: &mut Vm, float: Float) -> PyResult<Local> {
    let single = float as f32;
    #[cfg(feature = "double")]
    if !vm.single_floats && f64::from(single) != float && !float.is_nan() {
        let bits = float.to_bits();
        let slot = vm.alloc(Kind::Float, 2)?;
        let object = vm.heap.get(slot);
        vm.heap.poke_raw(object, 0, bits as u32);
        vm.heap.poke_raw(object, 1, (bits >> 32) as u32);
        return Ok(slot);
    }
    if let Some(immediate) = Value::from_f32(single) {
        return vm.push(immediate);
    }
    let slot = vm.alloc(Kind::Float, 1)?;
    vm.heap.poke_raw(vm.heap.get(slot), 0, single.to_bits());
    Ok(slot)
}

fn float_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let float = vm.to_float(this)?;
    vm.write_fmt(out, format_args!("{float:?}"))
}
