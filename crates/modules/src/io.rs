//! `io`: streams in memory, and the base of streams made in Python.
//!
//! Layout of StringIO and BytesIO: NativeState with type; raw: the position, whether it is closed;
//! values: a bytearray; as long as nothing is written, the immutable text or bytes that it was
//! made of, so that a large one is not there twice (with the feature `shared-content`).

use crate::{file, stream, table};
use octopy_hal::Errno;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::bytearray;
use octopy_vm::{Args, Kind, Local, Out, PrintKind, PyResult, Slots, Table, Vm, class, module, q};

module! {
    /// Streams.
    pub static IO = io (table::IO) {
        __name__ = name (io),
        BytesIO = value (BYTES_IO.value()),
        FileIO = value (file::BINARY_FILE.value()),
        IOBase = value (IO_BASE.value()),
        StringIO = value (STRING_IO.value()),
        TextIOWrapper = value (file::TEXT_FILE.value()),
        /// Opens a file.
        open = function (file::open, file, **),
    }
}

class! {
    /// Bytes in memory as a stream.
    pub static BYTES_IO = BytesIO (table::BYTES_IO) {
        slots { new: bytes_new, print: memory_print, iter: stream::stream_iter, next: stream::stream_next }
        __enter__ = method (stream::enter, this),
        __exit__ = method (stream::exit, this, class, exception, traceback),
        /// Gives the memory back.
        close = method (close, this),
        /// Does nothing.
        flush = method (flush, this),
        /// All of the bytes.
        getvalue = method (getvalue, this),
        /// So many bytes, or all.
        read = method (stream::read, this, count),
        /// Fills a buffer.
        readinto = method (stream::readinto, this, buf, count),
        /// The next line.
        readline = method (stream::readline, this, count),
        /// All lines.
        readlines = method (stream::readlines, this),
        /// Moves the position.
        seek = method (seek, this, offset, whence),
        /// The position.
        tell = method (tell, this),
        /// Writes bytes.
        write = method (stream::write, this, data, first, second),
    }
}

/// Text in memory as a stream. The methods are those of bytes.
pub static STRING_IO: Table = Table {
    id: table::STRING_IO,
    name: q::StringIO,
    slots: &Slots { new: Some(string_new), ..*BYTES_IO.slots },
    ..BYTES_IO
};

class! {
    /// The base of streams made in Python.
    pub static IO_BASE = IOBase (table::IO_BASE) {
        slots { new: base_new }
    }
}

const TYPE: u32 = 0;
const AT: u32 = 1;
const CLOSED: u32 = 2;
const CONTENT: u32 = 4;
const WORDS: u32 = 5;

fn base_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    // The arguments are those of a class made in Python, which knows what to do with them.
    let made = vm.alloc(Kind::NativeState, 4)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(table::IO_BASE));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn string_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    memory_new(vm, args, table::STRING_IO)
}

fn bytes_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    memory_new(vm, args, table::BYTES_IO)
}

/// From initial content, or from the number of bytes to make room for.
fn memory_new(vm: &mut Vm, args: Args, id: u16) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let content = match args.pos(0) {
        Some(room) if vm.heap.get(room).is_small() => {
            let room = vm.to_u32(room)?;
            let content = vm.alloc_builder()?;
            bytearray::reserve(vm, content, room)?;
            content
        }
        Some(initial) if is_immutable(vm, initial) => initial,
        Some(initial) if !vm.heap.get(initial).is_none() => {
            let look = vm.buffer_of(initial);
            let look = octopy_vm::held(&look)?;
            bytearray::alloc_from(vm, look)?
        }
        _ => vm.alloc_builder()?,
    };
    let made = vm.alloc(Kind::NativeState, WORDS)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(id));
    vm.heap.init(object, CONTENT, vm.heap.get(content));
    vm.heap.set(args.ret, object);
    Ok(())
}

/// The content of an open stream in memory and its length, pushed.
fn content(vm: &mut Vm, this: Local) -> PyResult<(Local, u32)> {
    if vm.heap.raw(vm.heap.get(this), CLOSED) != 0 {
        return Err(vm.raise_value("I/O operation on closed file"));
    }
    let content = vm.push_word(this, CONTENT)?;
    let len = if is_immutable(vm, content) {
        octopy_vm::held(&vm.buffer_of(content))?.len
    } else {
        vm.heap.raw(vm.heap.get(content), bytearray::LEN)
    };
    Ok((content, len))
}

/// Whether a value is text or bytes, which nobody changes.
fn is_immutable(vm: &Vm, value: Local) -> bool {
    let look = vm.heap.get(value);
    cfg!(feature = "shared-content")
        && (look.as_qstr().is_some() || matches!(vm.heap.kind(look), Some(Kind::Str | Kind::Bytes)))
}

/// As [`content`], which is a bytearray of the stream's own from now on.
fn own_content(vm: &mut Vm, this: Local) -> PyResult<(Local, u32)> {
    let (shared, len) = content(vm, this)?;
    if !is_immutable(vm, shared) {
        return Ok((shared, len));
    }
    let look = vm.buffer_of(shared);
    let own = bytearray::alloc_from(vm, octopy_vm::held(&look)?)?;
    vm.heap.poke(vm.heap.get(this), CONTENT, vm.heap.get(own));
    Ok((own, len))
}

fn position(vm: &Vm, this: Local) -> u32 {
    vm.heap.raw(vm.heap.get(this), AT)
}

/// See [`stream`].
pub(crate) fn peek(vm: &mut Vm, this: Local) -> PyResult<BufferLook> {
    let (content, len) = content(vm, this)?;
    let at = position(vm, this).min(len);
    if is_immutable(vm, content) {
        let look = vm.buffer_of(content);
        return Ok(octopy_vm::held(&look)?.part(at, len - at));
    }
    let object = vm.push_word(content, bytearray::BUFFER)?;
    Ok(BufferLook { object, at, len: len - at, typecode: b'B', writable: true })
}

/// See [`stream`].
pub(crate) fn consume(vm: &mut Vm, this: Local, count: u32) {
    let at = position(vm, this);
    vm.heap.poke_raw(vm.heap.get(this), AT, at + count);
}

/// See [`stream`].
pub(crate) fn remaining(vm: &mut Vm, this: Local) -> PyResult<u32> {
    peek(vm, this).map(|look| look.len)
}

/// See [`stream`].
pub(crate) fn read_some(vm: &mut Vm, this: Local, into: &BufferLook) -> PyResult<u32> {
    let look = octopy_vm::held(&peek(vm, this))?.part(0, into.len);
    vm.copy_buffer(&look, into.object, into.at);
    consume(vm, this, look.len);
    Ok(look.len)
}

/// See [`stream`]. A gap left by `seek` is filled with zeros.
pub(crate) fn write_some(vm: &mut Vm, this: Local, from: &BufferLook) -> PyResult<u32> {
    let (content, len) = own_content(vm, this)?;
    let at = position(vm, this);
    let Some(end) = at.checked_add(from.len) else {
        return Err(vm.raise_os(Errno::FBIG));
    };
    if end > len {
        bytearray::reserve(vm, content, end - len)?;
    }
    let object = vm.push_word(content, bytearray::BUFFER)?;
    let cells = vm.heap.buffer(vm.heap.get(object));
    for gap in cells.get(len as usize..at as usize).unwrap_or_default() {
        gap.set(0);
    }
    vm.copy_buffer(from, object, at);
    vm.heap.poke_raw(vm.heap.get(content), bytearray::LEN, end.max(len));
    vm.heap.poke_raw(vm.heap.get(this), AT, end);
    Ok(from.len)
}

fn memory_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let id = vm.heap.get(this).bits();
    vm.write(out, b"<io.")?;
    vm.write_type_name(out, this)?;
    vm.write_numbers(out, " 0x%x>", &[id])
}

fn close(vm: &mut Vm, this: Local) -> PyResult<()> {
    content(vm, this)?;
    let empty = vm.alloc_builder()?;
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, CLOSED, 1);
    vm.heap.poke(object, CONTENT, vm.heap.get(empty));
    Ok(())
}

fn flush(vm: &mut Vm, this: Local) -> PyResult<()> {
    content(vm, this).map(|_| ())
}

fn getvalue(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let (shared, _) = content(vm, this)?;
    let is_text = stream::type_of(vm, this) == table::STRING_IO;
    if is_immutable(vm, shared) && vm.is_str(shared) == is_text {
        return Ok(shared);
    }
    let (content, _) = own_content(vm, this)?;
    vm.builder_text(content, if is_text { Kind::Str } else { Kind::Bytes })
}

fn seek(vm: &mut Vm, this: Local, offset: Local, whence: Option<i32>) -> PyResult<i64> {
    let (_, len) = content(vm, this)?;
    let offset = vm.to_i64(offset)?;
    let base = match whence.unwrap_or(0) {
        0 => 0,
        1 => i64::from(position(vm, this)),
        2 => i64::from(len),
        _ => return Err(vm.raise_os(Errno::INVAL)),
    };
    let at = base.saturating_add(offset);
    // Before the start is the start; a negative position is refused.
    if offset < 0 && whence.unwrap_or(0) == 0 {
        return Err(vm.raise_os(Errno::INVAL));
    }
    let at = u32::try_from(at.max(0)).unwrap_or(u32::MAX);
    vm.heap.poke_raw(vm.heap.get(this), AT, at);
    Ok(i64::from(at))
}

fn tell(vm: &mut Vm, this: Local) -> PyResult<u32> {
    content(vm, this)?;
    Ok(position(vm, this))
}
