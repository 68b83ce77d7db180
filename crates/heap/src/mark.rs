//! Marking: finds the young objects that can be reached from the value stack, the root table and
//! the remembered set. In a full collection all objects count as young.
//!
//! Depth first. An entry of the mark stack is the rest of an object (next word, end), so that an
//! array takes one entry however long it is, and a chain through the last word of its links takes
//! none. The stack begins in fast memory and goes on in the largest gap between objects and the end
//! of a region. When that is full as well, the object that would be entered is *grey*: marked, with
//! its contents still to be looked at; the grey ones are found again between the lowest and the
//! highest grey address of each region, never by looking at everything.

use crate::object::Header;
use crate::region::MAX_REGIONS;
use crate::span::{Range, Rest};
use crate::{Heap, Space, raw};

/// Entries of the mark stack.
pub(crate) const MARK_STACK: usize = if cfg!(test) { 8 } else { 256 };

/// What marking keeps in fast memory.
#[derive(Debug)]
pub(crate) struct Marker {
    stack: [Rest; MARK_STACK],
    len: usize,
    /// Where the stack goes on, the next entry there, and the end.
    spill_base: u32,
    spill_top: u32,
    spill_end: u32,
    grey: [Range; MAX_REGIONS],
    /// How many objects the last collection marked.
    pub(crate) marked: u32,
    /// How many bytes of values it looked at.
    pub(crate) looked_at: u32,
    /// In tests: the stack does not go on in a gap.
    pub(crate) keep_in: bool,
}

impl Marker {
    pub(crate) const fn new() -> Self {
        Self {
            stack: [Rest::NONE; MARK_STACK],
            len: 0,
            spill_base: 0,
            spill_top: 0,
            spill_end: 0,
            grey: [Range::NONE; MAX_REGIONS],
            marked: 0,
            looked_at: 0,
            keep_in: false,
        }
    }

    /// The work of the last collection: bytes of values, and eight for each object.
    pub(crate) const fn effort(&self) -> u32 {
        self.marked.saturating_mul(8).saturating_add(self.looked_at)
    }

    #[inline]
    fn push(&mut self, space: &Space, next: u32, end: u32) -> bool {
        let Some(entry) = self.stack.get_mut(self.len) else {
            return self.spill(space, next, end);
        };
        *entry = Rest { next, end };
        self.len += 1;
        true
    }

    #[cold]
    fn spill(&mut self, space: &Space, next: u32, end: u32) -> bool {
        if self.spill_end - self.spill_top < 8 {
            return false;
        }
        raw::store(space, self.spill_top, next);
        raw::store(space, self.spill_top + 4, end);
        self.spill_top += 8;
        true
    }

    #[inline]
    fn pop(&mut self, space: &Space) -> Option<Rest> {
        if self.spill_top > self.spill_base {
            self.spill_top -= 8;
            let next = raw::load(space, self.spill_top);
            return Some(Rest { next, end: raw::load(space, self.spill_top + 4) });
        }
        self.len = self.len.checked_sub(1)?;
        self.stack.get(self.len).copied()
    }
}

impl Heap {
    /// Sets the mark of every object that can be reached.
    pub(crate) fn mark(&mut self) {
        let gap = self.used_regions().iter().max_by_key(|r| r.gap());
        let (base, end) = gap.map_or((0, 0), |r| (r.top, r.end));
        self.marker.marked = 0;
        self.marker.looked_at = 0;
        self.marker.spill_base = base;
        self.marker.spill_top = base;
        self.marker.spill_end = if cfg!(test) && self.marker.keep_in { base } else { end };
        self.scan(self.roots_base, self.sp.get());
        self.each_remembered(|heap, first, end| {
            heap.marker.looked_at += end - first;
            heap.scan(first, end);
        });
        while let Some(idx) = self.marker.grey.iter().position(|g| g.low <= g.high) {
            let Some(place) = self.marker.grey.get_mut(idx) else { return };
            let range = core::mem::replace(place, Range::NONE);
            self.scan_grey(range);
        }
    }

    /// Marks what the words from `next` to `end` refer to, and so on.
    fn scan(&mut self, next: u32, end: u32) {
        let mut rest = Rest { next, end };
        let young = self.young;
        loop {
            while rest.next < rest.end {
                let word = raw::load(&self.space, rest.next);
                rest.next += 4;
                if word & 7 != 0 || !young.has(word, || self.is_young(word)) {
                    continue;
                }
                let header = Header(raw::load(&self.space, word));
                if header.0 & Header::MARK != 0 {
                    continue;
                }
                self.marker.marked += 1;
                let mut marked = header.0 & !Header::GREY | Header::MARK;
                if let Some((first, last)) = header.traced(word) {
                    self.marker.looked_at += last - first;
                    if rest.next >= rest.end || self.marker.push(&self.space, rest.next, rest.end) {
                        rest = Rest { next: first, end: last };
                    } else {
                        marked |= Header::GREY;
                        self.remember_grey(word);
                    }
                }
                raw::store(&self.space, word, marked);
            }
            match self.marker.pop(&self.space) {
                Some(popped) => rest = popped,
                None => return,
            }
        }
    }

    #[cold]
    fn remember_grey(&mut self, addr: u32) {
        self.counts.mark_overflows = self.counts.mark_overflows.saturating_add(1);
        let region = self.region_of(addr);
        if let Some(grey) = region.and_then(|r| self.marker.grey.get_mut(r)) {
            *grey = grey.with(addr);
        }
    }

    /// Looks into the grey objects of a range.
    fn scan_grey(&mut self, range: Range) {
        let mut addr = range.low;
        while addr <= range.high {
            let header = self.header(addr);
            // An unmarked object is watched, not grey.
            if header.0 & (Header::MARK | Header::GREY) == Header::MARK | Header::GREY {
                raw::store(&self.space, addr, header.0 & !Header::GREY);
                if let Some((first, last)) = header.traced(addr) {
                    self.scan(first, last);
                }
            }
            addr += header.size();
        }
    }
}
