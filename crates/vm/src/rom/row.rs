//! Rows: the named entries of a table, in two words each.

use super::{Convention, Native, NativeFn, Role};
use octopy_heap::Value;
use octopy_qstr::Qstr;

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
