//! Marking: finds the young objects that can be reached from the value stack, the root table and
//! the remembered set. In a full collection all objects count as young.
//!
//! Depth first. An entry of the mark stack is the rest of an object (next word, end), so that an
//! array takes one entry however long it is, and a chain through the last word of its links takes
//! none. The stack has a fixed number of entries at the end of the value stack's memory, as many as
//! the board says, and goes on in the largest gap between objects and the end of a region.
//!
//! When that is full as well, an object becomes *grey*: marked, with words still to be looked at.
//! It is the one that marking comes from, which is then looked at from its start again; so a deep
//! structure is followed to its end with no entry at all. If that one is long, it is the one that
//! would be entered. The grey ones are found again in one walk from the lowest to the highest of
//! each region, which turns back only if one below becomes grey. A grey object is looked at once
//! more, so the work is bounded by the number of objects and not by the number of overflows.

use crate::cycle::Census;
use crate::object::Header;
use crate::region::MAX_REGIONS;
use crate::span::{Range, Rest};
use crate::{Heap, Space, raw};

/// Bytes of an entry of the mark stack.
pub(crate) const ENTRY: u32 = 8;

/// An object that ends so many bytes behind its header's address can be looked at from its start
/// again.
pub(crate) const SHORT: u32 = 128;

/// What marking keeps in fast memory.
#[derive(Debug)]
pub(crate) struct Marker {
    /// Where the stack is, its next entry, and its end.
    base: u32,
    top: u32,
    end: u32,
    /// Where the stack goes on, the next entry there, and the end.
    spill_base: u32,
    spill_top: u32,
    spill_end: u32,
    pub(crate) grey: [Range; MAX_REGIONS],
    /// How many objects the last collection marked.
    pub(crate) marked: u32,
    /// How many bytes of values it looked at.
    pub(crate) looked_at: u32,
    pub(crate) census: Census,
    /// In tests: the stack does not go on in a gap.
    pub(crate) keep_in: bool,
}

impl Marker {
    /// With a stack at `base`, which ends at `end`.
    pub(crate) const fn new(base: u32, end: u32) -> Self {
        Self {
            base,
            top: base,
            end,
            spill_base: 0,
            spill_top: 0,
            spill_end: 0,
            grey: [Range::NONE; MAX_REGIONS],
            marked: 0,
            looked_at: 0,
            census: Census::NONE,
            keep_in: false,
        }
    }

    /// Begins with an empty stack, which can go on in free memory.
    pub(crate) fn begin(&mut self, (base, end): (u32, u32)) {
        self.marked = 0;
        self.looked_at = 0;
        self.spill_base = base;
        self.spill_top = base;
        self.spill_end = if cfg!(test) && self.keep_in { base } else { end };
    }

    /// The work of the last collection: bytes of values, and eight for each object.
    pub(crate) const fn effort(&self) -> u32 {
        self.marked.saturating_mul(8).saturating_add(self.looked_at)
    }

    #[inline]
    pub(crate) fn push(&mut self, space: &Space, next: u32, end: u32) -> bool {
        if self.top >= self.end {
            return self.spill(space, next, end);
        }
        raw::store(space, self.top, next);
        raw::store(space, self.top + 4, end);
        self.top += ENTRY;
        true
    }

    #[cold]
    fn spill(&mut self, space: &Space, next: u32, end: u32) -> bool {
        if self.spill_end - self.spill_top < ENTRY {
            return false;
        }
        raw::store(space, self.spill_top, next);
        raw::store(space, self.spill_top + 4, end);
        self.spill_top += ENTRY;
        true
    }

    #[inline]
    pub(crate) fn pop(&mut self, space: &Space) -> Option<Rest> {
        let top = if self.spill_top > self.spill_base {
            &mut self.spill_top
        } else if self.top > self.base {
            &mut self.top
        } else {
            return None;
        };
        *top -= ENTRY;
        let entry = *top;
        Some(Rest { next: raw::load(space, entry), end: raw::load(space, entry + 4) })
    }
}

impl Heap {
    /// Sets the mark of every object that can be reached.
    pub(crate) fn mark(&mut self) {
        let gap = self.used_regions().iter().max_by_key(|r| r.gap());
        let spill = gap.map_or((0, 0), |r| (r.top, r.end));
        self.marker.begin(spill);
        self.marker.census = self.census();
        self.scan(self.roots_base, self.sp.get());
        self.each_remembered(|heap, first, end| {
            heap.marker.looked_at += end - first;
            heap.scan(first, end);
        });
        while let Some(idx) = self.marker.grey.iter().position(|g| g.low <= g.high) {
            self.scan_grey(idx);
        }
    }

    /// Marks what the words from `next` to `end` refer to, and so on.
    fn scan(&mut self, next: u32, end: u32) {
        let mut rest = Rest { next, end };
        // The object that `rest` is of; 0 if that is not known.
        let mut object = 0;
        let young = self.young;
        loop {
            while rest.next < rest.end {
                let word = raw::load(&self.space, rest.next);
                rest.next += 4;
                if word & 7 != 0 || !young.has(word, || self.is_young(word)) {
                    continue;
                }
                if self.marker.census.meets(rest.next, word) && self.is_young(rest.next - 4) {
                    self.marker.census.cross();
                }
                let header = Header(raw::load(&self.space, word));
                if header.0 & Header::MARK != 0 {
                    continue;
                }
                self.marker.marked += 1;
                self.marker.census.count(word, header);
                raw::store(&self.space, word, header.0 & !Header::GREY | Header::MARK);
                if let Some((first, last)) = header.traced(word) {
                    self.marker.looked_at += last - first;
                    if rest.next < rest.end && !self.marker.push(&self.space, rest.next, rest.end) {
                        if rest.end - object > SHORT {
                            self.make_grey(word);
                            continue;
                        }
                        self.make_grey(object);
                    }
                    rest = Rest { next: first, end: last };
                    object = word;
                }
            }
            match self.marker.pop(&self.space) {
                Some(popped) => rest = popped,
                None => return,
            }
            object = 0;
        }
    }

    /// Notes that a marked object is to be looked at from its start.
    #[cold]
    fn make_grey(&mut self, addr: u32) {
        self.counts.mark_overflows = self.counts.mark_overflows.saturating_add(1);
        raw::store(&self.space, addr, self.header(addr).0 | Header::GREY);
        let region = self.region_of(addr);
        if let Some(grey) = region.and_then(|r| self.marker.grey.get_mut(r)) {
            *grey = grey.with(addr);
        }
    }

    /// Looks into the lowest object that may be grey in a region.
    fn scan_grey(&mut self, region: usize) {
        let Some(Range { low, high }) = self.marker.grey.get(region).copied() else { return };
        let header = self.header(low);
        self.marker.looked_at += ENTRY;
        let next = low + header.size();
        if let Some(grey) = self.marker.grey.get_mut(region) {
            *grey = if next <= high { Range { low: next, high } } else { Range::NONE };
        }
        // An unmarked object is watched, not grey.
        if header.0 & (Header::MARK | Header::GREY) == Header::MARK | Header::GREY {
            raw::store(&self.space, low, header.0 & !Header::GREY);
            if let Some((first, last)) = header.traced(low) {
                self.marker.looked_at += last - first;
                self.scan(first, last);
            }
        }
    }
}
