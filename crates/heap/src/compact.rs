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
//! The live objects below a region's first dead one are *settled*: they will not move. Their marks
//! are taken away first, and references to them are left alone. For the rest there are two passes
//! over all regions, as one sequence. Pass 1 reaches each live object, gives its new address to the
//! words before it that refer to it, and strings up its own references. Pass 2 does so for the
//! words that come after it, and moves it. Dead objects between live ones become one filler in
//! pass 1, so that pass 2 hops over them; runs of live objects are moved in one burst.
//!
//! INVARIANT threads: between two collections no header has bit 0 clear, and no mark is set.

use crate::object::Header;
use crate::region::{MAX_REGIONS, Region};
use crate::root::PIN;
use crate::{Heap, Value, raw};

/// What old places are filled with in zeal builds.
pub(crate) const POISON: u8 = 0xa5;

/// What sliding does with a region.
#[derive(Clone, Copy)]
struct Plan {
    /// Where its objects will start.
    base: u32,
    /// Objects below this address stay.
    settled: u32,
}

impl Plan {
    const NONE: Self = Self { base: 0, settled: 0 };

    /// Where the first object that is not settled goes.
    const fn start(&self, region: &Region) -> u32 {
        self.base + (self.settled - region.base)
    }
}

impl Heap {
    /// Collects garbage now.
    pub fn collect(&mut self) {
        self.collect_to(false);
    }

    /// Collects, and in zeal builds moves every object, if the time has come. Says whether it did.
    pub(crate) fn collect_for_zeal(&mut self) -> bool {
        if !cfg!(feature = "zeal") || self.zeal_period == 0 {
            return false;
        }
        self.zeal_count += 1;
        if self.zeal_count < self.zeal_period {
            return false;
        }
        self.zeal_count = 0;
        self.collect_to(true);
        true
    }

    pub(crate) fn collect_to(&mut self, elsewhere: bool) {
        self.shut_window();
        self.collections = self.collections.wrapping_add(1);
        self.flag_pinned();
        let moved = self.moved;
        self.mark();
        self.slide(elsewhere);
        if self.moved != moved {
            self.moves = self.moves.wrapping_add(1);
        }
        self.effort = self.marker.marked.saturating_mul(8).saturating_add(self.marker.looked_at);
        if cfg!(any(test, feature = "zeal")) {
            let res = self.verify();
            assert!(res.is_ok(), "after collection {}: {res:?}", self.collections);
        }
    }

    /// Sets the flag of every object that a guard pins.
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
                    let header = self.header(object.bits());
                    raw::store(&self.space, object.bits(), header.0 | Header::PINNED);
                    let region = self.region_of(object.bits());
                    if let Some(region) = region.and_then(|r| self.regions.get_mut(r)) {
                        region.pinned = true;
                    }
                }
            }
            addr += 4;
        }
    }

    fn slide(&mut self, elsewhere: bool) {
        let mut plans = [Plan::NONE; MAX_REGIONS];
        let mut settled = 0;
        for (idx, plan) in plans.iter_mut().enumerate().take(self.n_regions) {
            *plan = self.plan(idx, elsewhere, &mut settled);
        }
        if settled == self.marker.marked {
            // All others are dead.
            for (idx, plan) in plans.iter().enumerate().take(self.n_regions) {
                self.cut(idx, plan.settled, 0);
            }
        } else {
            self.thread_all(self.roots_base, self.sp.get());
            for (idx, plan) in plans.iter().enumerate().take(self.n_regions) {
                self.thread_settled(idx, plan);
                self.update_forward(idx, plan);
            }
        }
        for (idx, plan) in plans.iter().enumerate().take(self.n_regions) {
            self.update_backward(idx, plan);
        }
    }

    /// Decides how a region slides; counts its settled objects and takes their marks away.
    fn plan(&self, idx: usize, elsewhere: bool, settled: &mut u32) -> Plan {
        let region = self.region(idx);
        if elsewhere && !region.pinned && self.space.twin() != 0 {
            return Plan { base: region.base ^ self.space.twin(), settled: region.base };
        }
        let mut addr = region.base;
        while addr < region.top {
            let header = self.header(addr);
            if header.0 & Header::MARK == 0 {
                break;
            }
            raw::store(&self.space, addr, header.0 & !(Header::MARK | Header::PINNED));
            *settled += 1;
            addr += header.size();
        }
        Plan { base: region.base, settled: addr }
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
    fn thread_settled(&self, idx: usize, plan: &Plan) {
        let mut addr = self.region(idx).base;
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
        while slot < end {
            let word = raw::load(&self.space, slot);
            if word & 7 == 0 && word != 0 {
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
    #[inline]
    fn stays(&self, region: &Region, object: u32) -> bool {
        region.pinned && self.threaded_header(object).0 & Header::PINNED != 0
    }

    /// Pass 1 over the objects of one region that are not settled.
    fn update_forward(&mut self, idx: usize, plan: &Plan) {
        let region = self.region(idx);
        let mut to = plan.start(&region);
        let mut addr = plan.settled;
        let (mut dead, mut longest) = (0, 0);
        while addr < region.top {
            if self.stays(&region, addr) {
                to = addr;
            }
            let header = self.unthread(addr, to);
            let size = header.size();
            if header.0 & Header::MARK == 0 {
                if dead == 0 {
                    dead = addr;
                }
            } else {
                if dead != 0 {
                    self.write_filler(dead, addr);
                    longest = longest.max(addr - dead);
                    dead = 0;
                }
                if let Some((first, last)) = header.traced(addr) {
                    self.thread_all(first, last);
                }
                to += size;
            }
            addr += size;
        }
        self.cut(idx, if dead == 0 { region.top } else { dead }, longest);
    }

    /// Pass 2 over one region: moves its objects.
    fn update_backward(&mut self, idx: usize, plan: &Plan) {
        let mut region = self.region(idx);
        let (from_base, from_top) = (region.base, region.top);
        region.clear_holes();
        let mut to = plan.start(&region);
        let mut addr = plan.settled;
        // The run of objects from `run` to `addr` is still to be moved to end at `to`.
        let mut run = addr;
        while addr < from_top {
            let stays = self.stays(&region, addr);
            if stays && to != addr {
                self.move_run(run, addr, to);
                self.write_filler(to, addr);
                region.add_hole(addr - to);
                run = addr;
                to = addr;
            }
            let header = self.unthread(addr, to);
            let size = header.size();
            if header.0 & Header::MARK == 0 {
                self.move_run(run, addr, to);
                run = addr + size;
            } else {
                let flags = Header::MARK | Header::GREY | Header::PINNED;
                raw::store(&self.space, addr, header.0 & !flags);
                to += size;
            }
            addr += size;
        }
        self.move_run(run, addr, to);
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
            self.moved = self.moved.wrapping_add(end - run);
        }
    }
}
