//! Importing files: the search along `sys.path`, packages, and reading programs.

use crate::REGISTRY;
use crate::file::{board_open, with_files};
use crate::os;
use crate::os::place::{self, Where, locate_text};
use octopy_hal::{Board, Errno, FileId, FileKind, OpenMode};
use octopy_qstr::{Qstr, q};
use octopy_vm::types::bytearray;
use octopy_vm::{CompileMode, Kind, Local, PyResult, SourceText, StateSlot, Value, Vm};

/// Longest path of a module.
const PATH_MAX: usize = 256;

/// A path under construction.
struct Path {
    bytes: [u8; PATH_MAX],
    len: usize,
}

impl Path {
    const fn new() -> Self {
        Self { bytes: [0; PATH_MAX], len: 0 }
    }

    /// Appends; false if it does not fit.
    fn push(&mut self, text: &[u8]) -> bool {
        match self.bytes.get_mut(self.len..self.len + text.len()) {
            Some(to) => {
                to.copy_from_slice(text);
                self.len += text.len();
                true
            }
            None => false,
        }
    }

    fn text(&self) -> &str {
        core::str::from_utf8(self.bytes.get(..self.len).unwrap_or_default()).unwrap_or("")
    }
}

/// What a path names, as `os.stat` would say. Anything that goes wrong means that nothing is there.
#[inline(never)]
pub fn stat_kind(vm: &mut Vm, path: &str) -> Option<FileKind> {
    let mark = vm.mark();
    let kind = kind_of(vm, path);
    if kind.is_err() {
        vm.clear_exception();
    }
    vm.release(mark);
    kind.ok()
}

fn kind_of(vm: &mut Vm, path: &str) -> PyResult<FileKind> {
    let mut buf = [0_u8; octopy_fs::PATH_MAX];
    match locate_text(vm, path, &mut buf)? {
        Where::Root | Where::Board("/") | Where::Object(_, "/" | "") => Ok(FileKind::Directory),
        Where::Board(path) => with_files(vm, |files| files.stat(path)).map(|stat| stat.kind),
        Where::Object(system, path) => {
            let stat = place::call(vm, system, q::stat, path, None)?;
            let is_directory = os::is_directory(vm, stat)?;
            Ok(if is_directory { FileKind::Directory } else { FileKind::File })
        }
    }
}

/// A program that is read from a file of the board in small pieces.
struct FileSource<'b> {
    board: &'b mut dyn Board,
    file: FileId,
    piece: [u8; 256],
    at: usize,
    end: usize,
    error: Option<Errno>,
}

impl octopy_syntax::Source for FileSource<'_> {
    fn next_byte(&mut self) -> Option<u8> {
        if self.at == self.end {
            self.at = 0;
            self.end = match self.board.files()?.read(self.file, &mut self.piece) {
                Ok(count) => count,
                Err(errno) => {
                    self.error = Some(errno);
                    0
                }
            };
        }
        let byte = self.piece.get(..self.end)?.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }
}

/// Makes a code object of a program: compiles it, or loads it if its file's name says that it is
/// compiled already.
fn make_code(vm: &mut Vm, source: &mut dyn octopy_syntax::Source, name: Qstr) -> PyResult<Local> {
    #[cfg(feature = "mpy")]
    if vm.name_text(name).ends_with(b".mpy") {
        return vm.load_mpy(source);
    }
    vm.compile(source, name, CompileMode::File)
}

/// Compiles a file, or loads one that is compiled; its code object is pushed. OSError if it cannot
/// be read.
#[inline(never)]
pub fn compile_file(vm: &mut Vm, path: &str) -> PyResult<Local> {
    let mut buf = [0_u8; octopy_fs::PATH_MAX];
    let name = vm.intern(path.as_bytes())?;
    match locate_text(vm, path, &mut buf)? {
        Where::Root => Err(vm.raise_os(Errno::ISDIR)),
        Where::Board(path) => compile_board_file(vm, path, name),
        Where::Object(system, path) => {
            let content = content(vm, system, path)?;
            let mut source = SourceText::new(vm, content)?;
            make_code(vm, &mut source, name)
        }
    }
}

fn compile_board_file(vm: &mut Vm, path: &str, name: Qstr) -> PyResult<Local> {
    let mode = OpenMode { read: true, ..OpenMode::default() };
    let file = board_open(vm, path, mode)?;
    let (res, error) = vm.lend_board(|vm, board| {
        let mut source = FileSource { board, file, piece: [0; 256], at: 0, end: 0, error: None };
        let res = make_code(vm, &mut source, name);
        (res, source.error)
    });
    if let Some(files) = vm.board().files() {
        // The file was only read: closing it loses nothing.
        let _ = files.close(file);
    }
    match error {
        Some(errno) => Err(vm.raise_os(errno)),
        None => res,
    }
}

/// The content of a file of a file system made in Python, as a bytearray, pushed.
///
/// It is read by `readinto` alone: such files need not have more.
fn content(vm: &mut Vm, system: Local, path: &str) -> PyResult<Local> {
    let mark = vm.mark();
    let content = vm.alloc_builder()?;
    let mode = vm.push(Value::from_qstr(q::rb.0))?;
    let file = place::call(vm, system, q::open, path, Some(mode))?;
    let size = piece_size(vm, file)?;
    let piece = bytearray::alloc(vm, size)?;
    let Some(readinto) = vm.opt_attr(file, q::readinto)? else {
        return Err(crate::stream::unsupported(vm));
    };
    loop {
        let mark = vm.mark();
        let count = vm.call(readinto, &[piece])?;
        let count = if vm.heap.get(count).is_none() { 0 } else { vm.to_u32(count)? };
        if count == 0 {
            break;
        }
        let look = octopy_vm::held(&vm.buffer_of(piece))?.part(0, count);
        bytearray::extend_look(vm, content, &look)?;
        vm.release(mark);
    }
    if vm.opt_attr(file, q::ioctl)?.is_some() {
        ask(vm, file, IOCTL_CLOSE)?;
    } else if let Some(close) = vm.opt_attr(file, q::close)? {
        vm.call(close, &[])?;
    }
    Ok(vm.keep(mark, content))
}

/// What `ioctl` of a stream made in Python is asked: to close.
const IOCTL_CLOSE: i32 = 4;
/// The best size of reads.
const IOCTL_BUFFER_SIZE: i32 = 11;

/// Calls `ioctl` of a stream made in Python; the answer is pushed.
fn ask(vm: &mut Vm, file: Local, request: i32) -> PyResult<Local> {
    let ioctl = vm.attr(file, q::ioctl)?;
    let request = vm.push(Value::from_small(request))?;
    let argument = vm.push(Value::from_small(0))?;
    vm.call(ioctl, &[request, argument])
}

/// How many bytes to read from a stream made in Python at once.
fn piece_size(vm: &mut Vm, file: Local) -> PyResult<u32> {
    let mark = vm.mark();
    let mut size = 256;
    if vm.opt_attr(file, q::ioctl)?.is_some() {
        let wanted = ask(vm, file, IOCTL_BUFFER_SIZE)?;
        if let Some(wanted @ 16..) = vm.heap.get(wanted).as_small() {
            size = wanted.min(1024) as u32;
        }
    }
    vm.release(mark);
    Ok(size)
}

/// The importer for [`Vm::set_importer`].
pub fn import_file(vm: &mut Vm, name: Qstr, path: Local, module: Local) -> PyResult<bool> {
    Ok(import_found(vm, name, path, module)? || import_alias(vm, name, path)?)
}

/// `import uos` gives `os`: MicroPython's native modules once had names with a `u`.
fn import_alias(vm: &mut Vm, name: Qstr, path: Local) -> PyResult<bool> {
    let Some(rest) = vm.name_text(name).strip_prefix(b"u") else { return Ok(false) };
    let Some(known) = Qstr::find_rom(rest) else { return Ok(false) };
    let table = REGISTRY.iter().find(|table| !table.is_type && table.name == known);
    let Some(table) = table.filter(|_| vm.heap.get(path).is_null()) else { return Ok(false) };
    let native = vm.push(table.value())?;
    let modules = vm.modules()?;
    vm.store_name(modules, name, native)?;
    Ok(true)
}

/// What the search for a module found in one directory.
enum Found {
    Nothing,
    /// A package without a program of its own.
    Package,
    /// A program, compiled.
    Program(Local),
}

fn import_found(vm: &mut Vm, name: Qstr, path: Local, module: Local) -> PyResult<bool> {
    let mut found = Found::Nothing;
    if !vm.heap.get(path).is_null() {
        found = look_into(vm, Some(path), name, module)?;
    } else {
        let entries = vm.state(StateSlot::SysPath)?;
        if vm.heap.get(entries).is_null() {
            found = look_into(vm, None, name, module)?;
        } else {
            for idx in 0..vm.len_of(entries)? {
                let mark = vm.mark();
                let idx = vm.push(Value::from_small(idx as i32))?;
                let entry = vm.subscript(entries, idx)?;
                found = look_into(vm, Some(entry), name, module)?;
                if !matches!(found, Found::Nothing) {
                    break;
                }
                vm.release(mark);
            }
        }
    }
    // SIZE: the program runs here, where no path takes room on the native stack.
    if let Found::Program(code) = found {
        debug_assert!(vm.heap.is_kind(vm.heap.get(module), Kind::Module));
        let globals = vm.push_word(module, octopy_vm::types::module::DICT)?;
        vm.execute(code, globals, globals)?;
    }
    Ok(!matches!(found, Found::Nothing))
}

/// Looks for a package or file with the last part of `name` in a directory (the current one if
/// there is none), and compiles it.
#[inline(never)]
fn look_into(vm: &mut Vm, directory: Option<Local>, name: Qstr, module: Local) -> PyResult<Found> {
    let mut path = Path::new();
    let directory = match directory {
        Some(slot) => vm.text(vm.heap.get(slot)),
        None => Some(&b""[..]),
    };
    let Some(directory) = directory else { return Ok(Found::Nothing) };
    let full = vm.name_text(name);
    let start = full.iter().rposition(|&b| b == b'.').map_or(0, |at| at + 1);
    let separator: &[u8] =
        if directory.is_empty() || directory.ends_with(b"/") { b"" } else { b"/" };
    if !(path.push(directory)
        && path.push(separator)
        && path.push(full.get(start..).unwrap_or_default()))
    {
        return Ok(Found::Nothing);
    }
    let stem = path.len;
    if stat_kind(vm, path.text()) == Some(FileKind::Directory) {
        let package = vm.alloc_str(path.text().as_bytes())?;
        vm.store_attr(module, q::__path__, Some(package))?;
        return match path.push(b"/__init__") && find_program(vm, &mut path) {
            true => compile_module(vm, path.text(), module).map(Found::Program),
            false => Ok(Found::Package),
        };
    }
    path.len = stem;
    if find_program(vm, &mut path) {
        if vm.main_import() == Some(name) {
            become_main(vm, name, module)?;
        }
        return compile_module(vm, path.text(), module).map(Found::Program);
    }
    Ok(Found::Nothing)
}

/// Makes a module `__main__`; its own name is kept under that name, for relative imports. Packages
/// are never that: their `__main__` is a module in them.
fn become_main(vm: &mut Vm, name: Qstr, module: Local) -> PyResult<()> {
    let main = vm.push(Value::from_qstr(q::__main__.0))?;
    vm.store_attr(module, q::__name__, Some(main))?;
    let own = vm.push(Value::from_qstr(name.0))?;
    vm.store_attr(module, q::__main__, Some(own))?;
    let object = vm.heap.get(module);
    vm.heap.poke(object, octopy_vm::types::module::NAME, Value::from_qstr(q::__main__.0));
    let modules = vm.modules()?;
    vm.store_name(modules, q::__main__, module)
}

/// Whether there is a program of that name; the path gets its ending. Source is preferred to what
/// was compiled elsewhere.
fn find_program(vm: &mut Vm, path: &mut Path) -> bool {
    const ENDINGS: &[&[u8]] = if cfg!(feature = "mpy") { &[b".py", b".mpy"] } else { &[b".py"] };
    let stem = path.len;
    ENDINGS.iter().any(|ending| {
        path.len = stem;
        path.push(ending) && stat_kind(vm, path.text()) == Some(FileKind::File)
    })
}

/// Compiles a module's file; its code object is pushed.
fn compile_module(vm: &mut Vm, path: &str, module: Local) -> PyResult<Local> {
    let file = vm.alloc_str(path.as_bytes())?;
    vm.store_attr(module, q::__file__, Some(file))?;
    compile_file(vm, path)
}
