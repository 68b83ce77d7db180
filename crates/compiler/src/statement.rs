//! Statements: one function for each simple kind, and the way to the others.

use octopy_bytecode::Opcode;
use octopy_bytecode::operator::BinaryOp;
use octopy_qstr::q;
use octopy_syntax::{Child, Node, NodeId, NodeKind};

use crate::Host;
use crate::compiler::{Compiler, Mode, cost, name};
use crate::constant::is_constant;
use crate::scope::ScopeKind;

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Compiles a statement, or a block of them. `Absent` is none.
    #[inline(never)]
    pub(crate) fn statement(&mut self, id: NodeId) {
        let node = self.node(id);
        if !self.enter(node, cost::STATEMENT) {
            return;
        }
        if node.kind == NodeKind::Block {
            let mut children = Child::of(node);
            while let Some((child, node)) = self.take(&mut children) {
                self.one_statement(child, node);
            }
        } else {
            self.one_statement(id, node);
        }
        self.leave(cost::STATEMENT);
    }

    #[inline(never)]
    fn one_statement(&mut self, id: NodeId, node: Node) {
        if !matches!(node.kind, NodeKind::Absent | NodeKind::Block) {
            self.set_line(node.span.line);
        }
        match node.kind {
            NodeKind::Absent => {}
            NodeKind::Block => self.statement(id),
            NodeKind::ExprStmt => self.expression_statement(node),
            NodeKind::Assign => self.assign(node),
            NodeKind::AugAssign => self.augmented_assign(node),
            NodeKind::AnnAssign => self.annotated_assign(node),
            NodeKind::Return => self.return_statement(node),
            NodeKind::Raise => self.raise(node),
            NodeKind::Pass | NodeKind::Global | NodeKind::Nonlocal => {}
            NodeKind::Break | NodeKind::Continue => self.break_or_continue(node),
            NodeKind::Del => self.delete_statement(node),
            NodeKind::Assert => self.assert(node),
            NodeKind::Import => self.import(node),
            NodeKind::ImportFrom => self.import_from(node),
            NodeKind::If => self.if_statement(node),
            NodeKind::While => self.while_loop(node),
            NodeKind::For if node.aux == 1 => self.async_for(node),
            NodeKind::For => self.for_loop(node),
            NodeKind::Try => self.try_statement(node),
            NodeKind::With if node.aux == 1 => self.async_with(node),
            NodeKind::With => self.with(node),
            NodeKind::Decorated => self.decorated(node),
            NodeKind::FunctionDef | NodeKind::ClassDef => {
                let name = self.definition(node);
                self.store_id(name)
            }
            // The rest are expressions, which stand in no statement's place.
            _ => {
                self.expression(id);
                self.pop_top()
            }
        }
    }

    #[inline(never)]
    fn expression_statement(&mut self, node: Node) {
        let id = self.first(node);
        let value = self.node(id);
        if matches!(self.mode, Mode::Single | Mode::Paste) && self.unit.kind == ScopeKind::Module {
            self.load_id(name(q::__repl_print__));
            self.expression(id);
            self.op_with(Opcode::CallFunction, 1);
            return self.pop_top();
        }
        if is_constant(value.kind) {
            return;
        }
        self.expression(id);
        self.pop_top()
    }

    #[inline(never)]
    fn return_statement(&mut self, node: Node) {
        if self.unit.kind != ScopeKind::Function {
            return self.wrong(node, "'return' outside function");
        }
        let id = self.first(node);
        let value = self.node(id);
        match value.kind {
            NodeKind::Absent => self.load_none(),
            NodeKind::Conditional => {
                // Each branch returns by itself.
                let [condition, success, failure] = self.parts(value);
                let fail = self.label();
                self.set_line(value.span.line);
                self.condition(condition, false, fail);
                self.expression(success);
                self.return_value();
                self.place(fail);
                self.expression(failure);
            }
            _ => self.expression(id),
        }
        self.return_value()
    }

    #[inline(never)]
    fn raise(&mut self, node: Node) {
        let mut children = Child::of(node);
        let Some((exception, _)) = self.take(&mut children) else {
            return self.op(Opcode::RaiseLast);
        };
        self.expression(exception);
        let Some((cause, _)) = self.take(&mut children) else {
            return self.op(Opcode::RaiseObj);
        };
        self.expression(cause);
        self.op(Opcode::RaiseFrom)
    }

    #[inline(never)]
    fn assert(&mut self, node: Node) {
        if self.host.optimise() > 0 {
            return;
        }
        let mut children = Child::of(node);
        let condition = self.next(&mut children);
        let end = self.label();
        self.condition(condition, true, end);
        self.load_global(name(q::AssertionError));
        if let Some((message, _)) = self.take(&mut children) {
            self.expression(message);
            self.op_with(Opcode::CallFunction, 1);
        }
        self.op(Opcode::RaiseObj);
        self.place(end)
    }

    #[inline(never)]
    fn delete_statement(&mut self, node: Node) {
        let mut children = Child::of(node);
        while let Some((target, _)) = self.take(&mut children) {
            self.delete(target);
        }
    }

    /// Whether an exception, which is the top of the stack, matches the class that follows.
    pub(crate) fn exception_match(&mut self) {
        self.binary_op(BinaryOp::ExceptionMatch)
    }
}
