//! Exception handlers: `try` in all its forms, and `with`.

use octopy_bytecode::Opcode;
use octopy_syntax::{Area, Child, Node, NodeId, NodeKind, Tree};

use crate::Host;
use crate::compiler::Compiler;

/// The parts of a `try`.
struct Try {
    body: NodeId,
    /// The handlers, then the others.
    handlers: Child,
    n_handlers: u32,
    otherwise: NodeId,
    finally: NodeId,
}

impl<H: Host + ?Sized> Compiler<'_, H> {
    pub(crate) fn try_statement(&mut self, node: Node) {
        let mut children = Child::of(node);
        let body = self.next(&mut children);
        let handlers = children;
        let mut n_handlers = 0;
        let mut otherwise = self.next(&mut children);
        while self.host.kind(otherwise) == NodeKind::Handler {
            n_handlers += 1;
            otherwise = self.next(&mut children);
        }
        let finally = self.next(&mut children);
        let parts = Try { body, handlers, n_handlers, otherwise, finally };
        if self.host.kind(finally) == NodeKind::Absent {
            self.try_except(&parts)
        } else {
            self.try_finally(&parts)
        }
    }

    #[inline(never)]
    fn try_finally(&mut self, parts: &Try) {
        let finally = self.label();
        self.setup(Opcode::SetupFinally, finally);
        if parts.n_handlers == 0 {
            // Unwinding may have to put three values away.
            self.adjust(3);
            self.statement(parts.body);
            self.adjust(-3);
        } else {
            self.try_except(parts);
        }
        // None says that nothing happened.
        self.load_none();
        self.place(finally);
        // There may be a return value below.
        self.adjust(1);
        self.statement(parts.finally);
        self.adjust(-1);
        self.end_finally()
    }

    #[inline(never)]
    fn try_except(&mut self, parts: &Try) {
        let raised = self.label();
        let success = self.label();
        let end = self.label();
        self.setup(Opcode::SetupExcept, raised);
        self.statement(parts.body);
        self.pop_except_jump(success);

        self.place(raised);
        self.start_handler();
        let mut handlers = parts.handlers;
        for idx in 0..parts.n_handlers {
            let node = self.next(&mut handlers);
            let node = self.node(node);
            let class = self.node(self.first(node));
            if class.kind == NodeKind::Absent && idx + 1 != parts.n_handlers {
                return self.wrong(node, "default 'except' must be last");
            }
            self.handler(node);
            self.pop_except_jump(end);
            // The label for "did not match" was placed by the handler; the exception is there.
            self.place_unmatched();
        }
        self.end_finally();
        self.end_handler();

        self.place(success);
        self.statement(parts.otherwise);
        self.place(end)
    }

    /// One `except`: the match, the name, the body. The label for when it does not match is left
    /// on the Misc area.
    #[inline(never)]
    fn handler(&mut self, node: Node) {
        let [class, name, body] = self.parts(node);
        let class_node = self.node(class);
        let name = self.node(name);
        let unmatched = self.label();
        self.push_label(unmatched);
        if class_node.kind != NodeKind::Absent {
            self.dup_top();
            self.expression(class);
            self.exception_match();
            self.pop_jump_if(false, unmatched);
        }
        if name.kind == NodeKind::Absent {
            self.pop_top();
            return self.statement(body);
        }
        // The name is deleted at the end, whatever happens in the body.
        let name = Tree::name(name);
        self.store_id(name);
        let finally = self.label();
        self.setup(Opcode::SetupFinally, finally);
        self.statement(body);
        self.load_none();
        self.place(finally);
        self.adjust(1);
        self.load_none();
        self.store_id(name);
        self.delete_id(name);
        self.adjust(-1);
        self.end_finally()
    }

    fn place_unmatched(&mut self) {
        let label = self.pop_label();
        self.place(label);
        self.adjust(1);
    }

    /// The exception is on the stack, and unwinding may put three more values there.
    pub(crate) fn start_handler(&mut self) {
        self.adjust(4);
    }

    pub(crate) fn end_handler(&mut self) {
        self.adjust(-3);
    }

    #[inline(never)]
    pub(crate) fn with(&mut self, node: Node) {
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
            let end = self.label();
            self.push_label(end);
            self.setup(Opcode::SetupWith, end);
            match self.take(&mut parts) {
                Some((target, _)) => self.store(target),
                None => self.pop_top(),
            }
        }
        self.statement(body);
        while self.host.len(Area::Misc) > base {
            let end = self.pop_label();
            self.load_none();
            self.place(end);
            self.op(Opcode::WithCleanup);
            self.end_finally();
        }
    }
}
