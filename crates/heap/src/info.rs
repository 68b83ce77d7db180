//! Figures about the heap, in bytes and in constant time.

use crate::Heap;
use crate::object::{MAX_WORDS, object_size};
use crate::region::RegionClass;

/// One region's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionInfo {
    /// Its name.
    pub name: &'static str,
    /// Whether it is fast memory.
    pub fast: bool,
    /// First address.
    pub base: u32,
    /// Bytes in all.
    pub total: u32,
    /// Bytes in objects, unreachable ones that have not been collected included.
    pub used: u32,
    /// `total - used`
    pub free: u32,
    /// Largest run of free bytes now.
    pub max_free: u32,
}

/// How much of what is free is not in the largest run, in thousandths; 0 if nothing is free.
pub const fn fragmentation(free: u32, max_free: u32) -> u32 {
    // A free run is at least one byte, so that nothing is divided by 0.
    let all = if free > 0 { free as u64 } else { 1 };
    (free.saturating_sub(max_free) as u64 * 1000 / all) as u32
}

/// The heap's figures; see `gc.info()`.
///
/// A *hole* is a run of free bytes between objects. A cycle makes holes where old objects have
/// died, and `gc.collect()` leaves a few among many objects. Sliding leaves none, except before an
/// object that stays: one that is pinned, or in a minor collection one of many large ones.
/// Shrinking an object leaves one until a collection looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeapInfo {
    /// Bytes in all regions.
    pub total: u32,
    /// Bytes in objects, unreachable ones that have not been collected included.
    pub used: u32,
    /// `total - used`
    pub free: u32,
    /// Largest run of free bytes now, headers included.
    pub max_free: u32,
    /// The largest n for which `bytearray(n)` would succeed now, moving objects if need be, even
    /// if nothing that is in use could be freed.
    pub max_block: u32,
    /// Bytes that the board should have besides and that do not answer.
    pub missing: u32,
    /// Holes of up to 16 bytes.
    pub num_1block: u32,
    /// Holes of 17 to 32 bytes.
    pub num_2block: u32,
    /// What collections did.
    pub counts: Counts,
    /// Times the remembered set was too small, since start-up.
    pub remembered_overflows: u32,
}

/// What collections did since start-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Collections of young objects only.
    pub minor: u32,
    /// Collections of all objects at once.
    pub full: u32,
    /// Collections of all objects that went on in slices, while the program ran.
    pub cycles: u32,
    /// The slices of them.
    pub slices: u32,
    /// Collections of all objects at once that moved some.
    pub compactions: u32,
    /// The work of the last collection or slice: bytes of values looked at, eight for each live
    /// object, and bytes moved.
    pub last_pause: u32,
    /// The work of the longest collection or slice.
    pub longest_pause: u32,
    /// Bytes moved (it wraps round).
    pub moved: u32,
    /// Times the mark stack, or the trail of a cycle, was too small.
    pub mark_overflows: u32,
}

impl Counts {
    /// All collections.
    pub const fn collections(&self) -> u32 {
        self.minor.wrapping_add(self.full)
    }
}

/// What a bytearray takes besides its buffer's payload: the object, and the buffer's header.
const BYTEARRAY: u32 = object_size(2);
const HEADER: u32 = 4;

impl Heap {
    /// How many regions there are.
    pub fn region_count(&self) -> usize {
        self.n_regions
    }

    /// The figures of region `idx`.
    pub fn region_info(&self, idx: usize) -> Option<RegionInfo> {
        if idx >= self.n_regions {
            return None;
        }
        let region = self.region(idx);
        let holes = region.holes();
        let free = region.gap() + holes.bytes + self.uncounted(idx);
        Some(RegionInfo {
            name: region.name,
            fast: region.class == RegionClass::Fast,
            base: region.base,
            total: region.size(),
            used: region.size() - free,
            free,
            max_free: region.gap().max(holes.largest),
        })
    }

    /// The figures of the whole heap.
    pub fn info(&self) -> HeapInfo {
        let mut info = HeapInfo {
            counts: Counts {
                mark_overflows: self.counts.mark_overflows.saturating_add(self.mark_overflows()),
                ..self.counts
            },
            missing: self.missing,
            remembered_overflows: self.remembered.overflows.get(),
            ..HeapInfo::default()
        };
        // Bytes that one run could have after sliding, in the best and the second-best region.
        let (mut best, mut second) = (0, 0);
        let reserve = self.promotion_reserve();
        for idx in 0..self.n_regions {
            let region = self.region(idx);
            let holes = region.holes();
            let free = region.gap() + holes.bytes + self.uncounted(idx);
            info.total += region.size();
            info.free += free;
            info.max_free = info.max_free.max(region.gap()).max(holes.largest);
            info.num_1block += holes.small[0];
            info.num_2block += holes.small[1];
            // Objects slide together, unless a pinned one is in the way or collections are off.
            let slides = self.enabled && !region.pinned;
            let run = if slides { free } else { region.gap() };
            let run = if idx == self.large { run.saturating_sub(reserve) } else { run };
            second = second.max(run.min(best));
            best = best.max(run);
        }
        info.used = info.total - info.free;
        if second < BYTEARRAY {
            best = best.saturating_sub(BYTEARRAY);
        }
        info.max_block = best.saturating_sub(HEADER).min(MAX_WORDS * 4);
        info
    }
}
