//! DMA: what hardware works on by itself is in memory that hardware can reach.
//!
//! Nearly always it is there already: on boards with a region that DMA does not reach, that one is
//! the large one, and a program places its buffers (see `place.rs`). Otherwise the object gets a
//! copy in another region, and all references are changed to the copy: that takes a full collection
//! and a walk over everything, but it is asked for once for each buffer.

use crate::alloc::{OutOfMemory, Place, Shortage};
use crate::generation::{Scope, Survivors};
use crate::{Heap, Local, raw};

impl Heap {
    /// Moves the object in a slot to a region that DMA can reach, unless it is in one.
    pub(crate) fn bring_to_dma<T: ?Sized>(&mut self, object: Local<T>) -> Result<(), OutOfMemory> {
        let bits = self.get(object).bits();
        let Some(idx) = self.region_of(bits) else { return Ok(()) };
        if !self.get(object).is_ref() || self.region(idx).dma {
            return Ok(());
        }
        let header = self.header(bits);
        let mut made =
            Err(self.short(Shortage { bytes: header.size(), ..Shortage::of(Place::Dma) }));
        for idx in 0..self.n_regions {
            if made.is_err() && self.region(idx).dma {
                made = self.alloc_in(header.kind(), header.words(), idx);
            }
        }
        let copy = made?;
        // Nothing is young then, so that no reference to the copy is to be remembered.
        self.collect_full(Scope::Full, Survivors::Stay);
        let (old, new) = (self.get(object).bits(), self.get(copy).bits());
        raw::copy(&self.space, old + 4, new + 4, header.size() - 4);
        self.replace_all(old, new);
        self.moves = self.moves.wrapping_add(1);
        self.set_sp(copy.addr());
        Ok(())
    }

    /// Changes every reference to an object.
    fn replace_all(&self, old: u32, new: u32) {
        self.replace_among(self.roots_base, self.sp.get(), old, new);
        for region in self.used_regions() {
            let mut addr = region.base;
            while addr < region.top {
                let header = self.header(addr);
                if let Some((first, end)) = header.traced(addr) {
                    self.replace_among(first, end, old, new);
                }
                addr += header.size();
            }
        }
    }

    fn replace_among(&self, mut slot: u32, end: u32, old: u32, new: u32) {
        while slot < end {
            if raw::load(&self.space, slot) == old {
                raw::store(&self.space, slot, new);
            }
            slot += 4;
        }
    }
}
