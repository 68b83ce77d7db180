//! `Source`: where the program's bytes come from.

/// A pull stream of bytes: a file, a string, or the REPL's raw-paste as it is being received.
pub trait Source {
    /// The next byte; `None` at the end. May wait for a host that is still sending.
    fn next_byte(&mut self) -> Option<u8>;
}

impl Source for core::slice::Iter<'_, u8> {
    fn next_byte(&mut self) -> Option<u8> {
        self.next().copied()
    }
}
