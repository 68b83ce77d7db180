//! Static tables: native types, modules and functions, in flash.
//!
//! A `Value` names a function by its table and row, and a type or module by its table with the row
//! [`TABLE_ITSELF`]. No start-up code runs: the registry is an array of references to tables, and a
//! table's `id` is its place in it (checked once, when the VM starts).

mod native;
mod row;
mod slots;

pub use native::{Convention, Native, NativeFn, Role};
pub use row::{Entry, Keyworded, Row, sorted};
pub use slots::{
    Arith, AttrSlot, BinarySlot, CallSlot, Compare, CompareSlot, ContainsSlot, IterSlot, NewSlot,
    NextSlot, PrintKind, PrintSlot, Slots, StoreAttrSlot, StoreSubscriptSlot, SubscriptSlot,
    UnarySlot,
};

use crate::Vm;
use octopy_heap::{Rom, Value};
use octopy_qstr::Qstr;

/// The row that stands for the table itself.
pub const TABLE_ITSELF: u16 = u16::MAX;

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
