//! When a cycle begins, how much a slice does, and how soon the next one comes.
//!
//! A cycle begins when collecting pays (as much has become old since the last one as it had to look
//! at, and the fast region is full of old objects), or when as much has become old as there is room
//! left for more. From then on it has to end before the room does. So the slices come the closer
//! the more there is to do, and the more of what is allocated survives.

use super::Phase;
use crate::Heap;

/// What a slice does: bytes of values looked at and eight for each object, or four for each object
/// swept.
const SLICE: u32 = 16 * 1024;
/// A slice that follows a minor collection in the same pause does at least this part of it...
const LEAST_PART: u32 = 4;
/// No cycle begins before this part of a nursery has become old.
const LEAST_GROWN: u32 = 8;
/// If fewer bytes than twice this should be between two slices, a slice does twice as much.
const SHORT_STEP: u32 = 512;
/// Fewest bytes between two slices: a program that keeps everything in a memory that is nearly full
/// makes a few objects, and then a slice.
const LEAST_STEP: u32 = 32;

/// What the times of slices are reckoned from.
#[derive(Debug)]
pub(super) struct Pace {
    /// Bytes to allocate until the next slice.
    pub(super) left: u32,
    /// Everything is marked, but a minor collection must say what young objects hold.
    pub(super) ready: bool,
    /// That minor collection has just been made.
    pub(super) after: bool,
    /// The next slice does twice as much.
    hurry: bool,
    /// Bytes of old and of young objects before the minor collection that is running.
    pub(super) before: (u32, u32),
    /// Bytes of young objects at a minor collection, and of those that survive, on average.
    young: u32,
    survivors: u32,
    /// Of what survived where holes were looked for: bytes that found one, on average, and bytes
    /// that did not.
    fitted: u32,
    missed: u32,
    /// What a slice does: [`SLICE`], but for tests.
    pub(super) slice: u32,
}

impl Pace {
    pub(super) const fn new() -> Self {
        Self {
            left: 0,
            ready: false,
            after: false,
            hurry: false,
            before: (0, 0),
            young: 0,
            survivors: 0,
            fitted: 0,
            missed: 0,
            slice: SLICE,
        }
    }

    /// Forgets what the cycle was about to do.
    pub(super) fn stop(&mut self) {
        self.ready = false;
        self.after = false;
    }
}

impl Heap {
    /// After a minor collection: notes how much has become old.
    pub(super) fn note_survival(&mut self) {
        let (old, young) = self.cycle.pace.before;
        let survivors = self.old().saturating_sub(old);
        let pace = &mut self.cycle.pace;
        pace.young = pace.young - pace.young / 8 + young / 8;
        pace.survivors = pace.survivors - pace.survivors / 8 + survivors / 8;
        if pace.fitted | pace.missed > self.nursery {
            pace.fitted /= 2;
            pace.missed /= 2;
        }
    }

    /// A hole for a survivor of so many bytes has been looked for.
    pub(super) fn note_fit(&mut self, size: u32, found: bool) {
        // While a sweep goes on, most holes are still to come.
        if self.cycle.phase == Phase::Sweeping {
            return;
        }
        let pace = &mut self.cycle.pace;
        let sum = if found { &mut pace.fitted } else { &mut pace.missed };
        *sum = sum.saturating_add(size);
    }

    /// Whether a cycle should begin.
    pub(super) fn is_cycle_due(&self) -> bool {
        let grown = self.grown();
        self.is_worth_it() || grown >= self.nursery / LEAST_GROWN && grown >= self.room()
    }

    /// Bytes that can become old before a full collection is needed.
    fn room(&self) -> u32 {
        let (fast, large) = (self.region(self.fast), self.region(self.large));
        let old_end = fast.floor.saturating_add(self.nursery);
        let mut room = fast.end.saturating_sub(old_end);
        if self.fast != self.large {
            room += large.gap();
        }
        // Not every hole has the size that is wanted: fewer if many of the last survivors found none.
        let Pace { fitted, missed, .. } = self.cycle.pace;
        let share = u64::from(fitted) * 256 + 256;
        let share = share / (u64::from(fitted) + u64::from(missed) + 1);
        let holes = (u64::from(self.hole_bytes()) * share / 256) as u32;
        room + (holes - holes / 4)
    }

    /// How much the next slice may do, and what the pause that it comes in has done already. After
    /// much of that, it comes a little later, by itself, unless it waited for this minor collection.
    pub(super) fn slice_budget(&mut self, after_minor: bool) -> Option<(u32, u32)> {
        let pace = &mut self.cycle.pace;
        let slice = if pace.hurry { 2 * pace.slice } else { pace.slice };
        let done = if after_minor { self.counts.last_pause } else { 0 };
        let waited = core::mem::take(&mut pace.after);
        if done > slice / 2 && !waited {
            pace.left = pace.left.max(LEAST_STEP);
            return None;
        }
        Some((slice.saturating_sub(done).max(slice / LEAST_PART), done))
    }

    /// Says when the next slice is due.
    pub(super) fn set_pace(&mut self) {
        let slices = self.work_left() / self.cycle.pace.slice + 1;
        // Half of the room is kept for the case that more survives than before.
        let room = u64::from(self.room() / 2);
        let pace = &mut self.cycle.pace;
        let young = u64::from(pace.young.max(1));
        let survivors = u64::from(pace.survivors).max(young / 32).min(young).max(1);
        // Bytes to allocate until the room is used up, and from slice to slice; but what survives
        // meanwhile, up to two for each byte, has to be looked at as well.
        let step = (room * young / survivors / u64::from(slices)).max(1);
        let own = (u64::from(pace.slice) * young / survivors / 2).max(1);
        let step = step * own / (step + own);
        pace.hurry = step < 2 * u64::from(SHORT_STEP);
        let step = if pace.hurry { 2 * step } else { step };
        pace.left = (step.min(u64::from(self.nursery)) as u32).max(LEAST_STEP);
        if pace.ready {
            pace.left = 0;
        }
    }

    /// What the cycle has still to do, at most.
    fn work_left(&self) -> u32 {
        let old = self.old();
        match self.cycle.phase {
            Phase::Idle => 0,
            // A tuple of three is sixteen bytes long and counts as twenty; sweeping adds four.
            Phase::Marking => (old / 2 * 3).saturating_sub(self.cycle.trail.effort()).max(old / 4),
            Phase::Sweeping => old / 4,
        }
    }
}
