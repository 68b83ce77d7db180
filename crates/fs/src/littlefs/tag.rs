//! `Tag`: the 32-bit word before every attribute in a metadata log.
//!
//! ```text
//! [ 1 invalid | 11 kind | 10 id | 10 size ]   stored big endian, xored with the tag before it
//! ```

/// Kinds of tags; the low byte is a subtype.
pub(super) mod kind {
    /// A file's name.
    pub(crate) const FILE: u16 = 0x001;
    /// A directory's name.
    pub(crate) const DIRECTORY: u16 = 0x002;
    /// The name of the superblock entry.
    pub(crate) const SUPERBLOCK: u16 = 0x0ff;
    /// A directory's metadata pair.
    pub(crate) const DIR_STRUCT: u16 = 0x200;
    /// A file's content itself.
    pub(crate) const INLINE_STRUCT: u16 = 0x201;
    /// A file's last block and size.
    pub(crate) const CHAIN_STRUCT: u16 = 0x202;
    /// User attribute 0.
    pub(crate) const USER_ATTR: u16 = 0x300;
    /// An id is inserted.
    pub(crate) const CREATE: u16 = 0x401;
    /// An id is removed.
    pub(crate) const DELETE: u16 = 0x4ff;
    /// The end of a commit.
    pub(crate) const CRC: u16 = 0x500;
    /// The checksum of the erased bytes after a commit.
    pub(crate) const FORWARD_CRC: u16 = 0x5ff;
    /// The next pair, which is another directory's.
    pub(crate) const SOFT_TAIL: u16 = 0x600;
    /// The next pair, which continues this directory.
    pub(crate) const HARD_TAIL: u16 = 0x601;
    /// This pair's share of the global state.
    pub(crate) const MOVE_STATE: u16 = 0x7ff;
}

/// What the upper three bits of a kind say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Name,
    Struct,
    Attribute,
    Splice,
    Crc,
    Tail,
    Other,
}

/// The id of tags that belong to the pair, not to an entry.
pub(super) const NO_ID: u16 = 0x3ff;
/// The size that says "removed".
const REMOVED: u32 = 0x3ff;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(pub(super) u32);

impl Tag {
    /// What the first tag of a log is xored with.
    pub(super) const FIRST: Self = Self(u32::MAX);

    pub(super) const fn new(kind: u16, id: u16, size: u32) -> Self {
        Self((kind as u32) << 20 | ((id & NO_ID) as u32) << 10 | (size & REMOVED))
    }

    pub(super) fn is_valid(self) -> bool {
        self.0 >> 31 == 0
    }

    pub(super) fn kind(self) -> u16 {
        (self.0 >> 20) as u16 & 0x7ff
    }

    pub(super) fn class(self) -> Class {
        class_of(self.kind())
    }

    pub(super) fn id(self) -> u16 {
        (self.0 >> 10) as u16 & NO_ID
    }

    pub(super) fn is_removed(self) -> bool {
        self.0 & REMOVED == REMOVED
    }

    /// Bytes of data after the tag.
    pub(super) fn len(self) -> u32 {
        if self.is_removed() { 0 } else { self.0 & REMOVED }
    }

    /// Bytes of the tag and its data.
    pub(super) fn span(self) -> u32 {
        4 + self.len()
    }

    /// The tag that the one after this is xored with: a commit's end may flip the valid bit.
    pub(super) fn chain(self) -> Self {
        let flip = self.class() == Class::Crc && self.kind() & 1 == 1;
        Self(self.0 ^ u32::from(flip) << 31)
    }
}

pub(super) fn class_of(kind: u16) -> Class {
    match kind & 0x780 {
        0x000 | 0x080 => Class::Name,
        0x200 | 0x280 => Class::Struct,
        0x300 | 0x380 => Class::Attribute,
        0x400 | 0x480 => Class::Splice,
        0x500 => Class::Crc,
        0x600 | 0x680 => Class::Tail,
        _ => Class::Other,
    }
}
