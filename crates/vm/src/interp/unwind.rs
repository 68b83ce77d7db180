//! Exceptions: from the raising instruction to a handler.

use super::Interp;
use crate::frame::Exit;
use crate::types::exception;
use crate::types::generator;
use crate::types::{code, function};
use crate::{PyResult, Raised, Vm};
use octopy_heap::{Local, Value};

impl Interp<'_> {
    /// [`Interp::unwind`] as the loop calls it.
    pub(super) fn find_handler(&mut self) -> super::Step {
        Ok(self.unwind()?)
    }

    /// Finds the handler of the pending exception and goes there; leaves frames on the way.
    #[inline(never)]
    pub(super) fn unwind(&mut self) -> PyResult<()> {
        loop {
            let function = self.function();
            self.vm.heap.set_sp(self.sp.max(self.base));
            if !core::mem::take(&mut self.again) {
                self.vm.add_traceback(function, self.pc());
            }
            let frame = self.vm.frames[self.vm.depth - 1];
            while self.vm.n_handlers > usize::from(frame.handlers) {
                let at = self.vm.n_handlers - 1;
                let handler = self.vm.handlers[at];
                if handler.target < self.pc() {
                    // Its code is what raised: it is done with.
                    self.pop_handler();
                    continue;
                }
                let vm = &mut *self.vm;
                let pending = vm.roots.pending.get(&vm.heap);
                vm.set_handling(at, pending);
                vm.heap.set(Local::<octopy_heap::Any>::at(handler.sp), pending);
                vm.roots.pending.set(&vm.heap, Value::NULL);
                vm.handlers[at].active = true;
                self.sp = handler.sp + 4;
                self.load_code(handler.target);
                return Ok(());
            }
            self.leave_raising()?;
        }
    }

    /// Ends the running frame because of the pending exception.
    fn leave_raising(&mut self) -> Result<(), Raised> {
        let frame = self.vm.frames[self.vm.depth - 1];
        let ret = Local::<octopy_heap::Any>::at(frame.ret);
        let name = self.name_and_segmented();
        self.vm.depth -= 1;
        if matches!(frame.exit, Exit::Generator | Exit::Collect | Exit::For) {
            generator::finish(self.vm, ret);
            if self.vm.pending_is(&exception::STOP_ITERATION) {
                self.vm.heap.set_sp(frame.ret + 4);
                let _ = self.vm.raise(&exception::RUNTIME_ERROR, generator::STOPPED);
            }
        }
        self.vm.heap.set_sp(frame.ret);
        if matches!(frame.exit, Exit::Native | Exit::Generator | Exit::Collect)
            || self.vm.depth < self.floor
        {
            return Err(Raised(()));
        }
        self.enter_top();
        // A segment of a long module has told the place already.
        self.again =
            frame.exit == Exit::Resume && self.name_and_segmented() == name | code::SEGMENTED;
        Ok(())
    }

    /// Of the running code: the number of its name, and whether it is of a module in segments.
    fn name_and_segmented(&self) -> u32 {
        let heap = &self.vm.heap;
        let code = heap.word(heap.get(self.function()), function::CODE_WORD);
        heap.raw(code, code::ENTRY) & (0xffff | code::SEGMENTED)
    }
}

impl Vm {
    /// Adds the place `pc` in `function` to the pending exception's traceback. Without memory for
    /// that, the traceback stays as it is.
    pub(crate) fn add_traceback(&mut self, function: Local, pc: u32) {
        let pending = self.roots.pending.get(&self.heap);
        if pending.is_null() {
            return;
        }
        let code = self.heap.word(self.heap.get(function), function::CODE_WORD);
        let lines = code::lines(&self.heap, code);
        let line = octopy_bytecode::lines::line_at(lines, pc.saturating_sub(1));
        self.extend_traceback(function, line);
    }
}
