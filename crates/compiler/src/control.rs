//! Control flow: conditions, `if`, `while`, `for`, `break` and `continue`.

use octopy_bytecode::operator::BinaryOp;
use octopy_bytecode::{ITERATOR_SLOTS, Opcode};
use octopy_syntax::{Child, Node, NodeId, NodeKind};

use crate::Host;
use crate::compiler::{Compiler, cost};
use crate::constant::truth;
use crate::range_loop::{RangeLoop, range_loop};
use crate::unit::{Label, Loop};

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Jumps to `label` if the truth of an expression is `jump_if`.
    #[inline(never)]
    pub(crate) fn condition(&mut self, id: NodeId, jump_if: bool, label: Label) {
        if let Some(known) = truth(&self.host, id) {
            return if known == jump_if {
                self.jump(label)
            };
        }
        let node = self.node(id);
        match node.kind {
            NodeKind::And | NodeKind::Or => {
                if !self.enter(node, cost::EXPRESSION) {
                    return;
                }
                let mut children = Child::of(node);
                let mut operand = self.next(&mut children);
                if (node.kind == NodeKind::Or) == jump_if {
                    // Each operand can decide to jump.
                    self.condition(operand, jump_if, label);
                    while let Some((next, _)) = self.take(&mut children) {
                        self.condition(next, jump_if, label);
                    }
                } else {
                    // Each operand but the last can decide not to.
                    let skip = self.label();
                    while let Some((next, _)) = self.take(&mut children) {
                        self.condition(operand, !jump_if, skip);
                        operand = next;
                    }
                    self.condition(operand, jump_if, label);
                    self.place(skip);
                }
                self.leave(cost::EXPRESSION);
            }
            NodeKind::Not => {
                if !self.enter(node, cost::EXPRESSION) {
                    return;
                }
                self.condition(self.first(node), !jump_if, label);
                self.leave(cost::EXPRESSION);
            }
            _ => {
                self.expression(id);
                self.pop_jump_if(jump_if, label)
            }
        }
    }

    /// `if` with all its `elif`s.
    #[inline(never)]
    pub(crate) fn if_statement(&mut self, node: Node) {
        let end = self.label();
        let mut node = node;
        let mut is_first = true;
        loop {
            let [condition, body, otherwise] = self.parts(node);
            let otherwise_node = self.node(otherwise);
            let known = truth(&self.host, condition);
            if known != Some(false) {
                let fail = self.label();
                self.condition(condition, false, fail);
                self.statement(body);
                if known == Some(true) {
                    break;
                }
                if !is_first || otherwise_node.kind != NodeKind::Absent {
                    self.jump(end);
                }
                self.place(fail);
            }
            if otherwise_node.kind != NodeKind::If {
                self.statement(otherwise);
                break;
            }
            self.set_line(otherwise_node.span.line);
            node = otherwise_node;
            is_first = false;
        }
        self.place(end)
    }

    /// Begins a loop: `break` and `continue` mean it from here on. Gives what they meant before.
    pub(crate) fn begin_loop(&mut self, pops_iterator: bool) -> (Loop, Option<Loop>) {
        let inner = Loop {
            break_label: self.label(),
            continue_label: self.label(),
            handlers: self.unit.handlers,
            pops_iterator,
        };
        let outer = self.unit.innermost_loop.replace(inner);
        (inner, outer)
    }

    /// Ends a loop; its `else` already belongs to the outer one.
    pub(crate) fn end_loop(&mut self, outer: Option<Loop>) {
        self.unit.innermost_loop = outer;
    }

    #[inline(never)]
    pub(crate) fn break_or_continue(&mut self, node: Node) {
        let Some(innermost) = self.unit.innermost_loop else {
            return self.wrong(node, "'break'/'continue' outside loop");
        };
        let handlers = self.unit.handlers - innermost.handlers;
        if node.kind == NodeKind::Break {
            self.unwind_jump(innermost.break_label, handlers, innermost.pops_iterator)
        } else {
            self.unwind_jump(innermost.continue_label, handlers, false)
        }
    }

    #[inline(never)]
    pub(crate) fn while_loop(&mut self, node: Node) {
        let [condition, body, otherwise] = self.parts(node);
        let (this, outer) = self.begin_loop(false);
        let known = truth(&self.host, condition);
        if known != Some(false) {
            let top = self.label();
            if known.is_none() {
                self.jump(this.continue_label);
            }
            self.place(top);
            self.statement(body);
            self.place(this.continue_label);
            self.condition(condition, true, top);
        }
        self.end_loop(outer);
        self.statement(otherwise);
        self.place(this.break_label)
    }

    #[inline(never)]
    pub(crate) fn for_loop(&mut self, node: Node) {
        if let Some(range) = range_loop(&self.host, node) {
            return self.for_range(node, range);
        }
        let [target, iterable, body, otherwise] = self.parts(node);
        let (this, outer) = self.begin_loop(true);
        let exhausted = self.label();
        self.expression(iterable);
        self.op(Opcode::GetIterStack);
        self.place(this.continue_label);
        self.jump_op(Opcode::ForIter, 1, exhausted);
        self.store(target);
        self.statement(body);
        self.jump(this.continue_label);
        self.place(exhausted);
        self.adjust(-(ITERATOR_SLOTS as i32));
        self.end_loop(outer);
        self.statement(otherwise);
        self.place(this.break_label)
    }

    /// Counts on the stack. The name gets each value that is in the range, and no other.
    #[inline(never)]
    fn for_range(&mut self, node: Node, range: RangeLoop) {
        let [target, _, body, otherwise] = self.parts(node);
        let otherwise_node = self.node(otherwise);
        let has_else = otherwise_node.kind != NodeKind::Absent;
        let end_is_constant = self.node(range.end).kind == NodeKind::Int;

        let (this, outer) = self.begin_loop(false);
        let top = self.label();
        let entry = self.label();
        if !end_is_constant {
            self.expression(range.end);
        }
        if range.start.is_none() {
            self.load_int(0);
        } else {
            self.expression(range.start);
        }
        self.jump(entry);
        self.place(top);
        self.dup_top();
        self.store(target);
        self.statement(body);
        self.place(this.continue_label);
        self.load_int(range.step);
        self.binary_op(BinaryOp::InplaceAdd);
        self.place(entry);
        if end_is_constant {
            self.dup_top();
            self.expression(range.end);
        } else {
            self.op(Opcode::DupTopTwo);
            self.op(Opcode::RotTwo);
        }
        self.binary_op(if range.step > 0 { BinaryOp::Less } else { BinaryOp::More });
        self.pop_jump_if(true, top);
        self.end_loop(outer);

        let end = self.label();
        if has_else {
            // The counter goes before the `else`, which may break out of the outer loop.
            self.drop_counter(end_is_constant);
            self.statement(otherwise);
            self.jump(end);
            self.adjust(if end_is_constant { 1 } else { 2 });
        }
        self.place(this.break_label);
        self.drop_counter(end_is_constant);
        if has_else {
            self.place(end);
        }
    }

    fn drop_counter(&mut self, end_is_constant: bool) {
        self.pop_top();
        if end_is_constant {
        } else {
            self.pop_top()
        }
    }
}
