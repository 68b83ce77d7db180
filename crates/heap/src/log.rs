//! The ring of allocation events that did not go the first way.

use crate::Heap;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Served by another region than the preferred one. Small objects that follow go there as well,
    /// without an event each, until the next collection.
    FellBack,
    /// Served after a collection.
    Collected,
    /// Served after a collection that moved objects to make room.
    Compacted,
    /// Not served.
    Failed,
    /// Not a request: the board should have so much memory more, and it does not answer.
    Missing,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogEntry {
    /// Number of the event since start-up, from 0.
    pub number: u32,
    /// Bytes asked for.
    pub request: u32,
    /// The region tried first.
    pub region: u8,
    /// Bytes free there, when the event was recorded.
    pub free: u32,
    /// Largest run there.
    pub largest: u32,
    /// What happened.
    pub outcome: Outcome,
}

const ENTRIES: usize = 32;

#[derive(Debug)]
pub(crate) struct Log {
    entries: [LogEntry; ENTRIES],
    next: u32,
}

impl Log {
    pub(crate) const fn new() -> Self {
        let empty = LogEntry {
            number: 0,
            request: 0,
            region: 0,
            free: 0,
            largest: 0,
            outcome: Outcome::Failed,
        };
        Self { entries: [empty; ENTRIES], next: 0 }
    }
}

impl Heap {
    pub(crate) fn record(&mut self, request: u32, region: usize, outcome: Outcome) {
        let number = self.log.next;
        let (free, largest) = self.region_info(region).map_or((0, 0), |r| (r.free, r.max_free));
        let entry = LogEntry { number, request, region: region as u8, free, largest, outcome };
        if let Some(place) = self.log.entries.get_mut(number as usize % ENTRIES) {
            *place = entry;
        }
        self.log.next = number.wrapping_add(1);
    }

    /// Says that so many bytes of what should be the region with this name do not answer: all of
    /// them, if there is no such region.
    pub fn note_missing(&mut self, name: &'static str, bytes: u32) {
        let idx = self.used_regions().iter().position(|region| region.name == name);
        let idx = idx.unwrap_or(self.n_regions);
        if let Some(region) = self.regions.get_mut(idx) {
            region.name = name;
        }
        self.missing += bytes;
        self.record(bytes, idx, Outcome::Missing);
    }

    /// The number that the next event will get.
    pub fn log_end(&self) -> u32 {
        self.log.next
    }

    /// The event with this number, while the ring still has it.
    pub fn log_entry(&self, number: u32) -> Option<LogEntry> {
        let age = self.log.next.wrapping_sub(number);
        if age == 0 || age as usize > ENTRIES {
            return None;
        }
        self.log.entries.get(number as usize % ENTRIES).copied()
    }
}
