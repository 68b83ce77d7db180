//! `Outlet`: writes to a peer that may be slow, may have gone to sleep, or may not exist.
//!
//! A program must never hang in `print`. A peer that takes nothing for [`PATIENCE`] counts as
//! absent, and from then on bytes are dropped without waiting, until it takes one again.

use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use octopy_hal::Attention;
use rustix::event::PollFlags;
use rustix::io::Errno;

use crate::waker::wait_for;

/// How long a peer may take nothing. Host tools pause for up to a second between reads.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// How often a blocked write looks for a pending interrupt.
const GLANCE: Duration = Duration::from_millis(10);

/// Bytes per write where a descriptor blocks: a terminal or pipe that reports room takes these.
const BLOCKING_CHUNK: usize = 512;

/// The sending half of a console.
#[derive(Debug)]
pub struct Outlet {
    /// `None` waits for as long as it takes: the peer is a person or a pipe, not a cable.
    patience: Option<Duration>,
    chunk: usize,
    absent: bool,
    dropped: u64,
}

impl Outlet {
    /// For a non-blocking descriptor whose peer may be absent.
    pub fn impatient(patience: Duration) -> Self {
        Self { patience: Some(patience), chunk: usize::MAX, absent: false, dropped: 0 }
    }

    /// For a blocking descriptor whose peer is always there.
    pub fn patient() -> Self {
        Self { patience: None, chunk: BLOCKING_CHUNK, absent: false, dropped: 0 }
    }

    /// Bytes that nobody took.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Sends `bytes` to `to`; false if the peer has closed for good.
    pub fn send(&mut self, to: impl AsFd, bytes: &[u8], attention: &Attention) -> bool {
        let mut rest = bytes;
        let mut progress = Instant::now();
        // Most writes succeed at once; a descriptor that blocks must be asked first.
        let mut is_full = self.patience.is_none();
        while !rest.is_empty() {
            let wait = if self.absent { Duration::ZERO } else { GLANCE };
            if is_full && wait_for(&to, PollFlags::OUT, wait).is_empty() {
                let given_up = self.patience.is_some_and(|limit| progress.elapsed() >= limit);
                self.absent |= given_up;
                if self.absent || attention.is_interrupted() {
                    break;
                }
                continue;
            }
            match rustix::io::write(&to, &rest[..rest.len().min(self.chunk)]) {
                Ok(n) => {
                    rest = rest.get(n..).unwrap_or_default();
                    progress = Instant::now();
                    self.absent = false;
                }
                Err(Errno::AGAIN) => is_full = true,
                Err(Errno::INTR) => {}
                Err(_) => {
                    self.dropped += rest.len() as u64;
                    return false;
                }
            }
        }
        self.dropped += rest.len() as u64;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    fn pair() -> (UnixStream, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        (ours, theirs)
    }

    #[test]
    fn an_absent_peer_costs_its_patience_once() {
        let (ours, mut theirs) = pair();
        let attention = Attention::new();
        let mut outlet = Outlet::impatient(Duration::from_millis(50));
        let start = Instant::now();
        for _ in 0..1000 {
            assert!(outlet.send(&ours, &[b'x'; 10_000], &attention));
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        assert!(outlet.dropped() > 0);

        // When the peer reads again, it is served again.
        let kept = 10_000_000 - outlet.dropped();
        let mut buf = vec![0; usize::try_from(kept).unwrap()];
        theirs.read_exact(&mut buf).unwrap();
        let before = outlet.dropped();
        assert!(outlet.send(&ours, b"hello", &attention));
        theirs.read_exact(&mut buf[..5]).unwrap();
        assert_eq!((&buf[..5], outlet.dropped()), (&b"hello"[..], before));
    }

    #[test]
    fn a_slow_peer_gets_every_byte() {
        let (ours, mut theirs) = pair();
        let sent: Vec<u8> = (0..2_000_000u32).map(|n| (n % 253) as u8).collect();
        let reader = std::thread::spawn(move || {
            let (mut all, mut buf) = (Vec::new(), [0; 777]);
            loop {
                match theirs.read(&mut buf).unwrap() {
                    0 => return all,
                    n => all.extend_from_slice(&buf[..n]),
                }
            }
        });
        let mut outlet = Outlet::impatient(Duration::from_secs(60));
        assert!(outlet.send(&ours, &sent, &Attention::new()));
        drop(ours);
        assert!(reader.join().unwrap() == sent);
        assert_eq!(outlet.dropped(), 0);
    }

    #[test]
    fn a_pending_interrupt_ends_a_blocked_write() {
        let (ours, _theirs) = pair();
        let attention = Attention::new();
        attention.raise_interrupt();
        let mut outlet = Outlet::impatient(Duration::from_secs(600));
        assert!(outlet.send(&ours, &vec![0; 10_000_000], &attention));
        assert!(outlet.dropped() > 0);
    }

    #[test]
    fn a_closed_peer_is_reported() {
        let (ours, theirs) = pair();
        drop(theirs);
        assert!(!Outlet::patient().send(&ours, b"x", &Attention::new()));
    }
}
