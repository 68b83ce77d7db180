//! `Object`: what an object of the heap must be like.

use octopy_heap::{Kind, Layout, RegionClass, Value, object_size};

/// Nothing in a place of the table, or at a word.
pub(crate) const NOTHING: u32 = u32::MAX;

/// References of an object that the model knows; its other values are small ints.
pub(crate) const EDGES: usize = 4;

/// The kinds that take turns.
pub(crate) const KINDS: [Kind; 7] = [
    Kind::Tuple,
    Kind::Words,
    Kind::Items,
    Kind::Dict,
    Kind::Code,
    Kind::Buffer,
    Kind::NativeState,
];

/// An object, as it must be.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) kind: Kind,
    pub(crate) words: u32,
    /// What its words are made of, and how high it stands.
    pub(crate) rank: u32,
    /// How many places, pins and words refer to it.
    pub(crate) count: u32,
    /// Words that refer to objects: the word, and the object's number.
    pub(crate) edges: [(u32, u32); EDGES],
    /// The memory that it is bound to.
    pub(crate) class: Option<RegionClass>,
}

impl Object {
    /// One that nothing refers to, and that refers to nothing.
    pub(crate) fn new(kind: Kind, words: u32, rank: u32) -> Self {
        Self { kind, words, rank, count: 0, edges: [(NOTHING, NOTHING); EDGES], class: None }
    }

    /// Words that are no values.
    pub(crate) fn raw(&self) -> u32 {
        raw_of(self.kind, self.words)
    }

    /// Whether it would keep its raw words at another length.
    pub(crate) fn keeps_raw(&self, words: u32) -> bool {
        self.kind.layout() == Layout::Raw || self.raw() == raw_of(self.kind, words)
    }

    /// The bytes that it takes.
    pub(crate) fn size(&self) -> u64 {
        u64::from(object_size(self.words))
    }

    /// What a word says that refers to nothing: of a raw word anything at all, references included.
    pub(crate) fn pattern(&self, idx: u32) -> u32 {
        if idx < self.raw() { self.mixed(idx) } else { self.number(idx).bits() }
    }

    fn mixed(&self, idx: u32) -> u32 {
        (self.rank ^ idx).wrapping_mul(0x9e37_79b1)
    }

    /// The number in a word that refers to nothing.
    pub(crate) fn number(&self, idx: u32) -> Value<'static> {
        Value::from_small((self.mixed(idx) >> 3) as i32)
    }

    /// Which of its references is at this word.
    pub(crate) fn edge_at(&self, idx: u32) -> Option<usize> {
        self.edges.iter().position(|edge| edge.0 == idx)
    }
}

/// Raw words of an object of this kind with so many words.
pub(crate) fn raw_of(kind: Kind, words: u32) -> u32 {
    match kind.layout() {
        Layout::Raw => words,
        Layout::Traced(raw) => words.min(u32::from(raw)),
    }
}
