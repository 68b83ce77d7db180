//! On a PC, a heap that has as many bytes as its program needs.
//!
//! Its only region has addresses for the most that it may ever be, of which the system gives memory
//! to the part in use. The region grows when a request would fail, and when what lives after a
//! collection is more than two thirds of it, so that collections do not become frequent; it shrinks
//! when what lives is less than a quarter, and the memory goes back to the system.

use crate::generation::{Scope, Survivors};
use crate::{Heap, HeapConfig, Space};

/// Memory comes and goes in multiples of this.
const UNIT: u32 = 64 * 1024;

/// Between which sizes the region may change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Growth {
    least: u32,
    /// 0 if it may not change.
    most: u32,
}

impl Growth {
    pub(crate) const NONE: Self = Self { least: 0, most: 0 };
}

impl Heap {
    /// As [`Heap::host`], of one region which grows up to `most` bytes as the program needs them,
    /// and shrinks again down to what `config` says.
    pub fn host_growing(config: &HeapConfig<'_>, most: u32) -> std::io::Result<Self> {
        Ok(Self::growing(Space::for_growth(config, most)?, config, most))
    }

    pub(crate) fn growing(space: Space, config: &HeapConfig<'_>, most: u32) -> Self {
        let mut heap = Self::new(space, config);
        if heap.n_regions == 1 {
            heap.growth = Growth { least: heap.region(0).size(), most };
        }
        heap
    }

    /// Whether the heap's one region grows.
    pub(crate) const fn grows(&self) -> bool {
        self.growth.most != 0
    }

    /// Makes the region longer for a request that has no room. False if it is as long as it may be.
    #[cold]
    pub(crate) fn grow_for(&mut self, size: u32) -> bool {
        if self.growth.most == 0 {
            return false;
        }
        let region = self.region(0);
        let needed = (region.top - region.base).saturating_add(size).saturating_add(self.nursery);
        // By half at least: so what is copied and looked at stays in proportion to what is made.
        let more = region.size().saturating_add(region.size() / 2);
        self.resize(needed.max(more));
        self.region(0).gap() >= size
    }

    /// Fits the region to what was alive after the last collection or cycle.
    #[inline(always)]
    pub(crate) fn fit_size(&mut self) {
        // While collections are off, nothing says what is alive.
        if self.growth.most != 0 && self.enabled {
            self.fit_to_live();
        }
    }

    /// Bytes that were alive after the last collection, and the size for them.
    fn live_and_wanted(&self) -> (u32, u32) {
        let live = self.old_before;
        (live, live.saturating_mul(2).max(self.growth.least))
    }

    #[cold]
    fn fit_to_live(&mut self) {
        let (live, mut wanted) = self.live_and_wanted();
        let size = self.region(0).size();
        if live > size / 3 * 2 {
            self.resize(wanted);
        } else if live < size / 4 && wanted <= size / 2 {
            let region = self.region(0);
            let is_scattered = region.top - region.base > wanted;
            if is_scattered && !region.pinned {
                self.collect_full(Scope::Full, Survivors::Promote);
                (_, wanted) = self.live_and_wanted();
            }
            self.resize(wanted);
        }
    }

    /// Gives the region another size, if it may have it and the objects leave it. The window must
    /// be shut.
    fn resize(&mut self, size: u32) {
        let region = self.region(0);
        let least = self.growth.least.max(region.top - region.base);
        let size = size.max(least).min(self.growth.most).next_multiple_of(UNIT);
        let old = region.size();
        if size == old {
            return;
        }
        let (base, twin) = (region.base, region.base ^ self.space.twin());
        if size > old {
            let more = size - old;
            if !self.space.commit(base + old, more) || !self.space.commit(twin + old, more) {
                return;
            }
        } else {
            self.space.discard(base + size, old - size);
            self.space.discard(twin + size, old - size);
        }
        if let Some(place) = self.regions.first_mut() {
            place.end = base + size;
        }
        let left = self.nursery_left;
        self.assign_roles();
        self.nursery_left = left.min(self.nursery);
    }
}
