//! When a cycle begins, how much a slice does, and how soon the next one comes.
//!
//! A cycle begins when collecting pays (as much has become old since the last one as it had to look
//! at, and the fast region is full of old objects), or when as much has become old as there is room
//! left for more. From then on it has to end before the room does. So the slices come the closer
//! the more there is to do, and the more of what is allocated survives.

use super::Phase;
use super::sweeping::FAR_STEP;
use crate::Heap;

/// What a slice does: bytes of values looked at and eight for each object, or four for each object
/// swept.
const SLICE: u32 = 8 * 1024;
/// A slice that follows a minor collection in the same pause does at least this part of it...
const LEAST_PART: u32 = 4;
/// No cycle begins before this part of a nursery has become old.
const LEAST_GROWN: u32 = 8;
/// This part of the large region is a reserve for objects of another size than what has died, but
/// at most three quarters of what is free.
const RESERVE: u32 = 32;
/// Where objects are longer than what should be between two slices, and room is short, a slice does
/// the work of so many.
const MOST_LATE: u32 = 8;
/// Bytes of an object that needs a long hole, or so.
const LONG_OBJECT: u32 = 384;
/// If fewer bytes than this should be between two slices, a slice does twice as much; if fewer than
/// half of it, four times.
const SHORT_STEP: u64 = 2 * LEAST_STEP as u64;
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
    /// Bytes that should be between two slices.
    step: u32,
    /// The next slice does so many times as much as usual.
    times: u32,
    /// Bytes of old and of young objects before the minor collection that is running.
    pub(super) before: (u32, u32),
    /// Bytes of young objects at a minor collection, and of those that survive, on average.
    young: u32,
    survivors: u32,
    /// Of what survived where holes were looked for: bytes that found one, on average, and bytes
    /// that did not.
    fitted: u32,
    missed: u32,
    /// The same of survivors that need a long hole, and of others.
    long: u32,
    short: u32,
    /// The last one of these that needed a long hole.
    wanted: u32,
    /// Bytes of the gap that are kept for what fits into no hole.
    reserve: u32,
    /// How many slices should have come while the last object was being made.
    late: u32,
    /// What a slice does: [`SLICE`], but for tests.
    pub(super) slice: u32,
}

impl Pace {
    pub(super) const fn new() -> Self {
        Self {
            left: 0,
            ready: false,
            after: false,
            step: LEAST_STEP,
            times: 1,
            before: (0, 0),
            young: 0,
            survivors: 0,
            fitted: 0,
            missed: 0,
            long: 0,
            short: 0,
            wanted: 0,
            reserve: 0,
            late: 1,
            slice: SLICE,
        }
    }

    /// Forgets what the cycle was about to do.
    pub(super) fn stop(&mut self) {
        self.ready = false;
        self.after = false;
    }
}

/// The share of `bytes` that `some` is of `some` and `others`.
fn part(bytes: u32, some: u32, others: u32) -> u32 {
    let (some, others) = (u64::from(some) + 1, u64::from(others));
    (u64::from(bytes) * some / (some + others)) as u32
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
        if pace.long | pace.short > self.nursery {
            pace.long /= 2;
            pace.short /= 2;
        }
    }

    /// A hole for a survivor of so many bytes has been looked for.
    pub(super) fn note_fit(&mut self, size: u32, found: bool) {
        let pace = &mut self.cycle.pace;
        if Self::needs_long_hole(size) {
            pace.long = pace.long.saturating_add(size);
            pace.wanted = size;
        } else {
            pace.short = pace.short.saturating_add(size);
        }
        // While a sweep goes on, most holes are still to come.
        if self.cycle.phase == Phase::Sweeping {
            return;
        }
        let pace = &mut self.cycle.pace;
        let sum = if found { &mut pace.fitted } else { &mut pace.missed };
        *sum = sum.saturating_add(size);
    }

    /// An object of this size is being made while a cycle runs.
    pub(super) fn note_length(&mut self, size: u32) {
        let pace = &mut self.cycle.pace;
        if pace.times > 1 {
            pace.late = pace.late.max(size / pace.step);
        }
    }

    /// Whether a cycle should begin.
    pub(super) fn is_cycle_due(&self) -> bool {
        let grown = self.grown();
        if self.is_worth_it() {
            return true;
        }
        let (room, all) = self.room();
        grown >= self.nursery / LEAST_GROWN && (grown >= room || all / 2 < self.least_room())
    }

    /// Bytes that can become old, at worst, while a cycle goes on in long slices that come as soon as
    /// they can: one for each object.
    fn least_room(&self) -> u32 {
        let slices = self.old() / (2 * self.cycle.pace.slice);
        slices * part(LONG_OBJECT, self.cycle.pace.long, self.cycle.pace.short)
    }

    /// Bytes that can become old before the reserve is touched, and before a full collection is
    /// needed. The reserve is in the gap, for objects of another size than what has died.
    fn room(&self) -> (u32, u32) {
        let (fast, large) = (self.region(self.fast), self.region(self.large));
        let old_end = fast.floor.saturating_add(self.nursery + self.aging_room());
        let mut gap = fast.end.saturating_sub(old_end);
        if self.fast != self.large {
            gap += large.gap();
        }
        // Not every hole has the size that is wanted: fewer if many of the last survivors found none.
        let Pace { fitted, missed, long, short, wanted, .. } = self.cycle.pace;
        let holes = part(self.hole_bytes(), fitted, missed);
        let holes = holes - holes / 4;
        // What needs long holes, or the gap, finds no room in the others.
        let longest = fast.old_holes.largest.max(large.old_holes.largest);
        let of_use = if longest >= wanted { self.long_hole_bytes() } else { 0 };
        let of_long = u64::from(gap + part(of_use, fitted, missed) / 4 * 3);
        let of_long = of_long * (u64::from(long) + u64::from(short) + 1) / (u64::from(long) + 1);
        let most = u32::try_from(of_long).unwrap_or(u32::MAX);
        let reserve = self.cycle.pace.reserve;
        ((gap.saturating_sub(reserve) + holes).min(most), (gap + holes).min(most))
    }

    /// After a cycle or a full collection: says how much of the gap is to be kept.
    pub(super) fn set_reserve(&mut self) {
        self.cycle.pace.reserve = 0;
        let (_, all) = self.room();
        self.cycle.pace.reserve = (self.region(self.large).size() / RESERVE).min(all / 4 * 3);
    }

    /// How much the next slice may do, and what the pause that it comes in has done already. After
    /// much of that, it comes a little later, by itself, unless it waited for this minor collection.
    pub(super) fn slice_budget(&mut self, after_minor: bool) -> Option<(u32, u32)> {
        let pace = &mut self.cycle.pace;
        let late = core::mem::replace(&mut pace.late, 1).min(MOST_LATE);
        let slice = if pace.times > 1 { pace.times * late * pace.slice } else { pace.slice };
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
        let (room, all) = self.room();
        // The reserve is for those that fit into no hole.
        let Pace { fitted, missed, .. } = self.cycle.pace;
        let room = if missed > fitted { all } else { room.max(all / 8) };
        let room = u64::from(room / 2);
        let pace = &mut self.cycle.pace;
        let young = u64::from(pace.young.max(1));
        let survivors = u64::from(pace.survivors).max(young / 32).min(young).max(1);
        // Bytes to allocate until the room is used up, and from slice to slice; but what survives
        // meanwhile, up to two for each byte, has to be looked at as well.
        let step = (room * young / survivors / u64::from(slices)).max(1);
        let own = (u64::from(pace.slice) * young / survivors / 2).max(1);
        let step = step * own / (step + own);
        pace.times = match step {
            _ if step < SHORT_STEP / 2 => 4,
            _ if step < SHORT_STEP => 2,
            _ => 1,
        };
        let step = u64::from(pace.times) * step;
        pace.step = (step.min(u64::from(self.nursery)) as u32).max(LEAST_STEP);
        pace.left = pace.step;
        if pace.ready {
            pace.left = 0;
        }
    }

    /// What the cycle has still to do, at most.
    fn work_left(&self) -> u32 {
        let old = self.old();
        match self.cycle.phase {
            Phase::Idle => 0,
            // A tuple of three is sixteen bytes long and counts as twenty; sweeping adds a step.
            Phase::Marking => {
                let marking = (old / 4 * 5).saturating_sub(self.cycle.trail.effort());
                marking + old / 16 * FAR_STEP
            }
            Phase::Sweeping => old / 16 * FAR_STEP,
        }
    }
}
