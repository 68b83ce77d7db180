//! `.mpy` files: code objects of what was compiled elsewhere.
//!
//! A file is read once, front to back; then every function that can be reached is verified, from
//! the module's down, because how many cells a function gets is said by the one around it. Nothing
//! of the code is run before.

mod figures;

use crate::types::code;
use crate::types::text::codec::is_text;
use crate::types::{complex, exception, float, int, list};
use crate::{PyResult, Raised, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_mpy::{CodeHead, Fault, Name, Object, Reader, TextKind};
use octopy_qstr::{Qstr, q};
use octopy_syntax::Source;

/// Longest name, in bytes.
const LONGEST_NAME: usize = 255;

/// Most parameters of each kind, defaults and cells: code objects count them in bytes.
const MOST_ARGS: u32 = 255;

/// A file being loaded. Its objects are in slots.
struct Loading<'a, 's> {
    vm: &'a mut Vm,
    reader: Reader<'s>,
    /// The names (Words).
    names: Local,
    n_names: u32,
    /// What is not complete: tuples, then code objects, each followed by how many of its parts are
    /// there (List).
    open: Local,
    /// The object that was read last.
    made: Local,
}

impl Vm {
    /// Loads a `.mpy` file; its code object is pushed. ValueError if it is none that can be run here.
    pub fn load_mpy(&mut self, source: &mut dyn Source) -> PyResult<Local> {
        let mark = self.mark();
        let made = self.push(Value::NULL)?;
        let res = load(self, source, made);
        self.release(mark + 4);
        res.map(|()| made)
    }

    #[cold]
    fn raise_mpy(&mut self, fault: Fault) -> Raised {
        self.raise_value(match fault {
            Fault::Incompatible => "incompatible .mpy file",
            Fault::Native => "native code in .mpy unsupported",
        })
    }
}

fn load(vm: &mut Vm, source: &mut dyn Source, made: Local) -> PyResult<()> {
    let mut reader = Reader::new(source);
    let tables = reader.header().map_err(|fault| vm.raise_mpy(fault))?;
    if tables.n_names == 0 {
        return Err(vm.raise_mpy(Fault::Incompatible));
    }
    let names = vm.alloc(Kind::Words, code::FIRST_NAME.saturating_add(tables.n_names))?;
    let consts = match tables.n_consts {
        0 => vm.push(Value::NULL)?,
        count => vm.alloc(Kind::Words, code::FIRST_CONST.saturating_add(count))?,
    };
    let open = list::alloc(vm, 4)?;
    let (n_names, n_consts) = (tables.n_names, tables.n_consts);
    let mut loading = Loading { vm, reader, names, n_names, open, made };
    for index in 0..n_names {
        let name = loading.name()?;
        let heap = &loading.vm.heap;
        heap.poke(heap.get(names), code::FIRST_NAME + index, Value::from_qstr(name.0));
        if index == 0 {
            let file = Value::from_qstr(name.0);
            if n_consts > 0 {
                heap.poke_immediate(heap.get(consts), 0, file);
                heap.poke(heap.get(names), code::CONSTS, heap.get(consts));
            } else {
                heap.poke_immediate(heap.get(names), code::CONSTS, file);
            }
        }
    }
    for index in 0..n_consts {
        loading.constant()?;
        let heap = &loading.vm.heap;
        heap.poke(heap.get(consts), code::FIRST_CONST + index, heap.get(made));
    }
    loading.tree()?;
    figures::verify(vm, made, n_names, n_consts)
}

impl Loading<'_, '_> {
    /// Makes an exception of what the reader says.
    fn check<T>(&mut self, res: Result<T, Fault>) -> PyResult<T> {
        res.map_err(|fault| self.vm.raise_mpy(fault))
    }

    #[cold]
    fn incompatible(&mut self) -> Raised {
        self.vm.raise_mpy(Fault::Incompatible)
    }

    fn name(&mut self) -> PyResult<Qstr> {
        self.vm.stop_if_interrupted()?;
        let name = self.reader.name();
        let len = match self.check(name)? {
            Name::Known(text) => return self.vm.intern(text.as_bytes()),
            Name::Text(len) => len as usize,
        };
        self.vm.check_name(len)?;
        let mut text = [0; LONGEST_NAME];
        let text = text.get_mut(..len).unwrap_or_default();
        let filled = self.reader.fill(text).and_then(|()| self.reader.end_text());
        self.check(filled)?;
        if !is_text(text) {
            return Err(self.incompatible());
        }
        self.vm.intern(text)
    }

    /// Reads a constant to `made`.
    fn constant(&mut self) -> PyResult<()> {
        loop {
            self.vm.stop_if_interrupted()?;
            let mark = self.vm.mark();
            let object = self.reader.object();
            let object = match self.check(object)? {
                Object::None => self.vm.push(Value::NONE)?,
                Object::False => self.vm.push(Value::FALSE)?,
                Object::True => self.vm.push(Value::TRUE)?,
                Object::Ellipsis => self.vm.push(Value::ELLIPSIS)?,
                Object::Text(kind, len) => self.text(kind, len)?,
                Object::Tuple(0) => self.vm.alloc_tuple(Local::at(mark), 0)?,
                Object::Tuple(len) => {
                    let tuple = self.vm.alloc(Kind::Tuple, len)?;
                    self.begin(tuple)?;
                    self.vm.release(mark);
                    continue;
                }
            };
            self.vm.heap.set(self.made, self.vm.heap.get(object));
            self.vm.release(mark);
            if self.add_to_open(|heap, tuple| heap.get(tuple))? {
                return Ok(());
            }
        }
    }

    /// Begins an object with parts; the first part read goes to its first place.
    fn begin(&mut self, object: Local) -> PyResult<()> {
        list::push(self.vm, self.open, object)?;
        let count = self.vm.push(Value::from_small(0))?;
        list::push(self.vm, self.open, count)
    }

    /// Puts `made` into the innermost open object, whose parts are in the object that `parts` gives;
    /// one that is complete then goes into the next. True once none is open: `made` is the outermost.
    fn add_to_open(
        &mut self,
        parts: for<'h> fn(&'h octopy_heap::Heap, Local) -> Value<'h>,
    ) -> PyResult<bool> {
        let mark = self.vm.mark();
        let slot = self.vm.push(Value::NULL)?;
        let heap = &self.vm.heap;
        let complete = loop {
            let open = heap.get(self.open);
            let len = list::len(heap, open);
            if len < 2 {
                break true;
            }
            heap.set(slot, list::item(heap, open, len - 2));
            let parts = parts(heap, slot);
            let at = list::item(heap, open, len - 1).as_small().unwrap_or(0);
            heap.poke(parts, at as u32, heap.get(self.made));
            if at as u32 + 1 < heap.words(parts) {
                list::set_item(heap, open, len - 1, Value::from_small(at + 1));
                break false;
            }
            heap.set(self.made, heap.get(slot));
            list::set_len(heap, open, len - 2);
        };
        self.vm.release(mark);
        Ok(complete)
    }

    /// Reads the text of a constant; the constant is pushed.
    fn text(&mut self, kind: TextKind, len: u32) -> PyResult<Local> {
        let object_kind = if kind == TextKind::Bytes { Kind::Bytes } else { Kind::Str };
        let text = self.bytes(object_kind, len)?;
        match kind {
            TextKind::Str => {
                let end = self.reader.end_text();
                self.check(end)?;
                let data = self.vm.heap.data(self.vm.heap.get(text));
                if !is_text(data) {
                    return Err(self.vm.raise_bare(&exception::UNICODE_ERROR));
                }
                if let Some(name) = self.vm.find_name(data) {
                    self.vm.heap.set(text, Value::from_qstr(name.0));
                }
                Ok(text)
            }
            TextKind::Bytes => {
                let end = self.reader.end_text();
                self.check(end)?;
                Ok(text)
            }
            TextKind::Int => int::parse(self.vm, text, 10),
            TextKind::Float => {
                let float = float::parse(self.vm.heap.data(self.vm.heap.get(text)));
                match float {
                    Some(float) => self.vm.alloc_float(float),
                    None => Err(self.incompatible()),
                }
            }
            TextKind::Complex => {
                let data = self.vm.heap.data(self.vm.heap.get(text));
                match data.strip_suffix(b"j").and_then(float::parse) {
                    Some(float) => complex::alloc(self.vm, 0.0, float),
                    None => Err(self.incompatible()),
                }
            }
        }
    }

    /// A Str or Bytes of the next `len` bytes, pushed.
    fn bytes(&mut self, kind: Kind, len: u32) -> PyResult<Local> {
        let bytes = self.vm.alloc_text(kind, len)?;
        let to = self.vm.heap.bytes_mut(bytes, 1).get_mut(..len as usize).unwrap_or_default();
        let filled = self.reader.fill(to);
        self.check(filled)?;
        Ok(bytes)
    }

    /// Reads the next `len` bytes to the place `at` of a Bytes.
    fn fill(&mut self, bytes: Local, at: u32, len: u32) -> PyResult<()> {
        let range = at as usize..at.saturating_add(len) as usize;
        let to = self.vm.heap.bytes_mut(bytes, 1).get_mut(range).unwrap_or_default();
        let filled = self.reader.fill(to);
        self.check(filled)
    }

    /// Reads the module's function and all those inside it; the outermost ends in `made`.
    fn tree(&mut self) -> PyResult<()> {
        loop {
            self.vm.stop_if_interrupted()?;
            let mark = self.vm.mark();
            let head = self.reader.code();
            let head = self.check(head)?;
            let function = self.function(&head)?;
            let count = if head.has_children { self.reader.uint() } else { Ok(0) };
            let count = self.check(count)?;
            if count > 0 {
                let children = self.vm.alloc(Kind::Words, count)?;
                let heap = &self.vm.heap;
                heap.poke(heap.get(function), code::CHILDREN, heap.get(children));
                self.begin(function)?;
                self.vm.release(mark);
                continue;
            }
            self.vm.heap.set(self.made, self.vm.heap.get(function));
            self.vm.release(mark);
            if self.add_to_open(|heap, outer| heap.word(heap.get(outer), code::CHILDREN))? {
                return Ok(());
            }
        }
    }

    /// Reads a name of a function's info, of which `left` bytes are left.
    fn info_name(&mut self, left: &mut u32) -> PyResult<Qstr> {
        let read = self.reader.name_index();
        let (index, taken) = self.check(read)?;
        let (true, Some(rest)) = (index < self.n_names, left.checked_sub(taken)) else {
            return Err(self.incompatible());
        };
        *left = rest;
        let heap = &self.vm.heap;
        let name = heap.word(heap.get(self.names), code::FIRST_NAME + index).as_qstr();
        Ok(name.map_or(q::empty, Qstr))
    }

    /// Reads a function; its code object is pushed, with the figures that the file claims.
    fn function(&mut self, head: &CodeHead) -> PyResult<Local> {
        let prelude = head.prelude;
        let bytes_before = prelude.info_len.checked_add(prelude.n_cells);
        let code_len = bytes_before.and_then(|before| head.len.checked_sub(before));
        let is_sound = prelude.flags <= 15
            && prelude.n_pos_args.max(prelude.n_kwonly_args) <= MOST_ARGS
            && prelude.n_def_pos_args <= prelude.n_pos_args
            && prelude.n_cells <= MOST_ARGS
            && prelude.n_state <= 0xffff;
        let (true, Some(code_len)) = (is_sound, code_len) else {
            return Err(self.incompatible());
        };
        let made = self.vm.alloc(Kind::Code, code::WORDS)?;
        let n_params = 2 * (prelude.n_pos_args + prelude.n_kwonly_args);
        let params = self.vm.alloc_text(Kind::Bytes, n_params)?;
        let mut n_lines = prelude.info_len;
        let name = self.info_name(&mut n_lines)?;
        for at in (0..n_params as usize).step_by(2) {
            let name = self.info_name(&mut n_lines)?.0.to_le_bytes();
            let to = self.vm.heap.bytes_mut(params, 1).get_mut(at..).unwrap_or_default();
            for (to, byte) in to.iter_mut().zip(name) {
                *to = byte;
            }
        }
        // The code, which is the last in the file, is the first here.
        let n_bytes = (code_len + n_lines + prelude.n_cells).saturating_add(n_params);
        let bytes = self.vm.alloc_text(Kind::Bytes, n_bytes)?;
        self.fill(bytes, code_len, n_lines)?;
        self.fill(bytes, n_bytes - prelude.n_cells, prelude.n_cells)?;
        self.fill(bytes, 0, code_len)?;
        let heap = &self.vm.heap;
        let to = heap.get(bytes);
        heap.copy_bytes(heap.get(params), 4, to, 4 + code_len + n_lines, n_params);
        let heap = &self.vm.heap;
        let object = heap.get(made);
        heap.poke_raw(object, code::SIZES, prelude.n_state);
        heap.poke_raw(
            object,
            code::ARGS,
            prelude.n_pos_args
                | prelude.n_kwonly_args << 8
                | prelude.n_def_pos_args << 16
                | prelude.flags << 24,
        );
        let handlers = prelude.n_handlers.min(code::MOST_HANDLERS);
        heap.poke_raw(object, code::ENTRY, code::entry(code::NOT_SIMPLE, handlers, name));
        heap.poke_raw(object, code::TAIL, code::tail(prelude.n_cells, n_lines));
        heap.poke(object, code::BYTES, heap.get(bytes));
        heap.poke(object, code::NAMES, heap.get(self.names));
        Ok(made)
    }
}
