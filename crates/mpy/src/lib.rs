//! `.mpy` files, version 6.3: MicroPython's form of compiled programs, read and written.
//!
//! ```text
//! file    M 06 features small_int_bits  names consts  name*  object*  code
//! name    (number << 1 | 1)                 one of `names`, known to both sides
//!         (length << 1) text 00
//! object  type, then for texts and numbers: length text (00 for str and bytes)
//!                    for tuples: length object*
//! code    (length << 3 | has_children << 2 | kind) data  [count code*]
//! data    prelude  info (name, names of parameters, line table)  cells  bytecode
//! ```
//!
//! Numbers are those of the bytecode: seven bits a byte, most significant first. The first name is
//! that of the source file. What the prelude packs is in `prelude`.
//!
//! [`Reader`] is pulled by whoever makes objects of what it reads, so that this crate needs no
//! memory, knows no heap and recurses nowhere; [`Writer`] is its mirror. Neither looks into the
//! bytecode: whether it can be run is for `octopy_bytecode::verify` to say.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

mod names;
mod prelude;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use names::{known_name, number_of};
pub use prelude::Prelude;
pub use reader::{CodeHead, Fault, Name, Object, Reader, Tables, TextKind};
pub use writer::{CodeData, Writer};

/// The version in the second byte.
const VERSION: u8 = 6;
/// The sub-version, which only native code depends on.
const SUB_VERSION: u8 = 3;
/// Bits of the widest small integer that code may carry in an instruction.
const SMALL_INT_BITS: u8 = 31;
