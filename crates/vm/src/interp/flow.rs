//! Jumps, loops, handlers, returning and yielding.

use super::{Interp, Step, Stop};
use crate::Out;
use crate::frame::{Exit, Handler, MAX_HANDLERS};
use crate::types::exception;
use crate::types::generator::{self, Step as GeneratorStep};
use crate::types::iterator::{self, Quick, Source};
use crate::types::{list, range, set};
use octopy_bytecode::operand::Unwinding;
use octopy_heap::{Kind, Local, Value};

/// The cause of a `return` on its way through `finally`s.
const UNWIND_RETURN: i32 = -1;

impl Interp<'_> {
    #[inline(always)]
    fn jump_by(&mut self, offset: i32) -> Step {
        if offset < 0 && self.vm.attention.is_pending() {
            // Before the jump: an exception there belongs to what the jump stands in. At the start
            // of a `finally` it would look as if that had not begun.
            self.apart(|interp| interp.attend())?;
        }
        self.ip = self.ip.wrapping_add_signed(offset);
        Ok(())
    }

    /// Serves what interrupts asked for.
    #[cold]
    #[inline(never)]
    fn attend(&mut self) -> Step {
        self.sync();
        self.vm.frames[self.vm.depth - 1].pc = self.pc();
        self.vm.attend()?;
        self.refresh();
        Ok(())
    }

    /// Whether the value on top is true; it is left in place.
    #[inline(always)]
    fn top_truth(&mut self) -> Result<bool, Stop> {
        let slot = self.below(1);
        let value = self.window.of(&self.vm.heap).get(slot);
        if value == Value::TRUE {
            return Ok(true);
        }
        if value == Value::FALSE || value == Value::NONE {
            return Ok(false);
        }
        if value.is_small() {
            return Ok(value.small_unchecked() != 0);
        }
        self.sync();
        let truth = self.vm.is_true(slot)?;
        self.refresh();
        Ok(truth)
    }

    #[inline(always)]
    pub(super) fn jump(&mut self, offset: i32) -> Step {
        self.jump_by(offset)
    }

    #[inline(always)]
    pub(super) fn pop_jump_if_true(&mut self, offset: i32) -> Step {
        let truth = self.top_truth()?;
        self.sp -= 4;
        if truth { self.jump_by(offset) } else { Ok(()) }
    }

    #[inline(always)]
    pub(super) fn pop_jump_if_false(&mut self, offset: i32) -> Step {
        let truth = self.top_truth()?;
        self.sp -= 4;
        if truth { Ok(()) } else { self.jump_by(offset) }
    }

    pub(super) fn jump_if_true_or_pop(&mut self, offset: i32) -> Step {
        if self.top_truth()? {
            return self.jump_by(offset);
        }
        self.sp -= 4;
        Ok(())
    }

    pub(super) fn jump_if_false_or_pop(&mut self, offset: i32) -> Step {
        if !self.top_truth()? {
            return self.jump_by(offset);
        }
        self.sp -= 4;
        Ok(())
    }

    /// Opens a handler at the stack's present height.
    pub(super) fn push_handler(&mut self, offset: i32, is_finally: bool) -> Step {
        let handler = Handler {
            target: self.pc().wrapping_add_signed(offset),
            sp: self.sp,
            is_finally,
            active: false,
        };
        let at = self.vm.n_handlers;
        if at >= MAX_HANDLERS {
            return Err(self.vm.raise_recursion().into());
        }
        self.vm.handlers[at] = handler;
        self.vm.n_handlers = at + 1;
        Ok(())
    }

    /// Closes the innermost handler.
    #[inline(always)]
    pub(super) fn pop_handler(&mut self) {
        self.vm.n_handlers -= 1;
        let at = self.vm.n_handlers;
        if self.vm.handlers[at].active {
            self.vm.set_handling(at, Value::NULL);
        }
    }

    pub(super) fn setup_except(&mut self, offset: i32) -> Step {
        self.push_handler(offset, false)
    }

    pub(super) fn setup_finally(&mut self, offset: i32) -> Step {
        self.push_handler(offset, true)
    }

    pub(super) fn pop_except_jump(&mut self, offset: i32) -> Step {
        self.pop_handler();
        self.jump_by(offset)
    }

    /// Opens handlers of the running frame, from the inside.
    #[inline(always)]
    fn frame_handlers(&self) -> usize {
        usize::from(self.vm.frames[self.vm.depth - 1].handlers)
    }

    /// Whether the code of this handler is running already.
    #[inline(always)]
    fn is_running(&self, handler: Handler) -> bool {
        handler.target < self.pc()
    }

    /// Whether the code that runs is that of a `finally`.
    pub(super) fn is_in_finally(&self) -> bool {
        if self.vm.n_handlers <= self.frame_handlers() {
            return false;
        }
        let handler = self.vm.handlers[self.vm.n_handlers - 1];
        handler.is_finally && self.is_running(handler)
    }

    pub(super) fn unwind_jump(&mut self, unwind: Unwinding) -> Step {
        let target = self.pc().wrapping_add_signed(unwind.offset);
        self.unwind_to(target, u32::from(unwind.handlers))
    }

    /// Leaves `count` handlers (bit 7: and an iterator), running their `finally`s, then jumps.
    fn unwind_to(&mut self, target: u32, count: u32) -> Step {
        let mut left = count;
        while left & 0x7f > 0 {
            left -= 1;
            let handler = self.vm.handlers[self.vm.n_handlers - 1];
            // The stack is cut to where the handler was entered: causes of `finally`s that are left
            // for good go with it.
            self.sp = handler.sp;
            if handler.is_finally && !self.is_running(handler) {
                self.push(Value::from_small(target as i32))?;
                self.push(Value::from_small(left as i32))?;
                self.jump_to(handler.target);
                return Ok(());
            }
            self.pop_handler();
        }
        if left != 0 {
            self.sp -= 16;
        }
        if self.vm.attention.is_pending() {
            self.attend()?;
        }
        self.jump_to(target);
        Ok(())
    }

    pub(super) fn end_finally(&mut self) -> Step {
        self.pop_handler();
        let cause = self.vm.heap.get(self.below(1));
        if cause.is_none() {
            self.sp -= 4;
            return Ok(());
        }
        if let Some(number) = cause.as_small() {
            self.sp -= 4;
            if number == UNWIND_RETURN {
                return self.return_value();
            }
            let target = self.vm.heap.get(self.below(1)).as_small().unwrap_or(0) as u32;
            self.sp -= 4;
            return self.unwind_to(target, number as u32);
        }
        let exception = self.below(1);
        self.sync();
        self.again = true;
        Err(self.vm.raise_object(exception).into())
    }

    #[inline(always)]
    pub(super) fn return_value(&mut self) -> Step {
        if self.vm.n_handlers > self.frame_handlers() {
            return self.apart(|interp| interp.return_slow());
        }
        self.leave()
    }

    #[inline(never)]
    fn return_slow(&mut self) -> Step {
        if self.return_through_handlers() { Ok(()) } else { self.leave() }
    }

    /// Runs the innermost `finally` before returning; false if there is none left.
    #[inline(never)]
    fn return_through_handlers(&mut self) -> bool {
        let first = self.frame_handlers();
        while self.vm.n_handlers > first {
            let handler = self.vm.handlers[self.vm.n_handlers - 1];
            if handler.is_finally && !self.is_running(handler) {
                let heap = self.window.of(&self.vm.heap);
                let slot = Local::<octopy_heap::Any>::at(handler.sp);
                heap.set(slot, heap.get(self.below(1)));
                heap.set(slot.offset(1), Value::from_small(UNWIND_RETURN));
                self.sp = handler.sp + 8;
                self.jump_to(handler.target);
                return true;
            }
            self.pop_handler();
        }
        false
    }

    /// Ends the running frame with the value on top.
    #[inline(always)]
    fn leave(&mut self) -> Step {
        let frame = self.vm.frames[self.vm.depth - 1];
        let ret = Local::<octopy_heap::Any>::at(frame.ret);
        let result = self.below(1);
        self.vm.depth -= 1;
        if frame.exit == Exit::Resume {
            let heap = self.window.of(&self.vm.heap);
            heap.set(ret, heap.get(result));
            self.vm.heap.set_sp(frame.ret + 4);
            self.enter_top();
            return Ok(());
        }
        self.apart(|interp| interp.leave_other(frame.exit, ret, result, frame.stop))
    }

    #[inline(never)]
    fn leave_other(&mut self, exit: Exit, ret: Local, result: Local, stop: u32) -> Step {
        match exit {
            Exit::Resume => {}
            Exit::Native => {
                let heap = self.window.of(&self.vm.heap);
                heap.set(ret, heap.get(result));
                self.vm.heap.set_sp(ret.addr() + 4);
                return Err(Stop::Exit);
            }
            Exit::Init => {
                if !self.vm.heap.get(result).is_none() {
                    self.sync();
                    self.enter_top_at(ret.addr() + 4);
                    return Err(self.vm.raise_type("__init__() should return None").into());
                }
                self.vm.heap.set_sp(ret.addr() + 4);
                self.enter_top();
            }
            Exit::Generator | Exit::Collect => {
                generator::finish(self.vm, ret);
                let heap = self.window.of(&self.vm.heap);
                heap.set(ret, heap.get(result));
                self.vm.heap.set_sp(ret.addr() + 4);
                return Err(Stop::Exit);
            }
            Exit::For => {
                generator::finish(self.vm, ret);
                self.vm.heap.set_sp(ret.addr() - 16);
                self.enter_top();
                self.jump_to(stop);
            }
        }
        Ok(())
    }

    fn enter_top_at(&mut self, sp: u32) {
        self.vm.heap.set_sp(sp);
        self.enter_top();
    }

    pub(super) fn raise_last(&mut self) -> Step {
        let first = self.frame_handlers();
        self.sync();
        for at in (first..self.vm.n_handlers).rev() {
            if self.vm.handlers[at].active && !self.vm.handling(at).is_null() {
                let slot = self.vm.push(Value::NULL)?;
                self.vm.heap.set(slot, self.vm.handling(at));
                self.again = true;
                return Err(self.vm.raise_object(slot).into());
            }
        }
        Err(self.vm.raise(&exception::RUNTIME_ERROR, "no active exception to reraise").into())
    }

    pub(super) fn raise_obj(&mut self) -> Step {
        self.sync();
        let value = self.below(1);
        let exception = self.vm.make_exception(value, None)?;
        Err(self.vm.raise_object(exception).into())
    }

    pub(super) fn raise_from(&mut self) -> Step {
        self.sync();
        let (value, cause) = (self.below(2), self.below(1));
        if !self.vm.heap.get(cause).is_none() {
            // COMPAT: the cause is kept, but no traceback shows it.
            self.vm.write(Out::Error, b"Warning: exception chaining not supported\n")?;
        }
        let exception = self.vm.make_exception(value, None)?;
        let heap = self.window.of(&self.vm.heap);
        heap.poke(heap.get(exception), exception::CAUSE, heap.get(cause));
        Err(self.vm.raise_object(exception).into())
    }

    pub(super) fn get_iter(&mut self) -> Step {
        self.sync();
        let iterable = self.below(1);
        let iterator = self.vm.iter(iterable)?;
        self.replace(1, iterator)
    }

    /// The four slots are: source kind (a small int), object, position, limit; or NULL, an
    /// iterator object, and two unused ones.
    #[inline(always)]
    pub(super) fn get_iter_stack(&mut self) -> Step {
        let slot = self.below(1);
        let heap = self.window.of(&self.vm.heap);
        let object = heap.get(slot);
        let source = match heap.kind(object) {
            Some(Kind::List) => Some(Source::List),
            Some(Kind::Tuple) => Some(Source::Tuple),
            Some(Kind::Range) => {
                let [start, stop, step] =
                    range::parts(heap.words(object), |word| heap.word(object, word));
                if Value::both_small(start, stop) && step.is_small() {
                    // A range unpacks into its next value, its end and its step.
                    heap.set(slot, Value::from_small(Source::Range as i32));
                    heap.set(slot.offset(1), start);
                    heap.set(slot.offset(2), stop);
                    heap.set(slot.offset(3), step);
                    self.sp += 12;
                    return Ok(());
                }
                None
            }
            _ => None,
        };
        if let Some(source) = source {
            heap.set(slot.offset(1), object);
            heap.set(slot, Value::from_small(source as i32));
            heap.set(slot.offset(2), Value::from_small(0));
            heap.set(slot.offset(3), Value::NULL);
            self.sp += 12;
            return Ok(());
        }
        self.sync();
        let iterator = self.vm.iter(slot)?;
        let heap = self.window.of(&self.vm.heap);
        heap.set(slot.offset(1), heap.get(iterator));
        heap.set(slot, Value::NULL);
        heap.set(slot.offset(2), Value::NULL);
        heap.set(slot.offset(3), Value::NULL);
        self.sp = slot.offset(4).addr();
        self.refresh();
        Ok(())
    }

    #[inline(always)]
    pub(super) fn for_iter(&mut self, offset: i32) -> Step {
        let state = self.below(4);
        let heap = self.window.of(&self.vm.heap);
        let source = heap.get(state);
        if source == Value::from_small(Source::Range as i32) {
            let at = heap.get(state.offset(1)).small_unchecked();
            let end = heap.get(state.offset(2)).small_unchecked();
            let step = heap.get(state.offset(3)).small_unchecked();
            if if step > 0 { at < end } else { at > end } {
                heap.set(self.top(), Value::from_small(at));
                // Beyond the small ints the end has been passed as well: saturate.
                let next = Value::small(at.saturating_add(step)).unwrap_or(Value::from_small(end));
                heap.set(state.offset(1), next);
                self.sp += 4;
                return Ok(());
            }
        } else if source == Value::from_small(Source::List as i32) {
            let list = heap.get(state.offset(1));
            let at = heap.get(state.offset(2)).small_unchecked();
            let items = heap.word(list, list::ITEMS);
            if (at as u32) < heap.raw(items, list::LEN) {
                heap.set(self.top(), heap.word(items, list::FIRST + at as u32));
                heap.set(state.offset(2), Value::from_small(at + 1));
                self.sp += 4;
                return Ok(());
            }
        } else if source == Value::from_small(Source::Tuple as i32) {
            let tuple = heap.get(state.offset(1));
            let at = heap.get(state.offset(2)).small_unchecked();
            if (at as u32) < heap.words(tuple) {
                heap.set(self.top(), heap.word(tuple, at as u32));
                heap.set(state.offset(2), Value::from_small(at + 1));
                self.sp += 4;
                return Ok(());
            }
        } else {
            let iterator = heap.get(state.offset(1));
            if heap.is_kind(iterator, Kind::Iterator) {
                if let Quick::Item(item) = iterator::next_quickly(&self.vm.heap, iterator) {
                    heap.set(self.top(), item);
                    self.sp += 4;
                    return Ok(());
                }
            }
            return self.apart(|interp| interp.for_iter_slow(offset));
        }
        self.sp -= 16;
        self.ip = self.ip.wrapping_add_signed(offset);
        Ok(())
    }

    #[inline(never)]
    fn for_iter_slow(&mut self, offset: i32) -> Step {
        self.sync();
        let iterator = self.below(3);
        let stop = self.pc().wrapping_add_signed(offset);
        let look = self.vm.heap.get(iterator);
        if self.vm.heap.is_kind(look, Kind::Generator) {
            let state = self.vm.heap.raw(look, generator::STATE);
            if state & generator::PENDED != 0 {
                if let Some(item) = self.vm.next(iterator)? {
                    return self.replace(0, item);
                }
            } else if state != generator::FINISHED {
                self.vm.frames[self.vm.depth - 1].pc = self.pc();
                let slot = self.vm.copy(iterator)?;
                generator::resume(self.vm, slot, slot, Value::NONE, Exit::For, stop)?;
                self.enter_top();
                return Ok(());
            }
        } else if self.vm.heap.is_kind(look, Kind::Iterator) {
            if let Some(item) = iterator::next(self.vm, iterator)? {
                return self.replace(0, item);
            }
        } else if let Some(item) = self.vm.next(iterator)? {
            return self.replace(0, item);
        }
        self.sp -= 16;
        self.jump_to(stop);
        self.refresh();
        Ok(())
    }

    #[inline(always)]
    pub(super) fn yield_value(&mut self) -> Step {
        let frame = self.vm.frames[self.vm.depth - 1];
        if generator::COLLECTS
            && frame.exit == Exit::Collect
            && self.collect(Local::at(frame.ret - 4))
        {
            return Ok(());
        }
        generator::suspend(self.vm, frame, self.pc(), self.sp - 4, generator::SUSPENDED);
        self.yield_out(frame.exit, Local::at(frame.ret))
    }

    /// Adds the yielded value to a list or set, and goes on with None as what was sent; false if that
    /// is not done so quickly.
    #[inline(never)]
    fn collect(&mut self, into: Local) -> bool {
        let vm = &*self.vm;
        let (into, value) = (vm.heap.get(into), vm.heap.get(self.below(1)));
        let added = match vm.heap.kind(into) {
            Some(Kind::List) => list::push_quickly(&vm.heap, into, value),
            Some(Kind::Set | Kind::FrozenSet) => set::add_quickly(vm, into, value),
            _ => false,
        };
        if added {
            self.vm.heap.set(self.below(1), Value::NONE);
        }
        added
    }

    /// Hands the value on top to whoever resumed the (suspended) generator.
    #[inline(always)]
    fn yield_out(&mut self, exit: Exit, generator: Local) -> Step {
        let heap = self.window.of(&self.vm.heap);
        heap.set(generator, heap.get(self.below(1)));
        self.vm.heap.set_sp(generator.addr() + 4);
        self.vm.depth -= 1;
        if exit == Exit::For {
            self.enter_top();
            return Ok(());
        }
        Err(Stop::Exit)
    }

    /// One step of `yield from`: the iterator is below the value to send.
    pub(super) fn yield_from(&mut self) -> Step {
        self.sync();
        let (iterator, value) = (self.below(2), self.below(1));
        self.vm.frames[self.vm.depth - 1].pc = self.pc();
        match self.vm.delegate(iterator, value)? {
            GeneratorStep::Yielded(item) => {
                // Suspended at this same instruction, with the iterator on the stack: the value
                // sent next is pushed above it.
                let frame = self.vm.frames[self.vm.depth - 1];
                let (pc, sp) = (self.pc() - 1, self.sp - 4);
                generator::suspend(self.vm, frame, pc, sp, generator::DELEGATING);
                let heap = self.window.of(&self.vm.heap);
                let top = Local::<octopy_heap::Any>::at(sp);
                heap.set(top, heap.get(item));
                self.sp = sp + 4;
                self.yield_out(frame.exit, Local::at(frame.ret))
            }
            GeneratorStep::Returned(result) => self.replace(2, result),
        }
    }
}
