//! Marking on a chart.
//!
//! As in `mark.rs`, depth first with the rests of objects on the mark stack. Words are read ahead,
//! a line of memory at once; and an object that refers to nothing new is done with when it is met,
//! so that the one that refers to it is read on without a break.
//!
//! When there is no entry for a rest, the object is *deferred*, which its header says.

use super::Chart;
use crate::mark::SHORT;
use crate::object::Header;
use crate::span::{Range, Rest};
use crate::{Heap, raw};

/// What has been marked: objects, and bytes of values.
#[derive(Default)]
struct Tally {
    marked: u32,
    looked_at: u32,
}

/// Whether a word refers to an object.
#[inline(always)]
pub(super) const fn is_reference(word: u32) -> bool {
    word & 7 == 0 && word != 0
}

impl Heap {
    /// Marks every object that can be reached. Headers become those of old objects.
    pub(super) fn chart_living(&mut self, chart: &Chart) {
        #[cfg(feature = "weak")]
        for table in self.weak_tables() {
            // Without what is in it.
            let mut tally = Tally::default();
            self.chart_object(chart, &mut tally, table);
        }
        self.follow_on(chart, self.roots_base, self.sp.get());
        while let Some(idx) = self.marker.grey.iter().position(|g| g.low <= g.high) {
            self.follow_deferred(chart, idx);
        }
        #[cfg(feature = "weak")]
        self.forget_unless(|heap, word| chart.has(&heap.space, word));
    }

    /// Marks an object, unless it is marked: what of it is to be looked at.
    #[inline(always)]
    fn chart_object(&self, chart: &Chart, tally: &mut Tally, addr: u32) -> Option<(u32, u32)> {
        let place = chart.place(addr)?;
        if Chart::is_set(&self.space, place) {
            return None;
        }
        let header = self.header(addr);
        // INVARIANT: what survives is old, and watched. A cycle has left its flags.
        let flags = Header::MARK | Header::DEFERRED;
        let watched = header.0 & !flags | Header::WATCHED;
        if watched != header.0 {
            raw::store(&self.space, addr, watched);
        }
        chart.set(&self.space, addr, header.size(), place);
        tally.marked += 1;
        let words = header.traced(addr)?;
        tally.looked_at += words.1 - words.0;
        Some(words)
    }

    /// The first of some words that refers to an object without mark; `end` if none does.
    #[inline(always)]
    fn first_new(&self, chart: &Chart, mut slot: u32, end: u32) -> u32 {
        while slot < end {
            let word = raw::load(&self.space, slot);
            if is_reference(word)
                && let Some(place) = chart.place(word)
                && !Chart::is_set(&self.space, place)
            {
                return slot;
            }
            slot += 4;
        }
        end
    }

    /// Marks what the words from `next` to `end` refer to, and so on.
    fn follow_on(&mut self, chart: &Chart, next: u32, end: u32) {
        let mut rest = Rest { next, end };
        // The object that `rest` is of; 0 if that is not known.
        let mut object = 0;
        let mut tally = Tally::default();
        loop {
            'reading: while rest.next < rest.end {
                let (ahead, count) = rest.ahead(&self.space);
                for &word in ahead.iter().take(count) {
                    rest.next += 4;
                    if !is_reference(word) {
                        continue;
                    }
                    let found = self.chart_object(chart, &mut tally, word);
                    let Some((mut from, last)) = found else { continue };
                    if last - from <= SHORT {
                        from = self.first_new(chart, from, last);
                    }
                    if from == last {
                        continue;
                    }
                    if rest.next < rest.end && !self.marker.push(&self.space, rest.next, rest.end) {
                        if rest.end - object > SHORT {
                            self.chart_later(word);
                            continue;
                        }
                        self.chart_later(object);
                    }
                    rest = Rest { next: from, end: last };
                    object = word;
                    continue 'reading;
                }
            }
            match self.marker.pop(&self.space) {
                Some(popped) => rest = popped,
                None => break,
            }
            object = 0;
        }
        self.marker.marked += tally.marked;
        self.marker.looked_at += tally.looked_at;
    }

    /// Notes that a marked object is to be looked at from its start.
    #[cold]
    fn chart_later(&mut self, addr: u32) {
        self.counts.mark_overflows = self.counts.mark_overflows.saturating_add(1);
        raw::store(&self.space, addr, self.header(addr).0 | Header::DEFERRED);
        let region = self.region_of(addr);
        if let Some(grey) = region.and_then(|r| self.marker.grey.get_mut(r)) {
            *grey = grey.with(addr);
        }
    }

    /// Looks into the lowest object that may be deferred in a region.
    fn follow_deferred(&mut self, chart: &Chart, region: usize) {
        let Some(Range { low, high }) = self.marker.grey.get(region).copied() else { return };
        self.marker.looked_at += crate::mark::ENTRY;
        let header = self.header(low);
        // What has no mark is passed over.
        let next = chart.find(&self.space, low + header.size(), high + 8, true);
        if let Some(grey) = self.marker.grey.get_mut(region) {
            *grey = if next <= high { Range { low: next, high } } else { Range::NONE };
        }
        if header.0 & Header::DEFERRED != 0 {
            raw::store(&self.space, low, header.0 & !Header::DEFERRED);
            if let Some((first, last)) = header.traced(low) {
                self.marker.looked_at += last - first;
                self.follow_on(chart, first, last);
            }
        }
    }
}
