//! The virtual machine: values, the object protocol, the interpreter, exceptions, native calls.
//!
//! Reading order: `vm.rs` (the state), `rom.rs` and `macros.rs` (how native types are declared),
//! `args.rs` (how natives are called), `ops.rs`, `attr.rs`, `call.rs`, `iter.rs` (the object
//! protocol), `interp.rs` (bytecode), then `types/` (one type a file).
//!
//! INVARIANT: no unrooted value survives an allocation; the borrow checker enforces it through
//! [`octopy_heap`]. Natives work with slots ([`Local`]).
//! Absent on purpose: everything that is reachable by name only (crate `modules`), and hardware.
#![no_std]
#![forbid(unsafe_code)]

mod macros;

mod absent;
pub mod args;
mod attend;
mod attr;
mod bind;
mod call;
mod convert;
mod error;
mod frame;
mod identity;
mod import;
mod intern;
mod interp;
mod iter;
mod ops;
mod print;
mod program;
mod raise;
mod receiver;
pub mod rom;
mod subscript;
pub mod table;
mod traceback;
pub mod types;
mod vm;

pub use args::{Args, FromArg, IntoPy, Rest, Signature};
pub use error::{PyResult, Raised, held};
pub use import::{Importer, ModuleAttr, ModuleStore};
pub use octopy_bytecode::operator::UnaryOp;
pub use octopy_heap::{Any, Heap, Kind, Local, OutOfMemory, Root, Value};
pub use octopy_qstr::{Qstr, q};
pub use print::Out;
pub use program::{CompileMode, SourceText};
pub use raise::ShortText;
pub use rom::{Arith, Compare, Entry, Native, PrintKind, Row, Slots, Table};
#[cfg(feature = "watch")]
pub use vm::Observer;
pub use vm::{Config, InputHook, ServiceHook, StateSlot, Vm};

/// The float type of this build: 64-bit where PCs run scripts, else 32-bit.
#[cfg(feature = "double")]
pub type Float = f64;
/// The float type of this build: 64-bit where PCs run scripts, else 32-bit.
#[cfg(not(feature = "double"))]
pub type Float = f32;
