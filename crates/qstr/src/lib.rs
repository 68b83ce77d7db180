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

pub use list::{COUNT, q};

/// The number of an interned string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Qstr(pub u16);

impl Qstr {
    /// The text of a build-time name; `None` for names made at run time.
    #[inline]
    pub fn rom_text(self) -> Option<&'static str> {
        list::TEXT.get(usize::from(self.0)).copied()
    }

    /// Finds a build-time name by its text.
    pub fn find_rom(text: &[u8]) -> Option<Self> {
        let index = list::TEXT.binary_search_by(|probe| probe.as_bytes().cmp(text)).ok()?;
        u16::try_from(index).ok().map(Self)
    }
}

/// The hash of a string, the same for interned and plain strings (32-bit FNV-1a).
#[inline]
pub const fn hash(text: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
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

        pub(crate) static TEXT: &[&str] = &[$($text),*];

        /// How many names are known at build time.
        pub const COUNT: u16 = TEXT.len() as u16;
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        for pair in list::TEXT.windows(2) {
            assert!(pair[0] < pair[1], "{:?} must come before {:?}", pair[0], pair[1]);
        }
    }

    #[test]
    fn every_name_is_found_by_its_text() {
        for (index, text) in list::TEXT.iter().enumerate() {
            assert_eq!(Qstr::find_rom(text.as_bytes()).map(|q| usize::from(q.0)), Some(index));
        }
        assert_eq!(Qstr::find_rom(b"no such name, surely"), None);
    }
}
