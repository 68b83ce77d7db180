//! `Source`: where the program's bytes come from.

/// A pull stream of bytes: a file, a string, or the REPL's raw-paste as it is being received.
pub trait Source {
    /// The next byte; `None` at the end. May wait for a host that is still sending.
    fn next_byte(&mut self) -> Option<u8>;

    /// Whether the end was not the program's end: the user pressed Ctrl-C. Asked after
    /// [`Source::next_byte`] gave `None`; parsing then stops as interrupted.
    fn is_interrupted(&self) -> bool {
        false
    }
}

impl Source for core::slice::Iter<'_, u8> {
    fn next_byte(&mut self) -> Option<u8> {
        self.next().copied()
    }
}

/// Parser and compiler are generic over their source; a caller that has several kinds of it saves
/// flash by passing `&mut dyn Source`.
impl<S: Source + ?Sized> Source for &mut S {
    fn next_byte(&mut self) -> Option<u8> {
        (**self).next_byte()
    }

    fn is_interrupted(&self) -> bool {
        (**self).is_interrupted()
    }
}
