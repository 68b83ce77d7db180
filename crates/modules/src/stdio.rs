//! `sys.stdin`, `sys.stdout` and `sys.stderr`: the console as streams.
//!
//! The text streams of a board turn CR into LF when reading and LF into CRLF when writing, as
//! MicroPython's do; their `buffer`s leave bytes alone.
//! Layout: NativeState with type; raw: which stream it is.

use crate::device::{is_board, lend, lend_mut, pause};
use crate::{kept, stream, table};
use octopy_hal::Errno;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Table, Vm, class, q};

class! {
    /// The console as a stream of bytes.
    pub static STDIO = FileIO (table::STDIO) {
        slots { print: stdio_print, iter: stream::stream_iter, next: stream::stream_next }
        __enter__ = method (stream::enter, this),
        __exit__ = method (stream::exit, this, class, exception, traceback),
        /// The same stream as bytes.
        buffer = property (buffer, this),
        /// Does nothing: the console cannot be closed.
        close = method (flush, this),
        /// The number of the stream.
        fileno = method (fileno, this),
        /// Does nothing: nothing is held back.
        flush = method (flush, this),
        /// So many characters.
        read = method (stream::read, this, count),
        /// Fills a buffer.
        readinto = method (stream::readinto, this, buf, count),
        /// The next line.
        readline = method (stream::readline, this, count),
        /// All lines.
        readlines = method (stream::readlines, this),
        /// Writes text or bytes.
        write = method (stream::write, this, data, first, second),
    }
}

/// The console as a stream of text. The methods are those of bytes.
pub static TEXT_STDIO: Table = Table { id: table::TEXT_STDIO, name: q::TextIOWrapper, ..STDIO };

/// Which stream: the input.
pub(crate) const INPUT: u32 = 0;
/// The output.
pub(crate) const OUTPUT: u32 = 1;
/// The output for errors.
pub(crate) const ERROR: u32 = 2;
/// Flag: the stream of bytes.
const BYTES: u32 = 4;

const WHICH: u32 = 1;

/// One of the streams, pushed; always the same object.
pub(crate) fn object(vm: &mut Vm, which: u32) -> PyResult<Local> {
    let kept = kept::load(vm, kept::STREAMS + which)?;
    if !vm.heap.get(kept).is_null() {
        return Ok(kept);
    }
    let made = vm.alloc(Kind::NativeState, 4)?;
    let id = if which & BYTES == 0 { table::TEXT_STDIO } else { table::STDIO };
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, 0, u32::from(id));
    vm.heap.poke_raw(object, WHICH, which);
    kept::store(vm, kept::STREAMS + which, made)?;
    Ok(made)
}

fn which(vm: &Vm, this: Local) -> u32 {
    vm.heap.raw(vm.heap.get(this), WHICH)
}

/// See [`stream`]. Waits for the first byte.
pub(crate) fn read_some(vm: &mut Vm, this: Local, into: &BufferLook) -> PyResult<Option<u32>> {
    let which = which(vm, this);
    if which & !BYTES != INPUT {
        return Err(vm.raise_os(Errno::PERM));
    }
    let cooked = which & BYTES == 0 && is_board(vm);
    loop {
        let got = lend_mut(vm, into, |board, bytes| {
            let got = board.console().read(bytes).min(bytes.len());
            if cooked {
                for byte in bytes.iter_mut().take(got).filter(|byte| **byte == b'\r') {
                    *byte = b'\n';
                }
            }
            got
        });
        if got > 0 || into.len == 0 || vm.board().console().is_closed() {
            return Ok(Some(got as u32));
        }
        pause(vm, None)?;
    }
}

/// See [`stream`].
pub(crate) fn write_some(vm: &mut Vm, this: Local, from: &BufferLook) -> PyResult<u32> {
    let which = which(vm, this);
    match which & !BYTES {
        INPUT => return Err(vm.raise_os(Errno::PERM)),
        OUTPUT | ERROR if which & BYTES != 0 => lend(vm, from, |board, bytes| {
            let console = match which & !BYTES {
                ERROR => board.error_console(),
                _ => board.console(),
            };
            console.write(bytes);
        }),
        ERROR => vm.write_buffer(Out::Error, from)?,
        _ => vm.write_buffer(Out::Console, from)?,
    }
    Ok(from.len)
}

#[cfg(feature = "select")]
/// Whether reading would not wait.
pub(crate) fn is_readable(vm: &mut Vm, this: Local) -> bool {
    let is_input = is_input(vm, this);
    let console = vm.board().console();
    is_input && (console.is_readable() || console.is_closed())
}

#[cfg(feature = "select")]
/// Whether this is `stdin`.
pub(crate) fn is_input(vm: &Vm, this: Local) -> bool {
    which(vm, this) & !BYTES == INPUT
}

fn stdio_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let which = which(vm, this) & !BYTES;
    vm.write(out, b"<io.")?;
    vm.write_type_name(out, this)?;
    vm.write_numbers(out, " %u>", &[which])
}

fn buffer(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let which = which(vm, this);
    object(vm, which | BYTES)
}

fn fileno(vm: &mut Vm, this: Local) -> PyResult<u32> {
    Ok(which(vm, this) & !BYTES)
}

fn flush(_vm: &mut Vm, _this: Local) -> PyResult<()> {
    Ok(())
}

/// The stream of `sys` with this name, pushed.
pub(crate) fn named(vm: &mut Vm, name: octopy_vm::Qstr) -> PyResult<Option<Local>> {
    let which = match name {
        q::stdin => INPUT,
        q::stdout => OUTPUT,
        q::stderr => ERROR,
        _ => return Ok(None),
    };
    object(vm, which).map(Some)
}
