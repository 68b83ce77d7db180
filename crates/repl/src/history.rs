//! `History`: the lines entered before, in a fixed buffer.
//!
//! ```text
//! bytes:  oldest line | … | newest line | free
//! lens:   newest, …, oldest
//! ```

/// Lines kept, as in MicroPython.
const LINES: usize = 8;
/// Bytes of all lines together. A longer line is not kept.
const BYTES: usize = 1024;

/// What the line editor remembers from line to line.
#[derive(Debug)]
pub struct History {
    bytes: [u8; BYTES],
    used: usize,
    lens: [u16; LINES],
    n_lines: usize,
    /// The last line end, so that LF after CR (or the other way round) is not a second one.
    newline: Option<u8>,
}

impl History {
    /// No lines yet.
    pub const fn new() -> Self {
        Self { bytes: [0; BYTES], used: 0, lens: [0; LINES], n_lines: 0, newline: None }
    }

    /// Forgets everything (soft reset).
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// A line by age: 0 is the newest.
    pub(crate) fn line(&self, age: usize) -> Option<&[u8]> {
        if age >= self.n_lines {
            return None;
        }
        let newer: usize = self.lens.get(..age)?.iter().map(|len| usize::from(*len)).sum();
        let end = self.used.checked_sub(newer)?;
        let start = end.checked_sub(usize::from(*self.lens.get(age)?))?;
        self.bytes.get(start..end)
    }

    /// Opens an empty newest line with room for `len` bytes, dropping the oldest as needed.
    /// Returns false, and changes nothing, where that is impossible.
    pub(crate) fn open(&mut self, len: usize) -> bool {
        if len > BYTES {
            return false;
        }
        while self.n_lines >= LINES || self.used.saturating_add(len) > BYTES {
            self.drop_oldest();
        }
        self.lens.copy_within(..LINES - 1, 1);
        if let Some(first) = self.lens.first_mut() {
            *first = 0;
        }
        self.n_lines += 1;
        true
    }

    /// Appends to the newest line, within the room that it was opened with.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        let Ok(len) = u16::try_from(bytes.len()) else { return };
        let end = self.used.saturating_add(bytes.len());
        if let (Some(room), Some(first)) =
            (self.bytes.get_mut(self.used..end), self.lens.first_mut())
        {
            room.copy_from_slice(bytes);
            *first = first.saturating_add(len);
            self.used = end;
        }
    }

    fn drop_oldest(&mut self) {
        self.n_lines = self.n_lines.saturating_sub(1);
        let len = self.lens.get(self.n_lines).map_or(0, |len| usize::from(*len));
        if len <= self.used {
            self.bytes.copy_within(len..self.used, 0);
            self.used -= len;
        }
    }

    /// Whether `byte` ends a line, given what came before it.
    pub(crate) fn is_line_end(&mut self, byte: u8) -> bool {
        let ends = matches!(byte, b'\r' | b'\n') && self.newline.is_none_or(|last| last == byte);
        self.newline = ends.then_some(byte);
        ends
    }
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(history: &mut History, line: &[u8]) -> bool {
        let opened = history.open(line.len());
        if opened {
            history.append(line);
        }
        opened
    }

    #[test]
    fn the_newest_eight_lines_are_kept() {
        let mut history = History::new();
        assert_eq!(history.line(0), None);
        for byte in b'a'..=b'j' {
            assert!(push(&mut history, &[byte, byte]));
        }
        assert_eq!(history.line(0), Some(&b"jj"[..]));
        assert_eq!(history.line(7), Some(&b"cc"[..]));
        assert_eq!(history.line(8), None);
    }

    #[test]
    fn long_lines_push_out_as_many_as_they_need() {
        let mut history = History::new();
        push(&mut history, &[b'a'; 500]);
        push(&mut history, &[b'b'; 500]);
        push(&mut history, &[b'c'; 600]);
        assert_eq!(history.line(0), Some(&[b'c'; 600][..]));
        assert_eq!(history.line(1), None);
        assert!(!push(&mut history, &[b'd'; BYTES + 1]));
        assert_eq!(history.line(0), Some(&[b'c'; 600][..]));
        assert!(push(&mut history, &[b'e'; BYTES]));
        assert_eq!(history.line(0), Some(&[b'e'; BYTES][..]));
        assert_eq!(history.line(1), None);
    }

    #[test]
    fn a_pair_of_different_line_ends_is_one() {
        let mut history = History::new();
        let ends: [bool; 6] =
            [b'\r', b'\n', b'\r', b'\r', b'\n', b'\n'].map(|b| history.is_line_end(b));
        assert_eq!(ends, [true, false, true, true, false, true]);
    }
}
