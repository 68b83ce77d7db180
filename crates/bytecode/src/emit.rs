//! Sink and the writers of operands: the other direction of decoding.
//!
//! [`crate::Instruction::encode`] writes whole instructions. A jump is written in its short form
//! where it fits; one whose distance is not known yet is reserved with [`reserve_jump`] and
//! patched with [`patch_jump`] later.

use crate::Opcode;

/// Where code bytes go.
pub trait Sink {
    /// Why a byte may not fit.
    type Error;

    /// Appends a byte.
    fn byte(&mut self, byte: u8) -> Result<(), Self::Error>;
}

/// Writes an unsigned number.
pub fn write_uint<S: Sink + ?Sized>(value: u32, sink: &mut S) -> Result<(), S::Error> {
    let mut shift = 28_u32;
    while shift > 0 {
        if value >> shift != 0 {
            sink.byte(0x80 | (value >> shift & 0x7f) as u8)?;
        }
        shift -= 7;
    }
    sink.byte((value & 0x7f) as u8)
}

/// Writes a signed number.
pub fn write_int<S: Sink + ?Sized>(value: i32, sink: &mut S) -> Result<(), S::Error> {
    let mut shift = 0_u32;
    // Bit 6 of the first byte must tell the sign.
    while shift < 28 && !(-64..64).contains(&(value >> shift)) {
        shift += 7;
    }
    while shift > 0 {
        sink.byte(0x80 | (value >> shift & 0x7f) as u8)?;
        shift -= 7;
    }
    sink.byte((value & 0x7f) as u8)
}

/// Writes the two bytes of a long jump.
fn write_jump_long<S: Sink + ?Sized>(bits: i32, sink: &mut S) -> Result<(), S::Error> {
    let [low, high] = jump_bytes(bits);
    sink.byte(low)?;
    sink.byte(high)
}

const fn jump_bytes(bits: i32) -> [u8; 2] {
    [0x80 | (bits & 0x7f) as u8, (bits >> 7) as u8]
}

/// Writes a signed jump, from -0x4000 to 0x3fff.
pub fn write_jump_signed<S: Sink + ?Sized>(offset: i32, sink: &mut S) -> Result<(), S::Error> {
    if (-0x40..0x40).contains(&offset) {
        sink.byte((offset + 0x40) as u8)
    } else {
        write_jump_long(offset + 0x4000, sink)
    }
}

/// Writes an unsigned jump, from 0 to 0x7fff.
pub fn write_jump_unsigned<S: Sink + ?Sized>(offset: i32, sink: &mut S) -> Result<(), S::Error> {
    if (0..0x80).contains(&offset) {
        sink.byte(offset as u8)
    } else {
        write_jump_long(offset, sink)
    }
}

/// Whether a jump opcode counts from -0x4000 rather than from 0.
pub const fn is_signed_jump(opcode: u8) -> bool {
    opcode <= Opcode::PopJumpIfFalse as u8
}

/// Writes a jump opcode with room for a long distance behind it.
pub fn reserve_jump<S: Sink + ?Sized>(opcode: Opcode, sink: &mut S) -> Result<(), S::Error> {
    sink.byte(opcode as u8)?;
    write_jump_long(0, sink)
}

/// The two bytes that belong behind a reserved jump, by the byte of its opcode, whose distance
/// counts from behind them; `None` if it is too far.
pub fn patch_jump(opcode: u8, distance: u32) -> Option<[u8; 2]> {
    let distance = i32::try_from(distance).ok()?;
    let bits = if is_signed_jump(opcode) { distance + 0x4000 } else { distance };
    (0..0x8000).contains(&bits).then(|| jump_bytes(bits))
}
