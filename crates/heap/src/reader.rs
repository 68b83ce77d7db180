//! `Reader`: reads the bytes of an object that may move, without borrowing the heap.
//!
//! A source of text is read while the same heap is being allocated from. Pinning the text would
//! keep the room below it from everybody; so a reader looks up where the object is for each byte.

use crate::{Header, Heap, Layout, Local, OutOfMemory, Root, Window, raw};

/// Keeps a raw object alive and reads its payload, byte by byte.
#[derive(Debug)]
pub struct Reader {
    root: Root,
    window: Window,
}

impl Reader {
    /// The byte at `at` of the payload, counted from word 0. The heap must not be reset while the
    /// reader exists.
    #[inline]
    pub fn byte(&self, at: u32) -> Option<u8> {
        let addr = self.root.bits();
        if addr == 0 || addr & 7 != 0 {
            return None;
        }
        let header = Header(raw::load(&self.window, addr));
        let is_inside = at < header.words() * 4 && header.kind().layout() == Layout::Raw;
        is_inside.then(|| raw::load_byte(&self.window, addr + 4 + at))
    }
}

impl Heap {
    /// Reads the object in a slot; fails when the root table is full.
    pub fn reader<T: ?Sized>(&self, object: Local<T>) -> Result<Reader, OutOfMemory> {
        Ok(Reader { root: self.root(self.get(object))?, window: self.window() })
    }
}
