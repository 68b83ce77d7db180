//! Placing: an object in the memory that the program has chosen.
//!
//! Objects leave their region only when a collection finds them above the fast region's limit, with
//! less than a nursery and the room for aging behind them (see `generation.rs`). Sliding never moves an object up. So what
//! is put below the limit stays in its region for ever.

use crate::alloc::{OutOfMemory, Place, Shortage};
use crate::generation::{Scope, Survivors};
use crate::log::Outcome;
use crate::object::{Header, MAX_WORDS, object_size};
use crate::{Heap, Kind, Layout, Local, RegionClass, raw};

impl Heap {
    /// Whether there is a region of this class.
    pub fn has_class(&self, class: RegionClass) -> bool {
        self.used_regions().iter().any(|region| region.class == class)
    }

    /// Allocates an object without references in the first region of this class, where it stays;
    /// pushes it. Its payload is 0. Fails when there is no room in that region, whatever is free
    /// elsewhere.
    pub fn alloc_placed(
        &mut self,
        kind: Kind,
        words: u32,
        class: RegionClass,
    ) -> Result<Local, OutOfMemory> {
        debug_assert!(kind.layout() == Layout::Raw);
        let idx = if class == RegionClass::Fast { self.fast } else { self.large };
        if self.region(idx).class != class {
            return Err(self.fail_placed(words.saturating_mul(4), idx));
        }
        self.alloc_in(kind, words, idx)
    }

    /// The same with a region's number, and of any kind.
    pub(crate) fn alloc_in(
        &mut self,
        kind: Kind,
        words: u32,
        idx: usize,
    ) -> Result<Local, OutOfMemory> {
        self.shut_window();
        let bytes = object_size(words.min(MAX_WORDS));
        if words > MAX_WORDS {
            return Err(self.fail_placed(words.saturating_mul(4), idx));
        }
        if self.sabotage.strikes() {
            return Err(self.fail_placed(bytes, idx));
        }
        if self.locked > 0 {
            return Err(self.short(Shortage { bytes, ..Shortage::of(Place::Locked) }));
        }
        let fresh = self.collect_for_zeal();
        let mut found = self.take_placed(idx, bytes);
        if found.is_none() && self.enabled && !fresh {
            // What others have above the limit goes to the large region.
            self.collect_full(Scope::Full, Survivors::Promote);
            found = self.take_placed(idx, bytes);
            if found.is_some() {
                self.record(bytes, idx, Outcome::Collected);
            }
        }
        if found.is_none() && idx == self.fast && self.yield_aging_room(bytes) {
            found = self.take_placed(idx, bytes);
        }
        if found.is_none() && self.grow_for(bytes.saturating_add(self.nursery)) {
            found = self.take_placed(idx, bytes);
        }
        let addr = found.ok_or_else(|| self.fail_placed(bytes, idx))?;
        self.count_given(bytes);
        raw::store(&self.space, addr, Header::new(kind, words).0);
        raw::fill(&self.space, addr + 4, bytes - 4, 0);
        self.push_fresh(addr)
    }

    /// Room below the limit of a region.
    fn take_placed(&mut self, idx: usize, bytes: u32) -> Option<u32> {
        if idx == self.fast && self.fast < self.large {
            let region = self.region(idx);
            // In zeal builds a hole comes first.
            let lead = if cfg!(feature = "zeal") { 8 } else { 0 };
            if region.top - region.base + lead >= self.promotion_limit(&region) {
                return None;
            }
        }
        self.take(idx, bytes)
    }

    /// A request for one region fails: what other regions have does not count.
    #[cold]
    fn fail_placed(&mut self, bytes: u32, idx: usize) -> OutOfMemory {
        self.record(bytes, idx, Outcome::Failed);
        let (free, largest) = self.region_info(idx).map_or((0, 0), |r| (r.free, r.max_free));
        self.short(Shortage { bytes, free, largest, place: Place::Region(idx as u8) })
    }
}
