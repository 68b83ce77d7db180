//! Static tables: native types, modules and functions, in flash.
//!
//! A `Value` names a function by its table and row, and a type or module by its table with the row
//! [`TABLE_ITSELF`]. No start-up code runs: the registry is an array of references to tables, and a
//! table's `id` is its place in it (checked once, when the VM starts).

use crate::{Args, PyResult, Vm};
use octopy_bytecode::operator::UnaryOp;
use octopy_heap::{Local, Rom, Value};
use octopy_qstr::Qstr;

/// The row that stands for the table itself.
pub const TABLE_ITSELF: u16 = u16::MAX;

/// A native function as the interpreter calls it: arguments in slots, result into `args.ret`.
pub type NativeFn = fn(&mut Vm, Args) -> PyResult<()>;

/// How a function belongs to its table, which says what is put before its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A function of a module, or a static method of a type.
    Function,
    /// A method of a type: takes `self` first.
    Method,
    /// A class method of a type: takes the class first.
    ClassMethod,
    /// An attribute computed when it is read: takes `self`.
    Property,
}

/// How a native function is called, in one byte: its role, and how many positional arguments it
/// takes, `self` included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convention(u8);

impl Convention {
    const ROLE_BITS: u32 = 2;
    const COUNT_BITS: u32 = 3;
    const COUNT_MASK: u8 = (1 << Self::COUNT_BITS) - 1;
    /// These stand in the place of the most positional arguments.
    const ANY: u8 = Self::COUNT_MASK - 1;
    const ANY_AND_KEYWORDS: u8 = Self::COUNT_MASK;

    const fn new(min: u8, max: u8) -> Self {
        assert!(min <= Self::COUNT_MASK, "the fewest arguments are too many");
        Self(
            Role::Function as u8
                | min << Self::ROLE_BITS
                | max << (Self::ROLE_BITS + Self::COUNT_BITS),
        )
    }

    /// From `min` to `max` positional arguments, of a function; fewer than six.
    pub const fn counted(min: u8, max: u8) -> Self {
        assert!(max < Self::ANY, "the most arguments are too many");
        Self::new(min, max)
    }

    /// `min` and more positional arguments, of a function; keyword arguments as they are
    /// (`Args::n_kw`), if it takes them.
    pub const fn open(min: u8, keywords: bool) -> Self {
        Self::new(min, if keywords { Self::ANY_AND_KEYWORDS } else { Self::ANY })
    }

    /// The same for another role.
    pub const fn with_role(self, role: Role) -> Self {
        Self(self.0 & !((1 << Self::ROLE_BITS) - 1) | role as u8)
    }

    /// How the function belongs to its table.
    #[inline(always)]
    pub const fn role(self) -> Role {
        match self.0 & ((1 << Self::ROLE_BITS) - 1) {
            0 => Role::Function,
            1 => Role::Method,
            2 => Role::ClassMethod,
            _ => Role::Property,
        }
    }

    /// Fewest positional arguments.
    #[inline(always)]
    pub const fn min(self) -> u16 {
        (self.0 >> Self::ROLE_BITS & Self::COUNT_MASK) as u16
    }

    /// Most positional arguments; with [`Self::is_open`], more.
    #[inline(always)]
    pub const fn max(self) -> u16 {
        (self.0 >> (Self::ROLE_BITS + Self::COUNT_BITS)) as u16
    }

    /// Whether there can be any number of positional arguments.
    #[inline(always)]
    pub const fn is_open(self) -> bool {
        self.max() >= Self::ANY as u16
    }

    /// Whether the function takes keyword arguments as they are.
    #[inline]
    pub const fn takes_raw_keywords(self) -> bool {
        self.max() == Self::ANY_AND_KEYWORDS as u16
    }

    /// Whether the first argument is `self`.
    #[inline(always)]
    pub const fn takes_self(self) -> bool {
        matches!(self.role(), Role::Method | Role::Property)
    }

    /// Whether so many positional arguments are right.
    #[inline(always)]
    pub const fn admits(self, count: u16) -> bool {
        count >= self.min() && (count <= self.max() || self.is_open())
    }
}

/// A native function with what is needed to check a call.
#[derive(Debug, Clone, Copy)]
pub struct Native {
    /// The function behind its conversion of arguments.
    pub call: NativeFn,
    /// How it is called.
    pub convention: Convention,
    /// Names of the keyword arguments, if it has any. They follow the positional ones in the
    /// function's signature.
    pub keywords: &'static [Qstr],
}

impl Native {
    /// The same for another role.
    pub const fn with_role(self, role: Role) -> Self {
        Self { convention: self.convention.with_role(role), ..self }
    }
}

/// What a row holds.
#[derive(Debug, Clone, Copy)]
pub enum Entry {
    /// A function.
    Native(Native),
    /// A small integer.
    Int(i32),
    /// A float.
    Float(crate::Float),
    /// An interned string.
    Name(Qstr),
    /// A value that is no reference: a singleton, another table.
    Value(Value<'static>),
}

/// The part of a function with keyword arguments that its row has no place for.
#[derive(Debug)]
pub struct Keyworded {
    /// As in [`Native`].
    pub call: NativeFn,
    /// As in [`Native`].
    pub keywords: &'static [Qstr],
}

/// One named entry of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    packed: Packed,
    /// Its documentation, in host tools.
    #[cfg(feature = "docs")]
    pub doc: &'static str,
}

/// A name and an entry in two words.
#[derive(Debug, Clone, Copy)]
enum Packed {
    Native { convention: Convention, name: Qstr, call: NativeFn },
    Keyworded { convention: Convention, name: Qstr, rest: &'static Keyworded },
    Int { name: Qstr, value: i32 },
    Float { name: Qstr, value: crate::Float },
    Name { name: Qstr, value: Qstr },
    Value { name: Qstr, value: Value<'static> },
}

// SIZE: there are some 900 rows.
const _: () = assert!(size_of::<usize>() > 4 || size_of::<Packed>() == 8);

impl Row {
    /// A row with a function; `keyworded` is the same again, if it has keyword arguments.
    pub const fn native(name: Qstr, native: Native, keyworded: &'static Keyworded) -> Self {
        let Native { call, convention, keywords } = native;
        Self::packed(if keywords.is_empty() {
            Packed::Native { convention, name, call }
        } else {
            Packed::Keyworded { convention, name, rest: keyworded }
        })
    }

    /// A row with a small integer.
    pub const fn int(name: Qstr, value: i32) -> Self {
        Self::packed(Packed::Int { name, value })
    }

    /// A row with a float.
    pub const fn float(name: Qstr, value: crate::Float) -> Self {
        Self::packed(Packed::Float { name, value })
    }

    /// A row with an interned string.
    pub const fn name_value(name: Qstr, value: Qstr) -> Self {
        Self::packed(Packed::Name { name, value })
    }

    /// A row with a value that is no reference.
    pub const fn value(name: Qstr, value: Value<'static>) -> Self {
        Self::packed(Packed::Value { name, value })
    }

    const fn packed(packed: Packed) -> Self {
        Self {
            packed,
            #[cfg(feature = "docs")]
            doc: "",
        }
    }

    /// The same with documentation, which only host tools keep.
    pub const fn documented(self, doc: &'static str) -> Self {
        let _ = doc;
        Self {
            #[cfg(feature = "docs")]
            doc,
            ..self
        }
    }

    /// Its name.
    #[inline]
    pub const fn name(&self) -> Qstr {
        match self.packed {
            Packed::Native { name, .. }
            | Packed::Keyworded { name, .. }
            | Packed::Int { name, .. }
            | Packed::Float { name, .. }
            | Packed::Name { name, .. }
            | Packed::Value { name, .. } => name,
        }
    }

    /// What it holds.
    #[inline]
    pub fn entry(&self) -> Entry {
        match self.packed {
            Packed::Native { convention, call, .. } => {
                Entry::Native(Native { call, convention, keywords: &[] })
            }
            Packed::Keyworded { convention, rest, .. } => {
                Entry::Native(Native { call: rest.call, convention, keywords: rest.keywords })
            }
            Packed::Int { value, .. } => Entry::Int(value),
            Packed::Float { value, .. } => Entry::Float(value),
            Packed::Name { value, .. } => Entry::Name(value),
            Packed::Value { value, .. } => Entry::Value(value),
        }
    }

    /// The function that it holds, if so.
    #[inline]
    pub fn as_native(&self) -> Option<Native> {
        match self.entry() {
            Entry::Native(native) => Some(native),
            _ => None,
        }
    }

    /// The function that it holds, if that takes no keyword arguments by name. A call needs no more
    /// than this, mostly.
    #[inline(always)]
    pub(crate) fn as_plain(&self) -> Option<(Convention, NativeFn)> {
        match self.packed {
            Packed::Native { convention, call, .. } => Some((convention, call)),
            _ => None,
        }
    }

    /// How the function that it holds is called, if it holds one.
    #[inline(always)]
    pub(crate) fn convention(&self) -> Option<Convention> {
        match self.packed {
            Packed::Native { convention, .. } | Packed::Keyworded { convention, .. } => {
                Some(convention)
            }
            _ => None,
        }
    }

    /// How the function in this row belongs to the table; `None` if the row holds no function.
    #[inline]
    pub fn role(&self) -> Option<Role> {
        self.convention().map(Convention::role)
    }
}

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

/// A native type or module.
#[derive(Debug)]
pub struct Table {
    /// Its place in the registry.
    pub id: u16,
    /// Its name.
    pub name: Qstr,
    /// The type it derives from; only `bool` and exceptions have one.
    pub base: Option<&'static Table>,
    /// Whether it is a type (else a module).
    pub is_type: bool,
    /// What it does beyond its rows. Behind a reference: modules and exceptions share theirs.
    pub slots: &'static Slots,
    /// Its entries, sorted by name.
    pub rows: &'static [Row],
    /// Its documentation, in host tools.
    #[cfg(feature = "docs")]
    pub doc: &'static str,
}

impl Table {
    /// The value that stands for the type or module.
    #[inline]
    pub const fn value(&self) -> Value<'static> {
        Value::from_rom(Rom { table: self.id, row: TABLE_ITSELF })
    }

    /// The number of the row with this name.
    #[inline]
    pub fn find(&self, name: Qstr) -> Option<u16> {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let mid = (low + high) / 2;
            let probe = self.rows.get(mid)?.name();
            if probe == name {
                return u16::try_from(mid).ok();
            }
            if probe < name {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        None
    }

    /// Whether this type is `other` or derives from it.
    pub fn derives_from(&self, other: &Table) -> bool {
        let mut table = self;
        loop {
            if table.id == other.id {
                return true;
            }
            match table.base {
                Some(base) => table = base,
                None => return false,
            }
        }
    }
}

/// Sorts rows by name; for the table macros, at compile time.
pub const fn sorted<const N: usize>(mut rows: [Row; N]) -> [Row; N] {
    let mut end = 1;
    while end < N {
        let mut at = end;
        while at > 0 && rows[at].name().0 < rows[at - 1].name().0 {
            let row = rows[at];
            rows[at] = rows[at - 1];
            rows[at - 1] = row;
            at -= 1;
        }
        assert!(at == 0 || rows[at].name().0 != rows[at - 1].name().0, "a name stands twice");
        end += 1;
    }
    rows
}

impl Vm {
    /// The table with this number.
    #[inline]
    pub fn table(&self, id: u16) -> Option<&'static Table> {
        self.registry.get(usize::from(id)).copied()
    }

    /// The type or module that `value` stands for.
    #[inline]
    pub fn as_table(&self, value: Value<'_>) -> Option<&'static Table> {
        match value.as_rom() {
            Some(rom) if rom.row == TABLE_ITSELF => self.table(rom.table),
            _ => None,
        }
    }

    /// The native function that `value` stands for.
    #[inline]
    pub fn as_native(&self, value: Value<'_>) -> Option<Native> {
        let rom = value.as_rom()?;
        self.table(rom.table)?.rows.get(usize::from(rom.row))?.as_native()
    }
}
