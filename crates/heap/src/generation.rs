//! Generations: which objects a collection looks at.
//!
//! An object is *young* until it has survived a collection, or two (see `aging.rs`); then it is
//! old. In each region the old ones lie below `floor` and the young ones above, so that one
//! comparison tells them apart. A
//! *minor* collection marks and slides young objects only: it starts from the value stack, the root
//! table and the remembered set, and its cost does not depend on how many old objects there are. A
//! *full* collection is one with every floor at its region's base. What is made in a hole among old
//! objects is old at once.
//!
//! The *nursery* is what small objects are taken from between two minor collections. It stays in
//! the fast region: survivors that would leave less than a nursery there go to holes among the old
//! objects, and if no hole is long enough, to the end of the large region. With one region, every
//! survivor goes to a hole if there is one.

use crate::compact::{MOST_SLID, Plan};
use crate::cycle::{Chart, SURVIVORS};
use crate::object::Header;
use crate::region::{Holes, MAX_REGIONS, Region};
use crate::root::PIN;
use crate::span::Bounds;
use crate::{Heap, Value, raw};

/// The nursery is this part of the fast region...
const NURSERY_SHARE: u32 = 8;

/// ...but not larger, for the young objects that survive make the pause.
const LARGEST_NURSERY: u32 = 32 * 1024;

/// What a collection looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Young objects.
    Minor,
    /// All objects.
    Full,
    /// All objects, and each of them is moved to the twin of its region.
    Elsewhere,
}

/// What a collection may do with what survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Survivors {
    /// They stay in their region.
    Stay,
    /// What leaves no room for the nursery goes to holes, or to the end of the large region; with
    /// one region, all that fits goes to holes.
    Promote,
    /// As `Promote`; but if few have died among many, they leave holes instead of moving the others.
    Settle,
    /// Those of the first region go to the end of the last one, which has room for them.
    Leave,
    /// As `Promote`; but what has survived for the first time stays young.
    #[cfg(feature = "incremental")]
    Age,
}

/// What small objects can be taken from between two minor collections.
pub(crate) const fn nursery_of(fast: u32) -> u32 {
    let share = (fast / NURSERY_SHARE) & !7;
    if share < LARGEST_NURSERY { share } else { LARGEST_NURSERY }
}

impl Heap {
    /// Collects garbage now, all of it.
    pub fn collect(&mut self) {
        // What has died young goes first, so that the old objects can stay where they are.
        if cfg!(feature = "incremental") && self.old() > MOST_SLID {
            self.collect_minor(Survivors::Promote);
        }
        // While collections are off, requests are served from where all that is free is one run.
        let survivors = if self.enabled { Survivors::Settle } else { Survivors::Promote };
        self.collect_full(Scope::Full, survivors);
        self.fit_size();
    }

    /// Slides all objects together after [`Heap::collect`], so that what is free in a region is one
    /// run. Without cycles, that is done already.
    pub fn compact(&mut self) {
        if cfg!(feature = "incremental") {
            self.collect_full(Scope::Full, Survivors::Stay);
        }
    }

    /// Collects, and in zeal builds moves objects, if the time has come: all objects and the young
    /// ones in turn. Says whether it was a full collection.
    pub(crate) fn collect_for_zeal(&mut self) -> bool {
        if !cfg!(feature = "zeal") || self.zeal_period == 0 {
            return false;
        }
        self.zeal_count += 1;
        if self.zeal_count < self.zeal_period {
            return false;
        }
        self.zeal_count = 0;
        self.zeal_rounds = self.zeal_rounds.wrapping_add(1);
        // Now and then no full collection comes for a while, so that cycles end.
        self.zeal_full = !self.zeal_full && self.zeal_rounds % 128 < 64;
        if self.zeal_full {
            self.collect_full(Scope::Elsewhere, Survivors::Promote);
        } else {
            self.collect_minor(SURVIVORS);
            self.advance_for_zeal();
        }
        self.zeal_full
    }

    /// Collects what is young, or everything when that is due. Says whether it was everything.
    pub(crate) fn collect_some(&mut self) -> bool {
        let full = self.is_full_due();
        if full {
            self.collect_full(Scope::Full, Survivors::Promote);
        } else {
            self.collect_minor(SURVIVORS);
            self.advance(true);
        }
        full
    }

    /// Whether so much has become old that collecting it pays, although memory is not short: it may
    /// weigh as much as what a collection costs.
    pub(crate) fn is_worth_it(&self) -> bool {
        self.is_crowded() && self.grown() >= self.least_step.max(self.effort)
    }

    /// Collects garbage among the young objects.
    pub(crate) fn collect_minor(&mut self, survivors: Survivors) {
        self.shut_window();
        self.note_peak();
        self.check_minor("before");
        self.counts.minor = self.counts.minor.wrapping_add(1);
        self.before_minor();
        self.tidy_remembered();
        self.run_collection(Scope::Minor, survivors, None);
        if !self.age() {
            self.forget_remembered();
        }
        self.after_minor();
        self.check_minor("after");
    }

    /// Collects all garbage.
    pub(crate) fn collect_full(&mut self, scope: Scope, survivors: Survivors) {
        self.shut_window();
        self.note_peak();
        let chart = self.lay_chart(scope, survivors);
        if chart.is_some() {
            self.leave_cycle(survivors);
        } else {
            self.abandon_cycle();
        }
        self.counts.full = self.counts.full.wrapping_add(1);
        for region in &mut self.regions {
            region.floor = region.base;
            region.old_holes = Holes::NONE;
        }
        self.remembered.clear();
        let moved = self.counts.moved;
        self.run_collection(scope, survivors, chart);
        if self.counts.moved != moved {
            self.counts.compactions = self.counts.compactions.wrapping_add(1);
        }
        self.effort = self.marker.effort();
        self.old_before = self.old();
        self.after_full();
        self.check("after full");
    }

    fn run_collection(&mut self, scope: Scope, survivors: Survivors, chart: Option<Chart>) {
        let moved = self.counts.moved;
        self.young = self.young_objects();
        self.flag_pinned();
        match chart {
            Some(chart) => self.collect_by(chart, survivors),
            None => self.collect_in_place(scope, survivors),
        }
        self.nursery_left = self.nursery;
        let moved = self.counts.moved.wrapping_sub(moved);
        if moved != 0 {
            self.moves = self.moves.wrapping_add(1);
        }
        self.counts.last_pause = self.marker.effort().saturating_add(moved);
        self.counts.longest_pause = self.counts.longest_pause.max(self.counts.last_pause);
    }

    /// Marks in headers, and slides by threading.
    fn collect_in_place(&mut self, scope: Scope, survivors: Survivors) {
        #[cfg(feature = "weak")]
        if scope == Scope::Full {
            self.pass_weak();
        }
        self.mark();
        #[cfg(feature = "weak")]
        if scope == Scope::Full {
            self.forget_dead();
        }
        self.slide(scope, survivors);
    }

    /// In tests and zeal builds: verifies the heap.
    pub(crate) fn check(&self, when: &str) {
        if cfg!(any(test, feature = "zeal")) {
            let res = self.verify();
            assert!(
                res.is_ok(),
                "{when} collection {}+{}: {res:?}",
                self.counts.minor,
                self.counts.full
            );
        }
    }

    /// The same at a minor collection. Of those that leave megabytes alone, some have to do.
    fn check_minor(&self, when: &str) {
        let is_large = self.used_regions().iter().any(|r| r.floor - r.base > 1 << 20);
        if !is_large || self.counts.minor.is_multiple_of(64) {
            self.check(when);
        }
    }

    /// Sets the flag of every young object that a guard pins.
    fn flag_pinned(&mut self) {
        for region in &mut self.regions {
            region.pinned = false;
        }
        let mut addr = self.roots_base;
        while addr + 4 < self.stack_base {
            if raw::load(&self.space, addr) == PIN {
                addr += 4;
                let object = Value::from_bits(raw::load(&self.space, addr));
                if object.is_ref() {
                    let idx = self.region_of(object.bits());
                    if let Some(region) = idx.and_then(|r| self.regions.get_mut(r)) {
                        region.pinned = true;
                    }
                    if self.is_young(object.bits()) {
                        let header = self.header(object.bits());
                        raw::store(&self.space, object.bits(), header.0 | Header::PINNED);
                    }
                }
            }
            addr += 4;
        }
    }

    /// Where young objects are now.
    fn young_objects(&self) -> Bounds {
        Bounds::of(self, |region| (region.floor, region.end - region.floor))
    }

    /// Whether the object at this address is young.
    pub(crate) fn is_young(&self, addr: u32) -> bool {
        self.used_regions().iter().any(|r| addr.wrapping_sub(r.floor) < r.end.wrapping_sub(r.floor))
    }

    /// After how many bytes, allocated or survived, a full collection pays.
    pub(crate) fn worthwhile(&self) -> u32 {
        self.least_step.max(self.effort / 4)
    }

    /// Bytes of old objects.
    #[inline(never)]
    pub(crate) fn old(&self) -> u32 {
        self.used_regions()
            .iter()
            .map(|r| (r.floor - r.base).saturating_sub(r.old_holes.bytes))
            .sum()
    }

    /// Bytes that have become old since the last full collection, or the end of the last cycle.
    pub(crate) fn grown(&self) -> u32 {
        self.old().saturating_sub(self.old_before)
    }

    /// Bytes allocated since the last collection. The window must be shut.
    pub(crate) fn since(&self) -> u32 {
        let young: u32 = self.used_regions().iter().map(|r| r.top.saturating_sub(r.floor)).sum();
        young - self.aged(self.fast)
    }

    /// How many bytes of old objects the region that small ones start in should have at most.
    pub(crate) const fn promotion_limit(&self, region: &Region) -> u32 {
        region.size() - self.nursery - self.aging_room()
    }

    /// Whether the old objects leave no room for the nursery in the fast region.
    fn is_crowded(&self) -> bool {
        let region = self.region(self.fast);
        region.floor - region.base >= self.promotion_limit(&region)
    }

    /// Bytes that may come into the large region by promotion in the next minor collection.
    pub(crate) fn promotion_reserve(&self) -> u32 {
        if self.fast >= self.large {
            return 0;
        }
        let region = self.region(self.fast);
        let young = (region.top - region.floor).max(self.nursery) + self.large_words * 4;
        let old = region.floor - region.base;
        if old + young > self.promotion_limit(&region) { young } else { 0 }
    }

    /// Says in the plans which survivors go to holes, and to which region. There has to be
    /// room for all, but where others can stay for a cycle to make room.
    pub(crate) fn plan_promotion(&self, plans: &mut [Plan; MAX_REGIONS]) {
        let (source, target) = (self.region(self.fast), self.region(self.large));
        let Some(plan) = plans.get_mut(self.fast) else { return };
        if source.pinned {
            return;
        }
        let limit = plan.base + self.promotion_limit(&source);
        plan.limit = self.hole_limit(limit);
        // Objects are settled from the last region to the first.
        if self.fast < self.large
            && (cfg!(feature = "incremental") || target.gap() >= source.top - source.floor)
        {
            plan.limit = plan.limit.min(limit);
            plan.target = Some(self.large);
        }
    }
}
