//! Operands: what may follow an opcode, and how it is encoded.
//!
//! Each kind is a type that never has a value; [`Operand::Value`] is what it decodes to. The
//! readers are also what the interpreter uses, so they are small and take any byte slice; running
//! off its end gives `None`. Writing goes to a [`Sink`].

use crate::emit::{Sink, write_int, write_jump_signed, write_jump_unsigned, write_uint};

/// A kind of operand.
pub trait Operand {
    /// What it decodes to.
    type Value: Copy + core::fmt::Debug + PartialEq;

    /// Reads it at `*at`, which is moved behind it. `low` is the opcode minus the first of its range.
    fn decode(low: u8, code: &[u8], at: &mut usize) -> Option<Self::Value>;

    /// What the opcode itself carries of it.
    fn low(_value: Self::Value) -> u8 {
        0
    }

    /// Writes what follows the opcode.
    fn encode<S: Sink + ?Sized>(value: Self::Value, sink: &mut S) -> Result<(), S::Error>;
}

/// An index into the module's constant table.
#[derive(Debug)]
pub enum ConstIndex {}
/// An index into the children of the code object.
#[derive(Debug)]
pub enum ChildIndex {}
/// An index into the module's table of names.
#[derive(Debug)]
pub enum NameIndex {}
/// The number of a local variable.
#[derive(Debug)]
pub enum Local {}
/// A plain number.
#[derive(Debug)]
pub enum Uint {}
/// A signed number.
#[derive(Debug)]
pub enum SmallInt {}
/// A jump that may go backwards, relative to the end of the instruction.
#[derive(Debug)]
pub enum JumpSigned {}
/// A jump that only goes forwards, relative to the end of the instruction.
#[derive(Debug)]
pub enum JumpUnsigned {}
/// A jump with the number of handlers to leave.
#[derive(Debug)]
pub enum Unwind {}
/// One byte.
#[derive(Debug)]
pub enum Byte {}
/// A number in the opcode itself.
#[derive(Debug)]
pub enum Multi {}
/// A small integer in the opcode itself, from -16.
#[derive(Debug)]
pub enum SmallMulti {}

/// The value of an [`Unwind`] operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwinding {
    /// Where to go, relative to the end of the instruction.
    pub offset: i32,
    /// Low seven bits: handlers to leave; bit 7: pop an iterator as well.
    pub handlers: u8,
}

/// The smallest integer that `load_const_small_int_multi` can carry, negated.
pub const SMALL_MULTI_EXCESS: i32 = 16;

/// Reads one byte.
#[inline]
pub fn read_byte(code: &[u8], at: &mut usize) -> Option<u8> {
    let byte = *code.get(*at)?;
    *at += 1;
    Some(byte)
}

/// Reads an unsigned number: seven bits a byte, most significant first, bit 7 says that more follow.
#[inline]
pub fn read_uint(code: &[u8], at: &mut usize) -> Option<u32> {
    let mut value = 0_u32;
    loop {
        let byte = read_byte(code, at)?;
        if value >> 25 != 0 {
            return None;
        }
        value = value << 7 | u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

/// Reads a signed number: as unsigned, bit 6 of the first byte is the sign.
#[inline]
pub fn read_int(code: &[u8], at: &mut usize) -> Option<i32> {
    let negative = code.get(*at)? & 0x40 != 0;
    let mut value = if negative { -1_i32 } else { 0 };
    loop {
        let byte = read_byte(code, at)?;
        if value != value << 7 >> 7 {
            return None;
        }
        value = value << 7 | i32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

/// Reads the 7 or 15 bits of a jump, and whether it was the long form.
#[inline]
fn read_jump(code: &[u8], at: &mut usize) -> Option<(i32, bool)> {
    let low = read_byte(code, at)?;
    if low & 0x80 == 0 {
        return Some((i32::from(low), false));
    }
    let high = read_byte(code, at)?;
    Some((i32::from(low & 0x7f) | i32::from(high) << 7, true))
}

/// Reads a signed jump, relative to the end of its encoding.
#[inline]
pub fn read_jump_signed(code: &[u8], at: &mut usize) -> Option<i32> {
    let (bits, long) = read_jump(code, at)?;
    Some(bits - if long { 0x4000 } else { 0x40 })
}

/// Reads an unsigned jump, relative to the end of its encoding.
#[inline]
pub fn read_jump_unsigned(code: &[u8], at: &mut usize) -> Option<i32> {
    read_jump(code, at).map(|(bits, _)| bits)
}

macro_rules! operands {
    ($($kind:ident -> $value:ty {
        read $code:ident, $at:ident: $read:expr;
        write $operand:ident, $sink:ident: $write:expr;
    })*) => {
        $(impl Operand for $kind {
            type Value = $value;

            #[inline]
            fn decode(_low: u8, $code: &[u8], $at: &mut usize) -> Option<$value> {
                $read
            }

            fn encode<S: Sink + ?Sized>($operand: $value, $sink: &mut S) -> Result<(), S::Error> {
                $write
            }
        })*
    };
}

operands! {
    ConstIndex -> u32 {
        read code, at: read_uint(code, at);
        write value, sink: write_uint(value, sink);
    }
    ChildIndex -> u32 {
        read code, at: read_uint(code, at);
        write value, sink: write_uint(value, sink);
    }
    NameIndex -> u32 {
        read code, at: read_uint(code, at);
        write value, sink: write_uint(value, sink);
    }
    Local -> u32 {
        read code, at: read_uint(code, at);
        write value, sink: write_uint(value, sink);
    }
    Uint -> u32 {
        read code, at: read_uint(code, at);
        write value, sink: write_uint(value, sink);
    }
    SmallInt -> i32 {
        read code, at: read_int(code, at);
        write value, sink: write_int(value, sink);
    }
    JumpSigned -> i32 {
        read code, at: read_jump_signed(code, at);
        write offset, sink: write_jump_signed(offset, sink);
    }
    JumpUnsigned -> i32 {
        read code, at: read_jump_unsigned(code, at);
        write offset, sink: write_jump_unsigned(offset, sink);
    }
    Unwind -> Unwinding {
        read code, at: {
            let offset = read_jump_signed(code, at)?;
            let handlers = read_byte(code, at)?;
            // The encoding counts from before the last byte; ours is from the instruction's end.
            Some(Unwinding { offset: offset - 1, handlers })
        };
        write value, sink: {
            write_jump_signed(value.offset + 1, sink)?;
            sink.byte(value.handlers)
        };
    }
    Byte -> u8 {
        read code, at: read_byte(code, at);
        write value, sink: sink.byte(value);
    }
}

impl Operand for Multi {
    type Value = u32;

    #[inline]
    fn decode(low: u8, _code: &[u8], _at: &mut usize) -> Option<u32> {
        Some(u32::from(low))
    }

    fn low(value: u32) -> u8 {
        value as u8
    }

    fn encode<S: Sink + ?Sized>(_value: u32, _sink: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
}

impl Operand for SmallMulti {
    type Value = i32;

    #[inline]
    fn decode(low: u8, _code: &[u8], _at: &mut usize) -> Option<i32> {
        Some(i32::from(low) - SMALL_MULTI_EXCESS)
    }

    fn low(value: i32) -> u8 {
        (value + SMALL_MULTI_EXCESS) as u8
    }

    fn encode<S: Sink + ?Sized>(_value: i32, _sink: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
}
