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
//! so for the words that come after it, and moves it.
//!
//! A full collection for which no request waits settles more, if there is more than [`MOST_SLID`]:
//! dead objects among the settled ones become holes, as long as these are a small part of what is
//! free. So most of a large heap is looked at twice only, by marking and settling. When a request
//! waits, nothing is left between objects; with a chart, as much as the request does not need (see
//! `chart/sliding.rs`).
//!
//! Dead objects between live ones that slide become one
//! filler in pass 1, so that pass 2 hops over them; runs of live objects are moved in one burst.
//!
//! The objects of a region that come to lie above a limit can go on to holes among the old objects
//! (see `cycle.rs`) or to the end of another region, which has been passed by then.
//!
//! INVARIANT threads: between two collections no header has bit 0 clear, and no young object has a
//! mark. Old ones have marks while a cycle is running, or until slices have taken away those that a
//! full collection left, and only then.

use crate::cycle::Border;
use crate::generation::{Scope, Survivors};
use crate::object::Header;
use crate::region::{Holes, MAX_REGIONS, Region, RegionClass};
use crate::{Heap, raw};

/// What old places are filled with in zeal builds.
pub(crate) const POISON: u8 = 0xa5;

/// A minor collection does not move the young objects of a large region if they are more than this,
/// and a full one leaves holes if all objects are.
pub(crate) const MOST_SLID: u32 = 64 * 1024;

/// Holes that a full collection leaves in a region are at most this part of its gap.
pub(crate) const HOLE_SHARE: u32 = 33;

/// What sliding does with a region.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Where its objects will start.
    pub(crate) base: u32,
    /// Objects below this address stay.
    settled: u32,
    /// All other objects stay as well, with holes between them.
    fixed: bool,
    /// Objects that would be put at this address or above go to holes, or to the end of the region
    /// `target`, or stay if there is neither.
    pub(crate) limit: u32,
    pub(crate) target: Option<usize>,
    /// Where its own objects end.
    end: u32,
    /// Which of them are promoted.
    border: Border,
}

impl Plan {
    const NONE: Self = Self {
        base: 0,
        settled: 0,
        fixed: false,
        limit: u32::MAX,
        target: None,
        end: 0,
        border: Border::NONE,
    };

    /// Where the first object that is not settled goes.
    const fn start(&self, region: &Region) -> u32 {
        self.base + (self.settled - region.base)
    }
}

/// Where an object goes.
#[derive(Clone, Copy)]
enum Place {
    /// To its own region.
    Own,
    /// To the end of another one.
    Beyond(u32),
    /// Among the old objects.
    Hole(u32),
}

impl Place {
    /// The address, given the next one in its own region.
    #[inline(always)]
    const fn address(self, own: u32) -> u32 {
        match self {
            Self::Own => own,
            Self::Beyond(addr) | Self::Hole(addr) => addr,
        }
    }
}

/// Neighbouring objects from `from` to `end` that are still to be moved, to end at `to_end`.
struct Run {
    from: u32,
    end: u32,
    to_end: u32,
}

impl Heap {
    pub(crate) fn slide(&mut self, scope: Scope, survivors: Survivors) {
        let mut plans = [Plan::NONE; MAX_REGIONS];
        for (region, plan) in self.used_regions().iter().zip(&mut plans) {
            let moves = scope == Scope::Elsewhere && !region.pinned;
            plan.base = if moves { region.base ^ self.space.twin() } else { region.base };
        }
        match survivors {
            Survivors::Stay => {}
            Survivors::Leave => self.plan_leaving(&mut plans),
            _ => self.plan_promotion(&mut plans),
        }
        if let Some(plan) = plans.get_mut(self.fast) {
            plan.border = self.promotion_border(scope, survivors);
        }
        let mut settled = 0;
        // Holes have no use where there are no cycles.
        let leaves_holes = cfg!(feature = "incremental")
            && scope == Scope::Full
            && survivors == Survivors::Settle
            && self.since() > MOST_SLID;
        for (idx, plan) in plans.iter_mut().enumerate().take(self.n_regions) {
            let allowed = if leaves_holes { self.region(idx).gap() / HOLE_SHARE } else { 0 };
            self.settle(idx, plan, scope, allowed, &mut settled);
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
        if let Some(plan) = plans.get(self.fast) {
            self.keep_remembered(&plan.border);
        }
        for idx in (0..self.n_regions).rev() {
            self.update_backward(idx, &plans);
        }
    }

    /// Finds and counts the settled objects of a region, and takes their marks away. Holes between
    /// them may have so many bytes together.
    fn settle(
        &mut self,
        idx: usize,
        plan: &mut Plan,
        scope: Scope,
        mut allowed: u32,
        settled: &mut u32,
    ) {
        let region = self.region(idx);
        // Where the dead objects before `addr` begin; 0 if there are none.
        let mut dead = 0;
        plan.settled = region.floor;
        plan.border.begin(plan.start(&region));
        if plan.base != region.base {
            return;
        }
        let mut addr = region.floor;
        while addr < plan.border.last(region.top, plan.limit) {
            let header = self.header(addr);
            if header.0 & Header::MARK == 0 {
                if allowed < header.size() {
                    break;
                }
                allowed -= header.size();
                if dead == 0 {
                    dead = addr;
                }
                addr += header.size();
                continue;
            }
            if dead != 0 {
                self.make_hole(idx, dead, addr);
                dead = 0;
            }
            let flags = Header::MARK | Header::PINNED;
            let watched = if plan.border.promotes(addr) { Header::WATCHED } else { 0 };
            raw::store(&self.space, addr, header.0 & !flags | watched);
            *settled += 1;
            plan.border.pass(addr, addr + header.size());
            addr += header.size();
        }
        let end = if dead == 0 { addr } else { dead };
        plan.settled = end;
        plan.fixed = scope == Scope::Minor
            && region.class == RegionClass::Large
            && region.top - end > MOST_SLID;
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
            if word & 7 == 0 && young.has(word, || self.is_young(word)) {
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
        let mut beyond = plan.target.and_then(|idx| plans.get(idx)).map(|target| target.end);
        let end = self.end_beyond(&plan, plans);
        let may_stay = plan.fixed || region.pinned;
        let mut to = plan.start(&region);
        let mut border = plan.border;
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
            let mut place = Place::Own;
            if may_stay && self.stays(&plan, addr) {
                to = addr;
            } else if to >= plan.limit && border.promotes(addr) {
                place = self.place_beyond(addr, beyond, end);
            }
            let header = self.unthread(addr, place.address(to));
            let size = header.size();
            match place {
                Place::Own => {
                    to += size;
                    border.pass(addr, to);
                }
                Place::Beyond(_) => beyond = beyond.map(|at| at + size),
                // Pass 2 reads it from the header.
                Place::Hole(_) => raw::store(&self.space, addr, header.0 | Header::GREY),
            }
            if dead != 0 {
                self.write_filler(dead, addr);
                longest = longest.max(addr - dead);
                dead = 0;
            }
            if let Some((first, last)) = header.traced(addr) {
                self.thread_all(first, last);
            }
            addr += size;
        }
        if let Some(plan) = plans.get_mut(idx) {
            plan.end = to;
            plan.border = border;
        }
        self.cut(idx, if dead == 0 { region.top } else { dead }, longest);
    }

    /// Where the region ends that objects of another one go to. Without cycles, there is room for
    /// all.
    fn end_beyond(&self, plan: &Plan, plans: &[Plan; MAX_REGIONS]) -> u32 {
        match plan.target {
            Some(idx) if cfg!(feature = "incremental") => {
                plans.get(idx).map_or(0, |target| target.base) + self.region(idx).size()
            }
            _ => u32::MAX,
        }
    }

    /// Where an object goes that has no place in its own region any more.
    #[cold]
    fn place_beyond(&mut self, object: u32, beyond: Option<u32>, end: u32) -> Place {
        let size = self.threaded_header(object).size();
        let beyond = beyond.filter(|&at| fits_beyond(at, size, end));
        match (self.hole_for(size), beyond) {
            (Some(hole), _) => Place::Hole(hole),
            (None, Some(at)) => Place::Beyond(at),
            (None, None) => Place::Own,
        }
    }

    /// The same place again, in pass 2.
    #[cold]
    fn same_place(&mut self, object: u32, beyond: Option<u32>, end: u32) -> Place {
        let header = self.threaded_header(object);
        if header.0 & (Header::MARK | Header::GREY) == Header::MARK | Header::GREY
            && let Some(hole) = self.next_hole()
        {
            return Place::Hole(hole);
        }
        match beyond {
            Some(at) if fits_beyond(at, header.size(), end) => Place::Beyond(at),
            _ => Place::Own,
        }
    }

    /// Pass 2 over one region: moves its objects.
    fn update_backward(&mut self, idx: usize, plans: &[Plan; MAX_REGIONS]) {
        let mut region = self.region(idx);
        let plan = plans.get(idx).copied().unwrap_or(Plan::NONE);
        let (from_base, from_top) = (region.base, region.top);
        let may_stay = plan.fixed || region.pinned;
        let mut to = plan.start(&region);
        let mut beyond = plan.target.and_then(|idx| self.regions.get(idx)).map(|r| r.top);
        let end = self.end_beyond(&plan, plans);
        self.promote_settled(region.floor, plan.settled, &plan.border);
        let mut addr = plan.settled;
        let mut run = Run { from: addr, end: addr, to_end: to };
        while addr < from_top {
            let mut place = Place::Own;
            if may_stay && self.stays(&plan, addr) {
                if to != addr {
                    self.move_run(&run);
                    self.make_hole(idx, to, addr);
                    run.from = run.end;
                    to = addr;
                }
            } else if to >= plan.limit && plan.border.promotes(addr) {
                place = self.same_place(addr, beyond, end);
            }
            let new = place.address(to);
            let header = self.unthread(addr, new);
            let size = header.size();
            if header.0 & Header::MARK != 0 {
                let old_flags = Header::MARK | Header::GREY | Header::PINNED;
                let mut flags = 0;
                if plan.border.promotes(addr) {
                    flags = self.promote(addr, new, header);
                }
                match place {
                    Place::Own => to += size,
                    Place::Beyond(_) => beyond = beyond.map(|at| at + size),
                    Place::Hole(_) => flags |= self.arrive(addr, header),
                }
                raw::store(&self.space, addr, header.0 & !old_flags | flags);
                if run.end != addr || run.to_end != new {
                    self.move_run(&run);
                    run = Run { from: addr, end: addr, to_end: new };
                }
                run.end += size;
                run.to_end += size;
            }
            addr += size;
        }
        self.move_run(&run);
        if let Some(target) = plan.target.and_then(|idx| self.regions.get_mut(idx))
            && let Some(end) = beyond
        {
            target.top = end;
            target.floor = end;
        }
        region.old_holes = self.regions.get(idx).map_or(Holes::NONE, |r| r.old_holes);
        region.young_holes = Holes::NONE;
        region.end = plan.base + region.size();
        region.base = plan.base;
        region.top = to;
        region.floor = plan.border.floor(to);
        if let Some(place) = self.regions.get_mut(idx) {
            *place = region;
        }
        if cfg!(feature = "zeal") {
            let start = if plan.base == from_base { to.min(from_top) } else { from_base };
            raw::fill(&self.space, start, from_top - start, POISON);
        }
    }

    /// Moves a run of objects.
    #[inline]
    fn move_run(&mut self, run: &Run) {
        let size = run.end - run.from;
        if size != 0 && run.end != run.to_end {
            raw::copy(&self.space, run.from, run.to_end.wrapping_sub(size), size);
            self.counts.moved = self.counts.moved.wrapping_add(size);
        }
    }
}

/// Whether an object has room at an address of a region that ends there.
#[inline(always)]
const fn fits_beyond(at: u32, size: u32, end: u32) -> bool {
    !cfg!(feature = "incremental") || end - at >= size
}
