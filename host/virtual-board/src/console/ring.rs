//! `ReceiveRing`: received bytes between the reader thread and the interpreter.
//!
//! The board's UART has a receive buffer of fixed size and loses what does not fit; a pipe on a PC
//! loses nothing and holds the sender back. The ring does the latter, but counts the bytes that
//! the board would have lost, so that flow control can be tested for it.
//!
//! Bytes beyond the board's capacity are still taken, up to [`READ_AHEAD`]: an interrupt byte
//! behind them must be seen even when the program does not read, as the board's interrupt handler
//! would see it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use octopy_hal::Attention;

/// Bytes taken beyond the board's capacity before the sender is held back.
pub const READ_AHEAD: usize = 4096;

/// A bounded byte queue with one producer and one consumer.
#[derive(Debug)]
pub struct ReceiveRing {
    state: Mutex<State>,
    /// Signalled when the consumer made room or the ring was closed.
    room: Condvar,
    capacity: usize,
}

#[derive(Debug, Default)]
struct State {
    bytes: VecDeque<u8>,
    /// Bytes that arrived while the board's buffer was full.
    overruns: u64,
    closed: bool,
}

impl ReceiveRing {
    /// A ring that stands for a receive buffer of `capacity` bytes.
    pub fn new(capacity: usize) -> Self {
        Self { state: Mutex::default(), room: Condvar::new(), capacity }
    }

    /// Bytes that the board's buffer holds.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many bytes may be pushed now.
    pub fn room(&self) -> usize {
        (self.capacity + READ_AHEAD).saturating_sub(self.lock().bytes.len())
    }

    /// Waits until at least one byte may be pushed; returns how many, or 0 once closed.
    pub fn wait_for_room(&self) -> usize {
        let mut state = self.lock();
        loop {
            if state.closed {
                return 0;
            }
            let room = (self.capacity + READ_AHEAD).saturating_sub(state.bytes.len());
            if room > 0 {
                return room;
            }
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Adds received bytes, except interrupt bytes, which go to `attention` at once.
    ///
    /// The caller is the only producer at the time and has asked for the room before.
    pub fn push(&self, bytes: &[u8], attention: &Attention) {
        let mut state = self.lock();
        for &byte in bytes {
            if attention.offer(byte) {
                continue;
            }
            if state.bytes.len() >= self.capacity {
                state.overruns += 1;
            }
            state.bytes.push_back(byte);
        }
    }

    /// Moves waiting bytes into `buf`; returns how many.
    pub fn take(&self, buf: &mut [u8]) -> usize {
        let mut state = self.lock();
        let n = buf.len().min(state.bytes.len());
        for (to, from) in buf.iter_mut().zip(state.bytes.drain(..n)) {
            *to = from;
        }
        drop(state);
        if n > 0 {
            self.room.notify_one();
        }
        n
    }

    /// Whether a byte is waiting.
    pub fn is_readable(&self) -> bool {
        !self.lock().bytes.is_empty()
    }

    /// Bytes so far that the board, which cannot hold its host back, would have lost.
    pub fn overruns(&self) -> u64 {
        self.lock().overruns
    }

    /// Ends the input; what is waiting can still be taken.
    pub fn close(&self) {
        self.lock().closed = true;
        self.room.notify_all();
    }

    /// Whether the input has ended; bytes may still be waiting.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Whether the input has ended and everything was taken.
    pub fn is_finished(&self) -> bool {
        let state = self.lock();
        state.closed && state.bytes.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn bytes_come_out_in_order_and_the_interrupt_byte_does_not() {
        let attention = Attention::new();
        let ring = ReceiveRing::new(4);
        ring.push(b"a\x03b", &attention);
        assert!(!attention.take_interrupt(), "not armed yet");
        attention.set_interrupt_byte(Some(3));
        ring.push(b"c\x03d", &attention);
        assert!(attention.take_interrupt());
        let mut buf = [0; 3];
        assert_eq!((ring.take(&mut buf), &buf), (3, b"a\x03b"));
        assert_eq!((ring.take(&mut buf), &buf[..2]), (2, &b"cd"[..]));
        assert_eq!(ring.take(&mut buf), 0);
    }

    #[test]
    fn overruns_count_what_the_board_would_lose() {
        let attention = Attention::new();
        let ring = ReceiveRing::new(4);
        ring.push(b"1234", &attention);
        assert_eq!(ring.overruns(), 0);
        ring.push(b"567", &attention);
        assert_eq!(ring.overruns(), 3);
        assert_eq!(ring.take(&mut [0; 16]), 7, "nothing is lost here");
    }

    #[test]
    fn a_full_ring_holds_the_producer_back_and_still_sees_the_interrupt() {
        static ATTENTION: Attention = Attention::new();
        ATTENTION.set_interrupt_byte(Some(3));
        let ring = Arc::new(ReceiveRing::new(512));
        let sent: Vec<u8> = (0..100_000u32).map(|n| (n % 251) as u8 | 4).collect();
        let producer = std::thread::spawn({
            let (ring, sent) = (Arc::clone(&ring), sent.clone());
            move || {
                let mut rest = &sent[..];
                let mut most = 0;
                while !rest.is_empty() {
                    let n = ring.wait_for_room().min(rest.len()).min(1000);
                    most = most.max(n);
                    ring.push(&rest[..n], &ATTENTION);
                    rest = &rest[n..];
                }
                ring.wait_for_room();
                ring.push(b"\x03", &ATTENTION);
                ring.close();
            }
        });
        let mut received = Vec::new();
        let mut buf = [0; 77];
        while !ring.is_finished() {
            let n = ring.take(&mut buf);
            received.extend_from_slice(&buf[..n]);
            assert!(ring.lock().bytes.len() <= 512 + READ_AHEAD);
        }
        producer.join().unwrap();
        assert!(received == sent);
        assert!(ATTENTION.take_interrupt());
    }

    #[test]
    fn closing_frees_a_waiting_producer() {
        let ring = Arc::new(ReceiveRing::new(1));
        ring.push(&[b'x'; 1 + READ_AHEAD], &Attention::new());
        let producer = std::thread::spawn({
            let ring = Arc::clone(&ring);
            move || ring.wait_for_room()
        });
        ring.close();
        assert_eq!(producer.join().unwrap(), 0);
        assert!(!ring.is_finished());
    }
}
