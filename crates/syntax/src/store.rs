//! `Store`: the growable arrays that parser and compiler work in.
//!
//! The core has no allocator of its own: the VM keeps these arrays as objects of the Python heap,
//! which may move between any two calls, so everything is by index. They are used as stacks: a
//! nested function pushes at the end and truncates when it is done. Tests use plain vectors.

use crate::OutOfMemory;

/// An interned name: the number of a qstr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameId(pub u16);

/// The arrays. Word areas hold `u32`, byte areas hold `u8`; an index counts their own unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Area {
    /// Words: tree nodes.
    Tree,
    /// Bytes: the text of string and number literals of the current statement.
    Text,
    /// Words: the compiler's scopes and their symbols.
    Scopes,
    /// Words: the compiler's jump labels and fix-ups.
    Labels,
    /// Bytes: bytecode under construction.
    Code,
    /// Bytes: line-number tables under construction.
    Lines,
    /// Words: free for the compiler (argument names, loops, handlers, child lists).
    Misc,
}

impl Area {
    /// How many areas there are.
    pub const COUNT: usize = 7;

    /// Whether the area holds bytes rather than words.
    pub const fn is_bytes(self) -> bool {
        matches!(self, Self::Text | Self::Code | Self::Lines)
    }
}

/// Growable arrays by index, and the table of names.
///
/// Reading or writing past the end is a bug of the caller; implementations return 0 or ignore it
/// rather than panic.
pub trait Store {
    /// Elements in the area.
    fn len(&self, area: Area) -> u32;
    /// Element `index` of a word area.
    fn word(&self, area: Area, index: u32) -> u32;
    /// Four elements of a word area from `index` on; all 0 if not all are there.
    fn words(&self, area: Area, index: u32) -> [u32; 4] {
        if index >= self.len(area).saturating_sub(3) {
            return [0; 4];
        }
        let word = |n| self.word(area, index + n);
        [word(0), word(1), word(2), word(3)]
    }
    /// Replaces element `index` of a word area.
    fn set_word(&mut self, area: Area, index: u32, word: u32);
    /// Appends to a word area.
    fn push_word(&mut self, area: Area, word: u32) -> Result<(), OutOfMemory>;
    /// The contents of a byte area, for as long as the store is not changed.
    fn bytes(&self, area: Area) -> &[u8];
    /// Replaces element `index` of a byte area.
    fn set_byte(&mut self, area: Area, index: u32, byte: u8);
    /// Copies `len` elements of a byte area to a lower place; the runs may overlap.
    fn move_down(&mut self, area: Area, from: u32, to: u32, len: u32) {
        for at in 0..len {
            let byte = self.bytes(area).get((from + at) as usize).copied().unwrap_or(0);
            self.set_byte(area, to + at, byte);
        }
    }
    /// Appends to a byte area.
    fn push_byte(&mut self, area: Area, byte: u8) -> Result<(), OutOfMemory>;
    /// Drops everything from element `len` on.
    fn truncate(&mut self, area: Area, len: u32);
    /// Interns the bytes of the Text area from `start` to its end as a name, and drops them from
    /// the area. (The lexer collects an identifier there, then calls this.)
    fn intern_text(&mut self, start: u32) -> Result<NameId, OutOfMemory>;
    /// The text of a name, for error messages and keyword tests.
    fn name_text(&self, name: NameId) -> &[u8];
}
