//! Compiler: the tree of one statement to bytecode.
//!
//! Streams: statement by statement, the module's code grows while each statement's tree is
//! dropped. Sees neither heap nor values: constants and finished code objects are handed to a
//! [`Host`] (the VM), which also provides the working memory ([`octopy_syntax::Store`]).
//!
//! A statement goes through three passes over its tree, its code through one more:
//!
//! ```text
//! fold      constants are computed in place, `X = const(1)` is remembered
//! resolve   which function each name belongs to, for the statement and all functions in it
//! compile   instructions are written; a nested function is finished before its outer one goes on
//! relax     when a function is complete, its jumps take their short form where it fits
//! ```
//!
//! The instructions are those that MicroPython's compiler writes for the same program, but for
//! a few constants; deviations are marked COMPAT.
//!
//! Native stack: what the grammar can repeat without nesting is walked in loops, with a stack in
//! the Misc area; what nests recurses as deep as the parser lets it nest.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

mod assign;
mod asynchronous;
mod call;
mod class;
mod compiler;
mod comprehension;
mod constant;
mod control;
mod expression;
mod fold;
mod fstring;
mod function;
mod handler;
mod host;
mod import;
pub mod number;
mod range_loop;
mod relaxation;
mod resolve;
mod scope;
mod statement;
mod unit;
mod walk;
mod workspace;

#[cfg(test)]
mod tests;

pub use compiler::{Mode, compile_module};
pub use host::{CodeParts, Const, Host, Item};
