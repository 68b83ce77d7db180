//! `code`: compiled code.
//!
//! Raw words: the figures below. Values: the bytes, what belongs to the module, and the code of the
//! functions inside.
//!
//! The bytes (Bytes) are the bytecode, the line table, the names of the parameters (two bytes each,
//! positional ones first, then those that are keyword-only), and the numbers of the locals that are
//! cells (a byte each).
//!
//! What belongs to the module (Words) are its globals, or NULL before they are known, its
//! [`CONSTS`], then the names.

use crate::table;
use octopy_compiler::CodeParts;
use octopy_heap::{Heap, Value};
use octopy_qstr::Qstr;

crate::class! {
    /// Compiled code.
    pub static CODE = code (table::CODE) {}
}

/// Raw: locals (low half), evaluation stack (high half).
pub const SIZES: u32 = 0;
/// Raw, a byte each: positional parameters (free variables included), keyword-only ones,
/// defaults, `CodeParts` flags.
pub const ARGS: u32 = 1;
/// Raw: [`entry`].
pub const ENTRY: u32 = 2;
/// Raw: [`tail`].
pub const TAIL: u32 = 3;
/// See above.
pub const BYTES: u32 = 4;
/// See above.
pub const NAMES: u32 = 5;
/// Child code objects (Words, or NULL).
pub const CHILDREN: u32 = 6;
/// Payload words.
pub const WORDS: u32 = 7;

/// Word of the globals in [`NAMES`].
pub const GLOBALS: u32 = 0;
/// Word in [`NAMES`] of the module's constants (Words), the first of which is the file's name. A
/// module without constants has that name here.
// SIZE: code of a few statements has no constants: 8 bytes for each such module.
pub const CONSTS: u32 = 1;
/// Word of the first name in [`NAMES`].
pub const FIRST_NAME: u32 = 2;
/// Word of the first constant, behind the file's name.
pub const FIRST_CONST: u32 = 1;

/// In place of a number of arguments: the function cannot be entered without binding them.
pub const NOT_SIMPLE: u32 = 0x1ff;
/// Most exception handlers that a function may have inside each other.
pub const MOST_HANDLERS: u32 = (1 << HANDLER_BITS) - 1;
/// Bits of that number.
pub const HANDLER_BITS: u32 = 6;

/// The word [`ENTRY`]: the number of positional arguments with which the function can be entered
/// without any binding, or [`NOT_SIMPLE`] (nine bits), [`SEGMENTED`], exception handlers (six bits),
/// name (the low half).
pub fn entry(simple: u32, handlers: u32, name: Qstr) -> u32 {
    simple << 23 | handlers << 16 | u32::from(name.0)
}

/// With how many arguments, by the word [`ENTRY`], the function is entered without binding. No call
/// has as many as this is for [`NOT_SIMPLE`].
#[inline(always)]
pub const fn simple(entry: u32) -> u32 {
    (entry.cast_signed() >> 23).cast_unsigned()
}

/// What makes an [`ENTRY`] that of code whose arguments must be bound.
pub const BOUND: u32 = NOT_SIMPLE << 23;

/// Exception handlers inside each other, by the word [`ENTRY`].
pub const fn handlers(entry: u32) -> u32 {
    entry >> 16 & MOST_HANDLERS
}

/// In [`ENTRY`], of a module that runs its later statements in segments, and of such a segment: see
/// `CodeParts::first_line`.
pub const SEGMENTED: u32 = 1 << 22;

/// The word [`TAIL`]: the number of cells (low byte), bytes of the line table.
pub fn tail(n_cells: u32, lines: u32) -> u32 {
    n_cells & 0xff | lines << 8
}

/// Parameters that have a name, by the word [`ARGS`].
pub const fn n_named(args: u32) -> u32 {
    (args & 0xff) + (args >> 8 & 0xff)
}

/// The name of a function.
pub fn name(heap: &Heap, code: Value<'_>) -> Value<'static> {
    Value::from_qstr(heap.raw(code, ENTRY) as u16)
}

/// The name of the file.
pub fn file<'h>(heap: &'h Heap, code: Value<'h>) -> Value<'h> {
    let consts = heap.word(heap.word(code, NAMES), CONSTS);
    if consts.is_ref() { heap.word(consts, 0) } else { consts }
}

/// So many of the [`BYTES`], of which so many others are behind.
fn part<'h>(heap: &'h Heap, code: Value<'h>, len: u32, behind: u32) -> &'h [u8] {
    let bytes = heap.data(heap.word(code, BYTES));
    let end = bytes.len().wrapping_sub(behind as usize);
    bytes.get(end.wrapping_sub(len as usize)..end).unwrap_or_default()
}

/// The line table.
pub fn lines<'h>(heap: &'h Heap, code: Value<'h>) -> &'h [u8] {
    let (args, tail) = (heap.raw(code, ARGS), heap.raw(code, TAIL));
    part(heap, code, tail >> 8, 2 * n_named(args) + (tail & 0xff))
}

/// The names of the parameters; see [`named`].
pub fn params<'h>(heap: &'h Heap, code: Value<'h>) -> &'h [[u8; 2]] {
    let (args, tail) = (heap.raw(code, ARGS), heap.raw(code, TAIL));
    part(heap, code, 2 * n_named(args), tail & 0xff).as_chunks().0
}

/// The name that two bytes of [`params`] mean.
pub fn named(param: [u8; 2]) -> Qstr {
    Qstr(u16::from_le_bytes(param))
}

/// The numbers of the locals that are cells.
pub fn cells<'h>(heap: &'h Heap, code: Value<'h>) -> &'h [u8] {
    part(heap, code, heap.raw(code, TAIL) & 0xff, 0)
}

/// The bytecode.
pub fn bytecode<'h>(heap: &'h Heap, code: Value<'h>) -> &'h [u8] {
    let behind = lines(heap, code).len() + 2 * params(heap, code).len() + cells(heap, code).len();
    let bytes = heap.data(heap.word(code, BYTES));
    bytes.get(..bytes.len().wrapping_sub(behind)).unwrap_or_default()
}

/// Whether functions with these [`ARGS`] have keyword defaults.
pub const fn has_keyword_defaults(args: u32) -> bool {
    args >> 24 & CodeParts::DEF_KWARGS as u32 != 0
}
