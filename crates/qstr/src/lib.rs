//! Interned names known at build time.
//!
//! A [`Qstr`] is a number that stands for a string: comparing names is comparing numbers.
//! Numbers below [`COUNT`] are the names in [`list`](mod@list), in flash, in sorted order; the
//! runtime numbers the names that programs make at run time from [`COUNT`] upwards.
//!
//! Absent on purpose: run-time interning, which needs a heap and lives in `vm`.
#![no_std]
#![forbid(unsafe_code)]

mod list;

use core::cmp::Ordering;

pub use list::{COUNT, q};

/// The number of an interned string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Qstr(pub u16);

impl Qstr {
    /// The text of a build-time name; `None` for names made at run time.
    pub fn rom_text(self) -> Option<&'static str> {
        let idx = usize::from(self.0);
        let (start, end) = (*list::STARTS.get(idx)?, *list::STARTS.get(idx + 1)?);
        list::TEXT.get(usize::from(start)..usize::from(end))
    }

    /// Finds a build-time name by its text.
    pub fn find_rom(text: &[u8]) -> Option<Self> {
        let bucket = bucket_of(text);
        let (mut low, mut high) = (*list::FIRSTS.get(bucket)?, *list::FIRSTS.get(bucket + 1)?);
        if text.len() == 1 {
            // It would stand before all longer ones.
            high = high.min(low + 1);
        }
        while low < high {
            let middle = Self(low + (high - low) / 2);
            match middle.rom_text()?.as_bytes().cmp(text) {
                Ordering::Less => low = middle.0 + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle.0,
            }
        }
        None
    }
}

/// Texts are sorted into buckets by their first byte; those that begin with no ASCII are together.
const BUCKETS: usize = 129;

const fn bucket_of(text: &[u8]) -> usize {
    match text {
        [] => 0,
        [first, ..] if first.is_ascii() => *first as usize,
        _ => BUCKETS - 1,
    }
}

/// With which of these sorted texts each bucket begins; then the number of texts.
const fn firsts(texts: &[&str]) -> [u16; BUCKETS + 1] {
    let mut firsts = [0; BUCKETS + 1];
    let mut idx = 0;
    while idx < texts.len() {
        idx += 1;
        firsts[bucket_of(texts[idx - 1].as_bytes()) + 1] = idx as u16;
    }
    let mut bucket = 1;
    while bucket <= BUCKETS {
        if firsts[bucket] == 0 {
            firsts[bucket] = firsts[bucket - 1];
        }
        bucket += 1;
    }
    firsts
}

/// Where each of so many texts starts when they stand one behind the other; then the end of all.
const fn starts<const N: usize>(texts: &[&str]) -> [u16; N] {
    let mut starts = [0; N];
    let (mut idx, mut at) = (0, 0);
    while idx < texts.len() {
        at += texts[idx].len();
        idx += 1;
        assert!(at <= u16::MAX as usize, "the names have more text than 16 bits can count");
        starts[idx] = at as u16;
    }
    starts
}

/// The hash of a string, the same for interned and plain strings (32-bit FNV-1a).
#[inline]
pub const fn hash(text: &[u8]) -> u32 {
    hash_on(HASH, text)
}

/// The hash of no text.
pub const HASH: u32 = 0x811c_9dc5;

/// The hash of a text, of which `hash` is that of its beginning, and `text` the rest.
#[inline]
pub const fn hash_on(mut hash: u32, text: &[u8]) -> u32 {
    let mut idx = 0;
    while idx < text.len() {
        hash = (hash ^ text[idx] as u32).wrapping_mul(0x0100_0193);
        idx += 1;
    }
    hash
}

/// Declares the build-time names: an enum for numbers, constants in `q`, and the text table.
#[macro_export]
macro_rules! qstrs {
    ($($name:ident = $text:literal,)*) => {
        #[allow(
            non_camel_case_types, clippy::upper_case_acronyms, clippy::enum_variant_names,
            reason = "variants carry the names' own spelling"
        )]
        #[repr(u16)]
        enum Index { $($name),* }

        /// The build-time names as constants, usable in `match`.
        #[allow(non_upper_case_globals, missing_docs, reason = "constants carry the names' own spelling")]
        pub mod q {
            use super::Index;
            use $crate::Qstr;
            $(pub const $name: Qstr = Qstr(Index::$name as u16);)*
        }

        const TEXTS: &[&str] = &[$($text),*];

        /// How many names are known at build time.
        pub const COUNT: u16 = TEXTS.len() as u16;

        // SIZE: 2 bytes a name; a table of `&str` takes 8.
        /// All texts, one behind the other.
        pub(crate) static TEXT: &str = concat!($($text),*);
        /// Where in them each name starts.
        pub(crate) static STARTS: [u16; COUNT as usize + 1] = $crate::starts(TEXTS);
        /// With which name each first byte begins.
        pub(crate) static FIRSTS: [u16; $crate::BUCKETS + 1] = $crate::firsts(TEXTS);
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        let text = |number| Qstr(number).rom_text().unwrap();
        for number in 1..COUNT {
            let pair = (text(number - 1), text(number));
            assert!(pair.0 < pair.1, "{:?} must come before {:?}", pair.0, pair.1);
        }
    }

    #[test]
    fn every_name_is_found_by_its_text() {
        for name in (0..COUNT).map(Qstr) {
            assert_eq!(Qstr::find_rom(name.rom_text().unwrap().as_bytes()), Some(name));
        }
        assert_eq!(q::append.rom_text(), Some("append"));
        assert_eq!(Qstr(COUNT).rom_text(), None);
        assert_eq!(Qstr::find_rom(b"no such name, surely"), None);
        assert_eq!(Qstr::find_rom(b"~"), None);
        assert_eq!(Qstr::find_rom(b"\0"), None);
        assert_eq!(Qstr::find_rom("é".as_bytes()), None);
        assert_eq!(Qstr::find_rom(b"\xff"), None);
    }
}
