//! Files: `open()` and the objects that it returns.
//!
//! Layout: NativeState with type; raw: file number and flags, where unread bytes of the buffer
//! start and end; values: the buffer, once there is one. Small reads and lines go through the
//! buffer; writes go straight to the file system, which has its own.

use crate::device::{lend, lend_mut};
use crate::keyword::keywords;
use crate::os::place::{Where, locate};
use crate::{lost, stream, table};
use octopy_fs::PATH_MAX;
use octopy_hal::{Errno, FileId, FileSystem, OpenMode, Seek};
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Rest, Table, Value, Vm, class, q};

class! {
    /// A file of bytes.
    pub static BINARY_FILE = FileIO (table::BINARY_FILE) {
        slots { print: file_print, iter: stream::stream_iter, next: stream::stream_next }
        __enter__ = method (stream::enter, this),
        __exit__ = method (stream::exit, this, class, exception, traceback),
        /// Writes back what is left and closes the file.
        close = method (close, this),
        /// Makes what was written durable.
        flush = method (flush, this),
        /// So many bytes, or all.
        read = method (stream::read, this, count),
        /// Fills a buffer; how many bytes there were.
        readinto = method (stream::readinto, this, buf, count),
        /// The next line with its end.
        readline = method (stream::readline, this, count),
        /// All lines.
        readlines = method (stream::readlines, this),
        /// Moves the position.
        seek = method (seek, this, offset, whence),
        /// The position.
        tell = method (tell, this),
        /// Writes bytes; how many they were.
        write = method (stream::write, this, data, first, second),
    }
}

/// A file of text. The methods are those of bytes.
pub static TEXT_FILE: Table = Table { id: table::TEXT_FILE, name: q::TextIOWrapper, ..BINARY_FILE };

const TYPE: u32 = 0;
const FILE: u32 = 1;
const AT: u32 = 2;
const END: u32 = 3;
const BUFFER: u32 = 4;
const WORDS: u32 = 5;

/// Flag beside the file number: the file is open.
const OPEN: u32 = 1 << 16;

/// Bytes that are read ahead for small reads.
const AHEAD: u32 = 256;

/// `open(file, mode='r', buffering=-1, encoding=None)`
pub(crate) fn open(vm: &mut Vm, path: Local, rest: Rest) -> PyResult<Local> {
    let args = rest.0;
    let [mode, _buffering, _encoding] = keywords(vm, &args, [q::mode, q::buffering, q::encoding])?;
    let mode = match args.pos(0).or(mode) {
        Some(mode) => mode,
        None => vm.push(Value::from_qstr(q::r.0))?,
    };
    let (letters, is_binary) = parse_mode(vm, mode)?;
    let mut buf = [0; PATH_MAX];
    match locate(vm, path, &mut buf)? {
        Where::Root => Err(vm.raise_os(Errno::ISDIR)),
        Where::Board(path) => open_path(vm, path, letters, is_binary),
        Where::Object(system, path) => {
            let path = vm.alloc_str(path.as_bytes())?;
            let open = vm.attr(system, q::open)?;
            vm.call(open, &[path, mode])
        }
    }
}

/// The letters of a mode, and whether bytes are meant.
fn parse_mode(vm: &mut Vm, mode: Local) -> PyResult<(OpenMode, bool)> {
    let look = vm.buffer_of(mode);
    let look = octopy_vm::held(&look)?;
    let mut parsed = OpenMode::default();
    let mut is_binary = false;
    for letter in vm.buffer_bytes(look) {
        match letter {
            b'r' => parsed.read = true,
            b'w' => (parsed.write, parsed.create, parsed.truncate) = (true, true, true),
            b'a' => (parsed.write, parsed.create, parsed.append) = (true, true, true),
            b'x' => (parsed.write, parsed.create, parsed.exclusive) = (true, true, true),
            b'+' => (parsed.read, parsed.write) = (true, true),
            b'b' => is_binary = true,
            _ => {}
        }
    }
    Ok((parsed, is_binary))
}

fn open_path(vm: &mut Vm, path: &str, mode: OpenMode, is_binary: bool) -> PyResult<Local> {
    let table = if is_binary { &BINARY_FILE } else { &TEXT_FILE };
    let slot = vm.alloc(Kind::NativeState, WORDS)?;
    vm.heap.poke_raw(vm.heap.get(slot), TYPE, u32::from(table.id));
    lost::prepare(vm)?;
    let file = board_open(vm, path, mode)?;
    vm.heap.poke_raw(vm.heap.get(slot), FILE, OPEN | u32::from(file.0));
    lost::note(vm, lost::FILE | u32::from(file.0))?;
    Ok(slot)
}

/// Opens a file of the board, if need be after closing those that nobody can reach.
pub(crate) fn board_open(vm: &mut Vm, path: &str, mode: OpenMode) -> PyResult<FileId> {
    let mut file = vm.board().files().map(|files| files.open(path, mode));
    if file == Some(Err(Errno::MFILE)) && lost::reap(vm)? {
        file = vm.board().files().map(|files| files.open(path, mode));
    }
    file.unwrap_or(Err(Errno::NODEV)).map_err(|errno| vm.raise_os(errno))
}

/// How an object of a file that is open stands on the list of `lost.rs`.
pub(crate) fn open_word(vm: &Vm, object: Value<'_>) -> Option<u32> {
    let is_file = matches!(vm.table_of(object).id, table::TEXT_FILE | table::BINARY_FILE);
    let word = if is_file { vm.heap.raw(object, FILE) } else { 0 };
    if word & OPEN != 0 { Some(lost::FILE | word & 0xffff) } else { None }
}

/// Closes a file without an object. That it could not be written back, nobody is there to hear.
pub(crate) fn abandon(vm: &mut Vm, id: u16) {
    if let Some(files) = vm.board().files() {
        let _ = files.close(FileId(id));
    }
}

/// Runs an operation of the board's file system; its errors become OSError.
pub(crate) fn with_files<R>(
    vm: &mut Vm,
    body: impl FnOnce(&mut dyn FileSystem) -> Result<R, Errno>,
) -> PyResult<R> {
    let res = match vm.board().files() {
        Some(files) => body(files),
        None => Err(Errno::NODEV),
    };
    res.map_err(|errno| vm.raise_os(errno))
}

/// The number of an open file; ValueError if it is closed.
fn file_of(vm: &mut Vm, this: Local) -> PyResult<FileId> {
    let word = vm.heap.raw(vm.heap.get(this), FILE);
    if word & OPEN == 0 {
        return Err(vm.raise_value("I/O operation on closed file"));
    }
    Ok(FileId(word as u16))
}

fn unread(vm: &Vm, this: Local) -> u32 {
    let object = vm.heap.get(this);
    vm.heap.raw(object, END).saturating_sub(vm.heap.raw(object, AT))
}

fn set_unread(vm: &Vm, this: Local, at: u32, end: u32) {
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, AT, at);
    vm.heap.poke_raw(object, END, end);
}

/// Drops what was read ahead, so that the file's position is the object's.
fn settle(vm: &mut Vm, this: Local) -> PyResult<FileId> {
    let file = file_of(vm, this)?;
    let ahead = unread(vm, this);
    if ahead > 0 {
        set_unread(vm, this, 0, 0);
        with_files(vm, |files| files.seek(file, Seek::Current(-i64::from(ahead))))?;
    }
    Ok(file)
}

/// The unread bytes of the buffer, filled if there were none.
pub(crate) fn peek(vm: &mut Vm, this: Local) -> PyResult<BufferLook> {
    let file = file_of(vm, this)?;
    let mut object = vm.push_word(this, BUFFER)?;
    if vm.heap.get(object).is_null() {
        object = vm.alloc(Kind::Buffer, AHEAD / 4)?;
        vm.heap.poke(vm.heap.get(this), BUFFER, vm.heap.get(object));
    }
    let look = |at, len| BufferLook { object, at, len, typecode: b'B', writable: true };
    if unread(vm, this) == 0 {
        let got = device_read(vm, file, &look(0, AHEAD))?;
        set_unread(vm, this, 0, got);
    }
    Ok(look(vm.heap.raw(vm.heap.get(this), AT), unread(vm, this)))
}

/// Takes bytes of the buffer.
pub(crate) fn consume(vm: &mut Vm, this: Local, count: u32) {
    let object = vm.heap.get(this);
    let at = vm.heap.raw(object, AT);
    vm.heap.poke_raw(object, AT, at + count);
}

fn device_read(vm: &mut Vm, file: FileId, into: &BufferLook) -> PyResult<u32> {
    let res = lend_mut(vm, into, |board, bytes| match board.files() {
        Some(files) => files.read(file, bytes),
        None => Err(Errno::NODEV),
    });
    res.map(|got| got as u32).map_err(|errno| vm.raise_os(errno))
}

/// See [`stream`].
pub(crate) fn read_some(vm: &mut Vm, this: Local, into: &BufferLook) -> PyResult<u32> {
    let file = file_of(vm, this)?;
    if unread(vm, this) == 0 && into.len >= AHEAD {
        return device_read(vm, file, into);
    }
    let ahead = octopy_vm::held(&peek(vm, this))?.part(0, into.len);
    vm.copy_buffer(&ahead, into.object, into.at);
    consume(vm, this, ahead.len);
    Ok(ahead.len)
}

/// See [`stream`].
pub(crate) fn write_some(vm: &mut Vm, this: Local, from: &BufferLook) -> PyResult<u32> {
    let file = settle(vm, this)?;
    let res = lend(vm, from, |board, bytes| match board.files() {
        Some(files) => files.write(file, bytes),
        None => Err(Errno::NODEV),
    });
    match res {
        Ok(0) if from.len > 0 => Err(vm.raise_os(Errno::NOSPC)),
        Ok(count) => Ok(count as u32),
        Err(errno) => Err(vm.raise_os(errno)),
    }
}

/// Bytes from the position to the end.
pub(crate) fn remaining(vm: &mut Vm, this: Local) -> PyResult<u32> {
    let file = file_of(vm, this)?;
    let rest = with_files(vm, |files| {
        // Streams of a PC (pipes, terminals) cannot seek: nothing is known about them.
        let Ok(at) = files.seek(file, Seek::Current(0)) else { return Ok(0) };
        let end = files.seek(file, Seek::End(0))?;
        files.seek(file, Seek::Start(at))?;
        Ok(end.saturating_sub(at))
    })?;
    let rest = u32::try_from(rest).unwrap_or(u32::MAX);
    Ok(rest.saturating_add(unread(vm, this)))
}

fn file_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<io.")?;
    vm.write_type_name(out, this)?;
    vm.write(out, b">")
}

fn close(vm: &mut Vm, this: Local) -> PyResult<()> {
    if vm.heap.raw(vm.heap.get(this), FILE) & OPEN == 0 {
        return Ok(());
    }
    let file = file_of(vm, this)?;
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, FILE, 0);
    vm.heap.poke_immediate(object, BUFFER, Value::NULL);
    lost::forget(vm, lost::FILE | u32::from(file.0))?;
    with_files(vm, |files| files.close(file))
}

fn flush(vm: &mut Vm, this: Local) -> PyResult<()> {
    let file = file_of(vm, this)?;
    with_files(vm, |files| files.flush(file))
}

fn seek(vm: &mut Vm, this: Local, offset: Local, whence: Option<i32>) -> PyResult<i64> {
    let offset = vm.to_i64(offset)?;
    let file = settle(vm, this)?;
    let to = match whence.unwrap_or(0) {
        0 => match u64::try_from(offset) {
            Ok(offset) => Seek::Start(offset),
            Err(_) => return Err(vm.raise_os(Errno::INVAL)),
        },
        1 => Seek::Current(offset),
        2 => Seek::End(offset),
        _ => return Err(vm.raise_os(Errno::INVAL)),
    };
    with_files(vm, |files| files.seek(file, to)).map(|at| at as i64)
}

fn tell(vm: &mut Vm, this: Local) -> PyResult<i64> {
    let file = file_of(vm, this)?;
    let at = with_files(vm, |files| files.seek(file, Seek::Current(0)))?;
    Ok(at as i64 - i64::from(unread(vm, this)))
}
