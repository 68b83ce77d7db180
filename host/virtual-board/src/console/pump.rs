//! `pump`: moves bytes from a descriptor into a receive ring, until told to stop.

use std::io::PipeReader;
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::Link;
use super::ring::ReceiveRing;

/// Why pumping ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The other side has closed.
    Closed,
    /// The writer of the `stop` pipe was dropped, or the ring was closed.
    Stopped,
}

/// Pumps until the end. `watch` sees every chunk first and ends the pumping by returning false.
pub(super) fn pump(
    from: impl AsFd,
    stop: &PipeReader,
    ring: &ReceiveRing,
    link: &Link,
    mut watch: impl FnMut(&[u8]) -> bool,
) -> End {
    let mut buf = [0; 4096];
    loop {
        let room = ring.wait_for_room().min(buf.len());
        if room == 0 {
            return End::Stopped;
        }
        let mut fds = [PollFd::new(&from, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => return End::Closed,
        }
        if !fds[1].revents().is_empty() {
            return End::Stopped;
        }
        match rustix::io::read(&from, &mut buf[..room]) {
            Ok(0) => return End::Closed,
            Ok(n) => {
                if !watch(&buf[..n]) {
                    return End::Stopped;
                }
                ring.push(&buf[..n], link.attention);
                link.waker.signal();
            }
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(_) => return End::Closed,
        }
    }
}
