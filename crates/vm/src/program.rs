//! Programs: from source to a code object. The compiler's working memory is in the heap.

mod host;
#[cfg(feature = "mpy")]
mod mpy;

use crate::types::exception;
use crate::types::function;
use crate::{PyResult, Vm};
use octopy_compiler::Mode;
use octopy_heap::{Kind, Local, Reader, Value};
use octopy_qstr::Qstr;
use octopy_syntax::{ErrorKind, Failure, Source};

pub use octopy_compiler::Mode as CompileMode;

/// Source text in a Str, Bytes or Buffer object, which stays alive while this exists.
#[derive(Debug)]
pub struct SourceText {
    reader: Reader,
    at: u32,
    end: u32,
}

impl SourceText {
    /// The text of a string or bytes value, or the content of a bytearray.
    pub fn new(vm: &mut Vm, text: Local) -> PyResult<Self> {
        let mark = vm.mark();
        let value = vm.heap.get(text);
        let (object, start, len) = if let Some(number) = value.as_qstr() {
            // A name may be in flash: a copy is made.
            let name = Qstr(number);
            let len = vm.name_text(name).len() as u32;
            let copy = vm.alloc_text(Kind::Str, len)?;
            for at in 0..len {
                let byte = vm.name_text(name).get(at as usize).copied().unwrap_or(0);
                if let Some(to) = vm.heap.bytes_mut(copy, 1).get_mut(at as usize) {
                    *to = byte;
                }
            }
            (copy, 4, len)
        } else if vm.heap.is_kind(value, Kind::ByteArray) {
            let len = vm.heap.raw(value, 0);
            (vm.push_word(text, 1)?, 0, len)
        } else if matches!(vm.heap.kind(value), Some(Kind::Str | Kind::Bytes)) {
            let len = vm.heap.raw(value, 0);
            (text, 4, len)
        } else {
            return Err(vm.raise_convert(text, "str"));
        };
        let reader = vm.heap.reader(object).map_err(|error| vm.raise_memory(error))?;
        vm.release(mark);
        Ok(Self { reader, at: start, end: start + len })
    }
}

impl Source for SourceText {
    fn next_byte(&mut self) -> Option<u8> {
        if self.at >= self.end {
            return None;
        }
        let byte = self.reader.byte(self.at)?;
        self.at += 1;
        Some(byte)
    }
}

impl Vm {
    /// Compiles a program; its code object is pushed. `file` is its name in tracebacks.
    pub fn compile(&mut self, source: &mut dyn Source, file: Qstr, mode: Mode) -> PyResult<Local> {
        let mark = self.mark();
        let res = host::compile(self, source, file, mode);
        match res {
            Ok(code) => Ok(self.keep(mark, code)),
            Err(failure) => {
                self.release(mark);
                Err(self.raise_failure(failure, file))
            }
        }
    }

    /// The one place where compile errors become exceptions.
    #[cold]
    fn raise_failure(&mut self, failure: host::CompileFailure, file: Qstr) -> crate::Raised {
        let error = match failure {
            host::CompileFailure::Raised(raised) => return raised,
            host::CompileFailure::Compiler(Failure::Syntax(error)) => error,
            host::CompileFailure::Compiler(Failure::Memory(_)) => {
                return self.raise(&exception::MEMORY_ERROR, "memory allocation failed");
            }
        };
        let class = match error.kind {
            ErrorKind::UnexpectedIndent | ErrorKind::UnindentMismatch => {
                &exception::INDENTATION_ERROR
            }
            ErrorKind::TooDeep | ErrorKind::TooLarge(_) => &exception::RUNTIME_ERROR,
            ErrorKind::Unsupported(_) => &exception::NOT_IMPLEMENTED_ERROR,
            ErrorKind::Interrupted => {
                return self.raise_bare(&exception::KEYBOARD_INTERRUPT);
            }
            _ => &exception::SYNTAX_ERROR,
        };
        let raised = self.raise(class, error.kind.text());
        self.add_source_place(file, error.span.line);
        raised
    }

    /// Runs a code object with these globals and locals; the result is pushed.
    pub fn execute(&mut self, code: Local, globals: Local, locals: Local) -> PyResult<Local> {
        let mark = self.mark();
        let saved = self.push(Value::NULL)?;
        self.heap.set(saved, self.roots.locals.get(&self.heap));
        let function = function::with_globals(self, code, globals)?;
        self.roots.locals.set(&self.heap, self.heap.get(locals));
        let res = self.finish_call(function, 0, 0);
        self.roots.locals.set(&self.heap, self.heap.get(saved));
        let result = res?;
        Ok(self.keep(mark, result))
    }

    /// Calls a class body (or other function) with `locals` as its namespace.
    pub fn call_with_locals(&mut self, body: Local, locals: Local) -> PyResult<Local> {
        let mark = self.mark();
        let saved = self.push(Value::NULL)?;
        self.heap.set(saved, self.roots.locals.get(&self.heap));
        self.roots.locals.set(&self.heap, self.heap.get(locals));
        let res = self.call(body, &[]);
        self.roots.locals.set(&self.heap, self.heap.get(saved));
        let result = res?;
        Ok(self.keep(mark, result))
    }

    /// The globals of the running Python function (those of `__main__` if none runs), pushed.
    pub fn globals(&mut self) -> PyResult<Local> {
        let slot = self.push(Value::NULL)?;
        let globals = match self.depth.checked_sub(1).and_then(|at| self.frames.get(at)) {
            Some(frame) => {
                let function = Local::<octopy_heap::Any>::at(frame.base - 4);
                function::globals(&self.heap, self.heap.get(function))
            }
            None => self.roots.main.get(&self.heap),
        };
        self.heap.set(slot, globals);
        Ok(slot)
    }

    /// The globals of a function, pushed.
    pub(crate) fn globals_of(&mut self, function: Local) -> PyResult<Local> {
        let slot = self.push(Value::NULL)?;
        self.heap.set(slot, function::globals(&self.heap, self.heap.get(function)));
        Ok(slot)
    }

    /// The namespace of the running module or class body, pushed.
    pub fn locals(&mut self) -> PyResult<Local> {
        let slot = self.push(Value::NULL)?;
        self.heap.set(slot, self.roots.locals.get(&self.heap));
        Ok(slot)
    }
}
