//! `TextBytes`: looking at single bytes of a text store.

use crate::Text;

/// A window of a text store, moved to wherever a byte is asked for.
#[derive(Debug)]
pub(crate) struct TextBytes<'t, T: ?Sized> {
    text: &'t T,
    block: [u8; 32],
    start: usize,
    len: usize,
}

impl<'t, T: Text + ?Sized> TextBytes<'t, T> {
    pub(crate) fn new(text: &'t T) -> Self {
        Self { text, block: [0; 32], start: 0, len: 0 }
    }

    /// The byte at a position; `None` beyond the end.
    pub(crate) fn at(&mut self, at: usize) -> Option<u8> {
        if at < self.start || at - self.start >= self.len {
            // Aligned, so that reading backwards moves the window as rarely as reading forwards.
            self.start = at - at % self.block.len();
            self.len = self.text.text_copy(self.start, &mut self.block).min(self.block.len());
        }
        let at = at - self.start;
        if at < self.len { self.block.get(at).copied() } else { None }
    }
}
