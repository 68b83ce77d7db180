//! `History`: what changed from one snapshot to the next.

use std::collections::VecDeque;

use serde::Serialize;

use crate::snapshot::{Event, Snapshot};

/// Changes that are remembered: two minutes, at two in a second.
pub const LENGTH: usize = 240;

/// What happened since the snapshot before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Seconds since the board was started.
    pub time: f64,
    /// Bytes in use and in all, of each region.
    pub used: Vec<(u64, u64)>,
    /// Collections of young objects.
    pub minor: u64,
    /// Collections of all objects at once.
    pub full: u64,
    /// Those in slices that have ended.
    pub cycles: u64,
    /// Their slices.
    pub slices: u64,
    /// Those of all objects at once that moved some.
    pub compactions: u64,
    /// Bytes moved.
    pub moved: u64,
    /// The work of the last collection or slice, if there was one.
    pub pause: u64,
    /// Allocations that did not go the first way.
    pub events: Vec<Event>,
}

/// The last changes.
#[derive(Debug, Default)]
pub struct History {
    last: Option<Snapshot>,
    changes: VecDeque<Change>,
}

impl History {
    /// Takes a snapshot in. What was there before the first one does not count as a change.
    pub fn add(&mut self, time: f64, heap: Snapshot) {
        // After a reset of the board the counts begin anew.
        let is_same_run = |last: &&Snapshot| {
            ["minor", "full", "slices"].iter().all(|name| last.figure(name) <= heap.figure(name))
        };
        let first = self.last.is_none();
        let last = self.last.as_ref().filter(is_same_run);
        let since = |name: &str| {
            // What wraps round on the board does so here.
            let before = last.map_or(0, |last| last.figure(name));
            heap.figure(name).wrapping_sub(before) & 0xffff_ffff
        };
        let seen = last.and_then(|last| last.log.last()).map(|event| event.number);
        let is_new = |event: &&Event| seen.is_none_or(|seen| event.number > seen);
        let change = Change {
            time,
            used: heap.regions.iter().map(|region| (region.used(), region.size)).collect(),
            minor: if first { 0 } else { since("minor") },
            full: if first { 0 } else { since("full") },
            cycles: if first { 0 } else { since("cycles") },
            slices: if first { 0 } else { since("slices") },
            compactions: if first { 0 } else { since("compactions") },
            moved: if first { 0 } else { since("moved") },
            pause: if !first && ["minor", "full", "slices"].into_iter().any(|name| since(name) > 0)
            {
                heap.figure("last_pause")
            } else {
                0
            },
            events: if first {
                Vec::new()
            } else {
                heap.log.iter().filter(is_new).cloned().collect()
            },
        };
        if self.changes.len() == LENGTH {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
        self.last = Some(heap);
    }

    /// The last snapshot.
    pub fn last(&self) -> Option<&Snapshot> {
        self.last.as_ref()
    }

    /// The changes, the oldest first.
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        self.changes.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::tests::TEXT;

    fn heap(replacements: &[(&str, &str)]) -> Snapshot {
        let text = replacements.iter().fold(TEXT.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        Snapshot::parse(&text).unwrap()
    }

    #[test]
    fn changes_are_what_came_since() {
        let mut history = History::default();
        history.add(1.0, heap(&[]));
        history.add(1.5, heap(&[]));
        let later = [
            ("minor=12", "minor=15"),
            ("last_pause=6520", "last_pause=700"),
            ("end of map", "log 9 16 sram 1 1 collected\nend of map"),
        ];
        history.add(2.0, heap(&later));
        let [first, same, last] = &history.changes().cloned().collect::<Vec<_>>()[..] else {
            panic!("{history:?}")
        };
        assert_eq!((first.minor, first.pause, first.events.len()), (0, 0, 0));
        assert_eq!((same.minor, same.pause, same.events.len()), (0, 0, 0));
        assert_eq!((last.minor, last.full, last.pause), (3, 0, 700));
        assert_eq!(last.events.iter().map(|event| event.number).collect::<Vec<_>>(), [9]);
        assert_eq!(last.used, [(1880, 4096), (8192, 8192)]);
    }

    #[test]
    fn a_slice_is_a_pause() {
        let mut history = History::default();
        history.add(1.0, heap(&[]));
        history
            .add(1.5, heap(&[("slices=40", "slices=43"), ("last_pause=6520", "last_pause=512")]));
        history.add(2.0, heap(&[("slices=40", "slices=44"), ("cycles=2", "cycles=3")]));
        let [first, during, end] = &history.changes().cloned().collect::<Vec<_>>()[..] else {
            panic!("{history:?}")
        };
        assert_eq!((first.slices, first.cycles, first.pause), (0, 0, 0));
        assert_eq!((during.slices, during.cycles, during.pause), (3, 0, 512));
        assert_eq!((end.slices, end.cycles, end.pause), (1, 1, 6520));
        assert_eq!((end.minor, end.full), (0, 0));
    }

    #[test]
    fn a_reset_begins_anew() {
        let mut history = History::default();
        history.add(1.0, heap(&[]));
        history.add(2.0, heap(&[("minor=12", "minor=2"), ("full=3", "full=0")]));
        let last = history.changes().next_back().unwrap();
        assert_eq!((last.minor, last.full), (2, 0));
    }

    #[test]
    fn old_changes_are_forgotten() {
        let mut history = History::default();
        for n in 0..LENGTH + 5 {
            history.add(n as f64, heap(&[]));
        }
        assert_eq!(history.changes().count(), LENGTH);
        assert_eq!(history.changes().next().map(|change| change.time), Some(5.0));
    }
}
