//! `Survey`: the first look at code, which needs no memory.
//!
//! Every byte decodes, every operand is in range, and what the second look will need is counted.

use super::scratch::words;
use super::{Fault, FaultKind, Function};
use crate::disassemble::{Reference, reference};
use crate::operator::{BINARY_IN_BYTECODE, UNARY_IN_BYTECODE};
use crate::{Instruction, Opcode, decode};

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// Words of scratch memory that `verify` needs.
    pub words: u32,
    pub(super) n_targets: u32,
    pub(super) n_notes: u32,
    pub(super) n_handlers: u32,
    pub(super) n_locals: u32,
}

/// Longest code that offsets and counts are sure to fit.
const LONGEST: usize = 1 << 24;

/// Looks at a function's code for the first time.
pub fn survey(function: &Function<'_>) -> Result<Survey, Fault> {
    let code = function.code;
    if code.is_empty() || code.len() > LONGEST {
        return Err(Fault { at: 0, kind: FaultKind::End });
    }
    if function.n_free > function.n_params {
        return Err(Fault { at: 0, kind: FaultKind::Cell });
    }
    // The start is a target.
    let mut survey =
        Survey { words: 0, n_targets: 1, n_notes: 0, n_handlers: 0, n_locals: function.n_params };
    let cells = function.cells.iter().map(|&cell| u32::from(cell) + 1).max();
    survey.n_locals = survey.n_locals.max(cells.unwrap_or(0));
    let mut at = 0;
    while at < code.len() {
        let Some((instruction, end)) = decode(code, at) else {
            return Err(Fault { at, kind: FaultKind::Instruction });
        };
        survey.add(function, instruction).map_err(|kind| Fault { at, kind })?;
        at = end;
    }
    survey.words = words(&survey, function);
    Ok(survey)
}

impl Survey {
    fn add(&mut self, function: &Function<'_>, instruction: Instruction) -> Result<(), FaultKind> {
        check_operands(function, instruction)?;
        if let Some((local, is_cell)) = local(instruction) {
            if function.is_cell(local) != is_cell && !is_plain_load(instruction) {
                return Err(FaultKind::Cell);
            }
            if local >= function.max_state {
                return Err(FaultKind::Index);
            }
            self.n_locals = self.n_locals.max(local + 1);
        }
        if instruction.jump().is_some() {
            self.n_targets += 1;
        }
        if instruction.handlers() > 0 {
            // The end of an `async with` is reached from its handler alone.
            self.n_targets += 1;
            self.n_handlers += 1;
        }
        self.n_notes += match instruction.opcode() {
            Opcode::LoadNull
            | Opcode::LoadMethod
            | Opcode::LoadSuperMethod
            | Opcode::GetIterStack
            | Opcode::RotTwo
            | Opcode::PopTop => 1,
            Opcode::RotThree => 2,
            // Its exception or cause; that of falling into it; the three that are left of an
            // iterator while an unwinding jump pops it.
            Opcode::SetupExcept | Opcode::SetupFinally => 2,
            Opcode::SetupWith => 3,
            Opcode::UnwindJump => 3,
            _ => 0,
        };
        Ok(())
    }
}

/// The local that an instruction is about, and whether it takes it for a cell.
fn local(instruction: Instruction) -> Option<(u32, bool)> {
    match instruction {
        Instruction::LoadFastN { local }
        | Instruction::StoreFastN { local }
        | Instruction::DeleteFast { local }
        | Instruction::LoadFastMulti { local }
        | Instruction::StoreFastMulti { local } => Some((local, false)),
        Instruction::LoadDeref { local }
        | Instruction::StoreDeref { local }
        | Instruction::DeleteDeref { local } => Some((local, true)),
        _ => None,
    }
}

/// Loading a cell itself is how it gets into a closure.
fn is_plain_load(instruction: Instruction) -> bool {
    matches!(instruction, Instruction::LoadFastN { .. } | Instruction::LoadFastMulti { .. })
}

fn check_operands(function: &Function<'_>, instruction: Instruction) -> Result<(), FaultKind> {
    let (index, count) = match instruction {
        Instruction::UnaryOpMulti { operator } => (operator, UNARY_IN_BYTECODE),
        Instruction::BinaryOpMulti { operator } => (operator, BINARY_IN_BYTECODE),
        Instruction::BuildSlice { count } => (count.wrapping_sub(2), 2),
        Instruction::StoreComp { place } => (place & 3, 3),
        Instruction::YieldValue {} | Instruction::YieldFrom {} if !function.is_generator => {
            return Err(FaultKind::Yield);
        }
        _ => match reference(instruction) {
            Some(Reference::Name(index)) => (index, function.n_names),
            Some(Reference::Const(index)) => (index, function.n_consts),
            Some(Reference::Child(index)) => (index, function.n_children),
            None => return Ok(()),
        },
    };
    if index < count { Ok(()) } else { Err(FaultKind::Index) }
}
