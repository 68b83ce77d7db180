//! Items of arrays and memoryviews: machine numbers in a run of bytes.

use crate::types::buffer::BufferLook;
use crate::types::int;
use crate::{Float, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

/// Bytes that an item of a typecode takes; 1 for what is no typecode.
pub const fn item_size(typecode: u8) -> u32 {
    match typecode {
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'l' | b'L' | b'f' | b'P' => 4,
        b'q' | b'Q' | b'd' => 8,
        _ => 1,
    }
}

/// Whether arrays may have this typecode.
pub const fn is_typecode(typecode: u8) -> bool {
    matches!(
        typecode,
        b'b' | b'B' | b'h' | b'H' | b'i' | b'I' | b'l' | b'L' | b'q' | b'Q' | b'f' | b'd' | b'P'
    )
}

/// An integer's low 64 bits, as storing into machine types takes them.
pub fn low_bits(vm: &mut Vm, slot: Local) -> PyResult<u64> {
    let value = vm.heap.get(slot);
    if let Some(small) = value.as_small() {
        return Ok(i64::from(small) as u64);
    }
    if vm.heap.is_kind(value, Kind::Int) && int::to_i64(&vm.heap, value).is_none() {
        let word = |idx| if idx < vm.heap.words(value) { vm.heap.raw(value, idx) } else { 0 };
        let magnitude = u64::from(word(1)) | u64::from(word(2)) << 32;
        let is_negative = vm.heap.raw(value, 0) != 0;
        return Ok(if is_negative { magnitude.wrapping_neg() } else { magnitude });
    }
    vm.to_i64(slot).map(|int| int as u64)
}

/// An integer's low byte.
pub(crate) fn low_byte(vm: &mut Vm, slot: Local) -> PyResult<u8> {
    low_bits(vm, slot).map(|bits| bits as u8)
}

/// Item `idx` of a run, pushed. The caller has checked `idx`.
pub fn load(vm: &mut Vm, look: &BufferLook, idx: u32) -> PyResult<Local> {
    let size = item_size(look.typecode);
    let mut bytes = [0_u8; 8];
    for (to, from) in bytes.iter_mut().zip(vm.buffer_bytes(&look.part(idx * size, size))) {
        *to = *from;
    }
    from_bits(vm, look.typecode, u64::from_le_bytes(bytes))
}

/// The number with these bits, pushed.
#[allow(clippy::unnecessary_cast, clippy::useless_conversion, reason = "of one width of Float")]
pub fn from_bits(vm: &mut Vm, typecode: u8, bits: u64) -> PyResult<Local> {
    match typecode {
        b'b' => vm.push(Value::from_small(i32::from(bits as i8))),
        b'h' => vm.push(Value::from_small(i32::from(bits as i16))),
        b'H' => vm.push(Value::from_small(i32::from(bits as u16))),
        b'i' | b'l' => vm.alloc_int(i64::from(bits as i32)),
        b'I' | b'L' | b'P' => vm.alloc_int(i64::from(bits as u32)),
        b'q' => vm.alloc_int(bits as i64),
        b'Q' => match i64::try_from(bits) {
            Ok(int) => vm.alloc_int(int),
            Err(_) => {
                let slot = vm.alloc(Kind::Int, 3)?;
                let object = vm.heap.get(slot);
                vm.heap.poke_raw(object, 1, bits as u32);
                vm.heap.poke_raw(object, 2, (bits >> 32) as u32);
                Ok(slot)
            }
        },
        b'f' => vm.alloc_float(Float::from(f32::from_bits(bits as u32))),
        b'd' => vm.alloc_float(f64::from_bits(bits) as Float),
        _ => vm.push(Value::from_small(i32::from(bits as u8))),
    }
}

/// The bits of a number as an item of a typecode.
#[allow(clippy::unnecessary_cast, clippy::useless_conversion, reason = "of one width of Float")]
pub fn to_bits(vm: &mut Vm, typecode: u8, slot: Local) -> PyResult<u64> {
    match typecode {
        b'f' => Ok(u64::from((vm.to_float(slot)? as f32).to_bits())),
        b'd' => Ok(f64::from(vm.to_float(slot)?).to_bits()),
        _ => low_bits(vm, slot),
    }
}

/// Replaces item `idx` of a run. The caller has checked `idx`.
pub fn store(vm: &mut Vm, look: &BufferLook, idx: u32, value: Local) -> PyResult<()> {
    let bits = to_bits(vm, look.typecode, value)?;
    let size = item_size(look.typecode);
    let to = vm.buffer_bytes_mut(&look.part(idx * size, size));
    for (to, from) in to.iter_mut().zip(bits.to_le_bytes()) {
        *to = from;
    }
    Ok(())
}
