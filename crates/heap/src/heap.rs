//! `Heap`: the owner of all Python-visible memory.

use crate::log::Log;
use crate::region::Region;
use crate::{MAX_REGIONS, RegionSpec, Space, raw, root};
use core::cell::Cell;

/// Where the heap's memory is.
#[derive(Debug, Clone, Copy)]
pub struct HeapConfig<'a> {
    /// Address of the root table and value stack, a multiple of eight, not 0.
    pub stack_base: u32,
    /// Its size in bytes.
    pub stack_size: u32,
    /// Entries of the root table, taken from the start of the stack's memory.
    pub roots: u32,
    /// The regions, in order of preference for small objects; at most [`MAX_REGIONS`].
    pub regions: &'a [RegionSpec],
    /// Objects of at least this many bytes go to the large region first.
    pub large_object: u32,
}

/// The heap. See the crate's documentation for the rule about `&` and `&mut`.
#[derive(Debug)]
pub struct Heap {
    pub(crate) space: Space,
    pub(crate) roots_base: u32,
    pub(crate) stack_base: u32,
    pub(crate) stack_end: u32,
    pub(crate) sp: Cell<u32>,
    pub(crate) regions: [Region; MAX_REGIONS],
    pub(crate) n_regions: usize,
    pub(crate) large_object: u32,
    pub(crate) enabled: bool,
    /// Depth of `micropython.heap_lock`.
    pub(crate) locked: u32,
    /// `gc.threshold` in bytes; 0 is off.
    pub(crate) threshold: u32,
    pub(crate) collections: u32,
    pub(crate) moves: u32,
    pub(crate) mark_overflows: u32,
    /// Allocations to let through before one fails, for tests; `u32::MAX` is off.
    pub(crate) fail_after: u32,
    pub(crate) log: Log,
    pub(crate) mark_stack: [u32; crate::mark::MARK_STACK],
}

impl Heap {
    /// A heap in `space` with the given memory.
    pub fn new(space: Space, config: &HeapConfig<'_>) -> Self {
        let mut regions = [Region::NONE; MAX_REGIONS];
        let n_regions = config.regions.len().min(MAX_REGIONS);
        for (region, spec) in regions.iter_mut().zip(config.regions) {
            *region = Region::new(spec);
        }
        let stack_base = config.stack_base + config.roots * 4;
        let mut addr = config.stack_base;
        while addr < stack_base {
            raw::store(&space, addr, root::UNUSED);
            addr += 4;
        }
        Self {
            space,
            roots_base: config.stack_base,
            stack_base,
            stack_end: config.stack_base + config.stack_size,
            sp: Cell::new(stack_base),
            regions,
            n_regions,
            large_object: config.large_object,
            enabled: true,
            locked: 0,
            threshold: 0,
            collections: 0,
            moves: 0,
            mark_overflows: 0,
            fail_after: u32::MAX,
            log: Log::new(),
            mark_stack: [0; crate::mark::MARK_STACK],
        }
    }

    /// Empties the heap for a soft reset: every object, root and slot is gone.
    pub fn reset(&mut self) {
        for region in &mut self.regions {
            region.top = region.base;
            region.limit = region.end;
            region.holes = 0;
            region.largest_hole = 0;
        }
        let mut addr = self.roots_base;
        while addr < self.stack_base {
            raw::store(&self.space, addr, root::UNUSED);
            addr += 4;
        }
        self.sp.set(self.stack_base);
        self.enabled = true;
        self.locked = 0;
        self.threshold = 0;
        self.fail_after = u32::MAX;
    }

    /// `gc.enable()` and `gc.disable()`: whether collections happen by themselves.
    pub fn set_enabled(&mut self, enabled: bool) {
        self.enabled = enabled;
    }

    /// `gc.isenabled()`
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// `micropython.heap_lock()`: allocations fail until unlocked as often.
    pub fn lock(&mut self) -> u32 {
        self.locked += 1;
        self.locked
    }

    /// `micropython.heap_unlock()`
    pub fn unlock(&mut self) -> u32 {
        self.locked = self.locked.saturating_sub(1);
        self.locked
    }

    /// `micropython.heap_locked()`
    pub fn lock_depth(&self) -> u32 {
        self.locked
    }
}
