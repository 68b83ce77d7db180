//! Lexer and parser: bytes to the tree of one statement.
//!
//! The parser reads from a [`Source`], interns names and builds nodes through a [`Store`], and
//! returns one top-level statement at a time, so that a file of any length needs only the memory
//! of its largest statement. Everything the parser makes lives in the store; dropping a statement
//! is truncating it.
//!
//! Knows no heap, no values and no bytecode.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(any(test, feature = "std"))]
extern crate std;

mod atom;
mod error;
mod expression;
mod fstring;
mod grammar;
mod lexer;
mod literal;
mod parameters;
mod parser;
mod prompt;
mod simple;
mod source;
mod statement;
mod store;
mod token;
mod tree;

#[cfg(any(test, feature = "std"))]
pub mod testing;

pub use error::{Error, ErrorKind, Failure, OutOfMemory, Span};
pub use parser::{MAX_DEPTH, Parser};
pub use prompt::is_incomplete;
pub use source::Source;
pub use store::{Area, NameId, Store};
pub use tree::{Child, Node, NodeId, NodeKind, Tree};
