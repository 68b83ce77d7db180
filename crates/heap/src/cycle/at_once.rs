//! Old garbage is collected at once: the other half of the seam that `in_slices.rs` describes,
//! for boards with little flash. There is no cycle, and there are no holes to be taken.

use crate::generation::{Scope, Survivors};
use crate::object::Header;
use crate::{Heap, VerifyError};

/// What a minor collection does with survivors when nothing else is asked of it.
pub(crate) const SURVIVORS: Survivors = Survivors::Promote;

/// There is no cycle.
#[derive(Debug)]
pub(crate) struct Cycle;

impl Cycle {
    /// It takes nothing of the value stack's memory.
    pub(crate) const fn stack(_entries: u32) -> u32 {
        0
    }

    pub(crate) const fn new(_stack: u32, _end: u32) -> Self {
        Self
    }
}

/// Nothing is counted while marking.
#[derive(Debug)]
pub(crate) struct Census;

#[allow(clippy::unused_self, reason = "the signatures are those of `aging.rs`")]
impl Census {
    pub(crate) const NONE: Self = Self;

    #[inline(always)]
    pub(crate) const fn meets(&self, _next: u32, _object: u32) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn cross(&mut self) {}

    #[inline(always)]
    pub(crate) const fn count(&mut self, _object: u32, _header: Header) {}
}

/// All that survives is promoted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Border;

#[allow(clippy::unused_self, reason = "the signatures are those of `aging.rs`")]
impl Border {
    pub(crate) const NONE: Self = Self;

    #[inline(always)]
    pub(crate) const fn promotes(&self, _addr: u32) -> bool {
        true
    }

    #[inline(always)]
    pub(crate) fn last(&self, top: u32, limit: u32) -> u32 {
        top.min(limit)
    }

    #[inline(always)]
    pub(crate) const fn begin(&mut self, _end: u32) {}

    #[inline(always)]
    pub(crate) const fn pass(&mut self, _addr: u32, _end: u32) {}

    #[inline(always)]
    pub(crate) const fn floor(&self, top: u32) -> u32 {
        top
    }
}

/// Full collections mark in headers.
#[derive(Debug)]
pub(crate) enum Chart {}

#[allow(clippy::unused_self, reason = "the signatures are those of `in_slices.rs`")]
impl Heap {
    #[inline(always)]
    pub(crate) const fn aged(&self, _region: usize) -> u32 {
        0
    }

    #[inline(always)]
    pub(crate) const fn aging_room(&self) -> u32 {
        0
    }

    #[inline(always)]
    pub(crate) const fn yield_aging_room(&mut self, _bytes: u32) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn census(&self) -> Census {
        Census
    }

    #[inline(always)]
    pub(crate) const fn promotion_border(&self, _: Scope, _: Survivors) -> Border {
        Border
    }

    #[inline(always)]
    pub(crate) const fn keep_remembered(&mut self, _border: &Border) {}

    #[inline(always)]
    pub(crate) const fn promote(&self, _addr: u32, _new: u32, _header: Header) -> u32 {
        Header::WATCHED
    }

    #[inline(always)]
    pub(crate) const fn promote_settled(&self, _addr: u32, _end: u32, _border: &Border) {}

    #[inline(always)]
    pub(crate) const fn age(&mut self) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn lay_chart(&mut self, _: Scope, _: Survivors) -> Option<Chart> {
        None
    }

    #[inline(always)]
    pub(crate) const fn collect_by(&mut self, chart: Chart, _: Survivors) {
        match chart {}
    }

    #[inline(always)]
    pub(crate) fn collect_for(&mut self, _request: u32) {
        self.collect_full(Scope::Full, Survivors::Stay);
    }

    #[inline(always)]
    pub(crate) const fn leave_cycle(&mut self, _: Survivors) {}

    #[inline(always)]
    pub(crate) const fn forget_cycle(&mut self) {}

    #[inline(always)]
    pub(crate) const fn abandon_cycle(&mut self) {}

    /// Whether all objects are to be collected now rather than the young ones.
    #[inline(always)]
    pub(crate) fn is_full_due(&self) -> bool {
        self.is_worth_it()
    }

    #[inline(always)]
    pub(crate) const fn note_old(&self, _value: u32) {}

    #[inline(always)]
    pub(crate) const fn before_minor(&mut self) {}

    #[inline(always)]
    pub(crate) const fn after_minor(&mut self) {}

    #[inline(always)]
    pub(crate) const fn after_full(&mut self) {}

    #[inline(always)]
    pub(crate) const fn wants_minor(&self) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn spend(&mut self, _bytes: u32) {}

    #[inline(always)]
    pub(crate) const fn spend_on(&mut self, _size: u32) {}

    #[inline(always)]
    pub(crate) const fn until_slice(&self) -> u32 {
        u32::MAX
    }

    #[inline(always)]
    pub(crate) const fn advance(&mut self, _after_minor: bool) {}

    #[inline(always)]
    pub(crate) const fn advance_for_zeal(&mut self) {}

    #[inline(always)]
    pub(crate) const fn finish_cycle(&mut self) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn take_hole(&mut self, _region: usize, _size: u32) -> Option<u32> {
        None
    }

    #[inline(always)]
    pub(crate) const fn adopt(&mut self, _addr: u32) {}

    #[inline(always)]
    pub(crate) const fn hole_limit(&self, _limit: u32) -> u32 {
        u32::MAX
    }

    #[inline(always)]
    pub(crate) const fn hole_for(&mut self, _size: u32) -> Option<u32> {
        None
    }

    #[inline(always)]
    pub(crate) const fn next_hole(&mut self) -> Option<u32> {
        None
    }

    #[inline(always)]
    pub(crate) const fn arrive(&self, _addr: u32, _header: Header) -> u32 {
        0
    }

    #[inline(always)]
    pub(crate) fn make_hole(&mut self, region: usize, addr: u32, end: u32) {
        self.write_filler(addr, end);
        if let Some(region) = self.regions.get_mut(region) {
            region.old_holes.add(end - addr);
        }
    }

    #[inline(always)]
    pub(crate) const fn note_resized(&mut self, _addr: u32, _old_end: u32, _new_end: u32) {}

    #[inline(always)]
    pub(crate) const fn is_unswept(&self, _addr: u32, _header: Header) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn uncounted(&self, _region: usize) -> u32 {
        0
    }

    #[inline(always)]
    pub(crate) const fn mark_overflows(&self) -> u32 {
        0
    }

    pub(crate) const fn may_have_flags(&self, _idx: usize, _addr: u32, header: Header) -> bool {
        header.0 & (Header::MARK | Header::PINNED) == 0
    }

    pub(crate) const fn is_being_swept(&self, _idx: usize, _addr: u32) -> bool {
        false
    }

    pub(crate) const fn verify_shade(
        &self,
        _addr: u32,
        _slot: u32,
        _target: u32,
    ) -> Result<(), VerifyError> {
        Ok(())
    }

    pub(crate) const fn verify_cycle(&self) -> Result<(), VerifyError> {
        Ok(())
    }
}

#[cfg(test)]
impl Heap {
    pub(crate) const fn set_slice(&mut self, _slice: u32) {}

    /// A slice is everything.
    pub(crate) fn force_slice(&mut self, _budget: u32) -> bool {
        self.collect();
        true
    }

    pub(crate) fn force_slice_unverified(&mut self, budget: u32) -> bool {
        self.force_slice(budget)
    }
}
