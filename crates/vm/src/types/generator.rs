//! `generator`: suspended frames.
//!
//! ```text
//! raw     0 offset of the next instruction   1 state
//!         2 words in use of the saved frame (low half), open handlers (high half)
//! values  3 function   4... locals and evaluation stack   then three words a handler
//! ```
//!
//! Resuming copies the saved words onto the value stack, yielding copies them back.

use crate::frame::{Exit, Frame, Handler};
use crate::types::exception;
use crate::types::{code, function};
use crate::{Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::q;

crate::class! {
    /// A function that can be suspended.
    pub static GENERATOR = generator (table::GENERATOR) {
        slots { print: generator_print, next: generator_next }
        /// Raises an exception when the generator is resumed next; None takes that back.
        pend_throw = method (pend_throw, this, exception),
        /// Resumes with a value.
        send = method (send, this, value),
        /// Raises an exception where the generator is suspended.
        throw = method (throw, this, ..),
        /// Raises GeneratorExit where the generator is suspended.
        close = method (close, this),
        /// The next item.
        __next__ = method (next_method, this),
    }
}

/// Word of the instruction's offset.
pub const PC: u32 = 0;
/// Word of the state.
pub const STATE: u32 = 1;
/// Word of the numbers of saved words and of handlers.
pub const SAVED: u32 = 2;
/// Word of the function.
pub const FUNCTION: u32 = 3;
/// Word of the first saved value.
pub const FIRST: u32 = 4;

/// States.
pub const FRESH: u32 = 0;
/// Suspended at a `yield`.
pub const SUSPENDED: u32 = 1;
/// Being run.
pub const RUNNING: u32 = 2;
/// Returned or raised.
pub const FINISHED: u32 = 3;
/// Suspended at a `yield from`: the last saved value is the iterator that it delegates to.
pub const DELEGATING: u32 = 4;

/// Bit of the state: an exception waits in the last word, to be raised on resuming.
pub const PENDED: u32 = 8;

/// Whether there is [`Exit::Collect`].
// SIZE: 1.2 KB of flash.
pub(crate) const COLLECTS: bool = cfg!(feature = "quick-collect");

/// The text of the RuntimeError that StopIteration becomes when it leaves a generator.
pub(crate) const STOPPED: &str = "generator raised StopIteration";

/// A generator of the function in `fun`, whose locals are in the slots above, pushed.
pub(crate) fn alloc(vm: &mut Vm, fun: Local, n_locals: u32, max_stack: u32) -> PyResult<Local> {
    let code = vm.heap.word(vm.heap.get(fun), function::CODE_WORD);
    let n_handlers = code::handlers(vm.heap.raw(code, code::ENTRY));
    let generator = vm.alloc(Kind::Generator, FIRST + n_locals + max_stack + 3 * n_handlers + 2)?;
    let object = vm.heap.get(generator);
    vm.heap.init(object, FUNCTION, vm.heap.get(fun));
    vm.heap.poke_raw(object, SAVED, n_locals);
    vm.heap.copy_slots(fun.offset(1), object, FIRST, n_locals);
    Ok(generator)
}

/// The numbers of saved words and of handlers.
#[inline(always)]
fn saved(vm: &Vm, generator: Value<'_>) -> (u32, u32) {
    let both = vm.heap.raw(generator, SAVED);
    (both & 0xffff, both >> 16)
}

/// Words of the area for saved values: locals and evaluation stack.
fn area(vm: &Vm, generator: Value<'_>) -> u32 {
    let code = vm.heap.word(vm.heap.word(generator, FUNCTION), function::CODE_WORD);
    let sizes = vm.heap.raw(code, code::SIZES);
    (sizes & 0xffff) + (sizes >> 16)
}

/// Copies a generator's frame onto the stack above `slot` (where the generator is) and pushes a
/// frame for it. The value sent in is pushed for a suspended generator.
pub(crate) fn resume(
    vm: &mut Vm,
    slot: Local,
    ret: Local,
    sent: Value<'static>,
    exit: Exit,
    stop: u32,
) -> PyResult<()> {
    let object = vm.heap.get(slot);
    let state = vm.heap.raw(object, STATE);
    let (saved, n_handlers) = saved(vm, object);
    let area = area(vm, object);
    if state == RUNNING {
        return Err(vm.raise_value("generator already executing"));
    }
    if vm.heap.stack_free() < area + function::SPARE_SLOTS + 2
        || vm.n_handlers + n_handlers as usize > crate::frame::MAX_HANDLERS
    {
        return Err(vm.raise_recursion());
    }
    let fun = Local::<octopy_heap::Any>::at(vm.heap.sp());
    let base = fun.offset(1);
    let frame = Frame {
        pc: vm.heap.raw(object, PC),
        base: base.addr(),
        ret: ret.addr(),
        stop,
        handlers: vm.n_handlers as u16,
        exit,
    };
    vm.push_frame(frame)?;
    let object = vm.heap.get(slot);
    vm.heap.set(fun, vm.heap.word(object, FUNCTION));
    for idx in 0..saved {
        vm.heap.set(base.offset(idx), vm.heap.word(object, FIRST + idx));
    }
    for idx in 0..n_handlers {
        let at = FIRST + area + 3 * idx;
        let target = vm.heap.word(object, at).small_unchecked() as u32;
        let packed = vm.heap.word(object, at + 1).small_unchecked() as u32;
        let handler = Handler {
            target,
            sp: base.addr() + (packed >> 2) * 4,
            is_finally: packed & 1 != 0,
            active: packed & 2 != 0,
        };
        vm.set_handling(vm.n_handlers, vm.heap.word(object, at + 2));
        if let Some(place) = vm.handlers.get_mut(vm.n_handlers) {
            *place = handler;
            vm.n_handlers += 1;
        }
    }
    vm.heap.poke_raw(vm.heap.get(slot), STATE, RUNNING);
    let mut top = base.offset(saved);
    if is_suspended(state) {
        vm.heap.set(top, sent);
        top = top.offset(1);
    }
    vm.heap.set_sp(top.addr());
    Ok(())
}

/// Whether a generator in this state waits for a value.
fn is_suspended(state: u32) -> bool {
    matches!(state, SUSPENDED | DELEGATING)
}

/// Saves the running frame into its generator (in the slot `ret`), whose state from then on is given.
/// `sp` is the stack pointer without the yielded value.
pub(crate) fn suspend(vm: &mut Vm, frame: Frame, pc: u32, sp: u32, state: u32) {
    let generator = Local::<octopy_heap::Any>::at(frame.ret);
    let object = vm.heap.get(generator);
    let saved = (sp - frame.base) / 4;
    let area = area(vm, object);
    vm.heap.copy_slots(Local::at(frame.base), object, FIRST, saved);
    let first = usize::from(frame.handlers);
    let count = vm.n_handlers - first;
    for idx in 0..count {
        if let Some(handler) = vm.handlers.get(first + idx) {
            let packed = ((handler.sp - frame.base) / 4) << 2
                | u32::from(handler.active) << 1
                | u32::from(handler.is_finally);
            let at = FIRST + area + 3 * idx as u32;
            vm.heap.poke_immediate(object, at, Value::from_small(handler.target as i32));
            vm.heap.poke_immediate(object, at + 1, Value::from_small(packed as i32));
            vm.heap.poke(object, at + 2, vm.handling(first + idx));
        }
    }
    vm.n_handlers = first;
    vm.heap.poke_raw(object, PC, pc);
    vm.heap.poke_raw(object, STATE, state);
    vm.heap.poke_raw(object, SAVED, saved | (count as u32) << 16);
}

/// Marks a generator as finished and drops what it held.
pub(crate) fn finish(vm: &mut Vm, generator: Local) {
    let object = vm.heap.get(generator);
    if !vm.heap.is_kind(object, Kind::Generator) {
        return;
    }
    vm.heap.poke_raw(object, STATE, FINISHED);
    vm.heap.poke_raw(object, SAVED, 0);
    for idx in FIRST..vm.heap.words(object) {
        vm.heap.poke_immediate(object, idx, Value::NULL);
    }
}

/// How a resumed generator stopped; the value is in the slot.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// It yielded this.
    Yielded(Local),
    /// It returned this.
    Returned(Local),
}

/// Resumes a generator from Rust with a value; the result is pushed.
pub(crate) fn step(vm: &mut Vm, this: Local, value: Local) -> PyResult<Step> {
    if let Some(exception) = take_pended(vm, this)? {
        return throw_into(vm, this, exception);
    }
    let object = vm.heap.get(this);
    let state = vm.heap.raw(object, STATE);
    if state == FINISHED {
        return vm.push(Value::NONE).map(Step::Returned);
    }
    if state == FRESH && !vm.heap.get(value).is_none() {
        return Err(vm.raise_type("can't send non-None value to a just-started generator"));
    }
    if state == DELEGATING {
        return vm.nested(|vm| step_through(vm, this, value));
    }
    go_on(vm, this, (state == SUSPENDED).then_some(value), None)
}

/// Runs a generator to its next `yield`, which gives it the value, or None. It is fresh or suspended
/// there. What it yields goes `into` a list or set as far as [`Exit::Collect`] says.
fn go_on(vm: &mut Vm, this: Local, value: Option<Local>, into: Option<Local>) -> PyResult<Step> {
    let exit = match into {
        Some(into) => {
            vm.copy(into)?;
            Exit::Collect
        }
        None => Exit::Generator,
    };
    let mark = vm.mark();
    let slot = vm.copy(this)?;
    vm.nested(|vm| {
        resume(vm, slot, slot, Value::NONE, exit, 0)?;
        if let Some(value) = value {
            let top = Local::<octopy_heap::Any>::at(vm.heap.sp() - 4);
            vm.heap.set(top, vm.heap.get(value));
        }
        vm.run()
    })?;
    vm.heap.set_sp(mark + 4);
    let finished = vm.heap.raw(vm.heap.get(this), STATE) == FINISHED;
    Ok(if finished { Step::Returned(slot) } else { Step::Yielded(slot) })
}

/// Resumes the iterator that a generator delegates to; goes on in the generator if that ends.
///
/// So a chain of `yield from` moves one frame at each item, not one for each generator.
fn step_through(vm: &mut Vm, this: Local, value: Local) -> PyResult<Step> {
    let iterator = enter_delegate(vm, this)?;
    let result = vm.delegate(iterator, value);
    vm.heap.poke_raw(vm.heap.get(this), STATE, DELEGATING);
    match result {
        Ok(Step::Yielded(item)) => Ok(Step::Yielded(item)),
        Ok(Step::Returned(value)) => {
            leave_delegate(vm, this);
            step(vm, this, value)
        }
        Err(_) => {
            let exception = vm.take_exception();
            raise_inside(vm, this, exception)
        }
    }
}

/// The iterator that a generator delegates to, pushed; the generator counts as running until that
/// is done.
fn enter_delegate(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let object = vm.heap.get(this);
    let iterator = vm.push_word(this, FIRST + saved(vm, object).0 - 1)?;
    vm.heap.poke_raw(vm.heap.get(this), STATE, RUNNING);
    Ok(iterator)
}

/// Ends `yield from` in a suspended generator: the iterator leaves its stack.
fn leave_delegate(vm: &mut Vm, this: Local) {
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, SAVED, vm.heap.raw(object, SAVED) - 1);
    vm.heap.poke_immediate(object, FIRST + saved(vm, object).0, Value::NULL);
    vm.heap.poke_raw(object, STATE, SUSPENDED);
    vm.heap.poke_raw(object, PC, vm.heap.raw(object, PC) + 1);
}

fn generator_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<generator object '")?;
    let function = vm.push_word(this, FUNCTION)?;
    if vm.heap.get(function).is_ref() {
        let code = vm.push_word(function, function::CODE_WORD)?;
        let name = vm.push(code::name(&vm.heap, vm.heap.get(code)))?;
        vm.write_text(out, name)?;
    }
    let id = vm.heap.get(this).bits();
    vm.write_numbers(out, "' at %x>", &[id])
}

/// The next item, pushed.
pub(crate) fn generator_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let step = match vm.heap.raw(vm.heap.get(this), STATE) {
        FRESH | SUSPENDED => go_on(vm, this, None, None)?,
        _ => {
            let none = vm.push(Value::NONE)?;
            step(vm, this, none)?
        }
    };
    match step {
        Step::Yielded(value) => Ok(Some(value)),
        Step::Returned(value) => {
            if vm.heap.get(value).is_none() {
                return Ok(None);
            }
            Err(vm.raise_with(&exception::STOP_ITERATION, value)?)
        }
    }
}

/// The next item that a generator could not put into the list or set itself, pushed, if `iterator`
/// is a generator that can go on.
pub(crate) fn next_beside(
    vm: &mut Vm,
    iterator: Local,
    into: Local,
) -> PyResult<Option<Option<Local>>> {
    let look = vm.heap.get(iterator);
    if !COLLECTS
        || !vm.heap.is_kind(look, Kind::Generator)
        || !matches!(vm.heap.raw(look, STATE), FRESH | SUSPENDED)
    {
        return Ok(None);
    }
    vm.stop_if_interrupted()?;
    Ok(Some(match go_on(vm, iterator, None, Some(into))? {
        Step::Yielded(item) => Some(item),
        Step::Returned(_) => None,
    }))
}

fn send(vm: &mut Vm, this: Local, value: Local) -> PyResult<Local> {
    match step(vm, this, value)? {
        Step::Yielded(value) => Ok(value),
        Step::Returned(value) => Err(raise_stop(vm, value)?),
    }
}

fn raise_stop(vm: &mut Vm, value: Local) -> PyResult<crate::Raised> {
    if vm.heap.get(value).is_none() {
        return Ok(vm.raise_bare(&exception::STOP_ITERATION));
    }
    vm.raise_with(&exception::STOP_ITERATION, value)
}

fn next_method(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let none = vm.push(Value::NONE)?;
    send(vm, this, none)
}

/// Throws into a generator: an exception, or a class of exceptions. What a generator delegates to
/// gets it as it is; it becomes an exception object where it is raised.
pub(crate) fn throw_into(vm: &mut Vm, this: Local, thrown: Local) -> PyResult<Step> {
    if vm.heap.raw(vm.heap.get(this), STATE) == DELEGATING {
        return vm.nested(|vm| throw_through(vm, this, thrown));
    }
    let exception = vm.make_exception(thrown, None)?;
    raise_inside(vm, this, exception)
}

/// The exception that was to be raised on resuming, pushed and forgotten.
fn take_pended(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let object = vm.heap.get(this);
    let state = vm.heap.raw(object, STATE);
    if state & PENDED == 0 {
        return Ok(None);
    }
    vm.heap.poke_raw(object, STATE, state & !PENDED);
    let last = vm.heap.words(object) - 1;
    let exception = vm.push_word(this, last)?;
    vm.heap.poke_immediate(vm.heap.get(this), last, Value::NULL);
    Ok(Some(exception))
}

fn pend_throw(vm: &mut Vm, this: Local, exception: Local) -> PyResult<Option<Local>> {
    let before = take_pended(vm, this)?;
    let object = vm.heap.get(this);
    let state = vm.heap.raw(object, STATE);
    if state == RUNNING {
        return Err(vm.raise_value("generator already executing"));
    }
    if state != FINISHED && !vm.heap.get(exception).is_none() {
        vm.heap.poke(object, vm.heap.words(object) - 1, vm.heap.get(exception));
        vm.heap.poke_raw(object, STATE, state | PENDED);
    }
    Ok(before)
}

/// Throws into the iterator that a generator delegates to; goes on in the generator if that ends.
fn throw_through(vm: &mut Vm, this: Local, thrown: Local) -> PyResult<Step> {
    let iterator = enter_delegate(vm, this)?;
    let result = vm.throw_to(iterator, thrown);
    vm.heap.poke_raw(vm.heap.get(this), STATE, DELEGATING);
    let returned = match result {
        Ok(Step::Yielded(item)) => return Ok(Step::Yielded(item)),
        Ok(Step::Returned(value)) => Some(value),
        Err(_) => vm.take_stop_value()?,
    };
    leave_delegate(vm, this);
    match returned {
        // That it swallowed GeneratorExit does not save the generator.
        Some(_) if is_generator_exit(vm, thrown) => {
            let exception = vm.make_exception(thrown, None)?;
            raise_inside(vm, this, exception)
        }
        Some(value) => step(vm, this, value),
        None => {
            let exception = vm.take_exception();
            raise_inside(vm, this, exception)
        }
    }
}

fn is_generator_exit(vm: &mut Vm, thrown: Local) -> bool {
    let mark = vm.mark();
    let class = if vm.is_class(thrown) { vm.copy(thrown) } else { vm.type_of(thrown) };
    let exit = vm.push(exception::GENERATOR_EXIT.value());
    let is_exit = match (class, exit) {
        (Ok(class), Ok(exit)) => vm.is_subclass(class, exit),
        _ => false,
    };
    vm.release(mark);
    is_exit
}

/// Resumes a generator by raising an exception where it is suspended.
fn raise_inside(vm: &mut Vm, this: Local, exception: Local) -> PyResult<Step> {
    match vm.heap.raw(vm.heap.get(this), STATE) {
        RUNNING => return Err(vm.raise_value("generator already executing")),
        SUSPENDED | DELEGATING => {}
        _ => {
            finish(vm, this);
            return Err(vm.raise_object(exception));
        }
    }
    let mark = vm.mark();
    let slot = vm.copy(this)?;
    let exception = vm.copy(exception)?;
    vm.nested(|vm| {
        resume(vm, slot, slot, Value::NONE, Exit::Generator, 0)?;
        // The frame lies above `exception`, which stays rooted below it.
        vm.run_raising(exception)
    })?;
    vm.heap.set_sp(mark + 4);
    let finished = vm.heap.raw(vm.heap.get(this), STATE) == FINISHED;
    Ok(if finished { Step::Returned(slot) } else { Step::Yielded(slot) })
}

fn throw(vm: &mut Vm, this: Local, rest: crate::Rest) -> PyResult<Local> {
    take_pended(vm, this)?;
    let args = rest.0;
    let Some(class) = args.pos(0) else {
        return Err(vm.raise_type("function missing 1 required positional arguments"));
    };
    // throw(type, value, tb), throw(type) or throw(instance).
    let thrown = match args.pos(1).filter(|value| !vm.heap.get(*value).is_none()) {
        Some(value) if exception::is_exception(vm, value) => value,
        Some(value) => vm.make_exception(class, Some(value))?,
        None => class,
    };
    match throw_into(vm, this, thrown)? {
        Step::Yielded(value) => Ok(value),
        Step::Returned(value) => Err(raise_stop(vm, value)?),
    }
}

fn close(vm: &mut Vm, this: Local) -> PyResult<()> {
    take_pended(vm, this)?;
    let state = vm.heap.raw(vm.heap.get(this), STATE);
    if state == FRESH {
        finish(vm, this);
    }
    if state == RUNNING {
        return Err(vm.raise_value("generator already executing"));
    }
    if !is_suspended(state) {
        return Ok(());
    }
    let exit = exception::alloc(vm, exception::GENERATOR_EXIT.value(), &[])?;
    match throw_into(vm, this, exit) {
        Ok(Step::Yielded(_)) => {
            Err(vm.raise(&exception::RUNTIME_ERROR, "generator ignored GeneratorExit"))
        }
        Ok(Step::Returned(_)) => Ok(()),
        Err(raised) => {
            if vm.pending_is(&exception::GENERATOR_EXIT)
                || vm.pending_is(&exception::STOP_ITERATION)
            {
                vm.clear_exception();
                return Ok(());
            }
            Err(raised)
        }
    }
}

impl Vm {
    /// An exception object from what `raise` may name: an object, or a class to be called.
    pub(crate) fn make_exception(
        &mut self,
        value: Local,
        argument: Option<Local>,
    ) -> PyResult<Local> {
        if exception::is_exception(self, value) {
            if !self.heap.word(self.heap.get(value), exception::CAUSE).is_null() {
                return self.copy(value);
            }
        } else if self.is_class(value) {
            let mark = self.mark();
            let made = match argument {
                Some(argument) => self.call(value, &[argument])?,
                None => self.call(value, &[])?,
            };
            if exception::is_exception(self, made) {
                return Ok(self.keep(mark, made));
            }
        }
        Err(self.raise_type("exceptions must derive from BaseException"))
    }

    /// Throws to an iterator that a generator delegates to. Only generators and objects with a
    /// method `throw` can go on; others are closed by GeneratorExit.
    fn throw_to(&mut self, iterator: Local, thrown: Local) -> PyResult<Step> {
        if self.heap.is_kind(self.heap.get(iterator), Kind::Generator) {
            return throw_into(self, iterator, thrown);
        }
        if is_generator_exit(self, thrown) {
            if let Some(close) = self.opt_attr(iterator, q::close)? {
                self.call(close, &[])?;
            }
        } else if let Some(throw) = self.opt_attr(iterator, q::throw)? {
            return self.call(throw, &[thrown]).map(Step::Yielded);
        }
        let exception = self.make_exception(thrown, None)?;
        let raised = self.raise_object(exception);
        // It comes out of a generator, where StopIteration would look like the end.
        if self.pending_is(&exception::STOP_ITERATION) {
            return Err(self.raise(&exception::RUNTIME_ERROR, STOPPED));
        }
        Err(raised)
    }

    /// Resumes an iterator that `yield from` delegates to: generators get the value sent, other
    /// iterators only `next`.
    pub(crate) fn delegate(&mut self, iterator: Local, value: Local) -> PyResult<Step> {
        let is_generator = self.heap.is_kind(self.heap.get(iterator), Kind::Generator);
        if is_generator {
            return step(self, iterator, value);
        }
        if !self.heap.get(value).is_none() {
            let method = self.attr(iterator, q::send)?;
            return match self.call(method, &[value]) {
                Ok(result) => Ok(Step::Yielded(result)),
                Err(raised) => match self.take_stop_value()? {
                    Some(value) => Ok(Step::Returned(value)),
                    None => Err(raised),
                },
            };
        }
        let next = if self.heap.is_kind(self.heap.get(iterator), Kind::Iterator) {
            self.next(iterator)
        } else {
            match self.type_table(iterator).slots.next {
                Some(next) => next(self, iterator),
                None => self.next(iterator),
            }
        };
        match next {
            Ok(Some(item)) => Ok(Step::Yielded(item)),
            Ok(None) => self.push(Value::NONE).map(Step::Returned),
            Err(raised) => match self.take_stop_value()? {
                Some(value) => Ok(Step::Returned(value)),
                None => Err(raised),
            },
        }
    }
}
