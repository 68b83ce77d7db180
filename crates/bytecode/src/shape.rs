//! Shape: how an opcode is written and what it does to the stack, in one byte.
//!
//! For who writes code instruction by instruction, as the compiler does.
//! SIZE: [`crate::Instruction`] says the same with types, and costs the compiler more code
//! (6.3 KB with the workspace that keeps its first failure).

use crate::emit::{Sink, write_int, write_uint};
use crate::{Effect, Opcode, VAR};

/// What follows an opcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Nothing; or what is not written here: a jump's distance.
    Bare,
    /// An unsigned number.
    Uint,
    /// A signed number.
    Int,
    /// Nothing; the opcode itself carries a number.
    Low,
}

/// In a shape: it depends on the operand.
const VARIABLE: u8 = 7;

/// The smallest opcode.
const FIRST: u8 = Opcode::ALL[0] as u8;

/// Bits 0 to 2: slots that it pops, bits 3 to 5: slots that it pushes, bits 6 and 7: its form.
static SHAPES: [u8; Opcode::BinaryOpMulti as usize - FIRST as usize + 1] = {
    let mut shapes = [0; Opcode::BinaryOpMulti as usize - FIRST as usize + 1];
    let mut idx = 0;
    while idx < Opcode::ALL.len() {
        let opcode = Opcode::ALL[idx];
        let form = match opcode as u8 {
            _ if matches!(opcode, Opcode::LoadConstSmallInt) => Form::Int,
            0x10..0x40 => Form::Uint,
            0x40..0x70 => Form::Bare,
            _ => Form::Low,
        };
        shapes[opcode as usize - FIRST as usize] =
            slots(opcode.pops()) | slots(opcode.pushes()) << 3 | (form as u8) << 6;
        idx += 1;
    }
    shapes
};

const fn slots(count: u8) -> u8 {
    if count == VAR { VARIABLE } else { count }
}

impl Opcode {
    fn shape(self) -> u8 {
        SHAPES.get(usize::from(self as u8 - FIRST)).copied().unwrap_or(0)
    }

    /// What follows it.
    pub fn form(self) -> Form {
        match self.shape() >> 6 {
            0 => Form::Bare,
            1 => Form::Uint,
            2 => Form::Int,
            _ => Form::Low,
        }
    }

    /// Its effect on the stack. `operand` is the one that says how many slots it takes or leaves:
    /// of a closure, the number of cells.
    pub fn effect(self, operand: u32) -> Effect {
        let shape = self.shape();
        let slots = |bits: u8| match bits & 7 {
            VARIABLE => self.counted(operand),
            count => u32::from(count),
        };
        let headroom = if matches!(self, Self::WithCleanup | Self::UnwindJump) { 2 } else { 0 };
        Effect { pops: slots(shape), pushes: slots(shape >> 3), headroom }
    }

    /// The slots that its operand counts.
    fn counted(self, operand: u32) -> u32 {
        let (low, high) = (operand & 0xff, operand >> 8 & 0xff);
        match self {
            Self::StoreComp if operand & 3 == 1 => 2,
            Self::StoreComp => 1,
            Self::UnpackEx => low + high + 1,
            Self::CallFunction => 1 + low + 2 * high,
            Self::CallFunctionVarKw | Self::CallMethod => 2 + low + 2 * high,
            Self::CallMethodVarKw => 3 + low + 2 * high,
            Self::MakeClosureDefargs => 2 + operand,
            _ => operand,
        }
    }

    /// Whether the next instruction is never reached from here.
    pub const fn ends_flow(self) -> bool {
        matches!(
            self,
            Self::Jump
                | Self::UnwindJump
                | Self::PopExceptJump
                | Self::ReturnValue
                | Self::RaiseLast
                | Self::RaiseObj
                | Self::RaiseFrom
        )
    }

    /// Writes it with its operand; of two operands, the first. What an opcode carries itself counts
    /// from 0 here.
    pub fn encode<S: Sink + ?Sized>(self, operand: u32, sink: &mut S) -> Result<(), S::Error> {
        let form = self.form();
        let low = if form == Form::Low { operand as u8 } else { 0 };
        sink.byte(self as u8 + low)?;
        match form {
            Form::Uint => write_uint(operand, sink),
            Form::Int => write_int(operand as i32, sink),
            Form::Bare | Form::Low => Ok(()),
        }
    }
}
