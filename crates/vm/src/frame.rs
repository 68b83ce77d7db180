//! `Frame` and `Handler`: the control stack, plain data beside the value stack.
//!
//! ```text
//! value stack:   ... function | local 0 (first argument) ... local n-1 | evaluation stack ...
//!                    base-4     base
//! ```
//!
//! The function object in the slot below the locals keeps code, constants and globals alive, so
//! frames hold no references and the collector need not know them.

/// Deepest nesting of Python calls.
pub(crate) const MAX_FRAMES: usize = 256;
/// Most `try` blocks and `with`s open at once, over all frames.
pub(crate) const MAX_HANDLERS: usize = 256;

/// One running Python function.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// Offset of the next instruction in the code, saved while another frame runs; after a
    /// failure, just behind the instruction that failed.
    pub(crate) pc: u32,
    /// Stack address of local 0.
    pub(crate) base: u32,
    /// Stack address where the result goes; the stack pointer is just above it afterwards.
    pub(crate) ret: u32,
    /// Where the calling frame goes on when a generator in a `for` is finished.
    pub(crate) stop: u32,
    /// Handlers that were open when the frame was entered.
    pub(crate) handlers: u16,
    /// What happens when the frame returns.
    pub(crate) exit: Exit,
}

/// What happens when a frame returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The calling frame goes on with the result.
    Resume,
    /// The Rust code that called `Vm::run` goes on.
    Native,
    /// The calling frame goes on with the instance that is in `ret` already; the result must be
    /// None.
    Init,
    /// A generator driven by Rust code (`next`, `send`, `throw`): as `Native`. The generator object
    /// is in the slot `ret`, below the function.
    Generator,
    /// As `Generator`, but what it yields goes into the list or set in the slot below `ret`, as long
    /// as that takes no memory and no Python code.
    Collect,
    /// A generator driven by a `for` of the calling frame: a yielded value goes to `ret`, the end
    /// continues at `stop`. The generator object is in the slot `ret`.
    For,
}

/// An open `try`, `finally` or `with`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handler {
    /// Offset of the handler's code.
    pub(crate) target: u32,
    /// Stack pointer to go back to.
    pub(crate) sp: u32,
    /// Whether it is a `finally` (or `with`) rather than an `except`.
    pub(crate) is_finally: bool,
    /// Whether an exception is being handled here: it is in the VM's `handling` root.
    pub(crate) active: bool,
}

impl Frame {
    pub(crate) const EMPTY: Self =
        Self { pc: 0, base: 0, ret: 0, stop: 0, handlers: 0, exit: Exit::Native };
}

impl Handler {
    pub(crate) const EMPTY: Self = Self { target: 0, sp: 0, is_finally: false, active: false };
}
