//! Sweeping old objects in slices: runs of dead ones become holes, the others lose their marks.
//!
//! What was old when marking ended is swept. Holes are taken only where the sweep has been, so an
//! object that arrives during it needs no mark.
//!
//! A full collection that ends a cycle may leave the cycle's marks: then everything is alive, and
//! they are swept away alone, holes or not.

use crate::object::Header;
use crate::region::{MAX_REGIONS, RegionClass};
use crate::{Heap, Kind, raw};

/// What a look at a header takes from the budget, and what it takes in external memory.
const STEP: u32 = 4;
pub(super) const FAR_STEP: u32 = 12;

/// How far a sweep has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sweep {
    region: usize,
    /// The next object.
    addr: u32,
    /// Where the dead objects before it begin; 0 if there are none.
    run: u32,
    /// The holes among them, which are counted no longer, in bytes.
    uncounted: u32,
    /// Where it ends in each region.
    ends: [u32; MAX_REGIONS],
    /// Only marks are swept away.
    is_of_marks: bool,
}

impl Sweep {
    pub(super) const NONE: Self = Self {
        region: 0,
        addr: 0,
        run: 0,
        uncounted: 0,
        ends: [0; MAX_REGIONS],
        is_of_marks: false,
    };

    pub(super) const fn over(ends: [u32; MAX_REGIONS], first: u32) -> Self {
        Self { addr: first, ends, ..Self::NONE }
    }

    /// The same of the marks alone.
    pub(super) const fn of_marks(ends: [u32; MAX_REGIONS], first: u32) -> Self {
        Self { is_of_marks: true, ..Self::over(ends, first) }
    }

    pub(super) const fn is_of_marks(&self) -> bool {
        self.is_of_marks
    }

    fn end(&self, region: usize) -> u32 {
        self.ends.get(region).copied().unwrap_or(0)
    }

    /// Whether the sweep is still to come to an object, or keeps it in the run that it is in.
    pub(super) fn has_ahead(&self, region: usize, addr: u32) -> bool {
        let start = if self.run == 0 { self.addr } else { self.run };
        addr < self.end(region) && (region > self.region || region == self.region && addr >= start)
    }

    /// Bytes of holes of a region that are counted no longer, and not yet again.
    pub(super) fn uncounted(&self, region: usize) -> u32 {
        if region == self.region { self.uncounted } else { 0 }
    }

    /// Whether the address is in the run of dead objects that is not yet a hole; for the verifier.
    pub(super) fn has_in_run(&self, region: usize, addr: u32) -> bool {
        region == self.region && self.run != 0 && addr >= self.run && addr < self.addr
    }
}

impl Heap {
    /// Goes on sweeping until the budget is used up or everything is swept, which it says.
    pub(super) fn sweep_some(&mut self, budget: &mut u32) -> bool {
        let mut sweep = self.cycle.sweep;
        while sweep.region < self.n_regions {
            let end = sweep.end(sweep.region);
            let is_far = self.region(sweep.region).class == RegionClass::Large;
            let step = if is_far { FAR_STEP } else { STEP };
            while sweep.addr < end {
                if *budget < step {
                    self.cycle.sweep = sweep;
                    return false;
                }
                *budget -= step;
                let addr = sweep.addr;
                let header = self.header(addr);
                sweep.addr += header.size();
                if header.0 & Header::MARK == 0 {
                    if sweep.is_of_marks {
                        continue;
                    }
                    if header.kind() == Kind::Filler {
                        self.uncount_hole(sweep.region, header.size());
                        sweep.uncounted += header.size();
                    }
                    if sweep.run == 0 {
                        sweep.run = addr;
                    }
                    continue;
                }
                raw::store(&self.space, addr, header.0 & !(Header::MARK | Header::DEFERRED));
                if sweep.run != 0 {
                    self.make_hole(sweep.region, sweep.run, addr);
                    (sweep.run, sweep.uncounted) = (0, 0);
                    *budget = budget.saturating_sub(step);
                }
            }
            if sweep.run != 0 {
                self.end_region(sweep.region, sweep.run, end);
                (sweep.run, sweep.uncounted) = (0, 0);
            }
            sweep.region += 1;
            sweep.addr = self.region(sweep.region).base;
        }
        self.cycle.sweep = sweep;
        true
    }

    /// The dead objects from `run` on are the last ones that are swept in a region.
    fn end_region(&mut self, idx: usize, run: u32, end: u32) {
        match self.regions.get_mut(idx) {
            // No young object is above them: they go back to the gap.
            Some(region) if region.top == end && region.floor == end => {
                if cfg!(any(test, feature = "zeal")) {
                    raw::fill(&self.space, run, end - run, crate::compact::POISON);
                }
                region.top = run;
                region.floor = run;
            }
            _ => self.make_hole(idx, run, end),
        }
    }

    /// An old object has become shorter or longer. If it is the last one, what comes behind it
    /// from now on is not swept.
    pub(super) fn resize_before_sweep(&mut self, addr: u32, new_end: u32) {
        if let Some(idx) = self.region_of(addr)
            && self.regions.get(idx).is_some_and(|region| region.floor <= new_end)
            && let Some(end) = self.cycle.sweep.ends.get_mut(idx)
        {
            *end = (*end).min(new_end);
        }
    }
}
