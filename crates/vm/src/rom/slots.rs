//! Slots: what a native type does for operators, attributes, calls and printing.

use crate::{Args, PyResult, Vm};
use octopy_bytecode::operator::UnaryOp;
use octopy_heap::Local;
use octopy_qstr::Qstr;

/// How a value is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintKind {
    /// `str()`
    Str,
    /// `repr()`
    Repr,
}

/// Arithmetic and bit operators, in MicroPython's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the operators'")]
pub enum Arith {
    Or,
    Xor,
    And,
    LeftShift,
    RightShift,
    Add,
    Subtract,
    Multiply,
    MatMultiply,
    FloorDivide,
    TrueDivide,
    Modulo,
    Power,
    DivMod,
}

/// Ordering operators; `!=` is the opposite of `Equal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the operators'")]
pub enum Compare {
    Less,
    More,
    Equal,
    LessEqual,
    MoreEqual,
}

/// Makes an instance: `class(args...)`. `class` is the type or a user class derived from it.
pub type NewSlot = fn(&mut Vm, class: Local, args: Args) -> PyResult<()>;
/// Prints `this` to an output.
pub type PrintSlot = fn(&mut Vm, this: Local, out: crate::Out, kind: PrintKind) -> PyResult<()>;
/// Operators of one operand, `len`, `hash` and `bool` included; `None` where not supported.
pub type UnarySlot = fn(&mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>>;
/// Operators of two operands; `None` where not supported.
pub type BinarySlot = fn(&mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>>;
/// Ordering; `None` where not supported. Identity has been tested for `Equal` already.
pub type CompareSlot = fn(&mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>>;
/// `item in this`
pub type ContainsSlot = fn(&mut Vm, this: Local, item: Local) -> PyResult<bool>;
/// Calls `this`.
pub type CallSlot = fn(&mut Vm, this: Local, args: Args) -> PyResult<()>;
/// Makes an iterator of `this`.
pub type IterSlot = fn(&mut Vm, this: Local) -> PyResult<Local>;
/// The next item of the iterator `this`; `None` at the end.
pub type NextSlot = fn(&mut Vm, this: Local) -> PyResult<Option<Local>>;
/// An attribute that is not in the table; `None` where there is none.
pub type AttrSlot = fn(&mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>>;
/// Sets (or deletes, without a value) an attribute; false where that is not supported.
pub type StoreAttrSlot =
    fn(&mut Vm, this: Local, name: Qstr, value: Option<Local>) -> PyResult<bool>;
/// `this[index]`
pub type SubscriptSlot = fn(&mut Vm, this: Local, index: Local) -> PyResult<Local>;
/// `this[index] = value`, or `del this[index]` without a value.
pub type StoreSubscriptSlot =
    fn(&mut Vm, this: Local, index: Local, value: Option<Local>) -> PyResult<()>;

/// What a type does beyond its methods. Every slot is optional.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "see the types of the slots")]
pub struct Slots {
    pub new: Option<NewSlot>,
    pub print: Option<PrintSlot>,
    pub unary: Option<UnarySlot>,
    pub binary: Option<BinarySlot>,
    /// `lhs op= rhs`; falls back to `binary`.
    pub inplace: Option<BinarySlot>,
    /// As `binary`, asked of the right operand when the left one does not know.
    pub reverse: Option<BinarySlot>,
    pub compare: Option<CompareSlot>,
    pub contains: Option<ContainsSlot>,
    pub call: Option<CallSlot>,
    pub iter: Option<IterSlot>,
    pub next: Option<NextSlot>,
    pub attr: Option<AttrSlot>,
    pub store_attr: Option<StoreAttrSlot>,
    pub subscript: Option<SubscriptSlot>,
    pub store_subscript: Option<StoreSubscriptSlot>,
}

impl Slots {
    /// No slot set.
    pub const NONE: Self = Self {
        new: None,
        print: None,
        unary: None,
        binary: None,
        inplace: None,
        reverse: None,
        compare: None,
        contains: None,
        call: None,
        iter: None,
        next: None,
        attr: None,
        store_attr: None,
        subscript: None,
        store_subscript: None,
    };
}
