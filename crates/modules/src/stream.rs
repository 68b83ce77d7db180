//! Streams: what files, sockets, consoles and buffers in memory have in common.
//!
//! A stream gives bytes to [`read_some`], takes them from [`write_some`], and may have a buffer to
//! look into ([`peek`]); everything else is made of these here, once for all kinds of streams.

#[cfg(feature = "ring-io")]
use crate::ring_io;
#[cfg(feature = "network")]
use crate::socket;
use crate::{file, io, stdio, table};
use octopy_hal::Errno;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::is_text as is_utf8;
use octopy_vm::types::{PIECE, bytearray, exception, list};
use octopy_vm::{Kind, Local, PyResult, Raised, Value, Vm, q};

/// Bytes that a builder makes room for at a time.
const CHUNK: u32 = 256;

/// The number of the type of a native stream.
pub(crate) fn type_of(vm: &Vm, this: Local) -> u16 {
    vm.type_table(this).id
}

/// `OSError` for an operation that this stream does not have.
#[cold]
pub(crate) fn unsupported(vm: &mut Vm) -> Raised {
    vm.raise(&exception::OS_ERROR, "stream operation not supported")
}

/// Reads up to `into.len` bytes: 0 at the end, `None` if nothing is there and the stream does not
/// block.
fn read_some(vm: &mut Vm, this: Local, into: &BufferLook) -> PyResult<Option<u32>> {
    match type_of(vm, this) {
        table::TEXT_FILE | table::BINARY_FILE => file::read_some(vm, this, into).map(Some),
        table::TEXT_STDIO | table::STDIO => stdio::read_some(vm, this, into),
        #[cfg(feature = "network")]
        table::SOCKET => socket::read_some(vm, this, into),
        table::STRING_IO | table::BYTES_IO => io::read_some(vm, this, into).map(Some),
        #[cfg(feature = "ring-io")]
        table::RING_IO => ring_io::read_some(vm, this, into).map(Some),
        _ => Err(unsupported(vm)),
    }
}

/// Writes up to `from.len` bytes; `None` if the stream does not block and has no room.
fn write_some(vm: &mut Vm, this: Local, from: &BufferLook) -> PyResult<Option<u32>> {
    match type_of(vm, this) {
        table::TEXT_FILE | table::BINARY_FILE => file::write_some(vm, this, from).map(Some),
        table::TEXT_STDIO | table::STDIO => stdio::write_some(vm, this, from).map(Some),
        #[cfg(feature = "network")]
        table::SOCKET => socket::write_some(vm, this, from),
        table::STRING_IO | table::BYTES_IO => io::write_some(vm, this, from).map(Some),
        #[cfg(feature = "ring-io")]
        table::RING_IO => ring_io::write_some(vm, this, from).map(Some),
        _ => Err(unsupported(vm)),
    }
}

/// The bytes that the stream has in a buffer, filled if it was empty; empty at the end. `None` for
/// streams without a buffer.
fn peek(vm: &mut Vm, this: Local) -> PyResult<Option<BufferLook>> {
    match type_of(vm, this) {
        table::TEXT_FILE | table::BINARY_FILE => file::peek(vm, this).map(Some),
        table::STRING_IO | table::BYTES_IO => io::peek(vm, this).map(Some),
        _ => Ok(None),
    }
}

/// Takes bytes that [`peek`] has shown.
fn consume(vm: &mut Vm, this: Local, count: u32) {
    match type_of(vm, this) {
        table::TEXT_FILE | table::BINARY_FILE => file::consume(vm, this, count),
        table::STRING_IO | table::BYTES_IO => io::consume(vm, this, count),
        _ => {}
    }
}

/// How many bytes are left, where that is known.
fn remaining(vm: &mut Vm, this: Local) -> PyResult<Option<u32>> {
    match type_of(vm, this) {
        table::TEXT_FILE | table::BINARY_FILE => file::remaining(vm, this).map(Some),
        table::STRING_IO | table::BYTES_IO => io::remaining(vm, this).map(Some),
        _ => Ok(None),
    }
}

/// Whether reading gives str.
fn is_text(vm: &Vm, this: Local) -> bool {
    matches!(type_of(vm, this), table::TEXT_FILE | table::STRING_IO | table::TEXT_STDIO)
}

/// Fills a run as far as possible; `None` if nothing is there and the stream does not block.
fn fill(vm: &mut Vm, this: Local, into: &BufferLook, once: bool) -> PyResult<Option<u32>> {
    let mut done = 0;
    while done < into.len {
        let mark = vm.mark();
        let got = read_some(vm, this, &into.from(done))?;
        vm.release(mark);
        match got {
            None if done == 0 => return Ok(None),
            None | Some(0) => break,
            Some(got) => done += got,
        }
        if once {
            break;
        }
    }
    Ok(Some(done))
}

/// Writes a whole run, or as much as a stream that does not block takes.
pub(crate) fn write_all(vm: &mut Vm, this: Local, from: &BufferLook) -> PyResult<Option<u32>> {
    let mut done = 0;
    while done < from.len {
        let mark = vm.mark();
        let got = write_some(vm, this, &from.from(done))?;
        vm.release(mark);
        match got {
            None if done == 0 => return Ok(None),
            None | Some(0) => break,
            Some(got) => done += got,
        }
    }
    Ok(Some(done))
}

/// Gives a str to the method `write` of a stream. One made in Python on `IOBase` may take less at a
/// time; if it says that it took more, it is broken.
pub(crate) fn write_by(vm: &mut Vm, write: Local, text: Local) -> PyResult<()> {
    let mut rest = text;
    loop {
        let taken = vm.call(write, &[rest])?;
        let (Some(taken), true) = (vm.heap.get(taken).as_small(), is_on_io_base(vm, write)) else {
            return Ok(());
        };
        let look = vm.buffer_of(rest);
        let look = octopy_vm::held(&look)?;
        match u32::try_from(taken) {
            Ok(taken) if taken == 0 || taken == look.len => return Ok(()),
            Ok(taken) if taken < look.len => {
                rest = vm.alloc_from_buffer(Kind::Bytes, &look.from(taken))?;
            }
            _ => return Err(vm.raise_os(Errno::IO)),
        }
    }
}

/// Whether a method is bound to an instance of a class on `IOBase`.
fn is_on_io_base(vm: &Vm, method: Local) -> bool {
    let value = vm.heap.get(method);
    if !vm.heap.is_kind(value, Kind::BoundMethod) {
        return false;
    }
    let this = vm.heap.word(value, 1);
    vm.heap.is_kind(this, Kind::Instance)
        && vm.native_base(vm.heap.word(this, 0)).is_some_and(|base| base.id == table::IO_BASE)
}

#[cfg(feature = "json")]
/// Everything that a stream made in Python gives by `readinto`, as bytes, pushed.
pub(crate) fn read_by(vm: &mut Vm, readinto: Local) -> PyResult<Local> {
    let content = vm.alloc_builder()?;
    let piece = bytearray::alloc(vm, 1)?;
    loop {
        let mark = vm.mark();
        let got = vm.call(readinto, &[piece])?;
        match vm.heap.get(got).as_small() {
            Some(1) => {
                let look = vm.buffer_of(piece);
                let look = octopy_vm::held(&look)?;
                bytearray::extend_look(vm, content, look)?;
            }
            Some(2..) => return Err(vm.raise_os(Errno::IO)),
            _ => return vm.builder_text(content, Kind::Bytes),
        }
        vm.release(mark);
    }
}

/// Reads up to `count` bytes behind the content of a builder, in one step.
fn append(vm: &mut Vm, this: Local, builder: Local, count: u32) -> PyResult<Option<u32>> {
    let mark = vm.mark();
    bytearray::reserve(vm, builder, count)?;
    let at = vm.heap.raw(vm.heap.get(builder), bytearray::LEN);
    let object = vm.push_word(builder, bytearray::BUFFER)?;
    let into = BufferLook { object, at, len: count, typecode: b'B', writable: true };
    let got = read_some(vm, this, &into)?;
    if let Some(got) = got {
        vm.heap.poke_raw(vm.heap.get(builder), bytearray::LEN, at + got);
    }
    vm.release(mark);
    Ok(got)
}

/// The first `len` bytes of a fresh Bytes or Str as a value of the right type, pushed.
fn finish(vm: &mut Vm, made: Local, len: u32, text: bool) -> PyResult<Local> {
    let look = BufferLook { object: made, at: 4, len, typecode: b'B', writable: false };
    if text {
        if !is_utf8(vm.buffer_bytes(&look)) {
            return Err(vm.raise_bare(&exception::UNICODE_ERROR));
        }
        if len <= 32 {
            return vm.alloc_from_buffer(Kind::Str, &look);
        }
    }
    vm.heap.poke_raw(vm.heap.get(made), 0, len);
    vm.heap.shrink(made, (len / 4).saturating_add(2));
    Ok(made)
}

/// Reads `count` bytes (fewer at the end, or at once), pushed; None where nothing is there.
pub(crate) fn read_bytes(vm: &mut Vm, this: Local, count: u32, once: bool) -> PyResult<Local> {
    let count = match remaining(vm, this)? {
        Some(rest) => count.min(rest.max(CHUNK)),
        None => count,
    };
    read_into_fresh(vm, this, count, false, once)
}

fn read_into_fresh(
    vm: &mut Vm,
    this: Local,
    count: u32,
    text: bool,
    once: bool,
) -> PyResult<Local> {
    let kind = if text { Kind::Str } else { Kind::Bytes };
    let made = vm.alloc_text(kind, count)?;
    let into = BufferLook { object: made, at: 4, len: count, typecode: b'B', writable: true };
    match fill(vm, this, &into, once)? {
        Some(len) => finish(vm, made, len, text),
        None => vm.push(Value::NONE),
    }
}

/// Reads to the end, pushed.
fn read_all(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let text = is_text(vm, this);
    match remaining(vm, this)? {
        Some(rest) if rest > 0 => return read_into_fresh(vm, this, rest, text, false),
        _ => {}
    }
    let builder = vm.alloc_builder()?;
    let mut empty = true;
    loop {
        let room = vm.heap.raw(vm.heap.get(builder), bytearray::LEN).max(CHUNK);
        match append(vm, this, builder, room.min(16 * CHUNK))? {
            None if empty => return vm.push(Value::NONE),
            None | Some(0) => return finish_builder(vm, builder, text),
            Some(_) => empty = false,
        }
    }
}

/// The content of a builder as str or bytes, pushed.
fn finish_builder(vm: &mut Vm, builder: Local, text: bool) -> PyResult<Local> {
    if !text {
        return vm.builder_text(builder, Kind::Bytes);
    }
    let look = vm.buffer_of(builder);
    let look = octopy_vm::held(&look)?;
    if !is_utf8(vm.buffer_bytes(look)) {
        return Err(vm.raise_bare(&exception::UNICODE_ERROR));
    }
    vm.builder_str(builder)
}

/// Reads `count` characters, pushed. Never reads further than that, so that nothing is lost.
fn read_chars(vm: &mut Vm, this: Local, count: u32) -> PyResult<Local> {
    let builder = vm.alloc_builder()?;
    let (mut started, mut lacking) = (0_u32, 0_u32);
    while started < count || lacking > 0 {
        let want = (count - started.min(count)).saturating_add(lacking).min(4 * CHUNK);
        let at = vm.heap.raw(vm.heap.get(builder), bytearray::LEN);
        match append(vm, this, builder, want)? {
            None if at == 0 => return vm.push(Value::NONE),
            None | Some(0) => break,
            Some(_) => {}
        }
        let buffer = vm.heap.word(vm.heap.get(builder), bytearray::BUFFER);
        let end = vm.heap.raw(vm.heap.get(builder), bytearray::LEN) as usize;
        for byte in vm.heap.buffer(buffer).get(at as usize..end).unwrap_or_default() {
            lacking = match byte.get() {
                0x80..=0xbf => lacking.saturating_sub(1),
                lead => {
                    started += 1;
                    match lead {
                        0xc0..=0xdf => 1,
                        0xe0..=0xef => 2,
                        0xf0..=0xff => 3,
                        _ => 0,
                    }
                }
            };
        }
    }
    finish_builder(vm, builder, true)
}

/// The argument of `read` and `readline`: `None` for everything.
fn size_of(vm: &mut Vm, count: Option<Local>) -> PyResult<Option<u32>> {
    match count {
        Some(slot) if !vm.heap.get(slot).is_none() => {
            let count = vm.to_i64(slot)?;
            Ok(if count < 0 { None } else { Some(u32::try_from(count).unwrap_or(u32::MAX)) })
        }
        _ => Ok(None),
    }
}

/// `read`
pub(crate) fn read(vm: &mut Vm, this: Local, count: Option<Local>) -> PyResult<Local> {
    match size_of(vm, count)? {
        None => read_all(vm, this),
        Some(count) if is_text(vm, this) => read_chars(vm, this, count),
        Some(count) => read_bytes(vm, this, count, false),
    }
}

/// `readinto`
pub(crate) fn readinto(
    vm: &mut Vm,
    this: Local,
    buf: Local,
    count: Option<Local>,
) -> PyResult<Option<u32>> {
    let look = vm.writable_buffer_of(buf);
    let look = octopy_vm::held(&look)?;
    let count = size_of(vm, count)?.unwrap_or(u32::MAX);
    fill(vm, this, &look.part(0, count), false)
}

/// `readline`
pub(crate) fn readline(vm: &mut Vm, this: Local, count: Option<Local>) -> PyResult<Local> {
    let limit = size_of(vm, count)?.unwrap_or(u32::MAX);
    let text = is_text(vm, this);
    let builder = vm.alloc_builder()?;
    let mark = vm.mark();
    let mut len = 0;
    while len < limit {
        vm.pass_step(0)?;
        let found;
        (len, found) = match octopy_vm::held(&peek(vm, this))? {
            Some(look) => {
                let look = look.part(0, (limit - len).min(PIECE));
                let bytes = vm.buffer_bytes(&look);
                let at = bytes.iter().position(|&byte| byte == b'\n');
                let taken = look.part(0, at.map_or(u32::MAX, |at| at as u32 + 1));
                if taken.len == 0 {
                    break;
                }
                bytearray::extend_look(vm, builder, &taken)?;
                consume(vm, this, taken.len);
                (len + taken.len, at.is_some())
            }
            None => match append(vm, this, builder, 1)? {
                None if len == 0 => return vm.push(Value::NONE),
                None | Some(0) => break,
                Some(_) => {
                    let buffer = vm.heap.word(vm.heap.get(builder), bytearray::BUFFER);
                    let last = vm.heap.buffer(buffer).get(len as usize);
                    (len + 1, last.is_some_and(|byte| byte.get() == b'\n'))
                }
            },
        };
        vm.release(mark);
        if found {
            break;
        }
    }
    vm.release(mark);
    finish_builder(vm, builder, text)
}

/// `readlines`
pub(crate) fn readlines(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let lines = list::alloc(vm, 0)?;
    loop {
        let mark = vm.mark();
        let Some(line) = stream_next(vm, this)? else { return Ok(lines) };
        list::push(vm, lines, line)?;
        vm.release(mark);
    }
}

/// Iteration gives lines.
pub(crate) fn stream_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let line = readline(vm, this, None)?;
    let look = vm.heap.get(line);
    Ok(if look.is_none() || vm.len_of(line)? == 0 { None } else { Some(line) })
}

/// A stream is its own iterator.
pub(crate) fn stream_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.copy(this)
}

/// `write(data[, count])` or `write(data, start, count)`
pub(crate) fn write(
    vm: &mut Vm,
    this: Local,
    data: Local,
    first: Option<Local>,
    second: Option<Local>,
) -> PyResult<Option<u32>> {
    let mut look = vm.buffer_of(data)?;
    let first = size_of(vm, first)?.unwrap_or(u32::MAX);
    look = match second {
        None => look.part(0, first),
        Some(_) => {
            let count = size_of(vm, second)?.unwrap_or(u32::MAX);
            look.part(first, count)
        }
    };
    write_all(vm, this, &look)
}

/// `__enter__`
pub(crate) fn enter(_vm: &mut Vm, this: Local) -> PyResult<Local> {
    Ok(this)
}

/// `__exit__`: closes.
pub(crate) fn exit(
    vm: &mut Vm,
    this: Local,
    _class: Option<Local>,
    _exception: Option<Local>,
    _traceback: Option<Local>,
) -> PyResult<()> {
    let close = vm.attr(this, q::close)?;
    vm.call(close, &[])?;
    Ok(())
}
