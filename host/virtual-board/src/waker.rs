//! `Waker`: ends the interpreter's wait from another thread.
//!
//! It is a pipe rather than a condition variable, so that one `poll` can wait for threads and
//! for sockets alike.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Wakes the thread that is in [`Waker::wait`], or that enters it next.
#[derive(Debug)]
pub struct Waker {
    reader: PipeReader,
    writer: PipeWriter,
    /// INVARIANT: one byte is in the pipe (or about to be) exactly while this is true.
    signalled: AtomicBool,
}

impl Waker {
    /// A waker that nobody has signalled.
    pub fn new() -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        Ok(Self { reader, writer, signalled: AtomicBool::new(false) })
    }

    /// Ends the current or the next wait.
    pub fn signal(&self) {
        if !self.signalled.swap(true, Ordering::SeqCst) {
            // The pipe holds at most this byte, so the write neither blocks nor fails.
            let _ = (&self.writer).write_all(&[0]);
        }
    }

    /// Sleeps until a signal, until one of `others` is ready for its flags, or for `timeout`.
    pub fn wait(&self, others: &[(BorrowedFd<'_>, PollFlags)], timeout: Option<Duration>) {
        let mut fds = vec![PollFd::new(&self.reader, PollFlags::IN)];
        fds.extend(others.iter().map(|(fd, flags)| PollFd::from_borrowed_fd(*fd, *flags)));
        let timeout = timeout.map(timespec);
        // An error (a signal handler ran) is an early return, which the caller expects anyway.
        let _ = poll(&mut fds, timeout.as_ref());
        if fds[0].revents().contains(PollFlags::IN) {
            let _ = (&self.reader).read(&mut [0]);
            self.signalled.store(false, Ordering::SeqCst);
        }
    }
}

/// Whether `fd` is ready for any of `flags` now; hang-ups and errors are reported too.
pub(crate) fn readiness(fd: impl AsFd, flags: PollFlags) -> PollFlags {
    wait_for(fd, flags, Duration::ZERO)
}

/// Waits until `fd` is ready for any of `flags`, at most for `timeout`.
pub(crate) fn wait_for(fd: impl AsFd, flags: PollFlags, timeout: Duration) -> PollFlags {
    let mut fds = [PollFd::new(&fd, flags)];
    match poll(&mut fds, Some(&timespec(timeout))) {
        Ok(_) => fds[0].revents(),
        Err(_) => PollFlags::empty(),
    }
}

fn timespec(timeout: Duration) -> Timespec {
    // A wait of more than a day is as good as one of a day: the caller looks again.
    let timeout = timeout.min(Duration::from_secs(86_400));
    Timespec {
        tv_sec: timeout.as_secs().try_into().unwrap_or(86_400),
        tv_nsec: timeout.subsec_nanos().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Instant;

    const LONG: Option<Duration> = Some(Duration::from_secs(60));

    #[test]
    fn a_signal_before_the_wait_is_not_lost() {
        let waker = Waker::new().unwrap();
        let start = Instant::now();
        for _ in 0..3 {
            waker.signal();
            waker.signal();
            waker.wait(&[], LONG);
        }
        assert!(start.elapsed() < Duration::from_secs(50));
    }

    #[test]
    fn signals_do_not_pile_up() {
        let waker = Waker::new().unwrap();
        waker.signal();
        waker.signal();
        waker.wait(&[], LONG);
        assert!(!readiness(&waker.reader, PollFlags::IN).contains(PollFlags::IN));
    }

    #[test]
    fn another_thread_ends_the_wait() {
        let waker = Arc::new(Waker::new().unwrap());
        let start = Instant::now();
        let other = std::thread::spawn({
            let waker = Arc::clone(&waker);
            move || waker.signal()
        });
        waker.wait(&[], LONG);
        other.join().unwrap();
        assert!(start.elapsed() < Duration::from_secs(50));
    }
}
