//! Entering Python functions: arguments to locals, and a frame.

use crate::call::Called;
use crate::frame::{Exit, Frame, MAX_FRAMES};
use crate::types::{code, function};
use crate::types::{exception, generator};
use crate::{PyResult, Vm};
use octopy_compiler::CodeParts;
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

impl Vm {
    /// Binds the arguments above `fun` to the function's locals and pushes a frame (or, for a
    /// generator, makes the generator object and is done).
    #[inline]
    pub(crate) fn enter_function(
        &mut self,
        ret: Local,
        fun: Local,
        n_pos: u16,
        n_kw: u16,
        exit: Exit,
    ) -> PyResult<Called> {
        let function = self.heap.get(fun);
        let code = self.heap.word(function, function::CODE_WORD);
        let simple = code::simple(self.heap.raw(code, code::ENTRY));
        let sizes = self.heap.raw(code, code::SIZES);
        let (n_locals, max_stack) = (sizes & 0xffff, sizes >> 16);
        if self.depth >= MAX_FRAMES
            || self.heap.stack_free() < n_locals + max_stack + function::SPARE_SLOTS
            || self.attention.is_interrupted()
        {
            return Err(self.refuse_call());
        }
        let base = fun.offset(1);
        if simple == u32::from(n_pos) && n_kw == 0 {
            for idx in u32::from(n_pos)..n_locals {
                self.heap.set(base.offset(idx), Value::NULL);
            }
        } else {
            self.bind_arguments(fun, n_pos, n_kw)?;
            let code = self.heap.word(self.heap.get(fun), function::CODE_WORD);
            let flags = self.heap.raw(code, code::ARGS) >> 24;
            if flags & u32::from(CodeParts::GENERATOR) != 0 {
                self.heap.set_sp(base.offset(n_locals).addr());
                let generator = generator::alloc(self, fun, n_locals, max_stack)?;
                self.heap.set(ret, self.heap.get(generator));
                return Ok(Called::Done);
            }
        }
        self.heap.set_sp(base.offset(n_locals).addr());
        self.push_frame(Frame {
            pc: 0,
            base: base.addr(),
            ret: ret.addr(),
            handlers: self.n_handlers as u16,
            exit,
            stop: 0,
        })?;
        Ok(Called::Frame)
    }

    /// Why a function is not entered: Ctrl-C, which would not stop recursion elsewhere, or too many
    /// functions in each other.
    #[cold]
    #[inline(never)]
    fn refuse_call(&mut self) -> crate::Raised {
        match self.stop_if_interrupted() {
            Err(raised) => raised,
            Ok(()) => self.raise_recursion(),
        }
    }

    #[inline]
    pub(crate) fn push_frame(&mut self, frame: Frame) -> PyResult<()> {
        match self.frames.get_mut(self.depth) {
            Some(place) => {
                *place = frame;
                self.depth += 1;
                Ok(())
            }
            None => Err(self.raise_recursion()),
        }
    }

    /// The general case: defaults, `*args`, `**kwargs`, keywords, cells, closures.
    #[inline(never)]
    fn bind_arguments(&mut self, fun: Local, n_pos: u16, n_kw: u16) -> PyResult<()> {
        let function = self.heap.get(fun);
        let code = self.heap.word(function, function::CODE_WORD);
        let sizes = self.heap.raw(code, code::SIZES);
        let args = self.heap.raw(code, code::ARGS);
        let n_locals = sizes & 0xffff;
        let (n_params, n_kwonly, n_defaults) = (args & 0xff, args >> 8 & 0xff, args >> 16 & 0xff);
        let flags = (args >> 24) as u8;
        let n_free = self.n_free(function);
        let first_cell = self.heap.words(function) - n_free;
        let n_given = u32::from(n_pos);
        let raw_count = n_given + 2 * u32::from(n_kw);

        // The given arguments move above the locals; the locals start empty.
        let base = fun.offset(1);
        let raw = base.offset(n_locals);
        for idx in (0..raw_count).rev() {
            self.heap.set(raw.offset(idx), self.heap.get(base.offset(idx)));
        }
        self.heap.set_sp(raw.offset(raw_count).addr());
        for idx in 0..n_locals {
            self.heap.set(base.offset(idx), Value::NULL);
        }

        // A closure's cells come first; `n_params` counts them.
        let function = self.heap.get(fun);
        for idx in 0..n_free {
            let cell = self.heap.word(function, first_cell + idx);
            self.heap.set(base.offset(idx), cell);
        }
        let own_params = n_params.saturating_sub(n_free);
        let copied = n_given.min(own_params);
        for idx in 0..copied {
            self.heap.set(base.offset(n_free + idx), self.heap.get(raw.offset(idx)));
        }
        let star = n_params + n_kwonly;
        if flags & CodeParts::VAR_ARGS != 0 {
            let rest = self.alloc_tuple(raw.offset(copied), n_given - copied)?;
            self.heap.set(base.offset(star), self.heap.get(rest));
        } else if n_given > own_params {
            return Err(self.raise_too_many(fun, own_params, n_given));
        }
        let double_star = star + u32::from(flags & CodeParts::VAR_ARGS != 0);
        if flags & CodeParts::VAR_KEYWORDS != 0 {
            let extra = self.alloc_dict(u32::from(n_kw))?;
            self.heap.set(base.offset(double_star), self.heap.get(extra));
        }
        for idx in 0..u32::from(n_kw) {
            let name = raw.offset(n_given + 2 * idx);
            self.bind_keyword(fun, base, double_star, flags, name)?;
        }

        // Defaults fill the positional parameters from the right.
        let first_default = n_params - n_defaults;
        for idx in copied + n_free..n_params {
            let slot = base.offset(idx);
            if !self.heap.get(slot).is_null() {
                continue;
            }
            if idx >= first_default {
                let word = function::FIRST_DEFAULT + idx - first_default;
                self.heap.set(slot, self.heap.word(self.heap.get(fun), word));
            }
            if self.heap.get(slot).is_null() {
                return Err(self.raise_missing(fun, own_params, n_given, idx - n_free, n_kw));
            }
        }
        for idx in 0..n_kwonly {
            let slot = base.offset(n_params + idx);
            if self.heap.get(slot).is_null() {
                self.fill_keyword_default(fun, slot, n_params - n_free + idx)?;
            }
        }

        // Locals that closures share become cells.
        let function = self.heap.get(fun);
        let code = self.heap.word(function, function::CODE_WORD);
        let n_cells = self.heap.raw(code, code::TAIL) & 0xff;
        for idx in 0..n_cells {
            let function = self.heap.get(fun);
            let code = self.heap.word(function, function::CODE_WORD);
            let local = code::cells(&self.heap, code).get(idx as usize).copied().unwrap_or(0);
            let slot = base.offset(u32::from(local));
            let cell = self.alloc(Kind::Cell, 1)?;
            let object = self.heap.get(cell);
            self.heap.init(object, 0, self.heap.get(slot));
            self.heap.set(slot, object);
            self.release(cell.addr());
        }
        Ok(())
    }

    fn bind_keyword(
        &mut self,
        fun: Local,
        base: Local,
        double_star: u32,
        flags: u8,
        name: Local,
    ) -> PyResult<()> {
        let function = self.heap.get(fun);
        let code = self.heap.word(function, function::CODE_WORD);
        let n_free = self.n_free(function);
        let wanted = self.heap.get(name);
        let mut params = (0..).zip(code::params(&self.heap, code));
        let found = params.find(|&(_, &param)| Value::from_qstr(code::named(param).0) == wanted);
        // Names of free variables are empty, so the number is the local's.
        if let Some((idx, _)) = found
            && idx >= n_free
        {
            let slot = base.offset(idx);
            if !self.heap.get(slot).is_null() {
                return Err(self.raise_repeated(name));
            }
            self.heap.set(slot, self.heap.get(name.offset(1)));
            return Ok(());
        }
        if flags & CodeParts::VAR_KEYWORDS == 0 {
            return Err(self.raise_about(b"unexpected keyword argument '", name));
        }
        let keywords = base.offset(double_star);
        if let Some(number) = wanted.as_qstr()
            && self.lookup(self.heap.get(keywords), Qstr(number)).is_some()
        {
            return Err(self.raise_repeated(name));
        }
        self.dict_store(keywords, name, name.offset(1))
    }

    /// The number of a function's free variables.
    fn n_free(&self, function: Value<'_>) -> u32 {
        let code = self.heap.word(function, function::CODE_WORD);
        self.heap.words(function) - function::first_cell(self.heap.raw(code, code::ARGS))
    }

    #[cold]
    fn raise_repeated(&mut self, name: Local) -> crate::Raised {
        self.raise_about(b"function got multiple values for argument '", name)
    }

    /// A TypeError whose text ends with a name in quotes.
    #[cold]
    #[inline(never)]
    fn raise_about(&mut self, text: &[u8], name: Local) -> crate::Raised {
        let mut short = crate::raise::ShortText::new();
        short.push(text);
        short.push(self.text(self.heap.get(name)).unwrap_or(b"?"));
        short.push(b"'");
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    fn fill_keyword_default(&mut self, fun: Local, slot: Local, param: u32) -> PyResult<()> {
        let function = self.heap.get(fun);
        let code = self.heap.word(function, function::CODE_WORD);
        let args = self.heap.raw(code, code::ARGS);
        let n_free = self.n_free(function);
        let name = code::params(&self.heap, code).get((param + n_free) as usize).copied();
        let name = name.map_or(q::empty, code::named);
        if code::has_keyword_defaults(args) {
            let defaults = self.heap.word(function, function::keyword_defaults(args));
            if !defaults.is_null()
                && let Some(value) = self.lookup(defaults, name)
            {
                self.heap.set(slot, value);
                return Ok(());
            }
        }
        // The slot is that of the argument, which has no other value.
        self.heap.set(slot, Value::from_qstr(name.0));
        Err(self.raise_about(b"function missing required keyword argument '", slot))
    }

    #[cold]
    fn raise_too_many(&mut self, fun: Local, wanted: u32, given: u32) -> crate::Raised {
        let function = self.heap.get(fun);
        let code = self.heap.word(function, function::CODE_WORD);
        let mut short = crate::raise::ShortText::new();
        short.push(self.text(code::name(&self.heap, code)).unwrap_or(b"?"));
        let text = "() takes %u positional arguments but %u were given";
        short.push_numbers(text, &[wanted, given]);
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    #[cold]
    fn raise_missing(
        &mut self,
        fun: Local,
        wanted: u32,
        given: u32,
        missing: u32,
        n_kw: u16,
    ) -> crate::Raised {
        let function = self.heap.get(fun);
        let code = self.heap.word(function, function::CODE_WORD);
        let plain = self.heap.raw(code, code::ARGS) >> 16 == 0 && n_kw == 0;
        if plain {
            return self.raise_too_many(fun, wanted, given);
        }
        self.raise_numbers(
            &exception::TYPE_ERROR,
            "function missing required positional argument #%u",
            &[missing + 1],
        )
    }
}
