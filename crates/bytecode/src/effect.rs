//! Effect: what an instruction does to the evaluation stack.

use crate::{Instruction, Opcode};

/// What an instruction does to the evaluation stack when it falls through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// Slots that it takes.
    pub pops: u32,
    /// Slots that it leaves in their place.
    pub pushes: u32,
    /// Slots that it uses above those that are there before, for a moment.
    pub headroom: u32,
}

/// What taking a jump does differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// Relative to the end of the instruction.
    pub offset: i32,
    /// Slots at the target, relative to before the instruction.
    pub stack: i32,
    /// Handlers at the target, relative to before the instruction.
    pub handlers: i32,
}

/// The slots of an iterator on the stack.
pub const ITERATOR_SLOTS: u32 = 4;

/// Slots that unwinding through a `finally` may need above its handler's normal stack.
pub const UNWIND_SLOTS: u32 = 2;

impl Instruction {
    /// Its effect on the stack.
    pub fn effect(self) -> Effect {
        self.opcode().effect(match self {
            Self::BuildTuple { count }
            | Self::BuildList { count }
            | Self::BuildSet { count }
            | Self::BuildSlice { count }
            | Self::UnpackSequence { count } => count,
            Self::StoreComp { place } => place,
            Self::UnpackEx { counts }
            | Self::CallFunction { counts }
            | Self::CallFunctionVarKw { counts }
            | Self::CallMethod { counts }
            | Self::CallMethodVarKw { counts } => counts,
            Self::MakeClosure { cells, .. } | Self::MakeClosureDefargs { cells, .. } => {
                u32::from(cells)
            }
            _ => 0,
        })
    }

    /// Where it may go besides the next instruction: a jump, or the start of a handler.
    pub fn jump(self) -> Option<Jump> {
        let (offset, stack, handlers) = match self {
            Self::Jump { offset } => (offset, 0, 0),
            Self::PopJumpIfTrue { offset } | Self::PopJumpIfFalse { offset } => (offset, -1, 0),
            Self::JumpIfTrueOrPop { offset } | Self::JumpIfFalseOrPop { offset } => (offset, 0, 0),
            Self::ForIter { offset } => (offset, -(ITERATOR_SLOTS as i32), 0),
            Self::SetupWith { offset } => (offset, 2, 1),
            Self::SetupExcept { offset } | Self::SetupFinally { offset } => (offset, 1, 1),
            Self::PopExceptJump { offset } => (offset, 0, -1),
            // What is on the stack of the handlers that it leaves is not known here.
            Self::UnwindJump { unwind } => (unwind.offset, 0, 0),
            _ => return None,
        };
        Some(Jump { offset, stack, handlers })
    }

    /// How many handlers more or fewer there are when it falls through.
    pub fn handlers(self) -> i32 {
        match self.opcode() {
            Opcode::SetupWith | Opcode::SetupExcept | Opcode::SetupFinally => 1,
            Opcode::EndFinally | Opcode::PopExceptJump => -1,
            _ => 0,
        }
    }

    /// Whether the next instruction is never reached from here.
    pub fn ends_flow(self) -> bool {
        self.opcode().ends_flow()
    }
}
