//! What the verifier asks about a cycle.

use super::Phase;
use crate::object::Header;
use crate::{Heap, VerifyError};

impl Heap {
    /// Whether an old object may have these flags now.
    pub(crate) fn may_have_flags(&self, idx: usize, addr: u32, header: Header) -> bool {
        match self.cycle.phase {
            Phase::Idle => header.0 & (Header::MARK | Header::DEFERRED) == 0,
            Phase::Marking => header.0 & Header::DEFERRED == 0 || header.0 & Header::MARK != 0,
            Phase::Sweeping => {
                header.0 & (Header::MARK | Header::DEFERRED) == 0
                    || self.cycle.sweep.has_ahead(idx, addr)
            }
        }
    }

    /// Whether a hole is in the run of dead objects that is being swept, and so no longer counted.
    pub(crate) fn is_being_swept(&self, idx: usize, addr: u32) -> bool {
        self.cycle.phase == Phase::Sweeping && self.cycle.sweep.has_in_run(idx, addr)
    }

    /// Checks that the word at `slot` of the watched object at `addr`, which refers to `target`,
    /// does not hide it from the cycle.
    pub(crate) fn verify_shade(
        &self,
        addr: u32,
        slot: u32,
        target: u32,
    ) -> Result<(), VerifyError> {
        let is_marked = |at: u32| self.header(at).0 & Header::MARK != 0;
        if self.cycle.phase != Phase::Marking
            || !is_marked(addr)
            || !self.is_old(target)
            || is_marked(target)
            || self.header(addr).0 & Header::DEFERRED != 0
            || self.cycle.trail.has(&self.space, slot)
            || self.region_of(target).is_some_and(|idx| self.cycle.trail.is_fresh(idx, target))
        {
            return Ok(());
        }
        Err(VerifyError { addr: slot, what: "a marked object refers to one that is missed" })
    }

    /// Checks the lists of holes.
    pub(crate) fn verify_cycle(&self) -> Result<(), VerifyError> {
        self.verify_lists()
    }
}
