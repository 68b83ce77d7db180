//! Importing files: the search along `sys.path`, packages, and reading programs.

use octopy_fs::{Mounted, Place};
use octopy_hal::{Board, Errno, FileId, FileKind, OpenMode};
use octopy_qstr::{Qstr, q};
use octopy_vm::{CompileMode, Kind, Local, PyResult, StateSlot, Value, Vm};

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

/// What a path names, as `os.stat` would say.
pub fn stat_kind(vm: &mut Vm, path: &str) -> Option<FileKind> {
    let mut buf = [0_u8; octopy_fs::PATH_MAX];
    match vm.mounts.resolve(path, &mut buf).ok()? {
        Place::Root => Some(FileKind::Directory),
        Place::Inside { system: Mounted::Board, path } => {
            vm.board().files()?.stat(path).ok().map(|stat| stat.kind)
        }
        Place::Inside { .. } => None,
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

/// Compiles a file; its code object is pushed. OSError if it cannot be read.
pub fn compile_file(vm: &mut Vm, path: &str) -> PyResult<Local> {
    let mut buf = [0_u8; octopy_fs::PATH_MAX];
    let inner = match vm.mounts.resolve(path, &mut buf) {
        Ok(Place::Inside { system: Mounted::Board, path }) => path,
        Ok(Place::Inside { .. }) => return Err(vm.raise_os(Errno::NODEV)),
        Ok(Place::Root) => return Err(vm.raise_os(Errno::ISDIR)),
        Err(errno) => return Err(vm.raise_os(errno)),
    };
    let mode = OpenMode { read: true, ..OpenMode::default() };
    let opened = match vm.board().files() {
        Some(files) => files.open(inner, mode),
        None => Err(Errno::NODEV),
    };
    let file = match opened {
        Ok(file) => file,
        Err(errno) => return Err(vm.raise_os(errno)),
    };
    let name = vm.intern(path.as_bytes());
    let (res, error) = vm.lend_board(|vm, board| {
        let mut source = FileSource { board, file, piece: [0; 256], at: 0, end: 0, error: None };
        let res = name.and_then(|name| vm.compile(&mut source, name, CompileMode::File));
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

/// The importer for [`Vm::set_importer`].
pub fn import_file(vm: &mut Vm, name: Qstr, path: Local, module: Local) -> PyResult<bool> {
    let mut last = Path::new();
    let full = vm.name_text(name);
    let start = full.iter().rposition(|&b| b == b'.').map_or(0, |at| at + 1);
    if !last.push(full.get(start..).unwrap_or_default()) {
        return Ok(false);
    }
    if !vm.heap.get(path).is_null() {
        let mut base = Path::new();
        let fits = vm.text(vm.heap.get(path)).is_some_and(|text| base.push(text));
        return if fits { try_base(vm, &base, &last, module) } else { Ok(false) };
    }
    let entries = vm.state(StateSlot::SysPath)?;
    if vm.heap.get(entries).is_null() {
        return try_base(vm, &Path::new(), &last, module);
    }
    let count = vm.len_of(entries)?;
    for idx in 0..count {
        let mark = vm.mark();
        let idx = vm.push(Value::from_small(idx as i32))?;
        let entry = vm.subscript(entries, idx)?;
        let mut base = Path::new();
        let fits = vm.text(vm.heap.get(entry)).is_some_and(|text| base.push(text));
        if fits && try_base(vm, &base, &last, module)? {
            return Ok(true);
        }
        vm.release(mark);
    }
    Ok(false)
}

/// Looks for a package or file `last` in the directory `base` and runs it.
fn try_base(vm: &mut Vm, base: &Path, last: &Path, module: Local) -> PyResult<bool> {
    let mut path = Path::new();
    let separator: &[u8] = if base.len == 0 || base.text().ends_with('/') { b"" } else { b"/" };
    if !(path.push(base.text().as_bytes())
        && path.push(separator)
        && path.push(last.text().as_bytes()))
    {
        return Ok(false);
    }
    let stem = path.len;
    if stat_kind(vm, path.text()) == Some(FileKind::Directory) {
        let package = vm.alloc_str(path.text().as_bytes())?;
        vm.store_attr(module, q::__path__, Some(package))?;
        if path.push(b"/__init__.py") && stat_kind(vm, path.text()) == Some(FileKind::File) {
            run(vm, path.text(), module)?;
        }
        return Ok(true);
    }
    path.len = stem;
    if path.push(b".py") && stat_kind(vm, path.text()) == Some(FileKind::File) {
        run(vm, path.text(), module)?;
        return Ok(true);
    }
    Ok(false)
}

/// Runs a file in a module.
fn run(vm: &mut Vm, path: &str, module: Local) -> PyResult<()> {
    let file = vm.alloc_str(path.as_bytes())?;
    vm.store_attr(module, q::__file__, Some(file))?;
    let code = compile_file(vm, path)?;
    debug_assert!(vm.heap.is_kind(vm.heap.get(module), Kind::Module));
    let globals = vm.push_word(module, octopy_vm::types::module::DICT)?;
    vm.execute(code, globals, globals)?;
    Ok(())
}
