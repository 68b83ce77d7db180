//! Disassembly: code as text, one instruction a line.
//!
//! ```text
//! 0 load_fast 0
//! 1 pop_jump_if_false 7
//! ```
//!
//! Jumps are shown with the offset of their target. Names and constants are shown by number,
//! because only the module knows them; [`disassemble_with`] lets the caller add what they are.

use core::fmt::{self, Write};

use crate::operator::{BinaryOp, UnaryOp};
use crate::{Instruction, decode};

/// What an index in an instruction points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// A name of the module.
    Name(u32),
    /// A constant of the module.
    Const(u32),
    /// A child of the code object.
    Child(u32),
}

/// Writes all instructions of `code`; ends at the first that does not decode, saying so.
pub fn disassemble(code: &[u8], out: &mut dyn Write) -> fmt::Result {
    disassemble_with(code, out, &mut |_, _| Ok(()))
}

/// As [`disassemble`]; `comment` may write what an index means, with a space before it.
pub fn disassemble_with(
    code: &[u8],
    out: &mut dyn Write,
    comment: &mut dyn FnMut(Reference, &mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    let mut at = 0;
    while at < code.len() {
        let Some((instruction, end)) = decode(code, at) else {
            return writeln!(out, "{at} ?");
        };
        write!(out, "{at} ")?;
        write_instruction(instruction, end, out, comment)?;
        writeln!(out)?;
        at = end;
    }
    Ok(())
}

/// Writes an instruction that ends at offset `end`.
fn write_instruction(
    instruction: Instruction,
    end: usize,
    out: &mut dyn Write,
    comment: &mut dyn FnMut(Reference, &mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    let mnemonic = instruction.opcode().mnemonic();
    write!(out, "{}", mnemonic.strip_suffix("_multi").unwrap_or(mnemonic))?;
    match instruction {
        Instruction::UnaryOpMulti { operator } => {
            return write!(out, " {}", UnaryOp::from_number(operator).map_or("?", UnaryOp::method));
        }
        Instruction::BinaryOpMulti { operator } => {
            return write!(
                out,
                " {}",
                BinaryOp::from_number(operator).map_or("?", BinaryOp::method)
            );
        }
        Instruction::UnwindJump { unwind } => {
            return write!(out, " {} {}", target(end, unwind.offset), unwind.handlers);
        }
        Instruction::CallFunction { counts }
        | Instruction::CallFunctionVarKw { counts }
        | Instruction::CallMethod { counts }
        | Instruction::CallMethodVarKw { counts }
        | Instruction::UnpackEx { counts } => {
            return write!(out, " {} {}", counts & 0xff, counts >> 8);
        }
        _ => {}
    }
    if let Some(jump) = instruction.jump() {
        return write!(out, " {}", target(end, jump.offset));
    }
    instruction.operands(&mut |_, value| write!(out, " {value:?}"))?;
    match reference(instruction) {
        Some(reference) => comment(reference, out),
        None => Ok(()),
    }
}

fn target(end: usize, offset: i32) -> i64 {
    end as i64 + i64::from(offset)
}

/// What an instruction refers to by index.
pub fn reference(instruction: Instruction) -> Option<Reference> {
    Some(match instruction {
        Instruction::LoadConstString { name }
        | Instruction::LoadName { name }
        | Instruction::LoadGlobal { name }
        | Instruction::LoadAttr { name }
        | Instruction::LoadMethod { name }
        | Instruction::LoadSuperMethod { name }
        | Instruction::StoreName { name }
        | Instruction::StoreGlobal { name }
        | Instruction::StoreAttr { name }
        | Instruction::DeleteName { name }
        | Instruction::DeleteGlobal { name }
        | Instruction::ImportName { name }
        | Instruction::ImportFrom { name } => Reference::Name(name),
        Instruction::LoadConstObj { object } => Reference::Const(object),
        Instruction::MakeFunction { child }
        | Instruction::MakeFunctionDefargs { child }
        | Instruction::MakeClosure { child, .. }
        | Instruction::MakeClosureDefargs { child, .. } => Reference::Child(child),
        _ => return None,
    })
}
