//! `Kind`: what may be in slots of the stack besides values.
//!
//! Values need no note. A note about other slots is a node of a list that starts at the top of the
//! stack; a list is never changed, so states share their ends.

/// What is in a slot, or in a run of slots, that holds no plain value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A null.
    Null,
    /// A value or a null: the `self` of a method call.
    MaybeNull,
    /// So many slots of an iterator, from its first: four, or fewer while it is popped.
    Iterator(u32),
    /// The exception that a handler begins with; also a value.
    Exception,
    /// Why a `finally` runs; one more slot may be below it than is counted.
    Cause,
}

impl Kind {
    pub(super) const fn slots(self) -> u32 {
        match self {
            Self::Iterator(slots) => slots,
            _ => 1,
        }
    }

    pub(super) const fn to_bits(self) -> u32 {
        match self {
            Self::Null => 0,
            Self::MaybeNull => 1,
            Self::Exception => 2,
            Self::Cause => 3,
            Self::Iterator(slots) => 4 + slots,
        }
    }

    pub(super) const fn from_bits(bits: u32) -> Self {
        match bits {
            0 => Self::Null,
            1 => Self::MaybeNull,
            2 => Self::Exception,
            3 => Self::Cause,
            slots => Self::Iterator(slots - 4),
        }
    }
}

/// A note: the kind from slot `place` on, and the next note below (0 for none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) place: u32,
    pub(super) kind: Kind,
    pub(super) below: u32,
}
