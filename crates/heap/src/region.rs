//! `Region`: one run of memory that objects live in.
//!
//! Objects are laid one after the other from `base` to `top`; above `top` is the gap that new
//! objects are taken from. Collecting slides the live objects down, so there is one gap.

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
    /// Whether DMA can reach it.
    pub dma: bool,
}

/// Most regions a heap can have.
pub const MAX_REGIONS: usize = 4;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Region {
    pub(crate) name: &'static str,
    pub(crate) class: RegionClass,
    /// First address of the objects now (zeal moves it).
    pub(crate) base: u32,
    /// First address after the last object.
    pub(crate) top: u32,
    /// First address after the region.
    pub(crate) end: u32,
    /// Up to here objects are allocated without asking; at most `end` (`gc.threshold` lowers it).
    pub(crate) limit: u32,
    /// Bytes of fillers between objects (around pinned ones).
    pub(crate) holes: u32,
    /// Largest such filler.
    pub(crate) largest_hole: u32,
}

impl Region {
    pub(crate) const NONE: Self = Self {
        name: "",
        class: RegionClass::Large,
        base: 0,
        top: 0,
        end: 0,
        limit: 0,
        holes: 0,
        largest_hole: 0,
    };

    pub(crate) const fn new(spec: &RegionSpec) -> Self {
        let end = spec.base + spec.size;
        Self {
            name: spec.name,
            class: spec.class,
            base: spec.base,
            top: spec.base,
            end,
            limit: end,
            holes: 0,
            largest_hole: 0,
        }
    }

    pub(crate) const fn size(&self) -> u32 {
        self.end - self.base
    }

    pub(crate) const fn gap(&self) -> u32 {
        self.end - self.top
    }
}
