//! `Heap`: the owner of all Python-visible memory.

use crate::cycle::Cycle;
use crate::info::Counts;
use crate::log::Log;
use crate::mark::{ENTRY, Marker};
use crate::region::{Holes, Region, Window};
use crate::remember::Remembered;
use crate::sabotage::Sabotage;
use crate::span::Bounds;
use crate::{MAX_REGIONS, RegionClass, RegionSpec, Shortage, Space, raw, root};
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
    /// Entries of the mark stack, eight bytes each, taken from its end.
    pub mark_stack: u32,
    /// Entries of a cycle's trail, the same, in builds with cycles.
    pub trail: u32,
    /// The regions, at most [`MAX_REGIONS`]. Of one class, the first is preferred.
    pub regions: &'a [RegionSpec],
    /// Objects of at least this many bytes go to the large region first.
    pub large_object: u32,
}

/// The heap. See the crate's documentation for the rule about `&` and `&mut`.
///
/// SIZE: the order is kept, for what is used most has the shortest instructions at small offsets.
#[derive(Debug)]
#[repr(C)]
pub struct Heap {
    pub(crate) sp: Cell<u32>,
    pub(crate) stack_end: u32,
    pub(crate) window: Window,
    /// How many collections moved objects.
    pub(crate) moves: u32,
    pub(crate) space: Space,
    pub(crate) roots_base: u32,
    pub(crate) stack_base: u32,
    /// Objects of at least so many payload words are large.
    pub(crate) large_words: u32,
    pub(crate) regions: [Region; MAX_REGIONS],
    pub(crate) n_regions: usize,
    /// The first fast region and the first large one; region 0 if there is none.
    pub(crate) fast: usize,
    pub(crate) large: usize,
    pub(crate) enabled: bool,
    /// Depth of `micropython.heap_lock`.
    pub(crate) locked: u32,
    /// An exception is being made: it gets memory from a locked heap too.
    pub(crate) raising: bool,
    /// `gc.threshold` in bytes; 0 is off.
    pub(crate) threshold: u32,
    /// Bytes of small objects between two minor collections.
    pub(crate) nursery: u32,
    /// What is left of them now, the open window not counted.
    pub(crate) nursery_left: u32,
    /// Bytes that were old after the last full collection or cycle.
    pub(crate) old_before: u32,
    /// Fewest bytes after which a full collection is thought to pay.
    pub(crate) least_step: u32,
    /// What the last full collection or cycle had to look at: the bytes of values, and eight for
    /// each object.
    pub(crate) effort: u32,
    /// Longest free run of each region at the last collection, before objects were moved.
    pub(crate) unmoved_runs: [u32; MAX_REGIONS],
    pub(crate) counts: Counts,
    pub(crate) sabotage: Sabotage,
    /// In zeal builds, every so many allocations move every object, or every young one, in turn;
    /// 0 is never.
    pub(crate) zeal_period: u32,
    pub(crate) zeal_count: u32,
    pub(crate) zeal_full: bool,
    pub(crate) zeal_rounds: u32,
    pub(crate) shortage: Cell<Shortage>,
    /// Bytes that the board should have and that do not answer.
    pub(crate) missing: u32,
    pub(crate) log: Log,
    pub(crate) marker: Marker,
    /// Of the collection that is running.
    pub(crate) young: Bounds,
    pub(crate) remembered: Remembered,
    /// The collection of old objects that goes on in slices.
    pub(crate) cycle: Cycle,
    /// How far the only region may grow.
    #[cfg(feature = "reserve")]
    pub(crate) growth: crate::growth::Growth,
    /// The table of weak references.
    #[cfg(feature = "weak")]
    pub(crate) weak: Option<crate::Root>,
    /// Whether a target of them has died.
    #[cfg(feature = "weak")]
    pub(crate) weak_loss: bool,
    /// Whether somebody is being told.
    #[cfg(feature = "weak")]
    pub(crate) weak_busy: bool,
    /// The numbers of objects.
    #[cfg(feature = "weak")]
    pub(crate) identities: Option<crate::identity::Identities>,
    #[cfg(feature = "totals")]
    pub(crate) totals: crate::totals::Totals,
}

impl Heap {
    /// A heap on a PC, in addresses reserved from the operating system.
    #[cfg(feature = "reserve")]
    pub fn host(config: &HeapConfig<'_>) -> std::io::Result<Self> {
        Ok(Self::new(Space::for_config(config)?, config))
    }

    /// A heap in `space` with the given memory.
    // SIZE: 12 bytes, with the other `new`.
    #[inline(never)]
    pub fn new(space: Space, config: &HeapConfig<'_>) -> Self {
        let mut regions = [Region::NONE; MAX_REGIONS];
        // INVARIANT order (see `join.rs`).
        let of = |class| config.regions.iter().filter(move |spec| spec.class == class);
        let ordered = of(RegionClass::Fast).chain(of(RegionClass::Large));
        for (region, spec) in regions.iter_mut().zip(ordered) {
            *region = Region::new(spec);
        }
        let stack_base = config.stack_base + config.roots * 4;
        let mark_end = config.stack_base + config.stack_size;
        let mark_base = mark_end - config.mark_stack * ENTRY;
        let stack_end = mark_base - Cycle::stack(config.trail);
        let mut addr = config.stack_base;
        while addr < stack_base {
            raw::store(&space, addr, root::UNUSED);
            addr += 4;
        }
        let mut heap = Self {
            space,
            roots_base: config.stack_base,
            stack_base,
            stack_end,
            sp: Cell::new(stack_base),
            window: Window::shut(),
            large_words: config.large_object.div_ceil(4).min(1 << 16),
            regions,
            n_regions: config.regions.len().min(MAX_REGIONS),
            fast: 0,
            large: 0,
            enabled: true,
            locked: 0,
            raising: false,
            threshold: 0,
            nursery: 0,
            nursery_left: 0,
            old_before: 0,
            least_step: 0,
            effort: 0,
            unmoved_runs: [0; MAX_REGIONS],
            counts: Counts::default(),
            moves: 0,
            sabotage: Sabotage::NONE,
            zeal_period: 1,
            zeal_count: 0,
            zeal_full: false,
            zeal_rounds: 0,
            shortage: Cell::new(Shortage::NONE),
            missing: 0,
            log: Log::new(),
            marker: Marker::new(mark_base, mark_end),
            young: Bounds::NONE,
            remembered: Remembered::new(),
            cycle: Cycle::new(stack_end, mark_base),
            #[cfg(feature = "reserve")]
            growth: crate::growth::Growth::NONE,
            #[cfg(feature = "weak")]
            weak: None,
            #[cfg(feature = "weak")]
            weak_loss: false,
            #[cfg(feature = "weak")]
            weak_busy: false,
            #[cfg(feature = "weak")]
            identities: None,
            #[cfg(feature = "totals")]
            totals: crate::totals::Totals::default(),
        };
        heap.assign_roles();
        heap
    }

    /// Empties the heap for a soft reset: every object and slot is gone, roots hold `None`.
    pub fn reset(&mut self) {
        self.window = Window::shut();
        for region in &mut self.regions {
            region.top = region.base;
            region.floor = region.base;
            region.pinned = false;
            region.old_holes = Holes::NONE;
            region.young_holes = Holes::NONE;
        }
        #[cfg(feature = "weak")]
        {
            // Their roots are free again.
            (self.weak, self.identities) = (None, None);
            (self.weak_loss, self.weak_busy) = (false, false);
        }
        #[cfg(feature = "totals")]
        {
            self.totals = crate::totals::Totals::default();
        }
        self.clear_roots();
        self.sp.set(self.stack_base);
        self.effort = 0;
        self.old_before = 0;
        self.nursery_left = self.nursery;
        self.remembered.clear();
        self.forget_cycle();
        self.moves = self.moves.wrapping_add(1);
        self.enabled = true;
        self.locked = 0;
        self.raising = false;
        self.threshold = 0;
        self.sabotage = Sabotage::NONE;
    }

    /// `gc.enable()` and `gc.disable()`: whether collections happen by themselves.
    pub fn set_enabled(&mut self, enabled: bool) {
        self.shut_window();
        self.enabled = enabled;
    }

    /// `gc.isenabled()`
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Says that an exception is being made (or no longer), which a locked heap still serves as
    /// long as it needs no collection. Returns what was said before.
    pub fn set_raising(&mut self, raising: bool) -> bool {
        core::mem::replace(&mut self.raising, raising)
    }

    /// `micropython.heap_lock()`: allocations of the program fail until unlocked as often.
    pub fn lock(&mut self) -> u32 {
        self.shut_window();
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

    /// `gc.threshold()`: bytes allocated since the last collection that lead to one; 0 is off.
    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    /// `gc.threshold(bytes)`
    pub fn set_threshold(&mut self, bytes: u32) {
        self.shut_window();
        self.threshold = bytes;
    }

    /// In zeal builds: every `period` allocations every object moves, or every young one, in turn; 0
    /// is never. It starts as 1.
    pub fn set_zeal(&mut self, period: u32) {
        self.zeal_period = period;
    }
}
