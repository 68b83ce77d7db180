//! A byte ring between one interrupt handler and one reader.
//!
//! INVARIANT: `tail <= head <= tail + N` as free-running counters; the handler alone moves `head`,
//! the reader alone moves `tail`.

use core::sync::atomic::{AtomicU8, AtomicU32, Ordering};

/// A ring of `N` bytes; `N` is a power of two.
#[derive(Debug)]
pub(crate) struct Ring<const N: usize> {
    bytes: [AtomicU8; N],
    head: AtomicU32,
    tail: AtomicU32,
}

impl<const N: usize> Ring<N> {
    /// An empty ring.
    pub(crate) const fn new() -> Self {
        const { assert!(N.is_power_of_two()) }
        Self {
            bytes: [const { AtomicU8::new(0) }; N],
            head: AtomicU32::new(0),
            tail: AtomicU32::new(0),
        }
    }

    /// Bytes waiting.
    pub(crate) fn len(&self) -> usize {
        let tail = self.tail.load(Ordering::Acquire);
        self.head.load(Ordering::Acquire).wrapping_sub(tail) as usize
    }

    /// Whether another byte would not fit.
    pub(crate) fn is_full(&self) -> bool {
        self.len() >= N
    }

    /// Adds a byte; returns false, and forgets it, if the ring is full.
    pub(crate) fn push(&self, byte: u8) -> bool {
        let head = self.head.load(Ordering::Relaxed);
        if self.is_full() {
            return false;
        }
        self.bytes[head as usize % N].store(byte, Ordering::Relaxed);
        self.head.store(head.wrapping_add(1), Ordering::Release);
        true
    }

    /// Takes the oldest byte.
    pub(crate) fn pop(&self) -> Option<u8> {
        let tail = self.tail.load(Ordering::Relaxed);
        if self.head.load(Ordering::Acquire) == tail {
            return None;
        }
        let byte = self.bytes[tail as usize % N].load(Ordering::Relaxed);
        self.tail.store(tail.wrapping_add(1), Ordering::Release);
        Some(byte)
    }
}
