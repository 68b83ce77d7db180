//! `Prelude`: the figures at the start of a function's data.
//!
//! Six figures share one run of bytes, their bits interleaved so that small functions need one
//! byte; then two more share another:
//!
//! ```text
//! xSSSSEAA  xFSSKAED...    state - 1, handlers, flags, positional and keyword-only parameters,
//!                          defaults
//! xIIIIIIC...              bytes of info, cells
//! ```
//!
//! `x` says that another byte follows, which carries the next bits of each.

use octopy_bytecode::emit::Sink;

/// The figures of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prelude {
    /// Locals and evaluation stack together; at least 1.
    pub n_state: u32,
    /// Nested exception handlers.
    pub n_handlers: u32,
    /// What kind of function it is; `CodeParts` of the compiler names the bits.
    pub flags: u32,
    /// Positional parameters, free variables included.
    pub n_pos_args: u32,
    /// Keyword-only parameters.
    pub n_kwonly_args: u32,
    /// Positional parameters that have a default.
    pub n_def_pos_args: u32,
    /// Bytes of names and line table.
    pub info_len: u32,
    /// Locals that are cells.
    pub n_cells: u32,
}

/// Bytes that a run may have: more than any function needs, and no figure can overflow.
const LONGEST: u32 = 9;

impl Prelude {
    /// Reads it byte by byte; `None` if there is no end to a figure. Errors are those of `next`.
    pub(crate) fn read<E>(next: &mut dyn FnMut() -> Result<u8, E>) -> Result<Option<Self>, E> {
        let mut byte = u32::from(next()?);
        let mut prelude = Self {
            n_state: byte >> 3 & 0xf,
            n_handlers: byte >> 2 & 1,
            n_pos_args: byte & 3,
            ..Self::default()
        };
        let mut nth = 0;
        while byte & 0x80 != 0 {
            if nth + 1 >= LONGEST {
                return Ok(None);
            }
            byte = u32::from(next()?);
            prelude.n_state |= (byte & 0x30) << (2 * nth);
            prelude.n_handlers |= (byte & 2) << nth;
            prelude.flags |= (byte >> 6 & 1) << nth;
            prelude.n_pos_args |= (byte & 4) << nth;
            prelude.n_kwonly_args |= (byte >> 3 & 1) << nth;
            prelude.n_def_pos_args |= (byte & 1) << nth;
            nth += 1;
        }
        prelude.n_state += 1;
        let mut info_len = 0_u64;
        for nth in 0..LONGEST {
            let byte = next()?;
            prelude.n_cells |= u32::from(byte & 1) << nth;
            info_len |= u64::from(byte >> 1 & 0x3f) << (6 * nth);
            if byte & 0x80 == 0 {
                let Ok(info_len) = u32::try_from(info_len) else { return Ok(None) };
                prelude.info_len = info_len;
                return Ok(Some(prelude));
            }
        }
        Ok(None)
    }

    /// Writes it.
    pub(crate) fn write<S: Sink + ?Sized>(&self, sink: &mut S) -> Result<(), S::Error> {
        let mut state = self.n_state.saturating_sub(1);
        let (mut handlers, mut flags) = (self.n_handlers, self.flags);
        let (mut pos, mut kwonly, mut defaults) =
            (self.n_pos_args, self.n_kwonly_args, self.n_def_pos_args);
        let mut byte = (state & 0xf) << 3 | (handlers & 1) << 2 | pos & 3;
        (state, handlers, pos) = (state >> 4, handlers >> 1, pos >> 2);
        while state | handlers | flags | pos | kwonly | defaults != 0 {
            sink.byte(byte as u8 | 0x80)?;
            byte = (flags & 1) << 6
                | (state & 3) << 4
                | (kwonly & 1) << 3
                | (pos & 1) << 2
                | (handlers & 1) << 1
                | defaults & 1;
            state >>= 2;
            handlers >>= 1;
            flags >>= 1;
            pos >>= 1;
            kwonly >>= 1;
            defaults >>= 1;
        }
        sink.byte(byte as u8)?;
        let (mut info, mut cells) = (self.info_len, self.n_cells);
        loop {
            let byte = (info & 0x3f) << 1 | cells & 1;
            (info, cells) = (info >> 6, cells >> 1);
            if info | cells == 0 {
                return sink.byte(byte as u8);
            }
            sink.byte(byte as u8 | 0x80)?;
        }
    }
}
