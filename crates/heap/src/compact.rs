//! Collecting: mark, then slide the live objects together (Jonkers' threading, 1979).
//!
//! All references to an object are strung into a chain that starts at its header: the header's
//! place holds the address of the first referring word, that word the address of the next, and the
//! last one the header itself, which alone has bit 0 set. When the object's new address is known,
//! the chain is walked and every word gets it. No memory is needed besides the objects.
//!
//! ```text
//! before      A.word -> X     B.word -> X     X: header
//! threaded    X: ->B.word     B.word: ->A.word     A.word: header
//! ```
//!
//! Only young objects move (in a full collection all are young). The live ones below a region's
//! first dead one are *settled*: they will not move. Their marks are taken away first, and
//! references to them are left alone. For the rest there are two passes over all regions, as one
//! sequence, from the last region to the first. Pass 1 reaches each live object, gives its new
//! address to the words before it that refer to it, and strings up its own references. Pass 2 does
//! so for the words that come after it, and moves it. Dead objects between live ones become one
//! filler in pass 1, so that pass 2 hops over them; runs of live objects are moved in one burst.
//!
//! The objects of a region that come to lie above a limit can go on to the end of another region,
//! which has been passed by then.
//!
//! INVARIANT threads: between two collections no header has bit 0 clear, and no mark is set.

use crate::generation::{Scope, Survivors};
use crate::object::Header;
use crate::region::{Holes, MAX_REGIONS, Region, RegionClass};
use crate::{Heap, raw};

/// What old places are filled with in zeal builds.
pub(crate) const POISON: u8 = 0xa5;

/// A minor collection does not move the young objects of a large region if they are more than this.
const MOST_SLID: u32 = 64 * 1024;

/// What sliding does with a region.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Where its objects will start.
    pub(crate) base: u32,
    /// Objects below this address stay.
    settled: u32,
    /// All other objects stay as well, with holes between them.
    fixed: bool,
    /// Objects that would be put at this address or above go to the end of the region `target`.
    pub(crate) limit: u32,
    pub(crate) target: usize,
    /// Where its own objects end.
    end: u32,
}

impl Plan {
    const NONE: Self =
        Self { base: 0, settled: 0, fixed: false, limit: u32::MAX, target: 0, end: 0 };

    /// Where the first object that is not settled goes.
    const fn start(&self, region: &Region) -> u32 {
        self.base + (self.settled - region.base)
    }
}

impl Heap {
    pub(crate) fn slide(&mut self, scope: Scope, survivors: Survivors) {
        let mut plans = [Plan::NONE; MAX_REGIONS];
        for (region, plan) in self.used_regions().iter().zip(&mut plans) {
            let moves = scope == Scope::Elsewhere && !region.pinned;
            plan.base = if moves { region.base ^ self.space.twin() } else { region.base };
        }
        if survivors == Survivors::Promote {
            self.plan_promotion(&mut plans);
        }
        let mut settled = 0;
        for (idx, plan) in plans.iter_mut().enumerate().take(self.n_regions) {
            self.settle(idx, plan, scope, &mut settled);
        }
        if settled == self.marker.marked {
            // All others are dead.
            for (idx, plan) in plans.iter().enumerate().take(self.n_regions) {
                self.cut(idx, plan.settled, 0);
            }
        } else {
            self.thread_all(self.roots_base, self.sp.get());
            self.each_remembered(|heap, first, end| heap.thread_all(first, end));
            for idx in (0..self.n_regions).rev() {
                self.thread_settled(idx, &plans);
                self.update_forward(idx, &mut plans);
            }
        }
        for idx in (0..self.n_regions).rev() {
            self.update_backward(idx, &plans);
        }
    }

    /// Finds and counts the settled objects of a region, and takes their marks away.
    fn settle(&self, idx: usize, plan: &mut Plan, scope: Scope, settled: &mut u32) {
        let region = self.region(idx);
        plan.settled = region.floor;
        if plan.base != region.base {
            return;
        }
        let mut addr = region.floor;
        while addr < region.top.min(plan.limit) {
            let header = self.header(addr);
            if header.0 & Header::MARK == 0 {
                break;
            }
            let flags = Header::MARK | Header::PINNED;
            raw::store(&self.space, addr, header.0 & !flags | Header::WATCHED);
            *settled += 1;
            addr += header.size();
        }
        plan.settled = addr;
        plan.fixed = scope == Scope::Minor
            && region.class == RegionClass::Large
            && region.top - addr > MOST_SLID;
    }

    /// Forgets everything in a region from `top` up. `longest` is its longest free run below.
    fn cut(&mut self, idx: usize, top: u32, longest: u32) {
        let Some(region) = self.regions.get_mut(idx) else { return };
        if cfg!(any(test, feature = "zeal")) {
            raw::fill(&self.space, top, region.top - top, POISON);
        }
        region.top = top;
        if let Some(run) = self.unmoved_runs.get_mut(idx) {
            *run = longest.max(region.end - top);
        }
    }

    /// Strings up the references from settled objects to others.
    fn thread_settled(&self, idx: usize, plans: &[Plan; MAX_REGIONS]) {
        let Some(plan) = plans.get(idx) else { return };
        let mut addr = self.region(idx).floor;
        while addr < plan.settled {
            let header = self.header(addr);
            if let Some((first, last)) = header.traced(addr) {
                self.thread_all(first, last);
            }
            addr += header.size();
        }
    }

    /// Strings up every reference to an object that may move among the words from `slot` to `end`.
    #[inline]
    fn thread_all(&self, mut slot: u32, end: u32) {
        let young = self.young;
        while slot < end {
            let word = raw::load(&self.space, slot);
            if word & 7 == 0 && young.has(self, word) {
                let header = raw::load(&self.space, word);
                // A header without mark is that of a settled object.
                if header & (Header::MARK | 1) != 1 {
                    raw::store(&self.space, slot, header);
                    raw::store(&self.space, word, slot);
                }
            }
            slot += 4;
        }
    }

    /// Gives the words strung up at `object` its new address; restores and returns the header.
    #[inline]
    fn unthread(&self, object: u32, new: u32) -> Header {
        let mut word = raw::load(&self.space, object);
        if word & 1 == 1 {
            return Header(word);
        }
        while word & 1 == 0 {
            let next = raw::load(&self.space, word);
            raw::store(&self.space, word, new);
            word = next;
        }
        raw::store(&self.space, object, word);
        Header(word)
    }

    /// The header of an object that may be strung up.
    fn threaded_header(&self, object: u32) -> Header {
        let mut word = raw::load(&self.space, object);
        while word & 1 == 0 {
            word = raw::load(&self.space, word);
        }
        Header(word)
    }

    /// Whether the object must stay where it is.
    fn stays(&self, plan: &Plan, object: u32) -> bool {
        plan.fixed || self.threaded_header(object).0 & Header::PINNED != 0
    }

    /// Pass 1 over the objects of one region that are not settled.
    fn update_forward(&mut self, idx: usize, plans: &mut [Plan; MAX_REGIONS]) {
        let region = self.region(idx);
        let plan = plans.get(idx).copied().unwrap_or(Plan::NONE);
        let beyond = plans.get(plan.target).map_or(0, |target| target.end);
        let may_stay = plan.fixed || region.pinned;
        let mut to = plan.start(&region);
        let mut limit = plan.limit;
        let mut addr = plan.settled;
        let mut longest = 0;
        // Where the dead objects before `addr` begin; 0 if there are none.
        let mut dead = 0;
        while addr < region.top {
            let word = self.header(addr);
            if word.0 & (Header::MARK | 1) == 1 {
                if dead == 0 {
                    dead = addr;
                }
                addr += word.size();
                continue;
            }
            if may_stay && self.stays(&plan, addr) {
                to = addr;
            } else if to >= limit {
                (to, limit) = (beyond, u32::MAX);
            }
            let header = self.unthread(addr, to);
            let size = header.size();
            if dead != 0 {
                self.write_filler(dead, addr);
                longest = longest.max(addr - dead);
                dead = 0;
            }
            if let Some((first, last)) = header.traced(addr) {
                self.thread_all(first, last);
            }
            to += size;
            addr += size;
        }
        if let Some(plan) = plans.get_mut(idx) {
            plan.end = to;
        }
        self.cut(idx, if dead == 0 { region.top } else { dead }, longest);
    }

    /// Pass 2 over one region: moves its objects.
    fn update_backward(&mut self, idx: usize, plans: &[Plan; MAX_REGIONS]) {
        let mut region = self.region(idx);
        let plan = plans.get(idx).copied().unwrap_or(Plan::NONE);
        let (from_base, from_top) = (region.base, region.top);
        region.young_holes = Holes::NONE;
        let may_stay = plan.fixed || region.pinned;
        let mut to = plan.start(&region);
        let mut limit = plan.limit;
        // Where this region's own objects end, once the rest goes to another region.
        let mut own_end = None;
        let mut addr = plan.settled;
        // The run of objects from `run` to `addr` is still to be moved to end at `to`.
        let mut run = addr;
        while addr < from_top {
            if may_stay && self.stays(&plan, addr) {
                if to != addr {
                    self.move_run(run, addr, to);
                    self.write_filler(to, addr);
                    region.old_holes.add(addr - to);
                    run = addr;
                    to = addr;
                }
            } else if to >= limit {
                self.move_run(run, addr, to);
                run = addr;
                own_end = Some(to);
                limit = u32::MAX;
                to = self.regions.get(plan.target).map_or(to, |target| target.top);
            }
            let header = self.unthread(addr, to);
            let size = header.size();
            if header.0 & Header::MARK == 0 {
                self.move_run(run, addr, to);
                run = addr + size;
            } else {
                let flags = Header::MARK | Header::GREY | Header::PINNED;
                raw::store(&self.space, addr, header.0 & !flags | Header::WATCHED);
                to += size;
            }
            addr += size;
        }
        self.move_run(run, addr, to);
        if own_end.is_some()
            && let Some(target) = self.regions.get_mut(plan.target)
        {
            target.top = to;
            target.floor = to;
        }
        let to = own_end.unwrap_or(to);
        region.end = plan.base + region.size();
        region.base = plan.base;
        region.top = to;
        region.floor = to;
        if let Some(place) = self.regions.get_mut(idx) {
            *place = region;
        }
        if cfg!(feature = "zeal") {
            let start = if plan.base == from_base { to.min(from_top) } else { from_base };
            raw::fill(&self.space, start, from_top - start, POISON);
        }
    }

    /// Moves the objects between `run` and `end` so that they end at `to`.
    #[inline]
    fn move_run(&mut self, run: u32, end: u32, to: u32) {
        if run < end && end != to {
            raw::copy(&self.space, run, to.wrapping_sub(end - run), end - run);
            self.counts.moved = self.counts.moved.wrapping_add(end - run);
        }
    }
}
