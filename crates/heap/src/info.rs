//! Figures about the heap, in bytes and in constant time.

use crate::Heap;
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

/// The heap's figures; see `gc.info()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeapInfo {
    /// Bytes in all regions.
    pub total: u32,
    /// Bytes in objects.
    pub used: u32,
    /// `total - used`
    pub free: u32,
    /// Largest run of free bytes now.
    pub max_free: u32,
    /// Largest request that would succeed now without freeing anything, moving objects if need be.
    pub max_block: u32,
    /// Collections since start-up.
    pub collections: u32,
    /// Times the mark stack was too small, since start-up.
    pub mark_overflows: u32,
}

impl Heap {
    /// How many regions there are.
    pub fn region_count(&self) -> usize {
        self.n_regions
    }

    /// The figures of region `idx`.
    pub fn region_info(&self, idx: usize) -> Option<RegionInfo> {
        let region = self.regions[..self.n_regions].get(idx)?;
        let free = region.gap() + region.holes;
        Some(RegionInfo {
            name: region.name,
            fast: region.class == RegionClass::Fast,
            base: region.base,
            total: region.size(),
            used: region.size() - free,
            free,
            max_free: region.gap().max(region.largest_hole),
        })
    }

    /// The figures of the whole heap.
    pub fn info(&self) -> HeapInfo {
        let mut info = HeapInfo {
            collections: self.collections,
            mark_overflows: self.mark_overflows,
            ..HeapInfo::default()
        };
        for idx in 0..self.n_regions {
            if let Some(region) = self.region_info(idx) {
                info.total += region.total;
                info.used += region.used;
                info.free += region.free;
                info.max_free = info.max_free.max(region.max_free);
                info.max_block = info.max_block.max(region.free);
            }
        }
        info
    }
}
