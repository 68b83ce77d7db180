//! `Region`: one run of memory that objects live in.
//!
//! Objects are laid one after the other from `base` to `top`; above `top` is the gap that new
//! objects are taken from. Below `floor` they are old, above it young (see `generation.rs`).
//! A full collection for a request slides the live objects down, so that all free memory is in the
//! gap, but for *holes* before pinned objects; `gc.collect()` leaves a few more where it need not
//! move what is above, cycles make holes of what has died old, and shrinking leaves some. Small
//! objects come out of the *window*: the bounds of the current region's gap, kept in `Heap` itself
//! so that allocating is two comparisons. While the window is open, the region's own `top` lags.

use crate::{Header, Heap};
use core::cell::Cell;

/// How fast the memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionClass {
    /// Internal SRAM: small and hot objects.
    Fast,
    /// External RAM: large objects.
    Large,
}

/// A region as the board describes it.
#[derive(Debug, Clone, Copy)]
pub struct RegionSpec {
    /// The name that `gc.info()` shows, for example `sram`.
    pub name: &'static str,
    /// First address, a multiple of eight, not 0.
    pub base: u32,
    /// Size in bytes, a multiple of eight.
    pub size: u32,
    /// How fast it is.
    pub class: RegionClass,
    /// Whether DMA can reach it: what is pinned is put in such a region.
    pub dma: bool,
}

/// Most regions a heap can have.
pub const MAX_REGIONS: usize = 4;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Region {
    pub(crate) name: &'static str,
    pub(crate) class: RegionClass,
    /// Whether DMA can reach it.
    pub(crate) dma: bool,
    /// First address of the objects now (zeal moves it).
    pub(crate) base: u32,
    /// First address after the last object, unless the window is open here.
    pub(crate) top: u32,
    /// First address after the region.
    pub(crate) end: u32,
    /// Where the young objects begin: `top` after the last collection.
    pub(crate) floor: u32,
    /// Free bytes between old objects: where others have died, before those that did not slide
    /// (pinned, or young and large), and what shrinking cut off.
    pub(crate) old_holes: Holes,
    /// Free bytes between young objects.
    pub(crate) young_holes: Holes,
    /// Whether an object here is pinned, or was at the last collection.
    pub(crate) pinned: bool,
}

impl Region {
    pub(crate) const NONE: Self = Self {
        name: "",
        class: RegionClass::Large,
        dma: false,
        base: 0,
        top: 0,
        end: 0,
        floor: 0,
        old_holes: Holes::NONE,
        young_holes: Holes::NONE,
        pinned: false,
    };

    pub(crate) const fn new(spec: &RegionSpec) -> Self {
        Self {
            name: spec.name,
            class: spec.class,
            dma: spec.dma,
            base: spec.base,
            top: spec.base,
            end: spec.base + spec.size,
            floor: spec.base,
            ..Self::NONE
        }
    }

    pub(crate) const fn size(&self) -> u32 {
        self.end - self.base
    }

    pub(crate) const fn gap(&self) -> u32 {
        self.end - self.top
    }

    /// All holes.
    pub(crate) const fn holes(&self) -> Holes {
        self.old_holes.and(&self.young_holes)
    }

    /// Counts a hole of `size` bytes at `addr`.
    pub(crate) const fn add_hole(&mut self, addr: u32, size: u32) {
        if addr < self.floor {
            self.old_holes.add(size);
        } else {
            self.young_holes.add(size);
        }
    }
}

/// Free runs between objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holes {
    /// All of them together, in bytes.
    pub(crate) bytes: u32,
    /// The largest one.
    pub(crate) largest: u32,
    /// How many are of up to 16 bytes, and of up to 32.
    pub(crate) small: [u32; 2],
}

impl Holes {
    pub(crate) const NONE: Self = Self { bytes: 0, largest: 0, small: [0; 2] };

    /// Counts a hole of `size` bytes.
    pub(crate) const fn add(&mut self, size: u32) {
        self.bytes += size;
        if size > self.largest {
            self.largest = size;
        }
        if size <= 16 {
            self.small[0] += 1;
        } else if size <= 32 {
            self.small[1] += 1;
        }
    }

    /// These and others.
    const fn and(&self, other: &Self) -> Self {
        Self {
            bytes: self.bytes + other.bytes,
            largest: if self.largest > other.largest { self.largest } else { other.largest },
            small: [self.small[0] + other.small[0], self.small[1] + other.small[1]],
        }
    }
}

impl Heap {
    /// The regions in use.
    #[inline(always)]
    pub(crate) fn used_regions(&self) -> &[Region] {
        self.regions.get(..self.n_regions).unwrap_or(&[])
    }

    /// A region as it is now, the window included.
    #[inline]
    pub(crate) fn region(&self, idx: usize) -> Region {
        let mut region = self.regions.get(idx).copied().unwrap_or(Region::NONE);
        if idx == self.window.region && self.window.limit.get() != 0 {
            region.top = self.window.top;
        }
        region
    }

    /// The region whose objects include `addr`.
    #[inline]
    pub(crate) fn region_of(&self, addr: u32) -> Option<usize> {
        self.used_regions().iter().position(|r| addr.wrapping_sub(r.base) < r.end - r.base)
    }

    /// Whether `addr` can be an object's: in a region, below its top, aligned.
    pub(crate) fn is_object_addr(&self, addr: u32) -> bool {
        addr & 7 == 0 && self.region_of(addr).is_some_and(|r| addr < self.region(r).top)
    }

    /// Makes the bytes from `addr` to `end` something that a walk over the objects steps over.
    pub(crate) fn write_filler(&self, mut addr: u32, end: u32) {
        while addr < end {
            let words = ((end - addr) / 4 - 1).min(crate::MAX_WORDS);
            let header = Header::new(crate::Kind::Filler, words);
            crate::raw::store(&self.space, addr, header.0);
            addr += header.size();
        }
    }
}

/// Where small objects are taken from: part of one region's gap.
#[derive(Debug)]
pub(crate) struct Window {
    /// Where the next small object goes.
    pub(crate) top: u32,
    /// Up to here without asking; 0 if the window is shut.
    pub(crate) limit: Cell<u32>,
    /// The region it is in.
    pub(crate) region: usize,
}

impl Window {
    pub(crate) const fn shut() -> Self {
        Self { top: 0, limit: Cell::new(0), region: 0 }
    }
}
