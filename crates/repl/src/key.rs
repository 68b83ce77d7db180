//! `Keys`: bytes of a terminal to keys, escape sequences included.

/// A key that edits the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// A printable ASCII character.
    Char(u8),
    Tab,
    Backspace,
    /// Delete under the cursor.
    Delete,
    Left,
    Right,
    Home,
    End,
    #[cfg(feature = "word-keys")]
    WordLeft,
    #[cfg(feature = "word-keys")]
    WordRight,
    #[cfg(feature = "word-keys")]
    KillWordLeft,
    #[cfg(feature = "word-keys")]
    KillWordRight,
    KillToStart,
    KillToEnd,
    Older,
    Newer,
    /// A byte that is none of these, or not the last of an escape sequence.
    Nothing,
}

/// How far into an escape sequence we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    Outside,
    /// ESC
    Started,
    /// ESC `[`
    Bracket,
    /// ESC `[` and this digit
    Digit(u8),
    /// ESC `O`
    LetterO,
}

/// The decoder.
#[derive(Debug)]
pub(crate) struct Keys {
    escape: Escape,
}

impl Keys {
    pub(crate) const fn new() -> Self {
        Self { escape: Escape::Outside }
    }

    /// Whether the next byte continues an escape sequence.
    pub(crate) fn is_inside(&self) -> bool {
        self.escape != Escape::Outside
    }

    /// Takes one byte. Outside of escape sequences, line ends and the control bytes that end an
    /// empty line are the caller's.
    pub(crate) fn decode(&mut self, byte: u8) -> Key {
        let (key, next) = match self.escape {
            Escape::Outside => plain(byte),
            Escape::Started => started(byte),
            Escape::Bracket => bracket(byte),
            Escape::Digit(digit) => after_digit(digit, byte),
            Escape::LetterO => (home_or_end(byte), Escape::Outside),
        };
        self.escape = next;
        key
    }
}

const fn ctrl(letter: u8) -> u8 {
    letter - b'A' + 1
}

fn plain(byte: u8) -> (Key, Escape) {
    const HOME: u8 = ctrl(b'A');
    const LEFT: u8 = ctrl(b'B');
    const DELETE: u8 = ctrl(b'D');
    const END: u8 = ctrl(b'E');
    const RIGHT: u8 = ctrl(b'F');
    const BACKSPACE: u8 = ctrl(b'H');
    const KILL_TO_END: u8 = ctrl(b'K');
    const NEWER: u8 = ctrl(b'N');
    const OLDER: u8 = ctrl(b'P');
    const KILL_TO_START: u8 = ctrl(b'U');
    #[cfg(feature = "word-keys")]
    const KILL_WORD: u8 = ctrl(b'W');
    let key = match byte {
        27 => return (Key::Nothing, Escape::Started),
        HOME => Key::Home,
        LEFT => Key::Left,
        DELETE => Key::Delete,
        END => Key::End,
        RIGHT => Key::Right,
        BACKSPACE | 127 => Key::Backspace,
        b'\t' => Key::Tab,
        KILL_TO_END => Key::KillToEnd,
        NEWER => Key::Newer,
        OLDER => Key::Older,
        KILL_TO_START => Key::KillToStart,
        #[cfg(feature = "word-keys")]
        KILL_WORD => Key::KillWordLeft,
        b' '..=b'~' => Key::Char(byte),
        // COMPAT: bytes above 127 are dropped, so that `é` typed at the prompt is nothing.
        _ => Key::Nothing,
    };
    (key, Escape::Outside)
}

fn started(byte: u8) -> (Key, Escape) {
    match byte {
        b'[' => (Key::Nothing, Escape::Bracket),
        b'O' => (Key::Nothing, Escape::LetterO),
        #[cfg(feature = "word-keys")]
        b'b' => (Key::WordLeft, Escape::Outside),
        #[cfg(feature = "word-keys")]
        b'f' => (Key::WordRight, Escape::Outside),
        #[cfg(feature = "word-keys")]
        b'd' => (Key::KillWordRight, Escape::Outside),
        #[cfg(feature = "word-keys")]
        127 => (Key::KillWordLeft, Escape::Outside),
        _ => (Key::Nothing, Escape::Outside),
    }
}

fn bracket(byte: u8) -> (Key, Escape) {
    let key = match byte {
        b'0'..=b'9' => return (Key::Nothing, Escape::Digit(byte)),
        b'A' => Key::Older,
        b'B' => Key::Newer,
        b'C' => Key::Right,
        b'D' => Key::Left,
        _ => home_or_end(byte),
    };
    (key, Escape::Outside)
}

fn after_digit(digit: u8, byte: u8) -> (Key, Escape) {
    let key = match (digit, byte) {
        (b'1' | b'7', b'~') => Key::Home,
        (b'4' | b'8', b'~') => Key::End,
        (b'3', b'~') => Key::Delete,
        // `ESC [ 1 ; 5 C` is Ctrl-Right: after the separator the next parameter begins.
        (b'1', b';') => return (Key::Nothing, Escape::Bracket),
        #[cfg(feature = "word-keys")]
        (b'5', b'C') => Key::WordRight,
        #[cfg(feature = "word-keys")]
        (b'5', b'D') => Key::WordLeft,
        _ => Key::Nothing,
    };
    (key, Escape::Outside)
}

fn home_or_end(byte: u8) -> Key {
    match byte {
        b'H' => Key::Home,
        b'F' => Key::End,
        _ => Key::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expect: Key) {
        let mut keys = Keys::new();
        let mut last = Key::Nothing;
        for (idx, byte) in bytes.iter().enumerate() {
            last = keys.decode(*byte);
            let is_last = idx + 1 == bytes.len();
            assert_eq!(keys.is_inside(), !is_last, "{bytes:?} at {idx}");
        }
        assert_eq!(last, expect, "{bytes:?}");
    }

    #[test]
    fn keys_are_known_by_their_bytes() {
        check(b"x", Key::Char(b'x'));
        check(b"~", Key::Char(b'~'));
        check(b"\x7f", Key::Backspace);
        check(b"\x08", Key::Backspace);
        check(b"\x1b[A", Key::Older);
        check(b"\x1b[B", Key::Newer);
        check(b"\x1b[C", Key::Right);
        check(b"\x1b[D", Key::Left);
        check(b"\x1b[H", Key::Home);
        check(b"\x1b[F", Key::End);
        check(b"\x1bOH", Key::Home);
        check(b"\x1bOF", Key::End);
        check(b"\x1b[1~", Key::Home);
        check(b"\x1b[7~", Key::Home);
        check(b"\x1b[4~", Key::End);
        check(b"\x1b[8~", Key::End);
        check(b"\x1b[3~", Key::Delete);
        check(b"\x1b[1;5C", Key::WordRight);
        check(b"\x1b[1;5D", Key::WordLeft);
        check(b"\x1bb", Key::WordLeft);
        check(b"\x1bf", Key::WordRight);
        check(b"\x1bd", Key::KillWordRight);
        check(b"\x1b\x7f", Key::KillWordLeft);
        check(b"\x17", Key::KillWordLeft);
        check(b"\x19", Key::Nothing);
        check(b"\xc3", Key::Nothing);
        check(b"\x1b[2~", Key::Nothing);
        check(b"\x1bx", Key::Nothing);
        check(b"\x1bOx", Key::Nothing);
    }
}
