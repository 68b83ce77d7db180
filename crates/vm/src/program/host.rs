//! The compiler's host: its areas, names and constants as heap objects.

use crate::types::code;
use crate::types::{dict, float, int, list};
use crate::{PyResult, Raised, Vm};
use octopy_compiler::{CodeParts, Const, Host, Item, Mode, compile_module};
use octopy_heap::{Any, Kind, Local, Value};
use octopy_qstr::Qstr;
use octopy_syntax::{Area, Failure, NameId, OutOfMemory, Source, Store};

/// Why compiling failed.
pub(super) enum CompileFailure {
    /// The compiler says so.
    Compiler(Failure),
    /// An exception is pending, with the details.
    Raised(Raised),
}

impl From<Raised> for CompileFailure {
    fn from(raised: Raised) -> Self {
        Self::Raised(raised)
    }
}

/// A compilation in progress. Its objects are in the first slots of its stack.
struct Program<'a> {
    vm: &'a mut Vm,
    /// One Buffer an area.
    areas: Local,
    lens: [u32; Area::COUNT],
    /// A dict whose entry numbers are the indexes of names.
    names: Local,
    /// The constants (List).
    consts: Local,
    /// Children of the open code objects, each run behind the start of the enclosing one (List).
    children: Local,
    child_start: u32,
    /// The outermost code object.
    result: Local,
    file: Qstr,
    /// What went wrong when an OutOfMemory was returned.
    raised: Option<Raised>,
}

/// First size of an area in words.
const FIRST_WORDS: u32 = 32;

/// Compiles; the code object is pushed.
pub(super) fn compile(
    vm: &mut Vm,
    source: &mut dyn Source,
    file: Qstr,
    mode: Mode,
) -> Result<Local, CompileFailure> {
    let areas = Local::<Any>::at(vm.mark());
    for _ in 0..Area::COUNT {
        vm.alloc(Kind::Buffer, FIRST_WORDS)?;
    }
    let names = vm.alloc_dict(8)?;
    let consts = list::alloc(vm, 0)?;
    let children = list::alloc(vm, 0)?;
    let result = vm.push(Value::NULL)?;
    let lens = [0; Area::COUNT];
    let mut program = Program {
        vm,
        areas,
        lens,
        names,
        consts,
        children,
        child_start: 0,
        result,
        file,
        raised: None,
    };
    let res = compile_module(source, &mut program, mode);
    if let Some(raised) = program.raised {
        return Err(CompileFailure::Raised(raised));
    }
    res.map_err(CompileFailure::Compiler)?;
    program.finish()?;
    Ok(result)
}

impl Program<'_> {
    fn area(&self, area: Area) -> Local {
        self.areas.offset(area as u32)
    }

    fn len_of(&self, area: Area) -> u32 {
        self.lens.get(area as usize).copied().unwrap_or(0)
    }

    fn set_len(&mut self, area: Area, len: u32) {
        if let Some(place) = self.lens.get_mut(area as usize) {
            *place = len;
        }
    }

    /// Keeps the exception for later and gives the compiler its plain error.
    fn check<T>(&mut self, res: PyResult<T>) -> Result<T, OutOfMemory> {
        res.map_err(|raised| {
            self.raised = Some(raised);
            OutOfMemory
        })
    }

    /// Makes room for `words` words in an area.
    fn reserve(&mut self, area: Area, words: u32) -> Result<(), OutOfMemory> {
        let slot = self.area(area);
        let capacity = self.vm.heap.words(self.vm.heap.get(slot));
        if words <= capacity {
            return Ok(());
        }
        let wanted = words.max(capacity + capacity / 2);
        if self.vm.heap.try_grow(slot, wanted) {
            return Ok(());
        }
        let mark = self.vm.mark();
        let res = self.vm.alloc_grown(Kind::Buffer, capacity, words);
        let grown = self.check(res)?;
        let heap = &self.vm.heap;
        heap.copy_bytes(heap.get(slot), 0, heap.get(grown), 0, capacity * 4);
        heap.set(slot, heap.get(grown));
        self.vm.release(mark);
        Ok(())
    }

    /// A Str or Bytes of the bytes from `start` to `end` of a byte area, pushed.
    fn copy_out(&mut self, area: Area, kind: Kind, start: u32, end: u32) -> PyResult<Local> {
        let len = end.saturating_sub(start);
        let slot = self.vm.alloc_text(kind, len)?;
        let heap = &self.vm.heap;
        heap.copy_bytes(heap.get(self.area(area)), start, heap.get(slot), 4, len);
        Ok(slot)
    }

    /// A Words object of `count` values of a list from `start`, pushed; NULL for none.
    fn words_of(&mut self, from: Local, start: u32, count: u32) -> PyResult<Local> {
        if count == 0 {
            return self.vm.push(Value::NULL);
        }
        let words = self.vm.alloc(Kind::Words, count)?;
        let heap = &self.vm.heap;
        let items = heap.word(heap.get(from), list::ITEMS);
        heap.copy_words(items, list::FIRST + start, heap.get(words), 0, count);
        Ok(words)
    }

    fn constant(&mut self, value: Const) -> PyResult<Local> {
        let text = |start: u32, len: u32| (start, start + len);
        match value {
            Const::Ellipsis => self.vm.push(Value::ELLIPSIS),
            Const::Str { start, len } => {
                let (start, end) = text(start, len);
                self.copy_out(Area::Text, Kind::Str, start, end)
            }
            Const::Bytes { start, len } => {
                let (start, end) = text(start, len);
                self.copy_out(Area::Text, Kind::Bytes, start, end)
            }
            Const::Int { start, len, negative } => {
                let (start, end) = text(start, len);
                let literal = self.copy_out(Area::Text, Kind::Str, start, end)?;
                let int = int::parse_literal(self.vm, literal)?;
                if negative {
                    return self.vm.unary_op(crate::UnaryOp::Negative, int);
                }
                Ok(int)
            }
            Const::Float { start, len, negative } => {
                let float = self.float_literal(start, len);
                self.vm.alloc_float(if negative { -float } else { float })
            }
            Const::Imaginary { start, len } => {
                let float = self.float_literal(start, len);
                crate::types::complex::alloc(self.vm, 0.0, float)
            }
            Const::Tuple { start, count } => {
                let first = Local::<Any>::at(self.vm.mark());
                for index in 0..count {
                    match Item::read(self, start, index) {
                        Item::None => self.vm.push(Value::NONE)?,
                        Item::False => self.vm.push(Value::FALSE)?,
                        Item::True => self.vm.push(Value::TRUE)?,
                        Item::Int(int) => self.vm.alloc_int(i64::from(int))?,
                        Item::Name(name) => self.vm.push(Value::from_qstr(name.0))?,
                        Item::Const(index) => {
                            let items = self.vm.push_word(self.consts, list::ITEMS)?;
                            let constant = self.vm.push_word(items, list::FIRST + index)?;
                            self.vm.keep(items.addr(), constant)
                        }
                    };
                }
                self.vm.alloc_tuple(first, count)
            }
        }
    }

    /// The place among the last constants of a tuple with the very items of `constant`, so that
    /// tuples of the same constants are one object.
    fn same_tuple(&self, constant: Local) -> Option<u32> {
        const LOOK_BACK: u32 = 16;
        let heap = &self.vm.heap;
        let tuple = heap.get(constant);
        if !heap.is_kind(tuple, Kind::Tuple) {
            return None;
        }
        let consts = heap.get(self.consts);
        let len = list::len(heap, consts);
        (len.saturating_sub(LOOK_BACK)..len).find(|&n| {
            let other = list::item(heap, consts, n);
            heap.is_kind(other, Kind::Tuple)
                && heap.words(other) == heap.words(tuple)
                && (0..heap.words(tuple)).all(|at| heap.word(other, at) == heap.word(tuple, at))
        })
    }

    fn float_literal(&self, start: u32, len: u32) -> crate::Float {
        let bytes = self.bytes(Area::Text);
        let literal = bytes.get(start as usize..(start + len) as usize).unwrap_or_default();
        float::parse(literal).unwrap_or(0.0)
    }

    /// Gives every code object the module's names and constants.
    fn finish(&mut self) -> PyResult<()> {
        let vm = &mut *self.vm;
        let file = Value::from_qstr(self.file.0);
        let consts = match list::len(&vm.heap, vm.heap.get(self.consts)) {
            0 => vm.push(file)?,
            count => {
                let consts = vm.alloc(Kind::Words, code::FIRST_CONST + count)?;
                let heap = &vm.heap;
                let from = heap.word(heap.get(self.consts), list::ITEMS);
                heap.init(heap.get(consts), 0, file);
                heap.copy_words(from, list::FIRST, heap.get(consts), code::FIRST_CONST, count);
                consts
            }
        };
        let n_names = dict::len(&vm.heap, vm.heap.get(self.names));
        let names = vm.alloc(Kind::Words, code::FIRST_NAME + n_names)?;
        let heap = &vm.heap;
        let object = heap.get(names);
        heap.init(object, code::CONSTS, heap.get(consts));
        for n in 0..n_names {
            let table = heap.word(heap.get(self.names), dict::TABLE);
            heap.init(object, code::FIRST_NAME + n, heap.word(table, dict::key_word(n)));
        }
        // Walks the tree of code objects with a list as the stack.
        let todo = list::alloc(vm, 4)?;
        list::push(vm, todo, self.result)?;
        loop {
            let mark = vm.mark();
            let object = vm.heap.get(todo);
            let len = list::len(&vm.heap, object);
            if len == 0 {
                return Ok(());
            }
            let code = vm.push_word(todo, list::ITEMS)?;
            let code = vm.push_word(code, list::FIRST + len - 1)?;
            list::set_len(&vm.heap, vm.heap.get(todo), len - 1);
            let object = vm.heap.get(code);
            vm.heap.poke(object, code::NAMES, vm.heap.get(names));
            let children = vm.push_word(code, code::CHILDREN)?;
            if !vm.heap.get(children).is_null() {
                for n in 0..vm.heap.words(vm.heap.get(children)) {
                    let child = vm.push_word(children, n)?;
                    list::push(vm, todo, child)?;
                    vm.release(child.addr());
                }
            }
            vm.release(mark);
        }
    }

    /// Bytes of the line table of the code object that is ready.
    fn n_lines(&self, parts: &CodeParts) -> u32 {
        self.len_of(Area::Lines).saturating_sub(parts.lines_start)
    }

    /// The bytes of a code object, pushed.
    fn make_bytes(&mut self, parts: &CodeParts) -> PyResult<Local> {
        let n_code = self.len_of(Area::Code).saturating_sub(parts.code_start);
        // What follows the line table in the object, follows it here, too. The names of the
        // parameters and the cells are neighbours.
        let end = parts.cells_start + parts.n_cells;
        for at in parts.arg_names_start..end {
            let word = self.word(Area::Misc, at);
            let is_name = at < parts.cells_start;
            if !is_name && word > 0xff {
                return Err(self.vm.raise_recursion());
            }
            self.push_byte(Area::Lines, word as u8).map_err(|OutOfMemory| Raised(()))?;
            if is_name {
                let high = (word >> 8) as u8;
                self.push_byte(Area::Lines, high).map_err(|OutOfMemory| Raised(()))?;
            }
        }
        let n_tail = self.n_lines(parts);
        let bytes = self.vm.alloc_text(Kind::Bytes, n_code + n_tail)?;
        let heap = &self.vm.heap;
        let (code, to) = (heap.get(self.area(Area::Code)), heap.get(bytes));
        heap.copy_bytes(code, parts.code_start, to, 4, n_code);
        let tail = heap.get(self.area(Area::Lines));
        heap.copy_bytes(tail, parts.lines_start, to, 4 + n_code, n_tail);
        Ok(bytes)
    }

    fn make_code(&mut self, parts: &CodeParts) -> PyResult<Local> {
        let count = {
            let list = self.vm.heap.get(self.children);
            list::len(&self.vm.heap, list) - self.child_start
        };
        let too_large = parts.max_handlers >> code::HANDLER_BITS
            | parts.n_kwonly_args >> 8
            | (parts.n_locals | parts.max_stack) >> 16;
        if too_large != 0 {
            return Err(self.vm.raise_recursion());
        }
        let made = self.vm.alloc(Kind::Code, code::WORDS)?;
        let children = self.words_of(self.children, self.child_start, count)?;
        let tail = code::tail(parts.n_cells, self.n_lines(parts));
        let bytes = self.make_bytes(parts)?;
        let heap = &self.vm.heap;
        let object = heap.get(made);
        heap.poke_raw(object, code::SIZES, parts.n_locals | parts.max_stack << 16);
        heap.poke_raw(
            object,
            code::ARGS,
            parts.n_pos_args
                | parts.n_kwonly_args << 8
                | parts.n_def_pos_args << 16
                | u32::from(parts.flags) << 24,
        );
        let segmented = if parts.first_line == 0 { code::SEGMENTED } else { 0 };
        heap.poke_raw(object, code::TAIL, tail);
        let special = CodeParts::GENERATOR | CodeParts::VAR_ARGS | CodeParts::VAR_KEYWORDS;
        let simple = parts.flags & special == 0 && parts.n_kwonly_args == 0 && parts.n_cells == 0;
        let simple = if simple { parts.n_pos_args } else { code::NOT_SIMPLE };
        let name = Qstr(parts.name.0);
        let entry = code::entry(simple, parts.max_handlers, name);
        heap.poke_raw(object, code::ENTRY, entry | segmented);
        heap.poke(object, code::BYTES, heap.get(bytes));
        heap.poke(object, code::CHILDREN, heap.get(children));
        Ok(made)
    }
}

impl Store for Program<'_> {
    fn len(&self, area: Area) -> u32 {
        self.len_of(area)
    }

    #[inline]
    fn word(&self, area: Area, index: u32) -> u32 {
        if index >= self.len_of(area) {
            return 0;
        }
        self.vm.heap.raw(self.vm.heap.get(self.area(area)), index)
    }

    #[inline]
    fn words(&self, area: Area, index: u32) -> [u32; 4] {
        if index >= self.len_of(area).saturating_sub(3) {
            return [0; 4];
        }
        let buffer = self.vm.heap.get(self.area(area));
        let word = |n| self.vm.heap.raw(buffer, index + n);
        [word(0), word(1), word(2), word(3)]
    }

    #[inline]
    fn set_word(&mut self, area: Area, index: u32, word: u32) {
        if index < self.len_of(area) {
            self.vm.heap.poke_raw(self.vm.heap.get(self.area(area)), index, word);
        }
    }

    fn push_word(&mut self, area: Area, word: u32) -> Result<(), OutOfMemory> {
        // Every statement comes through here, so that compiling ends at Ctrl-C.
        let res = self.vm.stop_if_interrupted();
        self.check(res)?;
        let len = self.len_of(area);
        self.reserve(area, len + 1)?;
        self.vm.heap.poke_raw(self.vm.heap.get(self.area(area)), len, word);
        self.set_len(area, len + 1);
        Ok(())
    }

    fn bytes(&self, area: Area) -> &[u8] {
        let buffer = self.vm.heap.get(self.area(area));
        self.vm.heap.raw_bytes(buffer, 0).get(..self.len_of(area) as usize).unwrap_or_default()
    }

    fn set_byte(&mut self, area: Area, index: u32, byte: u8) {
        if index < self.len_of(area) {
            let slot = self.area(area);
            if let Some(to) = self.vm.heap.bytes_mut(slot, 0).get_mut(index as usize) {
                *to = byte;
            }
        }
    }

    fn move_down(&mut self, area: Area, from: u32, to: u32, len: u32) {
        if to < from && from + len <= self.len_of(area) {
            let heap = &self.vm.heap;
            let buffer = heap.get(self.area(area));
            heap.copy_bytes(buffer, from, buffer, to, len);
        }
    }

    fn push_byte(&mut self, area: Area, byte: u8) -> Result<(), OutOfMemory> {
        let len = self.len_of(area);
        self.reserve(area, len / 4 + 1)?;
        self.set_len(area, len + 1);
        self.set_byte(area, len, byte);
        Ok(())
    }

    fn truncate(&mut self, area: Area, len: u32) {
        let len = len.min(self.len_of(area));
        self.set_len(area, len);
    }

    fn intern_text(&mut self, start: u32) -> Result<NameId, OutOfMemory> {
        let end = self.len_of(Area::Text);
        let text = self.bytes(Area::Text).get(start as usize..).unwrap_or_default();
        let name = match self.vm.find_name(text) {
            Some(name) => name,
            None => {
                let mark = self.vm.mark();
                let res = self.copy_out(Area::Text, Kind::Str, start, end);
                let text = self.check(res)?;
                let res = self.vm.intern_str(text);
                let name = self.check(res)?;
                self.vm.release(mark);
                name
            }
        };
        self.set_len(Area::Text, start);
        Ok(NameId(name.0))
    }

    fn name_text(&self, name: NameId) -> &[u8] {
        self.vm.name_text(Qstr(name.0))
    }
}

impl Host for Program<'_> {
    fn optimise(&self) -> u8 {
        self.vm.optimise
    }

    fn name_index(&mut self, name: NameId) -> Result<u32, OutOfMemory> {
        let name = Qstr(name.0);
        if let Some(n) = dict::find_name(&self.vm.heap, self.vm.heap.get(self.names), name) {
            return Ok(n);
        }
        let mark = self.vm.mark();
        let res = self.vm.push(Value::NONE);
        let none = self.check(res)?;
        let names = self.names;
        let res = self.vm.store_name(names, name, none);
        self.check(res)?;
        self.vm.release(mark);
        Ok(dict::len(&self.vm.heap, self.vm.heap.get(self.names)) - 1)
    }

    fn const_index(&mut self, value: Const) -> Result<u32, OutOfMemory> {
        let mark = self.vm.mark();
        let res = self.constant(value);
        let constant = self.check(res)?;
        if let Some(index) = self.same_tuple(constant) {
            self.vm.release(mark);
            return Ok(index);
        }
        let res = list::push(self.vm, self.consts, constant);
        self.check(res)?;
        self.vm.release(mark);
        Ok(list::len(&self.vm.heap, self.vm.heap.get(self.consts)) - 1)
    }

    fn open_code(&mut self) -> Result<(), OutOfMemory> {
        let mark = self.vm.mark();
        let res = self.vm.push(Value::from_small(self.child_start as i32));
        let start = self.check(res)?;
        let res = list::push(self.vm, self.children, start);
        self.check(res)?;
        self.vm.release(mark);
        self.child_start = list::len(&self.vm.heap, self.vm.heap.get(self.children));
        Ok(())
    }

    fn close_code(&mut self, parts: &CodeParts) -> Result<u32, OutOfMemory> {
        let mark = self.vm.mark();
        let res = self.make_code(parts);
        let made = self.check(res)?;
        // The children are in the code object; what is left is the enclosing one's run.
        let heap = &self.vm.heap;
        let object = heap.get(self.children);
        let outer = list::item(heap, object, self.child_start - 1).as_small().unwrap_or(0) as u32;
        list::set_len(heap, object, self.child_start - 1);
        self.child_start = outer;
        if self.child_start == 0 {
            self.vm.heap.set(self.result, self.vm.heap.get(made));
            self.vm.release(mark);
            return Ok(0);
        }
        let res = list::push(self.vm, self.children, made);
        self.check(res)?;
        self.vm.release(mark);
        let len = list::len(&self.vm.heap, self.vm.heap.get(self.children));
        Ok(len - 1 - self.child_start)
    }
}
