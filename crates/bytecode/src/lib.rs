//! Bytecode: MicroPython's instruction set, declared once.
//!
//! [`for_each_op!`] is the table; everything else here is derived from it or checked against it.
//! Knows no heap, no values and no syntax.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

pub mod disassemble;
mod effect;
pub mod emit;
mod isa;
pub mod lines;
mod opcode;
pub mod operand;
pub mod operator;
mod shape;
pub mod verify;

#[cfg(test)]
mod tests;

pub use effect::{Effect, ITERATOR_SLOTS, Jump, UNWIND_SLOTS};
pub use opcode::{Instruction, Opcode, VAR, decode};
pub use shape::Form;
