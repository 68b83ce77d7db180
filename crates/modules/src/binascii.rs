//! `binascii`: bytes as hexadecimal digits and base 64, and a checksum.

use crate::table;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::bytearray;
use octopy_vm::{Kind, Local, PyResult, Rest, Vm, module, q};

module! {
    /// Bytes as text.
    pub static BINASCII = binascii (table::BINASCII) {
        __name__ = name (binascii),
        /// The bytes that base 64 stands for.
        a2b_base64 = function (a2b_base64, data),
        /// Bytes in base 64, with a newline unless `newline` is false.
        b2a_base64 = function (b2a_base64, data, **),
        /// The CRC-32 of data, continued from `value`.
        crc32 = function (crc32, data, value),
        /// Bytes as hexadecimal digits.
        ///
        /// >>> binascii.hexlify(b'\x01\xff')
        /// b'01ff'
        hexlify = function (hexlify, data, separator),
        /// The bytes that hexadecimal digits stand for.
        unhexlify = function (unhexlify, data),
    }
}

/// A byte of a run.
fn byte(vm: &Vm, look: &BufferLook, at: u32) -> u8 {
    vm.buffer_byte(look, at).unwrap_or(0)
}

/// A fresh Bytes to be filled by index, pushed.
struct Filling {
    made: Local,
    at: usize,
}

impl Filling {
    fn new(vm: &mut Vm, len: u32) -> PyResult<Self> {
        Ok(Self { made: vm.alloc_text(Kind::Bytes, len)?, at: 0 })
    }

    fn push(&mut self, vm: &mut Vm, byte: u8) {
        if let Some(to) = vm.heap.bytes_mut(self.made, 1).get_mut(self.at) {
            *to = byte;
            self.at += 1;
        }
    }
}

fn hexlify(vm: &mut Vm, data: Local, separator: Option<Local>) -> PyResult<Local> {
    let look = vm.buffer_of(data);
    let look = octopy_vm::held(&look)?;
    let separator = match separator {
        Some(slot) => {
            let separator = vm.buffer_of(slot);
            let separator = octopy_vm::held(&separator)?;
            vm.buffer_bytes(separator).first().copied()
        }
        None => None,
    };
    let each = if separator.is_some() { 3_u32 } else { 2 };
    let len = look.len.saturating_mul(each).saturating_sub(each - 2);
    let mut filling = Filling::new(vm, len)?;
    for at in 0..look.len {
        vm.stop_if_interrupted()?;
        if let Some(separator) = separator.filter(|_| at > 0) {
            filling.push(vm, separator);
        }
        let byte = byte(vm, look, at);
        for digit in [byte >> 4, byte & 15] {
            filling.push(vm, if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
        }
    }
    Ok(filling.made)
}

fn unhexlify(vm: &mut Vm, data: Local) -> PyResult<Local> {
    let class = vm.push(octopy_vm::types::bytes::BYTES.value())?;
    let fromhex = vm.attr(class, q::fromhex)?;
    vm.call(fromhex, &[data])
}

/// The six bits that a character of base 64 stands for.
fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

fn a2b_base64(vm: &mut Vm, data: Local) -> PyResult<Local> {
    let look = vm.buffer_of(data);
    let look = octopy_vm::held(&look)?;
    let builder = vm.alloc_builder()?;
    bytearray::reserve(vm, builder, look.len / 4 * 3 + 3)?;
    let (mut bits, mut count, mut padded) = (0_u32, 0, false);
    for at in 0..look.len {
        vm.stop_if_interrupted()?;
        let byte = byte(vm, look, at);
        if byte == b'=' {
            if count == 2 || count == 4 && padded {
                count = 0;
                break;
            }
            padded = true;
        }
        let Some(sextet) = sextet(byte) else { continue };
        padded = false;
        bits = bits << 6 | sextet;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytearray::extend_bytes(vm, builder, &[(bits >> count) as u8])?;
        }
    }
    if count > 0 {
        return Err(vm.raise_value("incorrect padding"));
    }
    vm.builder_text(builder, Kind::Bytes)
}

fn b2a_base64(vm: &mut Vm, data: Local, rest: Rest) -> PyResult<Local> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let [newline] = crate::keyword::keywords(vm, &rest.0, [q::newline])?;
    let newline = match rest.0.pos(0).or(newline) {
        Some(newline) => vm.is_true(newline)?,
        None => true,
    };
    let look = vm.buffer_of(data);
    let look = octopy_vm::held(&look)?;
    let len = u64::from(look.len.div_ceil(3)) * 4 + u64::from(newline);
    let mut filling = Filling::new(vm, u32::try_from(len).unwrap_or(u32::MAX))?;
    let mut at = 0;
    while at < look.len {
        vm.stop_if_interrupted()?;
        let have = (look.len - at).min(3);
        let three = [0, 1, 2].map(|n| if n < have { u32::from(byte(vm, look, at + n)) } else { 0 });
        let bits = three[0] << 16 | three[1] << 8 | three[2];
        for n in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * n) & 63) as usize);
            filling.push(vm, if n <= have { digit.copied().unwrap_or(b'=') } else { b'=' });
        }
        at += 3;
    }
    if newline {
        filling.push(vm, b'\n');
    }
    Ok(filling.made)
}

/// The CRC-32 of four bits, by their value.
const CRC: [u32; 16] = {
    let mut table = [0; 16];
    let mut n = 0;
    while n < 16 {
        let mut crc = n as u32;
        let mut bit = 0;
        while bit < 4 {
            crc = if crc & 1 != 0 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[n] = crc;
        n += 1;
    }
    table
};

fn crc32(vm: &mut Vm, data: Local, value: Option<Local>) -> PyResult<u32> {
    let look = vm.buffer_of(data);
    let look = octopy_vm::held(&look)?;
    let start = match value {
        Some(value) => vm.to_i64(value)? as u32,
        None => 0,
    };
    let mut crc = !start;
    for byte in vm.buffer_bytes(look) {
        if vm.attention.is_interrupted() {
            break;
        }
        crc ^= u32::from(*byte);
        for _ in 0..2 {
            crc = crc >> 4 ^ CRC.get((crc & 15) as usize).copied().unwrap_or(0);
        }
    }
    vm.stop_if_interrupted()?;
    Ok(!crc)
}
