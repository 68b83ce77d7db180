//! `Host`: what the compiler needs of the VM.

use octopy_syntax::{Area, NameId, OutOfMemory, Store};

/// A constant that does not fit an instruction. Text is in the Text area, by start and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields are start and length in the Text area")]
pub enum Const {
    /// An integer literal as written (`0x` and the like included), without `_`.
    Int { start: u32, len: u32, negative: bool },
    /// A float literal; `negative` says that a `-` stood before it.
    Float { start: u32, len: u32, negative: bool },
    /// An imaginary literal, without `j`.
    Imaginary { start: u32, len: u32 },
    /// A string.
    Str { start: u32, len: u32 },
    /// A bytes object.
    Bytes { start: u32, len: u32 },
    /// `...`
    Ellipsis,
    /// A tuple of constants: `count` items in the Misc area from `start`, for [`Item::read`].
    Tuple { start: u32, count: u32 },
}

/// An item of a constant tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// `None`
    None,
    /// `False`
    False,
    /// `True`
    True,
    /// A small integer.
    Int(i32),
    /// The string that a name spells.
    Name(NameId),
    /// The constant with that index.
    Const(u32),
}

impl Item {
    /// Item `index` of a constant tuple that starts at `start` of the Misc area.
    pub fn read<S: Store + ?Sized>(store: &S, start: u32, index: u32) -> Self {
        let tag = store.word(Area::Misc, start + 2 * index);
        let value = store.word(Area::Misc, start + 2 * index + 1);
        match tag {
            1 => Self::False,
            2 => Self::True,
            3 => Self::Int(value as i32),
            4 => Self::Name(NameId(value as u16)),
            5 => Self::Const(value),
            _ => Self::None,
        }
    }

    /// Appends it to the Misc area.
    pub(crate) fn push<S: Store + ?Sized>(self, store: &mut S) -> Result<(), OutOfMemory> {
        let (tag, value) = match self {
            Self::None => (0, 0),
            Self::False => (1, 0),
            Self::True => (2, 0),
            Self::Int(value) => (3, value as u32),
            Self::Name(name) => (4, u32::from(name.0)),
            Self::Const(index) => (5, index),
        };
        store.push_word(Area::Misc, tag)?;
        store.push_word(Area::Misc, value)
    }
}

/// A finished code object. Its bytes stand at the end of the areas, from the given starts.
#[derive(Debug, Clone, Copy)]
pub struct CodeParts {
    /// The function's name; `<module>`, `<lambda>`, `<listcomp>` and so on where there is none.
    pub name: NameId,
    /// Line of its definition, from 1; 0 for a module that runs its later statements in segments,
    /// code objects of the same name, whose place in a traceback stands for both.
    pub first_line: u32,
    /// `CodeParts::GENERATOR` and the other flags.
    pub flags: u8,
    /// Positional parameters, defaults included.
    pub n_pos_args: u32,
    /// Keyword-only parameters.
    pub n_kwonly_args: u32,
    /// Positional parameters that have a default.
    pub n_def_pos_args: u32,
    /// Locals, parameters first, then `*args`, `**kwargs`, then the others.
    pub n_locals: u32,
    /// Deepest evaluation stack, not counting locals.
    pub max_stack: u32,
    /// Deepest nesting of exception handlers.
    pub max_handlers: u32,
    /// Where the names of the parameters start in the Misc area, one NameId a word: positional,
    /// then keyword-only.
    pub arg_names_start: u32,
    /// Where the list of locals that are cells starts in the Misc area, behind the names of the
    /// parameters: one local number a word.
    /// Free variables are the first parameters (as in MicroPython: a closure passes its cells as
    /// leading arguments) and are not in this list.
    pub cells_start: u32,
    /// How many there are.
    pub n_cells: u32,
    /// Where the bytecode starts in the Code area.
    pub code_start: u32,
    /// Where the line table starts in the Lines area (MicroPython's encoding).
    pub lines_start: u32,
}

impl CodeParts {
    /// It is a generator (or coroutine).
    pub const GENERATOR: u8 = 1;
    /// It takes `**kwargs`.
    pub const VAR_KEYWORDS: u8 = 2;
    /// It takes `*args`.
    pub const VAR_ARGS: u8 = 4;
    /// It has defaults for keyword-only parameters.
    pub const DEF_KWARGS: u8 = 8;
    /// All of them.
    pub const ALL_FLAGS: u8 = 15;
}

/// The VM, as the compiler sees it. Names and constants belong to the module and are shared by all
/// its code objects; child code objects belong to the code object that encloses them.
pub trait Host: Store {
    /// The level of `-O`: from 1 on asserts are left out and `__debug__` is false, from 3 on there
    /// are no line numbers.
    fn optimise(&self) -> u8 {
        0
    }

    /// A module's code of this many bytes is long enough: what follows goes into a segment, a
    /// function without arguments that the module makes and calls at once. Its names are the
    /// module's, because a call changes no namespace. So no code object gets larger than this and
    /// a statement, and compiling takes no memory for a second copy of a long one.
    fn segment(&self) -> u32 {
        4096
    }

    /// The index of `name` in the module's name table, adding it if it is new.
    fn name_index(&mut self, name: NameId) -> Result<u32, OutOfMemory>;

    /// The name that is asked for next is that of a variable: for who numbers names as MicroPython
    /// does.
    fn next_is_variable(&mut self) {}

    /// The index of `value` in the module's constant table; equal constants of one type may share.
    fn const_index(&mut self, value: Const) -> Result<u32, OutOfMemory>;

    /// Opens a code object inside the current one (the first call opens the module's).
    fn open_code(&mut self) -> Result<(), OutOfMemory>;

    /// Closes the innermost open code object. Returns its index among the children of the one
    /// that encloses it; for the outermost one the host keeps the result, and 0 is returned.
    /// The compiler truncates the areas afterwards.
    fn close_code(&mut self, parts: &CodeParts) -> Result<u32, OutOfMemory>;
}
