//! `Watch`: lets another thread look at the heap of a running board.
//!
//! The heap belongs to the interpreter's thread. Who wants to see it asks, as an interrupt would;
//! the interpreter answers between two instructions, or while it waits, and goes on as if nothing
//! had happened: nothing in the heap changes, so the program runs out of memory at the same object.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use octopy_hal::Attention;
use octopy_heap_view::Source;
use octopy_runtime::{Heap, HeapMap, Observer};
use octopy_virtual_board::Waker;

/// Most letters for a region: 2 KB each of the virtual board's 8 MB.
const CELLS: u32 = 4096;

/// What the board's thread and the one that watches share.
pub struct Watch {
    attention: &'static Attention,
    waker: Arc<Waker>,
    answer: Mutex<Option<String>>,
    answered: Condvar,
}

impl Watch {
    /// Of a board with these flags and this waker.
    pub fn new(attention: &'static Attention, waker: Arc<Waker>) -> Self {
        Self { attention, waker, answer: Mutex::new(None), answered: Condvar::new() }
    }

    fn answer(&self) -> MutexGuard<'_, Option<String>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Watch {
    fn observe(&self, heap: &Heap) {
        *self.answer() = Some(text(heap));
        self.answered.notify_all();
    }
}

impl Source for Watch {
    fn map(&self, patience: Duration) -> Option<String> {
        let mut answer = self.answer();
        *answer = None;
        self.attention.raise_watch();
        self.waker.signal();
        let waiting = |answer: &mut Option<String>| answer.is_none();
        let (mut answer, _) = self
            .answered
            .wait_timeout_while(answer, patience, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        if answer.is_none() {
            // A native that takes long answers nobody; it must not find an old question either.
            self.attention.take_watch();
        }
        answer.take()
    }
}

/// What `gc.map()` prints.
fn text(heap: &Heap) -> String {
    let mut map = HeapMap::new(heap, CELLS, u32::MAX);
    let mut text = String::new();
    while let Some(line) = map.line(heap) {
        text += &String::from_utf8_lossy(line);
        text.push('\n');
    }
    text
}
