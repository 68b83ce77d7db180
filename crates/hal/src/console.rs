//! `Console`: a byte stream to a person or a host tool.

/// A serial console. Bytes are raw: no line-ending translation happens below this trait.
pub trait Console {
    /// Moves received bytes into `buf`, returns how many; 0 when none are waiting.
    fn read(&mut self, buf: &mut [u8]) -> usize;

    /// Whether [`Console::read`] would return a byte.
    fn is_readable(&mut self) -> bool;

    /// Sends `bytes`, waiting while a connected peer makes room. Where nobody is connected, or a
    /// peer has stopped reading for long, bytes are dropped instead: a program never hangs in
    /// `print`. Returns early if an interrupt becomes pending.
    fn write(&mut self, bytes: &[u8]);

    /// Bytes that the receiver can hold before it must be read: what flow control may promise.
    fn receive_capacity(&self) -> usize;

    /// True once when the input has ended for good (end of a pipe); a board's console never ends.
    fn is_closed(&mut self) -> bool {
        false
    }

    /// Told when a REPL takes the console over (true) and when it ends (false). A PC's terminal
    /// becomes raw meanwhile; a board's console always is.
    fn set_interactive(&mut self, _on: bool) {}
}
