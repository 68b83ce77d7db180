//! Allocation: bump in the preferred region, fall back, collect, fail.

use crate::log::Outcome;
use crate::object::{Header, MAX_WORDS, object_size};
use crate::region::RegionClass;
use crate::{Heap, Kind, Layout, Local, Value, raw};

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
}

/// A request that could not be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory {
    /// Bytes asked for.
    pub bytes: u32,
    /// Bytes free in all regions, after the last collection.
    pub free: u32,
    /// Largest run of free bytes.
    pub largest: u32,
    /// Where it was looked for last.
    pub place: Place,
}

impl Heap {
    /// Allocates an object with `words` payload words, all NULL or 0, and pushes it.
    #[inline]
    pub fn alloc(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        let slot = self.alloc_dirty(kind, words)?;
        let addr = self.get(slot).bits();
        if words <= 8 {
            // Short objects: word by word beats a call.
            let mut at = addr + 4;
            let end = addr + object_size(words);
            while at < end {
                raw::store(&self.space, at, 0);
                at += 4;
            }
        } else {
            raw::fill(&self.space, addr + 4, object_size(words) - 4, 0);
        }
        Ok(slot)
    }

    /// Allocates a raw object whose payload is whatever the memory held, and pushes it.
    pub fn alloc_raw(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        debug_assert!(kind.layout() == Layout::Raw);
        self.alloc_dirty(kind, words)
    }

    #[inline]
    fn alloc_dirty(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        if words < 1 << 16 && !cfg!(feature = "zeal") {
            let size = object_size(words);
            let region = &mut self.regions[0];
            if size < self.large_object && region.limit - region.top >= size {
                let addr = region.top;
                region.top = addr + size;
                raw::store(&self.space, addr, Header::new(kind, words).0);
                return self.push(Value::from_bits(addr));
            }
        }
        self.alloc_slow(kind, words)
    }

    #[cold]
    #[inline(never)]
    fn alloc_slow(&mut self, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        if words > MAX_WORDS {
            let bytes = words.saturating_mul(4).saturating_add(4);
            return Err(self.failure(bytes, self.preferred(bytes)));
        }
        let size = object_size(words);
        if self.locked > 0 {
            return Err(OutOfMemory { place: Place::Locked, ..self.failure(size, 0) });
        }
        if self.fail_after != u32::MAX {
            if self.fail_after == 0 {
                return Err(self.failure(size, self.preferred(size)));
            }
            self.fail_after -= 1;
        }
        if cfg!(feature = "zeal") {
            self.collect_moving();
        }
        let first = self.preferred(size);
        if let Some(addr) = self.bump(first, size, true) {
            return self.place(addr, kind, words);
        }
        // A full fast region is collected while that pays; a full large one whenever garbage may
        // be in it. `should_collect` knows.
        if self.enabled && self.should_collect(first) {
            self.collect();
            if let Some(addr) = self.bump(first, size, false) {
                self.record(size, first, Outcome::Collected);
                return self.place(addr, kind, words);
            }
        }
        if let Some(addr) = self.bump_others(first, size) {
            self.record(size, first, Outcome::FellBack);
            return self.place(addr, kind, words);
        }
        if self.enabled {
            self.collect();
            let found = self.bump(first, size, false).or_else(|| self.bump_others(first, size));
            if let Some(addr) = found {
                self.record(size, first, Outcome::Compacted);
                return self.place(addr, kind, words);
            }
        }
        self.record(size, first, Outcome::Failed);
        Err(self.failure(size, first))
    }

    fn place(&mut self, addr: u32, kind: Kind, words: u32) -> Result<Local, OutOfMemory> {
        raw::store(&self.space, addr, Header::new(kind, words).0);
        self.push(Value::from_bits(addr))
    }

    /// The region that a request of `size` bytes tries first.
    fn preferred(&self, size: u32) -> usize {
        let class = if size < self.large_object { RegionClass::Fast } else { RegionClass::Large };
        self.regions[..self.n_regions].iter().position(|r| r.class == class).unwrap_or(0)
    }

    fn bump(&mut self, region: usize, size: u32, to_limit: bool) -> Option<u32> {
        let region = self.regions.get_mut(region)?;
        let end = if to_limit { region.limit } else { region.end };
        if end.saturating_sub(region.top) < size {
            return None;
        }
        let addr = region.top;
        region.top = addr + size;
        Some(addr)
    }

    fn bump_others(&mut self, first: usize, size: u32) -> Option<u32> {
        (0..self.n_regions).filter(|&r| r != first).find_map(|r| self.bump(r, size, false))
    }

    fn failure(&self, bytes: u32, region: usize) -> OutOfMemory {
        let info = self.info();
        OutOfMemory {
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

    /// Lets `count` allocations through, then fails every one: for tests of running out of memory.
    pub fn fail_after(&mut self, count: Option<u32>) {
        self.fail_after = count.unwrap_or(u32::MAX);
        for region in &mut self.regions {
            region.limit = if count.is_some() { region.top } else { region.end };
        }
    }
}
