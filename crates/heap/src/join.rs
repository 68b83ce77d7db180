//! Regions that join and leave while the heap is in use.
//!
//! Joining takes a full collection, so that no cycle is half-way through the regions there were;
//! leaving takes three, one of which moves the objects on. Both are rare, and neither needs memory.
//!
//! INVARIANT order: fast regions come before large ones, because survivors are moved on to a later
//! region only (see `compact.rs`).

use crate::compact::Plan;
use crate::generation::{Scope, Survivors, nursery_of};
use crate::region::{MAX_REGIONS, Region};
use crate::{Heap, RegionClass, RegionSpec};

/// Why a region cannot join or leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There are [`MAX_REGIONS`] already.
    TooMany,
    /// It begins or ends in the middle of a word, is too small, or is where something else is.
    Misplaced,
    /// The system has no memory for it.
    NoMemory,
    /// There is no such region, or no other one.
    Needed,
    /// An object in it is pinned.
    Pinned,
    /// Its objects have no room in one of the others.
    NoRoom {
        /// The bytes that live in it.
        used: u32,
        /// The largest gap of another region.
        room: u32,
    },
    /// The heap is locked.
    Locked,
    /// The heap grows by itself.
    Growing,
}

impl Refusal {
    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::TooMany => "the heap has as many regions as it can have",
            Self::Misplaced => "the region is misaligned, too small, or overlaps memory in use",
            Self::NoMemory => "the system has no memory for the region",
            Self::Needed => "the heap has no such region, or no other one",
            Self::Pinned => "hardware uses an object in the region",
            Self::NoRoom { .. } => "the objects of the region have no room in another one",
            Self::Locked => "the heap is locked",
            Self::Growing => "the heap has one region, which grows by itself",
        }
    }
}

/// Fewer bytes make no region.
const LEAST: u32 = 64;

impl Heap {
    /// Takes a region into use. Its memory must be as [`crate::Space`] asks of every region's.
    pub fn add_region(&mut self, spec: &RegionSpec) -> Result<(), Refusal> {
        if self.locked > 0 {
            return Err(Refusal::Locked);
        }
        if self.grows() {
            return Err(Refusal::Growing);
        }
        if self.n_regions >= MAX_REGIONS {
            return Err(Refusal::TooMany);
        }
        let twin = spec.base ^ self.space.twin();
        if !self.is_apart(spec.base, spec.size) || !self.is_apart(twin, spec.size) {
            return Err(Refusal::Misplaced);
        }
        if !self.space.commit(spec.base, spec.size) || !self.space.commit(twin, spec.size) {
            return Err(Refusal::NoMemory);
        }
        self.collect_full(Scope::Full, Survivors::Stay);
        let is_before =
            |region: &Region| region.class != spec.class && spec.class == RegionClass::Fast;
        let at = self.used_regions().iter().position(is_before).unwrap_or(self.n_regions);
        if let Some(behind) = self.regions.get_mut(at..=self.n_regions) {
            behind.rotate_right(1);
        }
        if let Some(place) = self.regions.get_mut(at) {
            *place = Region::new(spec);
        }
        self.n_regions += 1;
        self.assign_roles();
        // Holes are listed by roles, which may have changed.
        self.collect_full(Scope::Full, Survivors::Stay);
        Ok(())
    }

    /// Takes a region out of use: its objects move to another one, and its memory is the caller's
    /// again.
    pub fn remove_region(&mut self, idx: usize) -> Result<(), Refusal> {
        if self.locked > 0 {
            return Err(Refusal::Locked);
        }
        if idx >= self.n_regions || self.n_regions < 2 {
            return Err(Refusal::Needed);
        }
        self.collect_full(Scope::Full, Survivors::Stay);
        let region = self.region(idx);
        if region.pinned {
            return Err(Refusal::Pinned);
        }
        let used = region.top - region.base;
        if used > 0 {
            let others = (0..self.n_regions).filter(|&other| other != idx);
            // One of the same class, if there is room in it.
            let (_, room, target) = others
                .map(|other| (other, self.region(other)))
                .map(|(n, r)| (r.gap() >= used && r.class == region.class, r.gap(), n))
                .max()
                .unwrap_or((false, 0, idx));
            if room < used {
                return Err(Refusal::NoRoom { used, room });
            }
            self.evacuate(idx, target);
        }
        if let Some(behind) = self.regions.get_mut(idx..self.n_regions) {
            behind.rotate_left(1);
        }
        self.n_regions -= 1;
        if let Some(place) = self.regions.get_mut(self.n_regions) {
            *place = Region::NONE;
        }
        self.assign_roles();
        // Holes are listed by roles, which may have changed.
        self.collect_full(Scope::Full, Survivors::Stay);
        self.space.discard(region.base, region.size());
        self.space.discard(region.base ^ self.space.twin(), region.size());
        Ok(())
    }

    /// Says which regions are the fast one and the large one, and what follows from their sizes.
    pub(crate) fn assign_roles(&mut self) {
        let first = |class| self.used_regions().iter().position(|r| r.class == class).unwrap_or(0);
        (self.fast, self.large) = (first(RegionClass::Fast), first(RegionClass::Large));
        let fast_size = self.region(self.fast).size();
        self.nursery = nursery_of(fast_size);
        self.nursery_left = self.nursery;
        self.least_step = fast_size / 4;
    }

    /// Moves the objects of a region to the end of another one, which has room.
    fn evacuate(&mut self, idx: usize, target: usize) {
        let last = self.n_regions - 1;
        // Objects go from an earlier region to a later one.
        let target = if target == 0 { idx } else { target };
        self.swap_regions(0, idx);
        self.swap_regions(last, target);
        self.collect_full(Scope::Full, Survivors::Leave);
        self.swap_regions(last, target);
        self.swap_regions(0, idx);
    }

    fn swap_regions(&mut self, one: usize, other: usize) {
        let (Some(first), Some(second)) =
            (self.regions.get(one).copied(), self.regions.get(other).copied())
        else {
            return;
        };
        for (idx, region) in [(one, second), (other, first)] {
            if let Some(place) = self.regions.get_mut(idx) {
                *place = region;
            }
        }
        let swapped = |role: usize| match role {
            _ if role == one => other,
            _ if role == other => one,
            _ => role,
        };
        (self.fast, self.large) = (swapped(self.fast), swapped(self.large));
    }

    /// Says in the plans that the first region's objects go to the end of the last one.
    pub(crate) fn plan_leaving(&self, plans: &mut [Plan; MAX_REGIONS]) {
        if let Some(plan) = plans.first_mut() {
            plan.limit = 0;
            plan.target = Some(self.n_regions - 1);
        }
    }

    /// Whether a run of addresses can be a region's: it meets no other one's and not the stack's.
    fn is_apart(&self, base: u32, size: u32) -> bool {
        let Some(end) = base.checked_add(size) else { return false };
        let is_clear = |from: u32, to: u32| end <= from || to <= base;
        let twin = self.space.twin();
        (base | size) & 7 == 0
            && base != 0
            && size >= LEAST
            && is_clear(self.roots_base, self.stack_end)
            && self.used_regions().iter().all(|r| {
                is_clear(r.base, r.end) && is_clear(r.base ^ twin, (r.base ^ twin) + r.size())
            })
    }
}
