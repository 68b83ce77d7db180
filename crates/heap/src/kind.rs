//! `Kind`: what an object is made of. One table serves tracer, mover, verifier and dumper.

/// Which words of an object are values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// No word is a value.
    Raw,
    /// The first `n` words are raw, the rest are values.
    Traced(u8),
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $layout:expr,)*) => {
        /// The kinds of objects. In the docs, "raw" words come first, then values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind { $($(#[doc = $doc])* $name),* }

        impl Kind {
            pub(crate) const ALL: &'static [Kind] = &[$(Kind::$name),*];
            const LAYOUTS: &'static [Layout] = &[$($layout),*];

            /// The kind with this number; an impossible number is a Filler.
            // A `match` becomes a comparison with the number of kinds; looking into a table would
            // be a load at every look at a kind.
            #[inline(always)]
            #[allow(non_upper_case_globals, reason = "constants carry the kinds' own spelling")]
            pub(crate) fn from_number(number: u32) -> Self {
                $(const $name: u32 = Kind::$name as u32;)*
                match number {
                    $($name => Self::$name,)*
                    _ => Self::Filler,
                }
            }
        }
    };
}

use Layout::{Raw, Traced};

kinds! {
    /// Not an object: free space between objects.
    Filler = Raw,
    /// raw: length in bytes, then the bytes (UTF-8)
    Str = Raw,
    /// raw: length in bytes, then the bytes
    Bytes = Raw,
    /// raw: a mutable run of bytes, owned by one other object
    Buffer = Raw,
    /// raw: sign (0 or 1), then 32-bit digits, least significant first
    Int = Raw,
    /// raw: an f32 (one word) or an f64 (two words)
    Float = Raw,
    /// raw: two floats
    Complex = Raw,
    /// raw: length in bytes; values: Buffer
    ByteArray = Traced(1),
    /// raw: length in items, typecode; values: Buffer
    Array = Traced(2),
    /// raw: offset in items and typecode, length in items and a flag; values: base object
    MemoryView = Traced(2),
    /// values: the items
    Tuple = Traced(0),
    /// values: storage owned by one other object
    Words = Traced(0),
    /// values: Items
    List = Traced(0),
    /// raw: length; values: the items of a list, and room for more
    Items = Traced(1),
    /// raw: entries used (deleted ones included) and flags; values: key, value, key, value..., and
    /// for many a Buffer (hash index)
    Table = Traced(1),
    /// values: Table or NULL
    Dict = Traced(0),
    /// raw: live entries, flags; values: Words (open addressing) or NULL
    Set = Traced(2),
    /// As Set.
    FrozenSet = Traced(2),
    /// values: dict
    DictView = Traced(1),
    /// values: stop, and start and step unless they are 0 and 1
    Range = Traced(0),
    /// values: start, stop, step
    Slice = Traced(0),
    /// raw: what it iterates over (see `vm`), position; values: source
    Iterator = Traced(2),
    /// values: the variable
    Cell = Traced(0),
    /// raw: see `vm`'s `code.rs`; values likewise
    Code = Traced(4),
    /// values: code, defaults, then the closure's cells
    Function = Traced(0),
    /// values: function, self
    BoundMethod = Traced(0),
    /// raw: see `vm`'s `generator.rs`; values: function, then the saved frame
    Generator = Traced(3),
    /// values: name, bases, dict, and more (see `vm`'s `class.rs`)
    Class = Traced(1),
    /// values: class, Table or NULL, native base or NULL
    Instance = Traced(0),
    /// values: class, arguments, traceback, Table or NULL, cause
    Exception = Traced(0),
    /// values: name, dict
    Module = Traced(0),
    /// values: getter, setter, deleter
    Property = Traced(0),
    /// values: function
    StaticMethod = Traced(0),
    /// values: function
    ClassMethod = Traced(0),
    /// values: class, object
    Super = Traced(0),
    /// values: ROM type, then what the type wants
    Native = Traced(0),
    /// raw: ROM type and identity (no reference), three words for the type; then values
    NativeState = Traced(4),
    /// raw: ROM type and identity (no reference), then bytes for the type
    NativeBytes = Raw,
}

impl Kind {
    /// The layout of objects of this kind.
    #[inline(always)]
    pub const fn layout(self) -> Layout {
        Self::LAYOUTS[self as usize]
    }

    /// Whether objects of this kind are made by the language itself rather than asked for by the
    /// program, so that a locked heap still gives them: C MicroPython keeps these in registers, on
    /// its stack or in a buffer of their own.
    #[inline]
    pub(crate) const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Int
                | Self::Iterator
                | Self::Slice
                | Self::BoundMethod
                | Self::Super
                | Self::Exception
        )
    }

    /// Raw words before the values of a kind by its number; for kinds without values, no object
    /// has so many words.
    #[inline(always)]
    pub(crate) fn raw_words(number: u32) -> u32 {
        const TABLE: [u32; 64] = {
            let mut table = [u32::MAX; 64];
            let mut kind = 0;
            while kind < Kind::LAYOUTS.len() {
                if let Layout::Traced(raw) = Kind::LAYOUTS[kind] {
                    table[kind] = raw as u32;
                }
                kind += 1;
            }
            table
        };
        TABLE[number as usize & 63]
    }
}
