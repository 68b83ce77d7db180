//! `Root`: an owned root, for values kept in Rust.

use crate::{Heap, OutOfMemory, Place, Shortage, Value, raw};
use core::cell::Cell;

/// Marks an unused entry of the root table: a singleton that is no value.
pub(crate) const UNUSED: u32 = 31 << 3 | 7;

/// Marks an entry whose successor's object is pinned: another singleton that is no value.
pub(crate) const PIN: u32 = 30 << 3 | 7;

/// A value that stays alive until this is dropped.
#[derive(Debug)]
pub struct Root {
    cell: &'static Cell<u32>,
}

impl Root {
    /// The value's word.
    #[inline(always)]
    pub(crate) fn bits(&self) -> u32 {
        self.cell.get()
    }

    /// The value.
    #[inline(always)]
    pub fn get<'h>(&self, _heap: &'h Heap) -> Value<'h> {
        Value::from_bits(self.cell.get())
    }

    /// Replaces the value.
    #[inline(always)]
    pub fn set(&self, _heap: &Heap, value: Value<'_>) {
        self.cell.set(value.bits());
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        self.cell.set(UNUSED);
    }
}

impl Heap {
    /// Makes a root; fails when the root table is full.
    pub fn root(&self, value: Value<'_>) -> Result<Root, OutOfMemory> {
        let mut addr = self.roots_base;
        while addr < self.stack_base {
            let cell = raw::root_cell(&self.space, addr);
            if cell.get() == UNUSED {
                cell.set(value.bits());
                return Ok(Root { cell });
            }
            addr += 4;
        }
        Err(self.roots_full())
    }

    pub(crate) fn roots_full(&self) -> OutOfMemory {
        self.short(Shortage::of(Place::Roots))
    }

    /// Lets every root hold `None`. Its owner still has it, so the entry stays in use.
    pub(crate) fn clear_roots(&self) {
        let mut addr = self.roots_base;
        while addr < self.stack_base {
            let cell = raw::root_cell(&self.space, addr);
            if cell.get() != UNUSED && cell.get() != PIN {
                cell.set(Value::NONE.bits());
            }
            addr += 4;
        }
    }
}
