//! Marking on a chart.
//!
//! As in `mark.rs`, depth first with the rests of objects on the mark stack. Words are read ahead,
//! a line of memory at once; and an object that refers to nothing new is done with when it is met,
//! so that the one that refers to it is read on without a break.
//!
//! When there is no entry for a rest, the object is *deferred*, which its header says.

use super::{Chart, Piece};
use crate::mark::SHORT;
use crate::object::Header;
use crate::raw::LINE;
use crate::span::{Range, Rest};
use crate::{Heap, raw};

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
            self.chart_table(chart, table);
        }
        self.follow_on(chart, self.roots_base, self.sp.get());
        while let Some(idx) = self.marker.grey.iter().position(|g| g.low <= g.high) {
            self.follow_deferred(chart, idx);
        }
        chart.join(&self.space);
        #[cfg(feature = "weak")]
        self.forget_unless(|heap, word| chart.has(&heap.space, word));
    }

    /// The flags that a cycle has left and that are to be taken away.
    fn stale_flags(&self) -> u32 {
        if self.leaves_marks() { 0 } else { Header::MARK | Header::DEFERRED }
    }

    /// Marks a table without what is in it.
    #[cfg(feature = "weak")]
    fn chart_table(&self, chart: &Chart, addr: u32) {
        let header = self.header(addr);
        raw::store(&self.space, addr, header.0 & !self.stale_flags() | Header::WATCHED);
        chart.set(&self.space, addr, header.size());
    }

    /// Marks what the words from `next` to `end` refer to, and so on.
    // SPEED: the loop that a full collection spends most of its time in.
    fn follow_on(&mut self, chart: &Chart, next: u32, end: u32) {
        let mut rest = Rest { next, end };
        // The object that `rest` is of; 0 if that is not known.
        let mut object = 0;
        let (mut effort, stale) = (0, self.stale_flags());
        let mut line = [0; LINE];
        let mut piece = chart.first();
        loop {
            'reading: while rest.next < rest.end {
                let ahead = rest.ahead(&self.space, &mut line);
                for (idx, &word) in ahead.iter().enumerate() {
                    if word & 7 != 0 {
                        continue;
                    }
                    let mut offset = word.wrapping_sub(piece.first);
                    if offset >= piece.len {
                        if word == 0 {
                            continue;
                        }
                        let Some(found) = chart.piece_of(word) else { continue };
                        piece = *found;
                        offset = word.wrapping_sub(piece.first);
                    }
                    let (spot, bit) = piece.spot(offset);
                    let marks = raw::load_anywhere(&self.space, spot);
                    if marks >> bit & 1 != 0 {
                        continue;
                    }
                    let header = self.header(word);
                    // What survives is old, and watched.
                    if header.0 & (stale | Header::WATCHED) != Header::WATCHED {
                        raw::store(&self.space, word, header.0 & !stale | Header::WATCHED);
                    }
                    let words = header.words();
                    let is_short = words < SHORT / 4;
                    if is_short {
                        let mask = (2 << (words / 2)) - 1;
                        raw::store_anywhere(&self.space, spot, marks | mask << bit);
                    } else {
                        chart.set(&self.space, word, header.size());
                    }
                    effort += 8;
                    let Some((mut from, last)) = header.traced(word) else { continue };
                    effort += last - from;
                    if is_short {
                        from = self.first_new(chart, &piece, from, last);
                        if from == last {
                            continue;
                        }
                    }
                    let next = rest.next + 4 + idx as u32 * 4;
                    if next < rest.end && !self.marker.push(&self.space, next, rest.end) {
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
                rest.next += ahead.len() as u32 * 4;
            }
            match self.marker.pop(&self.space) {
                Some(popped) => rest = popped,
                None => break,
            }
            object = 0;
        }
        self.marker.looked_at += effort;
    }

    /// The first of some words that refers to an object without mark; `end` if none does.
    #[inline(always)]
    fn first_new(&self, chart: &Chart, piece: &Piece, mut slot: u32, end: u32) -> u32 {
        while slot < end {
            let word = raw::load(&self.space, slot);
            if word & 7 == 0 && chart.is_new(&self.space, piece, word) {
                break;
            }
            slot += 4;
        }
        slot
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
