//! `async for` and `async with`: their protocols, spelled out.

use octopy_bytecode::Opcode;
use octopy_qstr::{Qstr, q};
use octopy_syntax::{Area, Child, Node, NodeId, NodeKind};

use crate::Host;
use crate::compiler::{Compiler, name};
use crate::scope::Scope;

impl<H: Host + ?Sized> Compiler<'_, H> {
    fn check_async(&mut self, node: Node) {
        if Scope(self.unit.scope).is_generator(&self.host) {
            return;
        }
        self.wrong(node, "async for/with outside async function")
    }

    /// Awaits what a method of the top of the stack gives.
    fn await_method(&mut self, method: Qstr) {
        self.load_method(name(method));
        self.op_with(Opcode::CallMethod, 0);
        self.yield_from()
    }

    #[inline(never)]
    pub(crate) fn async_for(&mut self, node: Node) {
        self.check_async(node);
        let [target, iterable, body, otherwise] = self.parts(node);
        let finished = self.label();
        let raised = self.label();
        let received = self.label();
        let unmatched = self.label();

        self.expression(iterable);
        self.load_method(name(q::__aiter__));
        self.op_with(Opcode::CallMethod, 0);
        let (this, outer) = self.begin_loop(false);
        self.place(this.continue_label);
        // The next item, or StopAsyncIteration.
        self.setup(Opcode::SetupExcept, raised);
        self.dup_top();
        self.await_method(q::__anext__);
        self.store(target);
        self.pop_except_jump(received);
        self.place(raised);
        self.start_handler();
        self.dup_top();
        self.load_global(name(q::StopAsyncIteration));
        self.exception_match();
        self.pop_jump_if(false, unmatched);
        self.pop_top();
        self.pop_except_jump(finished);
        self.place(unmatched);
        self.adjust(1);
        self.end_finally();
        self.end_handler();

        self.place(received);
        self.statement(body);
        self.jump(this.continue_label);
        self.end_loop(outer);
        self.place(finished);
        self.statement(otherwise);
        self.place(this.break_label);
        self.pop_top()
    }

    #[inline(never)]
    pub(crate) fn async_with(&mut self, node: Node) {
        self.check_async(node);
        let base = self.host.len(Area::Misc);
        let mut children = Child::of(node);
        let mut body = NodeId::NONE;
        while let Some((id, item)) = self.take(&mut children) {
            if item.kind != NodeKind::WithItem {
                body = id;
                break;
            }
            let mut parts = Child::of(item);
            let manager = self.next(&mut parts);
            self.expression(manager);
            self.dup_top();
            self.await_method(q::__aenter__);
            match self.take(&mut parts) {
                Some((target, _)) => self.store(target),
                None => self.pop_top(),
            }
            let finally = self.label();
            self.push_label(finally);
            self.setup(Opcode::SetupFinally, finally);
            self.adjust(3);
        }
        self.statement(body);
        while self.host.len(Area::Misc) > base {
            self.adjust(-3);
            self.leave_async_with();
        }
    }

    /// The end of an `async with`. Its stack is `manager` when the body ran through,
    /// `manager exception` when it raised, and `manager value number` when it is left by `return`
    /// or a jump.
    #[inline(never)]
    fn leave_async_with(&mut self) {
        let finally = self.pop_label();
        let ran_through = self.label();
        let unwinding = self.label();
        let end = self.label();

        self.load_none();
        self.op(Opcode::RotTwo);
        self.jump(ran_through);

        self.place(finally);
        self.dup_top();
        self.load_global(name(q::BaseException));
        self.exception_match();
        self.pop_jump_if(false, unwinding);
        // An exception: pass it to `__aexit__`, and forget it if that says so.
        self.dup_top();
        self.op(Opcode::RotThree);
        self.op(Opcode::RotTwo);
        self.load_method(name(q::__aexit__));
        self.op(Opcode::RotThree);
        self.op(Opcode::RotThree);
        self.dup_top();
        self.load_attr(name(q::__class__));
        self.op(Opcode::RotTwo);
        self.load_none();
        self.op_with(Opcode::CallMethod, 3);
        self.yield_from();
        self.pop_jump_if(false, end);
        self.pop_top();
        self.load_none();
        self.jump(end);
        self.adjust(2);

        self.place(unwinding);
        self.op(Opcode::RotThree);
        self.op(Opcode::RotThree);
        self.place(ran_through);
        self.load_method(name(q::__aexit__));
        self.load_none();
        self.dup_top();
        self.dup_top();
        self.op_with(Opcode::CallMethod, 3);
        self.yield_from();
        self.pop_top();
        self.adjust(-1);
        self.place(end);
        self.end_finally()
    }
}
