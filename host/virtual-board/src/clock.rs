//! `Clock`: the PC's monotonic clock and calendar.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Nanoseconds that the calendar was last set ahead by, for those who are given no [`Clock`].
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// Time since start-up and time of day; the latter can be set without touching the PC's.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
    /// What [`Clock::set_unix_nanos`] added to the PC's calendar.
    offset: i128,
}

impl Clock {
    /// Starts at 0 microseconds.
    pub fn new() -> Self {
        Self { started: Instant::now(), offset: 0 }
    }

    /// Microseconds since start-up.
    pub fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// How long it is from now to `deadline` in [`Clock::micros`]; zero if it has passed.
    pub fn until(&self, deadline: u64) -> Duration {
        Duration::from_micros(deadline).saturating_sub(self.started.elapsed())
    }

    /// Nanoseconds since 1970.
    pub fn unix_nanos(&self) -> u64 {
        u64::try_from(pc_nanos() + self.offset).unwrap_or(0)
    }

    /// Sets the calendar.
    pub fn set_unix_nanos(&mut self, nanos: u64) {
        self.offset = i128::from(nanos) - pc_nanos();
        AHEAD.store(i64::try_from(self.offset).unwrap_or(0), Ordering::Relaxed);
    }

    /// Nanoseconds since 1970 by the calendar that was set last: the time of files.
    pub fn calendar() -> u64 {
        u64::try_from(pc_nanos() + i128::from(AHEAD.load(Ordering::Relaxed))).unwrap_or(0)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

fn pc_nanos() -> i128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i128::try_from(since.as_nanos()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_can_be_set_forward_and_back() {
        let mut clock = Clock::new();
        for nanos in [0, 946_684_800_000_000_000, 4_000_000_000_000_000_000] {
            clock.set_unix_nanos(nanos);
            let late = clock.unix_nanos() - nanos;
            assert!(late < 60_000_000_000, "{late} ns after setting {nanos}");
        }
    }

    #[test]
    fn a_passed_deadline_is_zero_away() {
        let clock = Clock::new();
        assert_eq!(clock.until(0), Duration::ZERO);
        assert!(clock.until(clock.micros() + 1_000_000_000) > Duration::from_secs(900));
    }
}
