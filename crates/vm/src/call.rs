//! Calls.
//!
//! The callable stands in a slot, its arguments in the slots above: positional ones, then pairs of
//! name and value. [`Vm::begin_call`] either finishes the call (natives), leaving the result in the
//! slot `ret`, or pushes a frame for the interpreter to run.

use crate::frame::Exit;
use crate::rom::{Convention, Native, Row};
use crate::types::{class, exception, instance};
use crate::{Args, PyResult, Raised, Table, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::q;

/// How far a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Called {
    /// It is done: the result is in the slot.
    Done,
    /// A frame has been pushed.
    Frame,
}

impl Vm {
    /// `callable(arguments...)`, the result pushed.
    pub fn call(&mut self, callable: Local, arguments: &[Local]) -> PyResult<Local> {
        let fun = self.copy(callable)?;
        for argument in arguments {
            self.copy(*argument)?;
        }
        self.finish_call(fun, arguments.len() as u16, 0)
    }

    /// `callable([first,] args...)` with the arguments of another call, keywords included; the
    /// result pushed.
    pub fn call_with(
        &mut self,
        callable: Local,
        first: Option<Local>,
        args: Args,
    ) -> PyResult<Local> {
        let fun = self.copy(callable)?;
        if let Some(first) = first {
            self.copy(first)?;
        }
        let count = u32::from(args.n_pos) + 2 * u32::from(args.n_kw);
        for idx in 0..count {
            self.copy(args.base.offset(idx))?;
        }
        self.finish_call(fun, args.n_pos + u16::from(first.is_some()), args.n_kw)
    }

    /// Runs a prepared call to its end. The result is in the slot `fun`, the last in use.
    pub(crate) fn finish_call(&mut self, fun: Local, n_pos: u16, n_kw: u16) -> PyResult<Local> {
        self.nested(|vm| {
            match vm.begin_call(fun, fun, n_pos, n_kw, Exit::Native)? {
                Called::Done => {}
                Called::Frame => vm.run()?,
            }
            vm.heap.set_sp(fun.addr() + 4);
            Ok(fun)
        })
    }

    /// Starts a call. The callable is in `fun`, the arguments above; the result goes to `ret`,
    /// which is `fun` or below it.
    #[inline]
    pub(crate) fn begin_call(
        &mut self,
        ret: Local,
        fun: Local,
        n_pos: u16,
        n_kw: u16,
        exit: Exit,
    ) -> PyResult<Called> {
        let callable = self.heap.get(fun);
        if self.heap.is_kind(callable, Kind::Function) {
            return self.enter_function(ret, fun, n_pos, n_kw, exit);
        }
        if let Some((row, method_of)) = self.native_to_call(callable) {
            let args = Args { ret, base: fun.offset(1), n_pos, n_kw };
            self.call_native(row, method_of, args)?;
            return Ok(Called::Done);
        }
        self.begin_call_slow(ret, fun, n_pos, n_kw, exit)
    }

    #[inline(never)]
    fn begin_call_slow(
        &mut self,
        ret: Local,
        fun: Local,
        n_pos: u16,
        n_kw: u16,
        exit: Exit,
    ) -> PyResult<Called> {
        let callable = self.heap.get(fun);
        let args = Args { ret, base: fun.offset(1), n_pos, n_kw };
        match self.heap.kind(callable) {
            Some(Kind::BoundMethod) => {
                self.insert_argument(args.base, n_pos, n_kw)?;
                let bound = self.heap.get(fun);
                self.heap.set(args.base, self.heap.word(bound, 1));
                self.heap.set(fun, self.heap.word(bound, 0));
                self.begin_call(ret, fun, n_pos + 1, n_kw, exit)
            }
            Some(Kind::Class) => self.begin_construct(ret, fun, args, exit),
            _ => {
                let Some(call) = self.type_table(fun).slots.call else {
                    return Err(self.raise_not_callable(fun));
                };
                // Native slots keep their temporaries above the arguments.
                call(self, fun, args)?;
                Ok(Called::Done)
            }
        }
    }

    /// Shifts all arguments up by one slot.
    fn insert_argument(&mut self, base: Local, n_pos: u16, n_kw: u16) -> PyResult<()> {
        let count = u32::from(n_pos) + 2 * u32::from(n_kw);
        self.heap.set_sp(base.offset(count).addr());
        self.push(Value::NULL)?;
        for idx in (0..count).rev() {
            self.heap.set(base.offset(idx + 1), self.heap.get(base.offset(idx)));
        }
        Ok(())
    }

    /// `class(args...)` for a user class: enters a plain `__init__` without native recursion.
    fn begin_construct(
        &mut self,
        ret: Local,
        fun: Local,
        args: Args,
        exit: Exit,
    ) -> PyResult<Called> {
        let class = self.heap.get(fun);
        let plain_new = matches!(
            self.class_lookup(class, q::__new__, u32::from(q::__new__.0)),
            None | Some(class::Member::Row(..))
        );
        let plain = plain_new && self.heap.raw(class, class::FLAGS) & class::NATIVE == 0;
        let init = match self.class_lookup(class, q::__init__, u32::from(q::__init__.0)) {
            Some(class::Member::Value(value)) => self.heap.is_kind(value, Kind::Function),
            _ => false,
        };
        if !plain || !init || exit != Exit::Resume {
            let count = u32::from(args.n_pos) + 2 * u32::from(args.n_kw);
            self.heap.set_sp(args.base.offset(count).addr());
            instance::construct(self, fun, args)?;
            return Ok(Called::Done);
        }
        // The instance goes to `ret`, then function, self, arguments above.
        let count = u32::from(args.n_pos) + 2 * u32::from(args.n_kw);
        self.heap.set_sp(args.base.offset(count).addr());
        let this = instance::alloc(self, fun)?;
        let class = self.heap.get(fun);
        if let Some(class::Member::Value(init)) =
            self.class_lookup(class, q::__init__, u32::from(q::__init__.0))
        {
            let init_slot = match self.heap.push(init) {
                Ok(slot) => slot,
                Err(_) => return Err(self.raise_recursion()),
            };
            // Stack now: [fun][args...][instance][init]; rotate to [instance][init][instance][args].
            let instance = self.heap.get(this);
            let function = self.heap.get(init_slot);
            for idx in (0..count).rev() {
                self.heap.set(fun.offset(3 + idx), self.heap.get(args.base.offset(idx)));
            }
            self.heap.set(ret, instance);
            self.heap.set(fun, instance);
            self.heap.set(fun.offset(1), function);
            self.heap.set(fun.offset(2), instance);
            self.heap.set_sp(fun.offset(3 + count).addr());
            return self.enter_function(ret, fun.offset(1), args.n_pos + 1, args.n_kw, Exit::Init);
        }
        Err(self.bug("class lost its __init__"))
    }

    #[cold]
    pub(crate) fn raise_not_callable(&mut self, fun: Local) -> Raised {
        let mut short = crate::raise::ShortText::new();
        short.push(b"'");
        short.push(self.type_name_of(self.heap.get(fun)));
        short.push(b"' object isn't callable");
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    /// Calls a native function (a method of a type, if there is one) after checking `self` and how
    /// many arguments there are. Slots above the arguments are free for it.
    #[inline]
    pub(crate) fn call_native(
        &mut self,
        row: &'static Row,
        method_of: Option<&'static Table>,
        args: Args,
    ) -> PyResult<()> {
        let top = args.base.offset(u32::from(args.n_pos) + 2 * u32::from(args.n_kw));
        self.heap.set_sp(top.addr());
        if let Some(table) = method_of {
            if args.n_pos > 0 {
                self.check_receiver(args.base, table)?;
            }
        }
        match row.as_plain() {
            Some((convention, call)) if args.n_kw == 0 => {
                if !convention.admits(args.n_pos) {
                    return Err(self.raise_arg_count(convention, args.n_pos));
                }
                call(self, args)
            }
            _ => self.call_native_keywords(row, args),
        }
    }

    /// As `call_native`, binding keyword arguments to the parameters after the positional ones.
    #[inline(never)]
    fn call_native_keywords(&mut self, row: &'static Row, args: Args) -> PyResult<()> {
        let Some(Native { call, convention, keywords }) = row.as_native() else {
            return Err(self.bug("the row holds no function"));
        };
        if !convention.admits(args.n_pos) {
            return Err(self.raise_arg_count(convention, args.n_pos));
        }
        if convention.takes_raw_keywords() {
            return call(self, args);
        }
        if keywords.is_empty() {
            return Err(self.raise_type("function doesn't take keyword arguments"));
        }
        // A fresh run of slots: positional (missing ones NULL), then keywords (likewise).
        let base = self.mark();
        for idx in 0..convention.max() {
            match args.pos(idx) {
                Some(slot) => self.copy(slot)?,
                None => self.push(Value::NULL)?,
            };
        }
        let first_keyword = self.mark();
        for _ in keywords {
            self.push(Value::NULL)?;
        }
        for idx in 0..args.n_kw {
            let Some((name, value)) = args.kw(idx) else { break };
            let wanted = self.heap.get(name).as_qstr();
            let place = keywords.iter().position(|k| Some(k.0) == wanted);
            match place {
                Some(place) => {
                    let slot = Local::<octopy_heap::Any>::at(first_keyword).offset(place as u32);
                    self.heap.set(slot, self.heap.get(value));
                }
                None => {
                    let mut short = crate::raise::ShortText::new();
                    short.push(b"unexpected keyword argument '");
                    short.push(self.text(self.heap.get(name)).unwrap_or(b"?"));
                    short.push(b"'");
                    return Err(self.raise_short(&exception::TYPE_ERROR, &short));
                }
            }
        }
        let n_pos = convention.max() + keywords.len() as u16;
        let ret = args.ret;
        call(self, Args { ret, base: Local::at(base), n_pos, n_kw: 0 })
    }

    #[cold]
    fn raise_arg_count(&mut self, convention: Convention, given: u16) -> Raised {
        self.raise_count(convention.min(), convention.max(), given)
    }

    #[cold]
    fn raise_count(&mut self, min: u16, max: u16, given: u16) -> Raised {
        let (min, max, given) = (u32::from(min), u32::from(max), u32::from(given));
        let (text, numbers) = if min == max {
            ("function takes %u positional arguments but %u were given", [min, given])
        } else if given < min {
            ("function missing %u required positional arguments", [min - given, 0])
        } else {
            ("function expected at most %u arguments, got %u", [max, given])
        };
        self.raise_numbers(&exception::TYPE_ERROR, text, &numbers)
    }

    /// Checks the number of positional arguments of a `new` or `call` slot, without keywords.
    pub fn check_args(&mut self, args: &Args, min: u16, max: u16) -> PyResult<()> {
        if args.n_kw > 0 {
            return Err(self.raise_type("function doesn't take keyword arguments"));
        }
        if args.n_pos >= min && args.n_pos <= max {
            return Ok(());
        }
        Err(self.raise_count(min, max, args.n_pos))
    }

    /// Whether a value can be called.
    pub fn is_callable(&mut self, value: Local) -> PyResult<bool> {
        let look = self.heap.get(value);
        if self.as_native(look).is_some() {
            return Ok(true);
        }
        if self.heap.is_kind(look, Kind::Instance) {
            let is_special = self.opt_special(value, q::__call__)?.is_some();
            return Ok(is_special
                || cfg!(feature = "callable-subclasses")
                    && self
                        .native_of(value)?
                        .is_some_and(|native| self.type_table(native).slots.call.is_some()));
        }
        Ok(matches!(self.heap.kind(look), Some(Kind::Function | Kind::BoundMethod | Kind::Class))
            || self.type_table(value).slots.call.is_some())
    }
}
