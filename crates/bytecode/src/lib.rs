//! Bytecode: MicroPython's instruction set, declared once.
//!
//! [`for_each_op!`] is the table; everything else here is derived from it or checked against it.
//! Knows no heap, no values and no syntax.
#![no_std]
#![forbid(unsafe_code)]

mod isa;
mod opcode;
pub mod operand;

pub use opcode::{Instruction, Opcode, VAR, decode};
