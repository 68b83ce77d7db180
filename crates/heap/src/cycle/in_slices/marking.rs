//! Marking old objects in slices.
//!
//! Young objects are not looked at: those that survive become old during the cycle and count as
//! alive until its end. An object is *shaded* when a reference to it is met: it gets its mark, and
//! its words are put on the trail. A reference is met
//!
//! - in the words on the trail;
//! - by the write barrier, when it is stored in a watched old object;
//! - in the objects that are remembered as a whole, which are put on the trail again at each minor
//!   collection: stores into them pass the barrier by;
//! - in the objects that have become old since the cycle began, which lie above `fresh`, or in
//!   holes, where they arrive marked and looked at;
//! - in the value stack and the root table, when the rest is done. The cycle is over when nothing
//!   new was met there, right after a minor collection, when no object is young.
//!
//! The trail has a fixed number of entries, as many as the board says. When it is full, an object is
//! *deferred*: marked, and with words still to be looked at. Which one, and how deferred objects are
//! found again, is as with grey ones (see `mark.rs`).

use crate::mark::{ENTRY, SHORT};
use crate::object::Header;
use crate::raw::LINE;
use crate::region::MAX_REGIONS;
use crate::span::{Bounds, Range, Rest};
use crate::{Heap, Kind, Space, raw};
use core::cell::Cell;

/// What marking has to go on with. The write barrier adds to it.
#[derive(Debug)]
pub(super) struct Trail {
    /// Where the entries are, at the end of the value stack's memory, the next free one, and their
    /// end.
    base: u32,
    top: Cell<u32>,
    end: u32,
    /// What the last slice was looking at when its time was up.
    interrupted: Cell<Rest>,
    /// The object that this is of; 0 if that is not known.
    object: Cell<u32>,
    /// Where a region's deferred objects are.
    deferred: [Cell<Range>; MAX_REGIONS],
    /// Up to where the objects that have become old are walked over.
    fresh: [Cell<u32>; MAX_REGIONS],
    marked: Cell<u32>,
    /// Bytes of values.
    looked_at: Cell<u32>,
    /// How often there was no entry, since start-up.
    pub(super) overflows: Cell<u32>,
}

impl Trail {
    pub(super) const fn new(base: u32, end: u32) -> Self {
        Self {
            base,
            top: Cell::new(base),
            end,
            interrupted: Cell::new(Rest::NONE),
            object: Cell::new(0),
            deferred: [const { Cell::new(Range::NONE) }; MAX_REGIONS],
            fresh: [const { Cell::new(0) }; MAX_REGIONS],
            marked: Cell::new(0),
            looked_at: Cell::new(0),
            overflows: Cell::new(0),
        }
    }

    #[inline]
    fn push(&self, space: &Space, next: u32, end: u32) -> bool {
        let top = self.top.get();
        if top >= self.end {
            return false;
        }
        raw::store(space, top, next);
        raw::store(space, top + 4, end);
        self.top.set(top + ENTRY);
        true
    }

    #[inline]
    fn pop(&self, space: &Space) -> Option<Rest> {
        let rest = self.interrupted.replace(Rest::NONE);
        if rest.next < rest.end {
            return Some(rest);
        }
        let top = self.top.get();
        if top == self.base {
            return None;
        }
        self.top.set(top - ENTRY);
        Some(Rest { next: raw::load(space, top - ENTRY), end: raw::load(space, top - 4) })
    }

    /// Whether half of the entries are in use.
    fn is_long(&self) -> bool {
        self.top.get() - self.base >= (self.end - self.base) / 2
    }

    /// What the cycle has looked at: bytes of values, and eight for each object.
    pub(super) fn effort(&self) -> u32 {
        self.marked.get().saturating_mul(8).saturating_add(self.looked_at.get())
    }

    /// Whether a word is still to be looked at; for the verifier.
    pub(super) fn has(&self, space: &Space, word: u32) -> bool {
        let rest = self.interrupted.get();
        let has = |next: u32, end: u32| word >= next && word < end;
        has(rest.next, rest.end)
            || (self.base..self.top.get())
                .step_by(ENTRY as usize)
                .any(|entry| has(raw::load(space, entry), raw::load(space, entry + 4)))
    }

    /// Whether an old object is still to be walked over; for the verifier.
    pub(super) fn is_fresh(&self, region: usize, addr: u32) -> bool {
        self.fresh.get(region).is_some_and(|fresh| addr >= fresh.get())
    }
}

impl Heap {
    fn old_objects(&self) -> Bounds {
        Bounds::of(self, |region| (region.base, region.floor - region.base))
    }

    /// Nothing is marked, and all that is old now is to be.
    pub(super) fn begin_trail(&mut self) {
        let trail = &self.cycle.trail;
        trail.top.set(trail.base);
        trail.interrupted.set(Rest::NONE);
        trail.object.set(0);
        trail.marked.set(0);
        trail.looked_at.set(0);
        for (idx, region) in self.used_regions().iter().enumerate() {
            if let (Some(fresh), Some(range)) = (trail.fresh.get(idx), trail.deferred.get(idx)) {
                fresh.set(region.floor);
                range.set(Range::NONE);
            }
        }
    }

    /// Marks an old object, and says what is to be looked at next.
    #[inline]
    fn mark_old(&self, addr: u32) -> Option<(u32, u32)> {
        debug_assert!(self.is_object_addr(addr), "{addr:#x} is no object");
        let header = self.header(addr);
        if header.0 & Header::MARK != 0 {
            return None;
        }
        raw::store(&self.space, addr, header.0 | Header::MARK);
        let trail = &self.cycle.trail;
        trail.marked.set(trail.marked.get() + 1);
        let words = header.traced(addr)?;
        trail.looked_at.set(trail.looked_at.get() + (words.1 - words.0));
        Some(words)
    }

    /// Marks an old object. Says which of its words are still to be looked at: of a short one those
    /// from the first reference to an old object on, which are read in one burst with the header.
    #[inline]
    fn mark_from(&self, addr: u32, old: Bounds) -> Option<(u32, u32)> {
        let header = self.header(addr);
        if header.0 & Header::MARK != 0 {
            return None;
        }
        let words = header.traced(addr);
        let rest = words.map(|(mut first, last)| {
            while last - first <= SHORT && first < last {
                let word = raw::load(&self.space, first);
                if word & 7 == 0 && old.has(word, || self.is_old(word)) {
                    break;
                }
                first += 4;
            }
            (first, last)
        });
        raw::store(&self.space, addr, header.0 | Header::MARK);
        let trail = &self.cycle.trail;
        trail.marked.set(trail.marked.get() + 1);
        let bytes = words.map_or(0, |(first, last)| last - first);
        trail.looked_at.set(trail.looked_at.get() + bytes);
        rest
    }

    /// Marks an old object, and has its words looked at.
    pub(super) fn shade(&self, addr: u32) {
        if let Some((first, last)) = self.mark_old(addr)
            && !self.cycle.trail.push(&self.space, first, last)
        {
            self.defer(addr);
        }
    }

    /// Has the words of an object looked at again, if it is marked.
    pub(super) fn look_again(&self, addr: u32) {
        let header = self.header(addr);
        if header.0 & Header::MARK != 0
            && let Some((first, last)) = header.traced(addr)
            && !self.cycle.trail.push(&self.space, first, last)
        {
            self.defer(addr);
        }
    }

    /// Notes that there was no entry for the words of a marked object.
    #[cold]
    fn defer(&self, addr: u32) {
        let trail = &self.cycle.trail;
        trail.overflows.set(trail.overflows.get().saturating_add(1));
        raw::store(&self.space, addr, self.header(addr).0 | Header::DEFERRED);
        if let Some(range) = self.region_of(addr).and_then(|idx| trail.deferred.get(idx)) {
            range.set(range.get().with(addr));
        }
    }

    /// Shades the old objects that the words refer to.
    fn shade_all(&self, first: u32, end: u32) {
        let old = self.old_objects();
        let mut slot = first;
        while slot < end {
            let word = raw::load(&self.space, slot);
            if word & 7 == 0 && old.has(word, || self.is_old(word)) {
                self.shade(word);
            }
            slot += 4;
        }
    }

    /// A survivor at `addr` goes to a hole: shades what it refers to, so that it can arrive marked.
    pub(super) fn shade_arrival(&self, addr: u32, header: Header) -> u32 {
        let old = self.old_objects();
        let (mut slot, end) = header.traced(addr).unwrap_or((0, 0));
        while slot < end {
            let word = raw::load(&self.space, slot);
            // Where there is still a hole, another survivor is going to arrive.
            if word & 7 == 0
                && old.has(word, || self.is_old(word))
                && self.header(word).kind() != Kind::Filler
            {
                self.shade(word);
            }
            slot += 4;
        }
        Header::MARK
    }

    /// Goes on marking until the budget is used up or everything is marked, which it says.
    pub(super) fn mark_some(&mut self, budget: &mut u32) -> bool {
        loop {
            if !self.follow(budget) {
                return false;
            }
            if self.has_young() || !self.remembered.is_empty() {
                // What is young or remembered may hold the last reference to something old.
                self.cycle.pace.ready = true;
                return false;
            }
            let before = self.cycle.trail.marked.get();
            let (mut slot, end) = (self.roots_base, self.sp.get());
            while slot < end {
                // The rest of the roots is looked at again, if this takes the whole budget.
                if self.cycle.trail.is_long() && !self.follow(budget) {
                    return false;
                }
                let last = end.min(slot + 64);
                self.shade_all(slot, last);
                slot = last;
            }
            *budget = budget.saturating_sub(end - self.roots_base);
            if self.cycle.trail.marked.get() == before {
                return true;
            }
        }
    }

    /// Looks at everything that is to be looked at; false if the budget did not suffice.
    fn follow(&self, budget: &mut u32) -> bool {
        loop {
            if *budget == 0 || !self.look_through(budget) {
                return false;
            }
            if !self.find_deferred(budget) && !self.find_fresh(budget) {
                return true;
            }
        }
    }

    /// Follows the trail to its end.
    fn look_through(&self, budget: &mut u32) -> bool {
        let trail = &self.cycle.trail;
        let old = self.old_objects();
        let Some(mut rest) = trail.pop(&self.space) else { return true };
        let (mut left, mut line) = (*budget, [0; LINE]);
        // The object that `rest` is of; 0 if that is not known.
        let mut object = trail.object.replace(0);
        loop {
            'reading: while rest.next < rest.end {
                for &word in rest.ahead(&self.space, &mut line) {
                    if left < 4 {
                        trail.interrupted.set(rest);
                        trail.object.set(object);
                        *budget = 0;
                        return false;
                    }
                    left -= 4;
                    rest.next += 4;
                    if word & 7 != 0 || !old.has(word, || self.is_old(word)) {
                        continue;
                    }
                    left = left.saturating_sub(4);
                    let Some((from, last)) = self.mark_from(word, old) else { continue };
                    left = left.saturating_sub(4 + from.saturating_sub(word + 4));
                    if from == last {
                        continue;
                    }
                    if rest.next < rest.end && !trail.push(&self.space, rest.next, rest.end) {
                        if rest.end - object > SHORT {
                            self.defer(word);
                            continue;
                        }
                        self.defer(object);
                    }
                    rest = Rest { next: from, end: last };
                    object = word;
                    continue 'reading;
                }
            }
            object = 0;
            match trail.pop(&self.space) {
                Some(popped) => rest = popped,
                None => {
                    *budget = left;
                    return true;
                }
            }
        }
    }

    /// Puts the next deferred object on the trail, which is empty. False if there is none.
    fn find_deferred(&self, budget: &mut u32) -> bool {
        let trail = &self.cycle.trail;
        for range in &trail.deferred {
            let Range { mut low, high } = range.get();
            while low <= high {
                let addr = low;
                let header = self.header(addr);
                low += header.size();
                *budget = budget.saturating_sub(4);
                let is_deferred = header.0 & Header::DEFERRED != 0;
                if is_deferred || *budget == 0 {
                    range.set(if low <= high { Range { low, high } } else { Range::NONE });
                    if is_deferred {
                        raw::store(&self.space, addr, header.0 & !Header::DEFERRED);
                        if let Some((first, last)) = header.traced(addr) {
                            trail.push(&self.space, first, last);
                        }
                    }
                    return true;
                }
            }
            range.set(Range::NONE);
        }
        false
    }

    /// Shades the next object that has become old since the cycle began. False if there is none.
    fn find_fresh(&self, budget: &mut u32) -> bool {
        for (region, fresh) in self.used_regions().iter().zip(&self.cycle.trail.fresh) {
            let mut addr = fresh.get();
            while addr < region.floor {
                let header = self.header(addr);
                let next = addr + header.size();
                fresh.set(next);
                *budget = budget.saturating_sub(8);
                if header.kind() != Kind::Filler {
                    self.shade(addr);
                    return true;
                }
                addr = next;
            }
        }
        false
    }

    /// An old object has become shorter or longer: what is on the trail of it ends with it.
    pub(super) fn resize_on_trail(&mut self, addr: u32, old_end: u32, new_end: u32) {
        let trail = &self.cycle.trail;
        if new_end < old_end {
            trail.object.set(0);
            let cut = |next: u32, end: u32| {
                if next > addr && next < old_end { end.min(new_end.max(next)) } else { end }
            };
            let Rest { next, end } = trail.interrupted.get();
            trail.interrupted.set(Rest { next, end: cut(next, end) });
            for entry in (trail.base..trail.top.get()).step_by(ENTRY as usize) {
                let (next, end) =
                    (raw::load(&self.space, entry), raw::load(&self.space, entry + 4));
                raw::store(&self.space, entry + 4, cut(next, end));
            }
        }
        if let Some(fresh) = self.region_of(addr).and_then(|idx| trail.fresh.get(idx))
            && fresh.get() == old_end
        {
            fresh.set(new_end);
        }
    }
}
