//! Sliding by a chart.
//!
//! What is free between objects, the chart says. Where few have died among many, they leave holes
//! (see `compact.rs`); above, everything that is alive slides down in one pass: it is read into a
//! buffer in fast memory, the references in it become those to the new addresses, and it is
//! written. Below, only references that change are written.

use super::marking::is_reference;
use super::{Chart, Piece};
use crate::compact::{HOLE_SHARE, MOST_SLID, POISON};
use crate::generation::Survivors;
use crate::object::Header;
use crate::raw::LINE;
use crate::region::{Holes, MAX_REGIONS, Region};
use crate::{Heap, Kind, raw};

/// Where no more than this is alive, holes are worth less than what moving it takes.
const MUCH: u32 = 8 * MOST_SLID;

/// Words of the buffer.
const BUFFER: usize = 64;

/// Where a region's objects lie after sliding.
#[derive(Clone, Copy)]
struct Plan {
    /// Below this address, nothing moves.
    settled: u32,
    /// Where the last one that is alive ends.
    last: u32,
}

/// Goes over objects word by word and knows which words are values.
struct Reading {
    /// Words until values, or the next header, begin.
    skip: u32,
    values: u32,
    /// Words after the values.
    padding: u32,
}

impl Reading {
    /// At a header.
    const START: Self = Self { skip: 0, values: 0, padding: 0 };

    /// A header has been read.
    #[inline(always)]
    fn enter(&mut self, header: Header) {
        let words = header.words();
        let raw = Kind::raw_words(header.0 >> 4 & 0x3f);
        self.padding = 1 - (words & 1);
        if raw < words {
            self.skip = raw;
            self.values = words - raw;
        } else {
            self.skip = words + self.padding;
            self.padding = 0;
        }
    }
}

/// How many bytes of holes may be left in a region where so much is alive, when no request waits.
/// If that can be moved in the time that a request longer than the gap may take, any number.
const fn holes_left(region: &Region, alive: u32) -> u32 {
    if alive <= region.gap() / 2 { u32::MAX } else { region.gap() / HOLE_SHARE }
}

/// How many when a request of this size waits, or none is to be left (0). It is to be served; and
/// so that the next ones need no collection, half of what is free is to be one run.
fn holes_beside(region: &Region, alive: u32, request: u32) -> u32 {
    let free = region.size() - alive;
    if request == 0 { 0 } else { free.saturating_sub(request.max(free / 2)) }
}

impl Heap {
    /// Collects everything by a chart, which is empty.
    pub(crate) fn collect_by(&mut self, mut chart: Chart, survivors: Survivors) {
        self.chart_living(&chart);
        let may_leave = survivors != Survivors::Settle || self.since() > MOST_SLID;
        let request = self.request();
        let mut alive = [0; MAX_REGIONS];
        for (region, alive) in self.used_regions().iter().zip(&mut alive) {
            *alive = chart.alive(&self.space, region.base, region.top);
        }
        let is_much = alive.iter().sum::<u32>() > MUCH;
        let mut plans = [Plan { settled: 0, last: 0 }; MAX_REGIONS];
        let mut moves = false;
        for (idx, (plan, alive)) in plans.iter_mut().zip(alive).enumerate().take(self.n_regions) {
            let region = self.region(idx);
            let allowed = match survivors {
                _ if !may_leave => 0,
                Survivors::Settle if !is_much => region.gap() / HOLE_SHARE,
                // To move these is nothing, but for the references that would have to be renewed.
                Survivors::Settle if idx == self.fast && idx != self.large => u32::MAX,
                Survivors::Settle => holes_left(&region, alive),
                _ if !is_much => 0,
                _ => holes_beside(&region, alive, request),
            };
            *plan = self.settle_by(&chart, idx, allowed);
            moves |= plan.settled != plan.last;
        }
        let mut tops = plans.map(|plan| plan.last);
        if moves {
            for ((top, plan), region) in tops.iter_mut().zip(plans).zip(self.used_regions()) {
                *top = chart.number(&self.space, region.base, plan.settled, plan.last);
            }
            self.renew(&chart, self.roots_base, self.sp.get());
            for (idx, plan) in plans.iter().enumerate().take(self.n_regions) {
                self.renew_settled(&chart, self.region(idx).base, plan.settled);
                self.slide_by(&chart, plan);
            }
        }
        for (idx, top) in tops.into_iter().enumerate().take(self.n_regions) {
            let Some(region) = self.regions.get_mut(idx) else { continue };
            if cfg!(any(test, feature = "zeal")) {
                raw::fill(&self.space, top, region.top - top, POISON);
            }
            region.top = top;
            region.floor = top;
            region.young_holes = Holes::NONE;
        }
    }

    /// Makes holes of so many bytes together where objects have died, and says what is above.
    fn settle_by(&mut self, chart: &Chart, idx: usize, mut allowed: u32) -> Plan {
        let region = self.region(idx);
        let (mut addr, mut longest, mut settled) = (region.base, 0, None);
        let last = loop {
            let dead = chart.find(&self.space, addr, region.top, false);
            let alive = chart.find(&self.space, dead, region.top, true);
            if alive == region.top {
                break dead;
            }
            let size = alive - dead;
            longest = longest.max(size);
            if settled.is_none() {
                if size <= allowed {
                    allowed -= size;
                    self.make_hole(idx, dead, alive);
                } else {
                    settled = Some(dead);
                }
            }
            addr = alive;
        };
        if let Some(run) = self.unmoved_runs.get_mut(idx) {
            *run = longest.max(region.end - last);
        }
        Plan { settled: settled.unwrap_or(last), last }
    }

    /// Lets words refer to where objects will be.
    fn renew(&self, chart: &Chart, mut slot: u32, end: u32) {
        while slot < end {
            let word = raw::load(&self.space, slot);
            if is_reference(word) {
                let new = chart.forward(&self.space, word);
                if new != word {
                    raw::store(&self.space, slot, new);
                }
            }
            slot += 4;
        }
    }

    /// The same in values that have been read: which bits change in any.
    #[inline(always)]
    fn renew_values(&self, chart: &Chart, piece: &mut Piece, values: &mut [u32]) -> u32 {
        let mut changed = 0;
        for word in values {
            if *word & 7 != 0 {
                continue;
            }
            let mut offset = word.wrapping_sub(piece.first);
            if offset >= piece.len {
                if *word == 0 {
                    continue;
                }
                let Some(found) = chart.piece_of(*word) else { continue };
                *piece = *found;
                offset = word.wrapping_sub(piece.first);
            }
            let new = piece.forward(&self.space, offset);
            changed |= new ^ *word;
            *word = new;
        }
        changed
    }

    /// The same in a buffer of words. Says whether any has changed.
    #[inline]
    fn renew_words(&self, chart: &Chart, reading: &mut Reading, words: &mut [u32]) -> bool {
        let mut piece = chart.first();
        let (now, mut rest) = words.split_at_mut(words.len().min(reading.skip as usize));
        reading.skip -= now.len() as u32;
        let (now, after) = rest.split_at_mut(rest.len().min(reading.values as usize));
        let mut changed = self.renew_values(chart, &mut piece, now);
        reading.values -= now.len() as u32;
        rest = after;
        if reading.values == 0 && reading.padding != 0 && !rest.is_empty() {
            reading.padding = 0;
            rest = rest.get_mut(1..).unwrap_or(&mut []);
        }
        while let Some((header, after)) = rest.split_first_mut() {
            let header = Header(*header);
            let (words, raw) = (header.words(), header.raw_words());
            let size = (words | 1) as usize;
            if size <= after.len() {
                let (object, after) = after.split_at_mut(size);
                if let Some(values) = object.get_mut(raw as usize..words as usize) {
                    changed |= self.renew_values(chart, &mut piece, values);
                }
                rest = after;
            } else {
                reading.enter(header);
                let (now, after) = after.split_at_mut(after.len().min(reading.skip as usize));
                reading.skip -= now.len() as u32;
                changed |= self.renew_values(chart, &mut piece, after);
                reading.values -= after.len() as u32;
                break;
            }
        }
        changed != 0
    }

    /// Lets the objects from `addr` to `end`, which stay, refer to where others will be.
    fn renew_settled(&self, chart: &Chart, mut addr: u32, end: u32) {
        let mut reading = Reading::START;
        let mut line = [0; LINE];
        while addr < end {
            let count = (LINE - addr as usize / 4 % LINE).min((end - addr) as usize / 4);
            let Some(words) = line.get_mut(..count) else { return };
            raw::load_words(&self.space, addr, words);
            if self.renew_words(chart, &mut reading, words) {
                raw::store_words(&self.space, addr, words);
            }
            addr += count as u32 * 4;
            // Nothing is to be read of a long object without references.
            if reading.values == 0 {
                let skip = reading.skip & !(LINE as u32 - 1);
                addr += skip * 4;
                reading.skip -= skip;
            }
        }
    }

    /// Slides what is alive in a region above what is settled.
    fn slide_by(&mut self, chart: &Chart, plan: &Plan) {
        let mut reading = Reading::START;
        let mut buffer = [0; BUFFER];
        let (mut to, mut filled) = (plan.settled, 0);
        let mut addr = chart.find(&self.space, plan.settled, plan.last, true);
        while addr < plan.last {
            let end = chart.find(&self.space, addr, plan.last, false);
            while addr < end {
                // Buffers that are written end with a line.
                let room = BUFFER - to as usize / 4 % LINE - filled;
                let count = room.min((end - addr) as usize / 4);
                if let Some(words) = buffer.get_mut(filled..filled + count) {
                    raw::load_words(&self.space, addr, words);
                }
                addr += count as u32 * 4;
                filled += count;
                if count == room {
                    to = self.write_slid(chart, &mut reading, buffer.get_mut(..filled), to);
                    filled = 0;
                }
            }
            addr = chart.find(&self.space, end, plan.last, true);
        }
        let end = self.write_slid(chart, &mut reading, buffer.get_mut(..filled), to);
        self.counts.moved = self.counts.moved.wrapping_add(end - plan.settled);
    }

    /// Writes a buffer of objects to their new place. Returns where it ends.
    fn write_slid(
        &self,
        chart: &Chart,
        reading: &mut Reading,
        words: Option<&mut [u32]>,
        to: u32,
    ) -> u32 {
        let Some(words) = words else { return to };
        self.renew_words(chart, reading, words);
        raw::store_words(&self.space, to, words);
        to + words.len() as u32 * 4
    }
}
