//! Allocation: bump in the preferred region, fall back, collect, fail.
//!
//! The ways of a request, in order: the window (small objects, a few instructions); a minor
//! collection, if the nursery is used up, and a slice of a cycle, if one is due; the preferred
//! region's gap; a minor collection, if enough there is young; for a large object a hole there, then
//! a full collection, if it pays; another region's gap; for a small one any hole, and the rest of the
//! cycle that is running; a full collection anyway. Only then it fails. `docs/MEMORY.md` has them
//! as steps. A full collection *pays* when as much has become old since the last one, or the last
//! cycle, as a fair share of what it has to look at: so the time spent collecting is bounded by the
//! time spent allocating, also when the fast region is full of live objects. Large buffers are not
//! looked into: they do not make collections rarer.

use crate::generation::Survivors;
use crate::log::Outcome;
use crate::object::{Header, MAX_WORDS, object_size};
use crate::region::Window;
use crate::{Heap, Kind, Layout, Local, Value, raw};
use core::cell::Cell;

/// Which memory could not serve a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The region with this number (see [`Heap::region_name`]).
    Region(u8),
    /// The value stack: Python or native code nests too deep.
    Stack,
    /// The root table.
    Roots,
    /// The heap is locked.
    Locked,
    /// No region can be reached by DMA.
    Dma,
}

/// A request could not be served; [`Heap::shortage`] says which, and why.
///
/// It carries nothing itself, so that the result of an allocation takes one register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory(());

/// What is known of a request that could not be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// Bytes asked for.
    pub bytes: u32,
    /// Bytes free in all regions after the last collection; in that one, if only it was asked.
    pub free: u32,
    /// Largest run of free bytes.
    pub largest: u32,
    /// Where it was looked for last.
    pub place: Place,
}

impl Shortage {
    /// Before anything has failed.
    pub(crate) const NONE: Self = Self::of(Place::Stack);

    /// Of something that has a fixed number of places.
    pub(crate) const fn of(place: Place) -> Self {
        Self { bytes: 4, free: 0, largest: 0, place }
    }
}

impl Heap {
    /// The last request that could not be served.
    pub fn shortage(&self) -> Shortage {
        self.shortage.get()
    }

    /// Notes a request that could not be served.
    #[cold]
    pub fn short(&self, shortage: Shortage) -> OutOfMemory {
        self.shortage.set(shortage);
        OutOfMemory(())
    }

    /// Allocates an object with `words` payload words, all NULL or 0, and pushes it.
    #[inline(never)]
    pub fn alloc(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        self.alloc_here(kind, words)
    }

    /// As [`Heap::alloc`], in its caller.
    #[inline(always)]
    pub fn alloc_here(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        /// Words up to which clearing one by one beats a call; it unrolls if `words` is known.
        const SHORT: u32 = 8;
        let addr = self.window.top;
        // All that can fail is asked first: one way leads through here without a join.
        if words <= SHORT
            && words < self.large_words
            && self.window.limit.get().wrapping_sub(addr) >= object_size(words)
            && let Some(slot) = self.try_push(Value::from_bits(addr))
        {
            let end = addr + object_size(words);
            self.window.top = end;
            raw::store(&self.space, addr, Header::new(kind, words).0);
            raw::store(&self.space, addr + 4, 0);
            let mut at = addr + 8;
            while at < end {
                raw::store(&self.space, at, 0);
                raw::store(&self.space, at + 4, 0);
                at += 8;
            }
            return Ok(slot);
        }
        self.alloc_anywhere(kind, words)
    }

    /// As [`Heap::alloc`], of any length, in any region, after a collection if need be.
    #[inline(never)]
    fn alloc_anywhere(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        let addr = self.bump(kind, words)?;
        let slot = self.push_fresh(addr)?;
        raw::fill(&self.space, addr + 4, object_size(words) - 4, 0);
        Ok(slot)
    }

    /// Allocates a raw object whose payload is whatever the memory held, and pushes it.
    pub fn alloc_raw(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        debug_assert!(kind.layout() == Layout::Raw);
        let addr = self.bump(kind, words)?;
        self.push_fresh(addr)
    }

    /// Takes room for an object and writes its header.
    #[inline(always)]
    fn bump(&mut self, kind: Kind, words: u32) -> Result<u32, OutOfMemory> {
        if words < self.large_words {
            let size = object_size(words);
            let addr = self.window.top;
            if self.window.limit.get().wrapping_sub(addr) >= size {
                self.window.top = addr + size;
                raw::store(&self.space, addr, Header::new(kind, words).0);
                return Ok(addr);
            }
        }
        self.bump_slow(kind, words)
    }

    #[inline(always)]
    pub(crate) fn push_fresh(&mut self, addr: u32) -> Result<Local, OutOfMemory> {
        match self.try_push(Value::from_bits(addr)) {
            Some(slot) => Ok(slot),
            None => {
                self.discard(addr);
                Err(self.stack_full())
            }
        }
    }

    /// Gives back the object allocated last, which nothing refers to.
    #[cold]
    fn discard(&mut self, addr: u32) {
        self.shut_window();
        let Some(idx) = self.region_of(addr) else { return };
        let size = Header(raw::load(&self.space, addr)).size();
        self.count_returned(size);
        match self.regions.get_mut(idx) {
            Some(region) if addr >= region.floor => region.top = addr,
            Some(region) => {
                // It is in a hole. What is remembered may have its address, so nothing else comes
                // there before the next collection.
                region.old_holes.add(size);
                self.write_filler(addr, addr + size);
            }
            None => {}
        }
    }

    #[cold]
    #[inline(never)]
    fn bump_slow(&mut self, kind: Kind, words: u32) -> Result<u32, OutOfMemory> {
        self.shut_window();
        if words > MAX_WORDS {
            let bytes = words.saturating_mul(4).saturating_add(4);
            return Err(self.fail(bytes, self.preferred(words)));
        }
        let size = object_size(words);
        let first = self.preferred(words);
        if self.sabotage.strikes() {
            return Err(self.fail(size, first));
        }
        if self.locked > 0 {
            return self.bump_locked(kind, words, first);
        }
        let small = words < self.large_words;
        let found = self.find(size, first, small);
        let (addr, region) = found.ok_or_else(|| self.fail(size, first))?;
        self.count_given(size);
        if small {
            self.open_window(region);
        }
        raw::store(&self.space, addr, Header::new(kind, words).0);
        self.adopt(addr);
        Ok(addr)
    }

    /// A locked heap neither collects nor moves, but gives from its gaps, and then from holes, what
    /// the language needs.
    fn bump_locked(&mut self, kind: Kind, words: u32, first: usize) -> Result<u32, OutOfMemory> {
        let size = object_size(words);
        if kind.is_transient() || self.raising {
            let mut found = match self.take(first, size) {
                Some(addr) => Some((addr, first)),
                None => self.take_elsewhere(first, size),
            };
            if found.is_none() {
                found = self.take_any_hole(first, size);
            }
            if let Some((addr, _)) = found {
                self.count_given(size);
                raw::store(&self.space, addr, Header::new(kind, words).0);
                self.adopt(addr);
                return Ok(addr);
            }
        }
        Err(self.short(Shortage { place: Place::Locked, ..self.failure(size, first) }))
    }

    /// Room for `size` bytes, by every way there is: the address and the region.
    fn find(&mut self, size: u32, first: usize, small: bool) -> Option<(u32, usize)> {
        self.fit_size();
        let mut fresh = self.collect_for_zeal();
        self.spend_on(size);
        if small {
            self.nursery_left = self.nursery_left.saturating_sub(size);
        }
        if self.enabled && !fresh {
            let since = self.since();
            // The region can end a little before the nursery does.
            let is_full = self.region(first).gap() < size && self.minor_may_help(size, first);
            let spent = small && (self.nursery_left == 0 && since != 0 || is_full);
            if spent
                || self.remembered.is_pressing()
                || self.wants_minor()
                || self.threshold != 0 && since >= self.threshold
            {
                fresh = self.collect_some();
            } else {
                self.advance(false);
            }
        }
        // Where cycles find what has died, small objects wait for them as long as there is room.
        let waits = cfg!(feature = "incremental") && small;
        if let Some(addr) = self.take(first, size) {
            return Some((addr, first));
        }
        if self.enabled && !fresh {
            if self.minor_may_help(size, first) {
                self.collect_minor(Survivors::Stay);
                self.advance(true);
                if let Some(addr) = self.take(first, size) {
                    self.record_collected(size, first, first);
                    return Some((addr, first));
                }
            }
            if !small && let Some(addr) = self.take_hole(first, size) {
                return Some((addr, first));
            }
            let grown = self.grown().saturating_add(self.since()).saturating_add(size);
            if !waits && grown >= self.worthwhile() {
                self.collect_for(size);
                fresh = true;
                if let Some(addr) = self.take(first, size) {
                    self.record_collected(size, first, first);
                    return Some((addr, first));
                }
            }
        }
        if self.grow_for(size)
            && let Some(addr) = self.take(first, size)
        {
            return Some((addr, first));
        }
        if let Some(found) = self.take_elsewhere(first, size) {
            self.record(size, first, Outcome::FellBack);
            return Some(found);
        }
        if waits || !self.enabled || fresh {
            let found = self.take_any_hole(first, size);
            if found.is_some() || !self.enabled || fresh {
                return found;
            }
            if self.finish_cycle()
                && let Some(found) = self.take_any_hole(first, size)
            {
                return Some(found);
            }
        }
        self.collect_for(size);
        let found = match self.take(first, size) {
            Some(addr) => (addr, first),
            None => self.take_elsewhere(first, size)?,
        };
        self.record_collected(size, first, found.1);
        Some(found)
    }

    /// Whether so much is young in the region that a minor collection may make room there.
    fn minor_may_help(&self, size: u32, region: usize) -> bool {
        self.regions.get(region).is_some_and(|r| {
            r.end - r.floor >= size && r.top - r.floor >= self.nursery / 4 + self.aged(region)
        })
    }

    /// Notes that a collection made room: by sliding, if no free run in the region was long enough.
    fn record_collected(&mut self, size: u32, first: usize, served: usize) {
        let run = self.unmoved_runs.get(served).copied().unwrap_or(0);
        let outcome = if run >= size { Outcome::Collected } else { Outcome::Compacted };
        self.record(size, first, outcome);
    }

    /// The region that a request of so many words tries first.
    fn preferred(&self, words: u32) -> usize {
        if words < self.large_words { self.fast } else { self.large }
    }

    pub(crate) fn take(&mut self, region: usize, size: u32) -> Option<u32> {
        let region = self.regions.get_mut(region)?;
        if region.gap() < size {
            return None;
        }
        let top = region.top;
        let apart = cfg!(feature = "zeal") && self.zeal_period != 0 && region.gap() - size >= 8;
        // In zeal builds a hole comes first, so that a minor collection moves young objects too.
        let addr = if apart { top + 8 } else { top };
        region.top = addr + size;
        if apart {
            region.young_holes.add(8);
            self.write_filler(top, addr);
        }
        Some(addr)
    }

    fn take_elsewhere(&mut self, first: usize, size: u32) -> Option<(u32, usize)> {
        (0..self.n_regions)
            .filter(|&idx| idx != first)
            .find_map(|idx| self.take(idx, size).map(|addr| (addr, idx)))
    }

    /// Room that old objects left, in the region or another, when there is no other and nothing may
    /// move.
    fn take_any_hole(&mut self, first: usize, size: u32) -> Option<(u32, usize)> {
        if let Some(addr) = self.take_hole(first, size) {
            return Some((addr, first));
        }
        let others = (0..self.n_regions).filter(|&idx| idx != first);
        for idx in others {
            if let Some(addr) = self.take_hole(idx, size) {
                self.record(size, first, Outcome::FellBack);
                return Some((addr, idx));
            }
        }
        None
    }

    /// Lets small objects be taken from the gap of `region` without asking.
    fn open_window(&mut self, idx: usize) {
        if cfg!(feature = "zeal") || self.sabotage.is_on() || self.locked > 0 {
            return;
        }
        let region = self.region(idx);
        let mut room = region.gap();
        if self.enabled {
            room = room.min(self.nursery_left & !7).min(self.until_slice());
            if self.threshold != 0 {
                room = room.min(self.threshold.saturating_sub(self.since()) & !7);
            }
        }
        let limit = Cell::new(region.top + room);
        self.window = Window { top: region.top, limit, region: idx };
    }

    /// Makes the next small allocation look whether a collection is due.
    pub(crate) fn narrow_window(&self) {
        if self.window.limit.get() != 0 {
            self.window.limit.set(self.window.top);
        }
    }

    /// Closes the window, so that the regions' `top` are true and every request is looked at.
    pub(crate) fn shut_window(&mut self) {
        if self.window.limit.get() != 0 {
            if let Some(region) = self.regions.get_mut(self.window.region) {
                let used = self.window.top - region.top;
                self.nursery_left = self.nursery_left.saturating_sub(used);
                region.top = self.window.top;
                self.spend(used);
                self.count_given(used);
            }
            self.window = Window::shut();
        }
    }

    #[cold]
    fn fail(&mut self, bytes: u32, region: usize) -> OutOfMemory {
        self.record(bytes, region, Outcome::Failed);
        self.short(self.failure(bytes, region))
    }

    fn failure(&self, bytes: u32, region: usize) -> Shortage {
        let info = self.info();
        Shortage {
            bytes,
            free: info.free,
            largest: info.max_free,
            place: Place::Region(region as u8),
        }
    }

    /// The name of a region.
    pub fn region_name(&self, region: u8) -> &'static str {
        self.regions.get(usize::from(region)).map_or("", |r| r.name)
    }
}
