//! Compiler: the tree of one statement to bytecode.
//!
//! Streams: statement by statement, the module's code grows while each statement's tree is
//! dropped. Sees neither heap nor values: constants and finished code objects are handed to a
//! [`Host`] (the VM), which also provides the working memory ([`octopy_syntax::Store`]).
#![no_std]
#![forbid(unsafe_code)]

mod host;

pub use host::{CodeParts, Const, Host};
