//! `Feed`: who reads the console's descriptor, the interpreter or its reader thread.
//!
//! While the interpreter waits for something to happen, it waits for the descriptor too and reads
//! it itself: a host tool that sends and waits in small steps then costs one change of threads per
//! step, not two. While the interpreter computes, the reader thread reads, so that Ctrl-C is seen.
//!
//! The thread takes over when the interpreter has not waited for one [`TICK`]. It looks by itself
//! rather than being told, because being told would be the change of threads that is to be saved;
//! only after a long wait, when it has gone to sleep, is it woken.

use std::io::PipeReader;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::{Link, ReceiveRing};

/// How long the interpreter may compute before the thread reads for it.
const TICK: Duration = Duration::from_millis(10);

/// Ticks that the interpreter waits before the thread goes to sleep.
const PATIENT_TICKS: u32 = 100;

/// A non-blocking descriptor with its ring.
#[derive(Debug)]
pub(crate) struct Feed {
    source: Arc<OwnedFd>,
    ring: Arc<ReceiveRing>,
    link: Link,
    /// Held from reading bytes until they are in the ring, so that they stay in order.
    reading: Mutex<()>,
    /// The interpreter is waiting.
    attended: AtomicBool,
    /// How often it has stopped waiting.
    turns: AtomicU64,
    /// The thread sleeps until told. INVARIANT: set only under `door`.
    asleep: AtomicBool,
    door: Mutex<()>,
    knock: Condvar,
}

impl Feed {
    pub(super) fn new(source: Arc<OwnedFd>, ring: Arc<ReceiveRing>, link: Link) -> Self {
        Self {
            source,
            ring,
            link,
            reading: Mutex::default(),
            attended: AtomicBool::new(false),
            turns: AtomicU64::new(0),
            asleep: AtomicBool::new(false),
            door: Mutex::default(),
            knock: Condvar::new(),
        }
    }

    /// The interpreter begins to wait; returns what it is to wait for, if there is room for it.
    pub(crate) fn attend(&self) -> Option<BorrowedFd<'_>> {
        self.attended.store(true, SeqCst);
        (self.ring.room() > 0).then(|| self.source.as_fd())
    }

    /// The interpreter has waited: takes what has come.
    pub(crate) fn leave(&self) {
        self.take();
        self.turns.fetch_add(1, SeqCst);
        self.attended.store(false, SeqCst);
        if self.asleep.load(SeqCst) {
            drop(lock(&self.door));
            self.knock.notify_one();
        }
    }

    /// Ends [`Feed::serve`].
    pub(super) fn close(&self) {
        self.ring.close();
        drop(lock(&self.door));
        self.knock.notify_one();
    }

    /// The reader thread's work, until closed or until the writer of `stop` is dropped.
    pub(super) fn serve(&self, stop: &PipeReader) {
        while self.ring.wait_for_room() > 0 && self.await_turn() {
            let mut fds =
                [PollFd::new(&self.source, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
            match poll(&mut fds, None) {
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(_) => return,
            }
            if !fds[1].revents().is_empty() {
                return;
            }
            if self.take() {
                self.link.waker.signal();
            }
        }
    }

    /// Waits until the interpreter has computed for a tick; false once closed.
    fn await_turn(&self) -> bool {
        let mut door = lock(&self.door);
        let mut turns = self.turns.load(SeqCst);
        let mut ticks = 0;
        loop {
            if ticks < PATIENT_TICKS {
                let woken = self.knock.wait_timeout(door, TICK);
                door = woken.unwrap_or_else(PoisonError::into_inner).0;
                ticks += 1;
            } else {
                self.asleep.store(true, SeqCst);
                while self.attended.load(SeqCst) && !self.ring.is_closed() {
                    door = self.knock.wait(door).unwrap_or_else(PoisonError::into_inner);
                }
                self.asleep.store(false, SeqCst);
                ticks = 0;
            }
            if self.ring.is_closed() {
                return false;
            }
            let now = self.turns.load(SeqCst);
            if now == turns && !self.attended.load(SeqCst) {
                return true;
            }
            if now != turns {
                (turns, ticks) = (now, 0);
            }
        }
    }

    /// Moves what has arrived into the ring, as far as there is room; true if there was something.
    pub(super) fn take(&self) -> bool {
        let mut buf = [0; 4096];
        let _reading = lock(&self.reading);
        let room = self.ring.room().min(buf.len());
        match rustix::io::read(&self.source, &mut buf[..room]) {
            Ok(n) if n > 0 => {
                self.ring.push(&buf[..n], self.link.attention);
                true
            }
            _ => false,
        }
    }
}

fn lock(mutex: &Mutex<()>) -> MutexGuard<'_, ()> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
