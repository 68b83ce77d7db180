//! Old garbage is collected in slices: this module, or `at_once.rs` in builds without the feature
//! `incremental`. What both have in common is what the rest of the crate knows of a collection of
//! old objects that goes on while the program runs.
//!
//! A *cycle* marks the old objects, a slice at a time, and then sweeps: runs of dead ones become
//! holes, which survivors from the nursery and large objects are put into, and any object when
//! there is no gap and nothing may be collected. Nothing moves: a cycle has no effect on addresses.
//! `marking.rs` says why no object is missed, `pace.rs` when a cycle begins and how often a slice
//! is due. A full collection, as `gc.collect()` makes one, ends the cycle that is running; it marks
//! everything itself. It may leave holes (see `compact.rs` and `chart/sliding.rs`), and the marks of
//! the cycle, which slices then take away.
//!
//! INVARIANT tricolour: while a cycle marks, a marked object refers to marked ones only, unless
//! the word that does is still to be looked at: it is on the trail, or its object is deferred or
//! remembered, or the other one has become old during the cycle and is not yet walked over.

mod aging;
mod holes;
mod marking;
mod pace;
mod sweeping;
mod verify;

use crate::generation::{Scope, Survivors};
use crate::kind::Layout;
use crate::mark::ENTRY;
use crate::object::Header;
use crate::region::MAX_REGIONS;
use crate::{Heap, raw};
use aging::Aging;
pub(crate) use aging::{Border, Census};
use holes::Free;
use marking::Trail;
use pace::Pace;
use sweeping::Sweep;

/// What a minor collection does with survivors when nothing else is asked of it.
pub(crate) const SURVIVORS: Survivors = Survivors::Age;

/// What a cycle is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// There is none.
    Idle,
    Marking,
    Sweeping,
}

/// The cycle that is running, and what the last ones left.
#[derive(Debug)]
pub(crate) struct Cycle {
    phase: Phase,
    trail: Trail,
    sweep: Sweep,
    pace: Pace,
    free: Free,
    /// Bytes that a full collection is to make room for at least; 0 if nothing is to be left
    /// between objects.
    request: u32,
    /// A full collection leaves the marks of the cycle that it has ended.
    leaves_marks: bool,
    aging: Aging,
}

impl Cycle {
    /// Bytes that it takes of the value stack's memory for a trail of so many entries.
    pub(crate) const fn stack(entries: u32) -> u32 {
        entries * ENTRY
    }

    /// There is none; the memory that it takes begins at `stack` and ends at `end`.
    pub(crate) const fn new(stack: u32, end: u32) -> Self {
        Self {
            phase: Phase::Idle,
            trail: Trail::new(stack, end),
            sweep: Sweep::NONE,
            pace: Pace::new(),
            free: Free::new(),
            request: 0,
            leaves_marks: false,
            aging: Aging::new(),
        }
    }
}

/// What the rest of the crate calls; `at_once.rs` has the same.
impl Heap {
    /// Collects all garbage, because a request of so many bytes finds no room.
    pub(crate) fn collect_for(&mut self, request: u32) {
        self.cycle.request = request;
        self.collect_full(Scope::Full, Survivors::Stay);
        self.cycle.request = 0;
    }

    /// Forgets the cycle and all holes, because the heap is emptied.
    pub(crate) fn forget_cycle(&mut self) {
        self.cycle.phase = Phase::Idle;
        self.cycle.free.clear();
        self.cycle.pace.stop();
        self.cycle.aging.clear();
    }

    /// Ends the cycle before a full collection by a chart, which takes its marks away; or leaves
    /// them for slices to do so, unless its caller counts on there being no cycle.
    pub(crate) fn leave_cycle(&mut self, survivors: Survivors) {
        let has_marks = self.cycle.phase != Phase::Idle;
        let may_leave = survivors == Survivors::Settle || self.cycle.request != 0;
        self.cycle.leaves_marks = has_marks && may_leave;
        self.forget_cycle();
    }

    /// Ends the cycle before a full collection: takes its marks away, and forgets all holes.
    pub(crate) fn abandon_cycle(&mut self) {
        if self.cycle.phase != Phase::Idle {
            let flags = Header::MARK | Header::DEFERRED;
            for idx in 0..self.n_regions {
                let region = self.region(idx);
                let mut addr = region.base;
                while addr < region.floor {
                    let header = self.header(addr);
                    raw::store(&self.space, addr, header.0 & !flags);
                    addr += header.size();
                }
            }
        }
        self.forget_cycle();
    }

    /// Whether all objects are to be collected now rather than the young ones: never, slices do it.
    pub(crate) fn is_full_due(&self) -> bool {
        false
    }

    /// The write barrier's part: an old object, or NULL, has been stored in a watched one.
    pub(crate) fn note_old(&self, value: u32) {
        if value != 0 && self.cycle.phase == Phase::Marking {
            self.shade(value);
        }
    }

    /// Before a minor collection: has the remembered objects looked at again, because stores into
    /// them do not come to the barrier.
    pub(crate) fn before_minor(&mut self) {
        self.cycle.pace.before = (self.old(), self.since());
        if self.cycle.phase == Phase::Marking {
            self.each_remembered_object(|heap, object| heap.look_again(object));
        }
    }

    /// After a minor collection.
    pub(crate) fn after_minor(&mut self) {
        self.note_survival();
        self.cycle.pace.after = core::mem::take(&mut self.cycle.pace.ready);
    }

    /// After a full collection: if it has left marks, begins to take them away.
    pub(crate) fn after_full(&mut self) {
        self.set_reserve();
        if core::mem::take(&mut self.cycle.leaves_marks) {
            self.cycle.phase = Phase::Sweeping;
            self.cycle.sweep = Sweep::of_marks(self.floors(), self.region(0).base);
            self.set_pace();
        }
        self.reclaim_aging_room();
    }

    /// Whether the cycle needs a minor collection to come to its end.
    pub(crate) fn wants_minor(&self) -> bool {
        self.cycle.pace.ready
    }

    /// So many bytes have been allocated.
    pub(crate) fn spend(&mut self, bytes: u32) {
        self.cycle.pace.left = self.cycle.pace.left.saturating_sub(bytes);
    }

    /// The same for one object that is being made.
    pub(crate) fn spend_on(&mut self, size: u32) {
        if self.cycle.phase != Phase::Idle {
            self.note_length(size);
        }
        self.spend(size);
    }

    /// How many bytes may be allocated until the next slice.
    pub(crate) fn until_slice(&self) -> u32 {
        if self.cycle.phase == Phase::Idle { u32::MAX } else { self.cycle.pace.left & !7 }
    }

    /// Begins a cycle if the time has come, and goes on with it if a slice is due.
    pub(crate) fn advance(&mut self, after_minor: bool) {
        if self.cycle.phase == Phase::Idle {
            if !self.is_cycle_due() {
                return;
            }
            self.begin_cycle();
        } else if self.cycle.pace.left != 0 {
            return;
        }
        if let Some((budget, work)) = self.slice_budget(after_minor) {
            self.timed_slice(budget, work);
        }
    }

    /// In zeal builds: goes on with a cycle, or begins one, after a minor collection.
    pub(crate) fn advance_for_zeal(&mut self) {
        if self.cycle.phase == Phase::Idle {
            self.begin_cycle();
        }
        self.timed_slice(512 + self.old() / 16, 0);
    }

    /// Ends the cycle that is running, because there is no room left: it makes holes, and takes less
    /// than a full collection. False if there is none.
    pub(crate) fn finish_cycle(&mut self) -> bool {
        if self.cycle.phase == Phase::Sweeping && self.cycle.sweep.is_of_marks() {
            // It makes no holes.
            return false;
        }
        let is_running = self.cycle.phase != Phase::Idle;
        while self.cycle.phase != Phase::Idle {
            if self.cycle.pace.ready {
                self.collect_minor(Survivors::Promote);
            }
            self.timed_slice(u32::MAX / 2, 0);
        }
        is_running
    }

    /// Room for `size` bytes in a hole of the region. What is put there is old: see `adopt`.
    pub(crate) fn take_hole(&mut self, region: usize, size: u32) -> Option<u32> {
        if region == self.fast || region == self.large { self.hole_in(region, size) } else { None }
    }

    /// What follows the allocation of an object, whose header has been written: if it is in a hole,
    /// it is old already. It is remembered, because it is filled without the barrier.
    pub(crate) fn adopt(&mut self, addr: u32) {
        if self.is_young(addr) {
            return;
        }
        let header = self.header(addr);
        let mark = if self.cycle.phase == Phase::Marking { Header::MARK } else { 0 };
        raw::store(&self.space, addr, header.0 | Header::WATCHED | mark);
        if header.kind().layout() != Layout::Raw {
            self.remember_whole(addr);
        }
    }

    /// Where survivors are put into holes: those that would come to lie at this address or above.
    pub(crate) fn hole_limit(&self, limit: u32) -> u32 {
        // With two regions, what lies below the limit stays in its own (see `place.rs`).
        if self.cycle.free.is_empty() {
            u32::MAX
        } else if self.fast < self.large {
            limit
        } else {
            0
        }
    }

    /// Room in a hole for an object that survives; [`Heap::next_hole`] gives the same holes again
    /// in the same order.
    pub(crate) fn hole_for(&mut self, size: u32) -> Option<u32> {
        let hole = self.hole_in(self.fast, size).or_else(|| {
            if self.fast == self.large { None } else { self.hole_in(self.large, size) }
        });
        self.note_fit(size, hole.is_some());
        let hole = hole?;
        self.write_filler(hole, hole + size);
        self.queue_hole(hole);
        Some(hole)
    }

    /// The next hole that was taken by [`Heap::hole_for`].
    pub(crate) fn next_hole(&mut self) -> Option<u32> {
        self.unqueue_hole()
    }

    /// The flags that a survivor gets in a hole. It is at `addr` still; its words are final.
    pub(crate) fn arrive(&self, addr: u32, header: Header) -> u32 {
        if self.cycle.phase == Phase::Marking { self.shade_arrival(addr, header) } else { 0 }
    }

    /// An old object that ended at `old_end` ends at `new_end` now.
    pub(crate) fn note_resized(&mut self, addr: u32, old_end: u32, new_end: u32) {
        match self.cycle.phase {
            Phase::Idle => {}
            Phase::Marking => self.resize_on_trail(addr, old_end, new_end),
            Phase::Sweeping => self.resize_before_sweep(addr, new_end),
        }
    }

    /// Whether the object is dead, but not yet swept: what it refers to may be gone.
    pub(crate) fn is_unswept(&self, addr: u32, header: Header) -> bool {
        self.cycle.phase == Phase::Sweeping
            && header.0 & Header::MARK == 0
            && !self.cycle.sweep.is_of_marks()
            && self.region_of(addr).is_some_and(|idx| self.cycle.sweep.has_ahead(idx, addr))
    }

    /// Free bytes of a region that are in no hole, because a slice ended in the middle of a run of
    /// dead objects.
    pub(crate) fn uncounted(&self, region: usize) -> u32 {
        if self.cycle.phase == Phase::Sweeping { self.cycle.sweep.uncounted(region) } else { 0 }
    }

    /// Times that marking in slices had no entry for an object.
    pub(crate) fn mark_overflows(&self) -> u32 {
        self.cycle.trail.overflows.get()
    }
}

impl Heap {
    /// Whether the marks that a cycle has made stay in the headers.
    pub(crate) const fn leaves_marks(&self) -> bool {
        self.cycle.leaves_marks
    }

    /// The request that a full collection is made for; 0 if there is none.
    pub(crate) const fn request(&self) -> u32 {
        self.cycle.request
    }

    /// A slice, in a pause in which so much other work has been done.
    fn timed_slice(&mut self, budget: u32, work: u32) {
        let left = self.slice(budget);
        self.set_pace();
        let spent = budget.saturating_sub(left);
        self.counts.slices = self.counts.slices.wrapping_add(1);
        self.counts.last_pause = work.saturating_add(spent);
        self.counts.longest_pause = self.counts.longest_pause.max(self.counts.last_pause);
        self.check_slice();
    }

    /// One slice, of either kind: what is left of the budget.
    fn slice(&mut self, budget: u32) -> u32 {
        // So much that there is some progress.
        let mut budget = budget.max(32);
        if self.cycle.phase == Phase::Marking && self.mark_some(&mut budget) {
            self.begin_sweep();
        }
        if self.cycle.phase == Phase::Sweeping && self.sweep_some(&mut budget) {
            self.cycle.phase = Phase::Idle;
            if self.cycle.sweep.is_of_marks() {
                return budget;
            }
            self.counts.cycles = self.counts.cycles.wrapping_add(1);
            self.old_before = self.old();
            self.set_reserve();
        }
        budget
    }

    /// Begins to mark.
    fn begin_cycle(&mut self) {
        self.cycle.phase = Phase::Marking;
        self.cycle.pace.ready = false;
        self.begin_trail();
    }

    /// Marking is over: what has no mark is dead.
    fn begin_sweep(&mut self) {
        self.effort = self.cycle.trail.effort();
        self.cycle.phase = Phase::Sweeping;
        // The holes of the cycles before are met again.
        self.cycle.free.clear();
        for region in &mut self.regions {
            region.old_holes.largest = 0;
        }
        self.cycle.sweep = Sweep::over(self.floors(), self.region(0).base);
    }

    /// Where the old objects end in each region.
    fn floors(&self) -> [u32; MAX_REGIONS] {
        self.regions.each_ref().map(|region| region.floor)
    }

    /// In tests and zeal builds: verifies the heap after a slice.
    fn check_slice(&self) {
        let is_large = self.used_regions().iter().any(|r| r.floor - r.base > 1 << 20);
        if !is_large || self.counts.slices.is_multiple_of(64) {
            self.check("after a slice, in");
        }
    }

    /// Whether the address is of an object that is old.
    fn is_old(&self, addr: u32) -> bool {
        self.used_regions().iter().any(|r| addr.wrapping_sub(r.base) < r.floor - r.base)
    }
}

#[cfg(test)]
impl Heap {
    /// Lets slices be of this size.
    pub(crate) fn set_slice(&mut self, slice: u32) {
        self.cycle.pace.slice = slice;
    }

    /// A slice, whether it is time or not. Says whether the cycle has ended.
    pub(crate) fn force_slice(&mut self, budget: u32) -> bool {
        let is_over = self.force_slice_unverified(budget);
        self.check("after a slice, in");
        is_over
    }

    /// The same without the verifier, which looks through a long trail for each word.
    pub(crate) fn force_slice_unverified(&mut self, budget: u32) -> bool {
        self.shut_window();
        if self.cycle.phase == Phase::Idle {
            self.begin_cycle();
        }
        if self.cycle.pace.ready {
            self.collect_minor(Survivors::Promote);
        }
        self.slice(budget);
        self.set_pace();
        self.cycle.phase == Phase::Idle
    }
}
