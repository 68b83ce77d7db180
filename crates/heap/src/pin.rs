//! `Pinned`: a guard for an object that must not move while hardware uses it.
//!
//! A guard is two neighbouring entries of the root table: a mark and the object. The collector
//! looks for the marks, so that dropping a guard needs no heap, and two guards of one object count.

use crate::root::{PIN, UNUSED};
use crate::{Heap, Layout, Local, OutOfMemory, Value, raw};
use core::cell::Cell;

/// Keeps an object alive and in its place until this is dropped.
#[derive(Debug)]
pub struct Pinned {
    mark: &'static Cell<u32>,
    cell: &'static Cell<u32>,
    bytes: &'static [Cell<u8>],
}

impl Pinned {
    /// The payload of a raw object, from word 0, readable without the heap; empty for others. The
    /// heap must not be reset while the guard exists.
    pub fn bytes(&self) -> &[Cell<u8>] {
        self.bytes
    }

    /// The object.
    #[inline(always)]
    pub fn get<'h>(&self, _heap: &'h Heap) -> Value<'h> {
        Value::from_bits(self.cell.get())
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        self.mark.set(UNUSED);
        self.cell.set(UNUSED);
    }
}

impl Heap {
    /// The objects that guards pin, one for each guard.
    fn pins(&self) -> impl Iterator<Item = u32> + '_ {
        let entry = |addr: &u32| raw::load(&self.space, *addr) == PIN;
        let entries = (self.roots_base..self.stack_base.saturating_sub(4)).step_by(4);
        entries.filter(entry).map(|addr| raw::load(&self.space, addr + 4))
    }

    /// Calls `visit` with the address and the size of every pinned object of a region.
    pub fn for_each_pinned(&self, region: usize, visit: &mut dyn FnMut(u32, u32)) {
        if !self.region(region).pinned {
            return;
        }
        for (n, object) in self.pins().enumerate() {
            let is_here =
                Value::from_bits(object).is_ref() && self.region_of(object) == Some(region);
            // Of two guards of one object, the first counts.
            if is_here && !self.pins().take(n).any(|other| other == object) {
                visit(object, self.header(object).size());
            }
        }
    }

    /// Bytes in the pinned objects of a region. The root table is all that it looks through.
    pub fn pinned_bytes(&self, region: usize) -> u32 {
        let mut bytes = 0;
        self.for_each_pinned(region, &mut |_, size| bytes += size);
        bytes
    }

    /// Pins the object in a slot, in memory that DMA can reach: it is moved there first if it is
    /// not. Fails when there is no such memory or no room in it, and when the root table has no two
    /// free neighbours.
    pub fn pin<T: ?Sized>(&mut self, object: Local<T>) -> Result<Pinned, OutOfMemory> {
        let is_free = |addr: u32| raw::root_cell(&self.space, addr).get() == UNUSED;
        let mut entries = (self.roots_base..self.stack_base.saturating_sub(4)).step_by(4);
        let Some(addr) = entries.find(|&addr| is_free(addr) && is_free(addr + 4)) else {
            return Err(self.roots_full());
        };
        self.bring_to_dma(object)?;
        let value = self.get(object);
        let bits = value.bits();
        let mut range = (8, 0);
        if value.is_ref() {
            let header = self.header(bits);
            if header.kind().layout() == Layout::Raw {
                range = (bits + 4, header.words() * 4);
            }
        }
        let mark = raw::root_cell(&self.space, addr);
        let cell = raw::root_cell(&self.space, addr + 4);
        mark.set(PIN);
        cell.set(bits);
        if let Some(region) = self.region_of(bits).and_then(|r| self.regions.get_mut(r)) {
            region.pinned = true;
        }
        let bytes = raw::pinned_cells(&self.space, range.0, range.1);
        Ok(Pinned { mark, cell, bytes })
    }
}
