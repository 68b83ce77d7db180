//! `struct`: packed machine values.
//!
//! Native sizes and alignments are those of a 32-bit machine, on every machine.

mod format;
mod half;
mod pointer;

use format::{Field, Format};
use octopy_vm::args::Rest;
use octopy_vm::types::array::item;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{Args, Float, Kind, Local, PyResult, Value, Vm, module};

module! {
    /// Packed machine values.
    pub static STRUCT = struct_ (crate::table::STRUCT) {
        __name__ = name (struct_),
        /// How many bytes a format takes.
        calcsize = function (calcsize, format),
        /// Values as bytes.
        pack = function (pack, format, ..),
        /// Writes values into a buffer at an offset.
        pack_into = function (pack_into, format, buffer, offset, ..),
        /// The values in bytes.
        unpack = function (unpack, format, data),
        /// The values in bytes from an offset.
        unpack_from = function (unpack_from, format, data, offset),
    }
}

fn calcsize(vm: &mut Vm, format: Local) -> PyResult<u32> {
    Ok(Format::new(vm, format)?.measure(vm)?.0)
}

#[cold]
fn too_small(vm: &mut Vm) -> octopy_vm::Raised {
    vm.raise_value("buffer too small")
}

/// The part of a buffer from an offset, which counts from the end where it is negative.
fn part_from(
    vm: &mut Vm,
    look: &BufferLook,
    offset: Option<i32>,
    size: u32,
) -> PyResult<BufferLook> {
    let offset = i64::from(offset.unwrap_or(0));
    let start = if offset < 0 { offset + i64::from(look.len) } else { offset };
    match u32::try_from(start) {
        Ok(start) if u64::from(start) + u64::from(size) <= u64::from(look.len) => {
            Ok(look.from(start))
        }
        _ => Err(too_small(vm)),
    }
}

fn pack(vm: &mut Vm, format: Local, values: Rest) -> PyResult<Local> {
    let mut format = Format::new(vm, format)?;
    let (size, _) = format.measure(vm)?;
    let packed = vm.alloc_text(Kind::Bytes, size)?;
    let to = BufferLook { object: packed, at: 4, len: size, typecode: b'B', writable: true };
    write(vm, &mut format, &to, values.0)?;
    Ok(packed)
}

fn pack_into(vm: &mut Vm, format: Local, buffer: Local, offset: i32, values: Rest) -> PyResult<()> {
    let mut format = Format::new(vm, format)?;
    let (size, _) = format.measure(vm)?;
    let look = vm.writable_buffer_of(buffer);
    let to = part_from(vm, octopy_vm::held(&look)?, Some(offset), size);
    let to = octopy_vm::held(&to)?;
    write(vm, &mut format, to, values.0)
}

/// Writes the values of a call; missing ones are left out, as in MicroPython.
fn write(vm: &mut Vm, format: &mut Format, to: &BufferLook, values: Args) -> PyResult<()> {
    let mut idx = 0;
    while let Some(field) = format.next(vm)? {
        let place = to.part(field.at, field.size);
        if field.code == b'x' {
            vm.buffer_bytes_mut(&place.part(0, field.size)).fill(0);
            continue;
        }
        let Some(value) = values.pos(idx) else { break };
        idx += 1;
        let mark = vm.mark();
        if field.code == b's' {
            let from = vm.buffer_of(value);
            let from = octopy_vm::held(&from)?;
            vm.buffer_bytes_mut(&place).fill(0);
            vm.copy_buffer(&from.part(0, place.len), place.object, place.at);
        } else {
            let bits = bits_of(vm, &field, value)?;
            let bytes = bits.to_le_bytes();
            let slot = vm.buffer_bytes_mut(&place);
            let len = slot.len();
            for (at, byte) in slot.iter_mut().enumerate() {
                let from = if field.big_endian { len - 1 - at } else { at };
                *byte = bytes.get(from).copied().unwrap_or(0);
            }
        }
        vm.release(mark);
    }
    Ok(())
}

fn bits_of(vm: &mut Vm, field: &Field, value: Local) -> PyResult<u64> {
    match field.code {
        b'?' => Ok(u64::from(vm.is_true(value)?)),
        b'e' => Ok(u64::from(half::from_float(vm.to_float(value)? as f32))),
        b'c' => {
            let look = vm.buffer_of(value);
            let look = octopy_vm::held(&look)?;
            Ok(u64::from(vm.buffer_bytes(look).first().copied().unwrap_or(0)))
        }
        b'O' => pointer::pack(vm, value),
        code => item::to_bits(vm, code, value),
    }
}

fn unpack(vm: &mut Vm, format: Local, data: Local) -> PyResult<Local> {
    unpack_from(vm, format, data, None)
}

fn unpack_from(vm: &mut Vm, format: Local, data: Local, offset: Option<i32>) -> PyResult<Local> {
    let mut format = Format::new(vm, format)?;
    let (size, count) = format.measure(vm)?;
    let look = vm.buffer_of(data);
    let from = part_from(vm, octopy_vm::held(&look)?, offset, size);
    let from = octopy_vm::held(&from)?;
    let values = vm.alloc(Kind::Tuple, count)?;
    let mut idx = 0;
    while let Some(field) = format.next(vm)? {
        if field.code == b'x' {
            continue;
        }
        let mark = vm.mark();
        let place = from.part(field.at, field.size);
        let value = match field.code {
            b's' | b'c' => vm.alloc_from_buffer(Kind::Bytes, &place)?,
            code => {
                let mut bytes = [0_u8; 8];
                let from = vm.buffer_bytes(&place);
                let len = from.len();
                for (at, byte) in from.iter().enumerate() {
                    let to = if field.big_endian { len - 1 - at } else { at };
                    if let Some(to) = bytes.get_mut(to) {
                        *to = *byte;
                    }
                }
                let bits = u64::from_le_bytes(bytes);
                match code {
                    b'?' => vm.push(Value::from_bool(bits != 0))?,
                    b'e' => vm.alloc_float(Float::from(half::to_float(bits as u16)))?,
                    b'O' => pointer::unpack(vm, bits as u32)?,
                    b'S' => pointer::unpack_text(vm, bits as u32)?,
                    _ => item::from_bits(vm, code, bits)?,
                }
            }
        };
        vm.heap.poke(vm.heap.get(values), idx, vm.heap.get(value));
        idx += 1;
        vm.release(mark);
    }
    Ok(values)
}
