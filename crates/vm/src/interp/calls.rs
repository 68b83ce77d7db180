//! Call instructions.

use super::{Interp, Step, Stop};
use crate::call::Called;
use crate::frame::Exit;
use crate::types::{dict, exception};
use crate::{PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

impl Interp<'_> {
    /// Starts a call whose callable is in `fun`; the result replaces everything from `ret` on.
    #[inline(always)]
    fn call_at(&mut self, ret: Local, fun: Local, n_pos: u32, n_kw: u32) -> Step {
        self.sync();
        self.vm.frames[self.vm.depth - 1].pc = self.pc();
        match self.vm.begin_call(ret, fun, n_pos as u16, n_kw as u16, Exit::Resume)? {
            Called::Done => {
                self.sp = ret.addr() + 4;
                self.refresh();
            }
            Called::Frame => self.enter_top(),
        }
        Ok(())
    }

    #[inline(always)]
    pub(super) fn call_function(&mut self, counts: u32) -> Step {
        let (n_pos, n_kw) = (counts & 0xff, counts >> 8 & 0xff);
        let fun = self.below(n_pos + 2 * n_kw + 1);
        self.call_at(fun, fun, n_pos, n_kw)
    }

    #[inline(always)]
    pub(super) fn call_method(&mut self, counts: u32) -> Step {
        let (n_pos, n_kw) = (counts & 0xff, counts >> 8 & 0xff);
        let receiver = self.below(n_pos + 2 * n_kw + 1);
        let callable = Local::at(receiver.addr() - 4);
        if self.vm.heap.get(receiver).is_null() {
            // No self: the callable moves next to its arguments.
            self.vm.heap.set(receiver, self.vm.heap.get(callable));
            return self.call_at(callable, receiver, n_pos, n_kw);
        }
        self.call_at(callable, callable, n_pos + 1, n_kw)
    }

    pub(super) fn call_function_var_kw(&mut self, counts: u32) -> Step {
        let (n_pos, n_kw) = (counts & 0xff, counts >> 8 & 0xff);
        let fun = self.below(n_pos + 2 * n_kw + 2);
        self.call_unpacking(fun, fun.offset(1), None, n_pos, n_kw)
    }

    pub(super) fn call_method_var_kw(&mut self, counts: u32) -> Step {
        let (n_pos, n_kw) = (counts & 0xff, counts >> 8 & 0xff);
        let receiver = self.below(n_pos + 2 * n_kw + 2);
        let callable = Local::at(receiver.addr() - 4);
        let this = if self.vm.heap.get(receiver).is_null() { None } else { Some(receiver) };
        self.call_unpacking(callable, receiver.offset(1), this, n_pos, n_kw)
    }

    /// A call with `*` or `**` arguments: everything is laid out anew above the stack.
    #[inline(never)]
    fn call_unpacking(
        &mut self,
        callable: Local,
        first: Local,
        this: Option<Local>,
        n_pos: u32,
        n_kw: u32,
    ) -> Step {
        self.sync();
        let stars = self.vm.heap.get(self.below(1)).as_small().unwrap_or(0) as u32;
        let fun = self.vm.copy(callable)?;
        let (given, named) = lay_out(self.vm, first, this, n_pos, n_kw, stars)?;
        // The call starts where the arguments stand, but its result belongs to `callable`.
        self.vm.frames[self.vm.depth - 1].pc = self.pc();
        if given > u32::from(u16::MAX) || named > u32::from(u16::MAX) {
            return Err(self.vm.raise_type("too many arguments").into());
        }
        match self.vm.begin_call(callable, fun, given as u16, named as u16, Exit::Resume)? {
            Called::Done => {
                self.sp = callable.addr() + 4;
                self.refresh();
            }
            Called::Frame => self.enter_top(),
        }
        Ok(())
    }

    /// Calls `__enter__` and the like: the result is pushed.
    pub(super) fn setup_with(&mut self, offset: i32) -> Step {
        self.sync();
        let manager = self.below(1);
        let vm = &mut *self.vm;
        // exit, manager: as load_method leaves them.
        vm.copy(manager)?;
        let scratch = vm.push(Value::NULL)?;
        let exit = Local::<octopy_heap::Any>::at(scratch.addr() - 4);
        vm.load_method(exit, octopy_qstr::q::__exit__, u32::from(octopy_qstr::q::__exit__.0))?;
        let enter = vm.attr(manager, octopy_qstr::q::__enter__)?;
        let entered = vm.call(enter, &[])?;
        let heap = &vm.heap;
        heap.set(manager, heap.get(exit));
        heap.set(manager.offset(1), heap.get(exit.offset(1)));
        self.sp = manager.addr() + 8;
        self.refresh();
        // The handler's stack holds exit and manager; the value entered is above.
        let value = Local::<octopy_heap::Any>::at(self.sp);
        self.push_handler(offset, true)?;
        self.vm.heap.set(value, self.vm.heap.get(entered));
        self.sp += 4;
        Ok(())
    }

    pub(super) fn with_cleanup(&mut self) -> Step {
        let top = self.below(1);
        let cause = self.vm.heap.get(top);
        if cause.is_none() {
            let (exit, this) = (self.below(3), self.below(2));
            self.call_exit(exit, this, None)?;
            self.vm.heap.set(exit, Value::NONE);
            self.sp = exit.addr() + 4;
            return Ok(());
        }
        if cause.is_small() {
            // exit, manager, data, cause: the data and cause move down afterwards.
            let (exit, this) = (self.below(4), self.below(3));
            self.call_exit(exit, this, None)?;
            let heap = self.window.of(&self.vm.heap);
            heap.set(exit, heap.get(self.below(2)));
            heap.set(this, heap.get(self.below(1)));
            self.sp = this.addr() + 4;
            return Ok(());
        }
        let (exit, this) = (self.below(3), self.below(2));
        let swallow = self.call_exit(exit, this, Some(top))?;
        let heap = self.window.of(&self.vm.heap);
        if swallow {
            heap.set(exit, Value::NONE);
        } else {
            heap.set(exit, heap.get(top));
        }
        self.sp = exit.addr() + 4;
        Ok(())
    }

    /// Calls a context manager's `__exit__`; true if it wants the exception swallowed.
    fn call_exit(
        &mut self,
        exit: Local,
        this: Local,
        exception: Option<Local>,
    ) -> Result<bool, Stop> {
        self.sync();
        self.vm.frames[self.vm.depth - 1].pc = self.pc();
        let swallow = call_exit(self.vm, exit, this, exception)?;
        self.refresh();
        Ok(swallow)
    }
}

fn call_exit(vm: &mut Vm, exit: Local, this: Local, exception: Option<Local>) -> PyResult<bool> {
    let fun = vm.copy(exit)?;
    let mut n_pos = 3;
    if !vm.heap.get(this).is_null() {
        vm.copy(this)?;
        n_pos = 4;
    }
    match exception {
        Some(exception) => {
            let class = vm.heap.word(vm.heap.get(exception), exception::CLASS);
            if vm.heap.push(class).is_err() {
                return Err(vm.raise_recursion());
            }
            vm.copy(exception)?;
        }
        None => {
            vm.push(Value::NONE)?;
            vm.push(Value::NONE)?;
        }
    }
    vm.push(Value::NONE)?;
    let result = vm.finish_call(fun, n_pos, 0)?;
    let swallow = vm.is_true(result)?;
    vm.release(fun.addr());
    Ok(swallow)
}

/// Pushes all arguments with `*` and `**` unpacked; returns how many positional and named ones.
fn lay_out(
    vm: &mut Vm,
    first: Local,
    this: Option<Local>,
    n_pos: u32,
    n_kw: u32,
    stars: u32,
) -> PyResult<(u32, u32)> {
    let mut given = 0;
    if let Some(this) = this {
        vm.copy(this)?;
        given += 1;
    }
    for idx in 0..n_pos {
        let argument = first.offset(idx);
        if idx < 32 && stars >> idx & 1 != 0 {
            let count = push_items(vm, argument)?;
            given += count;
        } else {
            vm.copy(argument)?;
            given += 1;
        }
    }
    let mut named = 0;
    for idx in 0..n_kw {
        let name = first.offset(n_pos + 2 * idx);
        let value = name.offset(1);
        if vm.heap.get(name).is_null() {
            named += push_entries(vm, value)?;
        } else {
            vm.copy(name)?;
            vm.copy(value)?;
            named += 1;
        }
    }
    Ok((given, named))
}

/// Pushes every item of an iterable; the room each needs is checked by `push`.
fn push_items(vm: &mut Vm, iterable: Local) -> PyResult<u32> {
    let mark = vm.mark();
    let items = vm.tuple_from(iterable)?;
    let count = vm.heap.words(vm.heap.get(items));
    if vm.heap.stack_free() < count + 8 {
        return Err(vm.raise_recursion());
    }
    // The tuple's own slot is overwritten last: items go above it, then everything moves down one.
    for idx in 0..count {
        vm.push_word(items, idx)?;
    }
    for idx in 0..count {
        let from = items.offset(1 + idx);
        vm.heap.set(items.offset(idx), vm.heap.get(from));
    }
    vm.heap.set_sp(Local::<octopy_heap::Any>::at(mark).offset(count).addr());
    Ok(count)
}

/// Pushes name and value of every entry of a mapping with string keys.
fn push_entries(vm: &mut Vm, mapping: Local) -> PyResult<u32> {
    let mark = vm.mark();
    let source = if vm.heap.is_kind(vm.heap.get(mapping), Kind::Dict) {
        vm.copy(mapping)?
    } else {
        mapping_dict(vm, mapping)?
    };
    let mut count = 0;
    let mut n = 0;
    loop {
        let before = vm.mark();
        let (step, key) = dict::next_entry(vm, source, n, dict::Part::Key)?;
        let Some(key) = key else {
            vm.release(before);
            break;
        };
        if !vm.is_str(key) {
            return Err(vm.raise_type("keywords must be strings"));
        }
        let name = vm.intern_str(key)?;
        let (_, value) = dict::next_entry(vm, source, n, dict::Part::Value)?;
        let slot = Local::<octopy_heap::Any>::at(before);
        if let Some(value) = value {
            // Two slots at least are in use above `before` here.
            let look = vm.heap.get(value);
            vm.heap.set(slot.offset(1), look);
        }
        vm.heap.set(slot, Value::from_qstr(name.0));
        vm.heap.set_sp(slot.offset(2).addr());
        n += step;
        count += 1;
    }
    // Everything moves down over the source's slot.
    let from = Local::<octopy_heap::Any>::at(source.addr() + 4);
    let to = Local::<octopy_heap::Any>::at(mark);
    for idx in 0..2 * count {
        vm.heap.set(to.offset(idx), vm.heap.get(from.offset(idx)));
    }
    vm.heap.set_sp(to.offset(2 * count).addr());
    Ok(count)
}

/// A dict with the entries of a mapping that is none (`keys()` and `[]`), pushed.
fn mapping_dict(vm: &mut Vm, mapping: Local) -> PyResult<Local> {
    let mark = vm.mark();
    let made = vm.alloc_dict(4)?;
    let keys = vm.attr(mapping, octopy_qstr::q::keys)?;
    dict::store_mapping(vm, made, mapping, keys)?;
    Ok(vm.keep(mark, made))
}
