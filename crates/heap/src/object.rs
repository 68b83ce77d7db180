//! Objects: a header word, then payload words.
//!
//! ```text
//! bits 31..10  payload words (22 bits)
//! bits  9..4   kind
//! bit   3      pinned, while a collection runs; of an old object, while a cycle marks: deferred
//!              (marked but not yet looked into)
//! bit   2      watched: old, and stores are still to be remembered; while marking: grey
//!              (marked but not yet scanned, after a mark-stack overflow); while sliding, of a
//!              marked one: a hole is its new place
//! bit   1      mark, while a collection or a cycle runs
//! bit   0      1 (tells a header from a threaded reference while the collector slides)
//! ```
//!
//! Objects start at multiples of eight bytes; the word after an odd payload is padding.

use crate::raw;
use crate::{Heap, Kind, Local, Value};
use core::cell::Cell;

/// Most payload words of one object.
pub const MAX_WORDS: u32 = (1 << 22) - 1;

/// Bytes that an object with `words` payload words takes.
#[inline(always)]
pub const fn object_size(words: u32) -> u32 {
    (words * 4 + 4 + 7) & !7
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Header(pub(crate) u32);

impl Header {
    pub(crate) const MARK: u32 = 2;
    /// Of a marked object.
    pub(crate) const GREY: u32 = 4;
    /// Of an object without mark.
    pub(crate) const WATCHED: u32 = 4;
    /// Of a young object, while a collection runs.
    pub(crate) const PINNED: u32 = 8;
    /// Of a marked old object, while a cycle marks in slices: it is still to be looked into.
    #[cfg(feature = "incremental")]
    pub(crate) const DEFERRED: u32 = 8;

    #[inline(always)]
    pub(crate) const fn new(kind: Kind, words: u32) -> Self {
        Self(words << 10 | (kind as u32) << 4 | 1)
    }

    #[inline(always)]
    pub(crate) const fn words(self) -> u32 {
        self.0 >> 10
    }

    #[inline(always)]
    pub(crate) fn kind(self) -> Kind {
        Kind::from_number(self.0 >> 4 & 0x3f)
    }

    #[inline(always)]
    pub(crate) const fn size(self) -> u32 {
        object_size(self.words())
    }

    /// How many words come before the values; for kinds without values, more than there are.
    #[inline(always)]
    pub(crate) fn raw_words(self) -> u32 {
        Kind::raw_words(self.0 >> 4 & 0x3f)
    }

    /// The words of the object at `addr` that are values: first address and end, if there are any.
    #[inline(always)]
    pub(crate) fn traced(self, addr: u32) -> Option<(u32, u32)> {
        let raw = self.raw_words();
        if raw < self.words() {
            Some((addr + 4 + raw * 4, addr + 4 + self.words() * 4))
        } else {
            None
        }
    }
}

/// Looking at objects and poking into them. Index `idx` counts payload words from 0.
///
/// Callers keep to the layout of the kind: in debug and zeal builds every access is checked
/// against the object's header; in release builds it is not.
impl Heap {
    #[inline(always)]
    pub(crate) fn header(&self, addr: u32) -> Header {
        Header(raw::load(&self.space, addr))
    }

    /// The kind of the object, if `value` is a reference.
    #[inline(always)]
    pub fn kind(&self, value: Value<'_>) -> Option<Kind> {
        if value.is_ref() { Some(self.header(value.bits()).kind()) } else { None }
    }

    /// Whether `value` is a reference to an object of this kind.
    #[inline(always)]
    pub fn is_kind(&self, value: Value<'_>, kind: Kind) -> bool {
        value.is_ref() && self.header(value.bits()).0 >> 4 & 0x3f == kind as u32
    }

    /// Payload words of the object.
    #[inline(always)]
    pub fn words(&self, object: Value<'_>) -> u32 {
        debug_assert!(object.is_ref());
        self.header(object.bits()).words()
    }

    #[inline(always)]
    fn field(&self, object: Value<'_>, idx: u32, is_value: bool) -> u32 {
        if cfg!(any(debug_assertions, feature = "zeal")) {
            self.check_field(object, idx, is_value);
        }
        object.bits() + 4 + idx * 4
    }

    #[cold]
    #[inline(never)]
    fn check_field(&self, object: Value<'_>, idx: u32, is_value: bool) {
        assert!(object.is_ref(), "field access of {object:?}");
        assert!(self.is_object_addr(object.bits()), "stale reference {object:?}");
        let header = self.header(object.bits());
        assert!(header.0 & 1 == 1 && header.kind() != Kind::Filler, "stale reference {object:?}");
        assert!(idx < header.words(), "word {idx} of {} in a {:?}", header.words(), header.kind());
        let raw = match header.kind().layout() {
            crate::Layout::Raw => u32::MAX,
            crate::Layout::Traced(raw) => u32::from(raw),
        };
        assert!(is_value == (idx >= raw), "word {idx} of a {:?}: value or raw?", header.kind());
    }

    /// Value in word `idx`.
    #[inline(always)]
    pub fn word(&self, object: Value<'_>, idx: u32) -> Value<'_> {
        Value::from_bits(raw::load(&self.space, self.field(object, idx, true)))
    }

    /// Replaces the value in word `idx`. The one setter, with the write barrier.
    // SIZE: not in its callers, of which there are many.
    #[inline(never)]
    pub fn poke(&self, object: Value<'_>, idx: u32, value: Value<'_>) {
        raw::store(&self.space, self.field(object, idx, true), value.bits());
        if value.bits() & 7 == 0 && self.header(object.bits()).0 & Header::WATCHED != 0 {
            self.note_store(object.bits(), object.bits() + 4 + idx * 4, value.bits());
        }
    }

    /// Replaces the value in word `idx` by one that is no reference, so that there is nothing to
    /// remember: what outlives every heap is in none.
    #[inline(always)]
    pub fn poke_immediate(&self, object: Value<'_>, idx: u32, value: Value<'static>) {
        debug_assert!(!value.is_ref());
        raw::store(&self.space, self.field(object, idx, true), value.bits());
    }

    /// Sets the value in word `idx` of an object that was made by the last allocation: a new
    /// object needs no write barrier. Debug and zeal builds check that it is not an old one.
    #[inline(always)]
    pub fn init(&self, object: Value<'_>, idx: u32, value: Value<'_>) {
        if cfg!(any(debug_assertions, feature = "zeal")) {
            let header = self.header(object.bits());
            assert!(header.0 & Header::WATCHED == 0, "{object:?} is not new");
        }
        raw::store(&self.space, self.field(object, idx, true), value.bits());
    }

    /// Copies `count` values from neighbouring slots into an object.
    #[inline(never)]
    pub fn copy_slots(&self, first: Local, object: Value<'_>, idx: u32, count: u32) {
        for n in 0..count {
            let to = self.field(object, idx + n, true);
            raw::store(&self.space, to, raw::load(&self.space, first.addr() + n * 4));
        }
        if self.header(object.bits()).0 & Header::WATCHED != 0 {
            let first = object.bits() + 4 + idx * 4;
            self.note_copy(object.bits(), first, first + count * 4);
        }
    }

    /// Raw word `idx`.
    #[inline(always)]
    pub fn raw(&self, object: Value<'_>, idx: u32) -> u32 {
        raw::load(&self.space, self.field(object, idx, false))
    }

    /// Replaces raw word `idx`.
    #[inline(always)]
    pub fn poke_raw(&self, object: Value<'_>, idx: u32, word: u32) {
        raw::store(&self.space, self.field(object, idx, false), word);
    }

    /// Copies `count` values from one object to another; the runs may overlap.
    pub fn copy_words(
        &self,
        from: Value<'_>,
        from_idx: u32,
        to: Value<'_>,
        to_idx: u32,
        count: u32,
    ) {
        if count == 0 {
            return;
        }
        let (src, dst) = (self.field(from, from_idx, true), self.field(to, to_idx, true));
        self.field(from, from_idx + count - 1, true);
        self.field(to, to_idx + count - 1, true);
        raw::copy(&self.space, src, dst, count * 4);
        if self.header(to.bits()).0 & Header::WATCHED != 0 {
            self.note_copy(to.bits(), dst, dst + count * 4);
        }
    }

    /// Bytes of a Str or Bytes object.
    #[inline(always)]
    pub fn data(&self, object: Value<'_>) -> &[u8] {
        let len = self.raw(object, 0);
        debug_assert!(len <= (self.words(object) - 1) * 4);
        raw::bytes(&self.space, object.bits() + 8, len)
    }

    /// All bytes of a Buffer, readable and pokable.
    #[inline(always)]
    pub fn buffer(&self, object: Value<'_>) -> &[Cell<u8>] {
        raw::cells(&self.space, object.bits() + 4, self.words(object) * 4)
    }

    /// Bytes of the raw object, from payload word `from`, exclusively: for filling a fresh Str or
    /// Bytes (from word 1), a Buffer (from word 0) and for devices that read into memory.
    #[inline(always)]
    pub fn bytes_mut<T>(&mut self, object: Local<T>, from: u32) -> &mut [u8] {
        let (addr, words) = {
            let value = self.get(object);
            (value.bits(), self.words(value))
        };
        raw::bytes_mut(&mut self.space, addr + 4 + from * 4, words.saturating_sub(from) * 4)
    }

    /// Bytes of any raw object, from payload word `from`, for reading.
    #[inline(always)]
    pub fn raw_bytes(&self, object: Value<'_>, from: u32) -> &[u8] {
        raw::bytes(&self.space, object.bits() + 4 + from * 4, (self.words(object) - from) * 4)
    }

    /// Copies `len` bytes between raw objects, offsets in bytes from the payload's start; the runs
    /// may overlap.
    pub fn copy_bytes(&self, from: Value<'_>, from_at: u32, to: Value<'_>, to_at: u32, len: u32) {
        debug_assert!(from_at + len <= self.words(from) * 4, "copy_bytes reads past the end");
        debug_assert!(to_at + len <= self.words(to) * 4, "copy_bytes writes past the end");
        raw::copy(&self.space, from.bits() + 4 + from_at, to.bits() + 4 + to_at, len);
    }

    /// Where the bytes of a Str or Bytes object start, for [`Look::byte_at`](crate::Look::byte_at).
    /// Out of date after a move: compare [`Heap::moves`].
    #[inline(always)]
    pub fn data_address(&self, object: Value<'_>) -> u32 {
        object.bits() + 8
    }

    /// How often objects have moved.
    #[inline(always)]
    pub fn moves(&self) -> u32 {
        self.moves
    }
}
