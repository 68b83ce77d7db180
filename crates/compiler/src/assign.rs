//! Targets: storing, augmented assignment and deletion.

use octopy_bytecode::Opcode;
use octopy_bytecode::operator::BinaryOp;
use octopy_syntax::{Child, NameId, Node, NodeId, NodeKind, Tree};

use crate::Host;
use crate::compiler::{Compiler, cost};

const CANNOT_ASSIGN: &str = "can't assign to expression";
const CANNOT_DELETE: &str = "can't delete expression";

/// The most items that one instruction can unpack before or after a starred target.
const MAX_UNPACK_EX: u32 = 0xff;

impl<H: Host + ?Sized> Compiler<'_, H> {
    #[inline(never)]
    pub(crate) fn assign(&mut self, node: Node) {
        let targets = self.count(node).saturating_sub(1);
        let mut children = Child::of(node);
        let mut value = NodeId::NONE;
        while let Some((id, _)) = self.take(&mut children) {
            value = id;
        }
        if targets == 1 {
            return self.assign_one(self.first(node), value);
        }
        self.expression(value);
        let mut children = Child::of(node);
        for idx in 0..targets {
            let target = self.next(&mut children);
            if idx + 1 < targets {
                self.dup_top();
            }
            self.store(target);
        }
    }

    #[inline(never)]
    pub(crate) fn annotated_assign(&mut self, node: Node) {
        let [target, _, value] = self.parts(node);
        if !value.is_none() {
            self.assign_one(target, value);
        }
    }

    #[inline(never)]
    fn assign_one(&mut self, target: NodeId, value: NodeId) {
        let (to, from) = (self.node(target), self.node(value));
        let count = self.count(from);
        if matches!(count, 2 | 3)
            && self.count(to) == count
            && self.is_plain_tuple(to, true)
            && self.is_plain_tuple(from, false)
        {
            // `a, b = c, d` needs no tuple.
            self.expressions(from);
            if count == 3 {
                self.op(Opcode::RotThree);
            }
            self.op(Opcode::RotTwo);
            let mut targets = Child::of(to);
            while let Some((target, _)) = self.take(&mut targets) {
                self.store(target);
            }
            return;
        }
        self.expression(value);
        self.store(target)
    }

    /// Whether a node is a tuple without parentheses; as a target, without a star.
    fn is_plain_tuple(&self, node: Node, is_target: bool) -> bool {
        let mut children = Child::of(node);
        let starred = core::iter::from_fn(|| self.take(&mut children))
            .any(|(_, child)| child.kind == NodeKind::Starred);
        node.kind == NodeKind::Tuple && node.aux == 0 && !(is_target && starred)
    }

    /// Stores the top of the stack into a target.
    #[inline(never)]
    pub(crate) fn store(&mut self, id: NodeId) {
        let node = self.node(id);
        match node.kind {
            NodeKind::Name => self.store_id(Tree::name(node)),
            NodeKind::Attribute => {
                let name = self.object_of_attribute(node);
                self.op_name(Opcode::StoreAttr, name)
            }
            NodeKind::Subscript => {
                self.object_and_index(node);
                self.op(Opcode::StoreSubscr)
            }
            NodeKind::Tuple if self.first(node).is_none() => self.wrong(node, CANNOT_ASSIGN),
            NodeKind::Tuple | NodeKind::List => {
                if !self.enter(node, cost::EXPRESSION) {
                    return;
                }
                self.unpack(node);
                self.leave(cost::EXPRESSION);
            }
            _ => self.wrong(node, CANNOT_ASSIGN),
        }
    }

    /// Unpacks the top of the stack into the targets of a tuple or list.
    #[inline(never)]
    fn unpack(&mut self, node: Node) {
        let count = self.count(node);
        let mut starred = None;
        let mut children = Child::of(node);
        for idx in 0..count {
            let child = self.next(&mut children);
            let child = self.node(child);
            if child.kind == NodeKind::Starred {
                if starred.is_some() {
                    return self.wrong(child, "multiple *x in assignment");
                }
                starred = Some(idx);
            }
        }
        match starred {
            Some(before) => {
                let after = count - before - 1;
                if before > MAX_UNPACK_EX || after > MAX_UNPACK_EX {
                    return self.wrong(node, CANNOT_ASSIGN);
                }
                self.op_with(Opcode::UnpackEx, before | after << 8);
            }
            None => self.op_with(Opcode::UnpackSequence, count),
        }
        let mut children = Child::of(node);
        while let Some((target, child)) = self.take(&mut children) {
            match child.kind {
                NodeKind::Starred => self.store(self.first(child)),
                _ => self.store(target),
            }
        }
    }

    /// Loads the object of an attribute, and gives the attribute's name.
    pub(crate) fn object_of_attribute(&mut self, node: Node) -> NameId {
        let [object, name] = self.parts(node);
        self.expression(object);
        self.host.name(name)
    }

    /// Loads the object and the index of a subscript.
    fn object_and_index(&mut self, node: Node) {
        let [object, index] = self.parts(node);
        self.expression(object);
        self.expression(index)
    }

    #[inline(never)]
    pub(crate) fn augmented_assign(&mut self, node: Node) {
        let [target, value] = self.parts(node);
        let target = self.node(target);
        let operator = BinaryOp::from_number(BinaryOp::InplaceOr as u32 + node.aux)
            .unwrap_or(BinaryOp::InplaceAdd);
        match target.kind {
            NodeKind::Name => {
                self.load_id(Tree::name(target));
                self.expression(value);
                self.binary_op(operator);
                self.store_id(Tree::name(target))
            }
            NodeKind::Attribute => {
                let name = self.object_of_attribute(target);
                self.dup_top();
                self.load_attr(name);
                self.expression(value);
                self.binary_op(operator);
                self.op(Opcode::RotTwo);
                self.op_name(Opcode::StoreAttr, name)
            }
            NodeKind::Subscript => {
                self.object_and_index(target);
                self.op(Opcode::DupTopTwo);
                self.op(Opcode::LoadSubscr);
                self.expression(value);
                self.binary_op(operator);
                self.op(Opcode::RotThree);
                self.op(Opcode::StoreSubscr)
            }
            _ => self.wrong(target, CANNOT_ASSIGN),
        }
    }

    /// Deletes a target.
    #[inline(never)]
    pub(crate) fn delete(&mut self, id: NodeId) {
        let node = self.node(id);
        match node.kind {
            NodeKind::Name => self.delete_id(Tree::name(node)),
            NodeKind::Attribute => {
                let name = self.object_of_attribute(node);
                self.op(Opcode::LoadNull);
                self.op(Opcode::RotTwo);
                self.op_name(Opcode::StoreAttr, name)
            }
            NodeKind::Subscript => {
                self.object_and_index(node);
                self.op(Opcode::LoadNull);
                self.op(Opcode::RotThree);
                self.op(Opcode::StoreSubscr)
            }
            NodeKind::Tuple if !self.first(node).is_none() => {
                if !self.enter(node, cost::EXPRESSION) {
                    return;
                }
                let mut children = Child::of(node);
                while let Some((target, _)) = self.take(&mut children) {
                    self.delete(target);
                }
                self.leave(cost::EXPRESSION);
            }
            _ => self.wrong(node, CANNOT_DELETE),
        }
    }
}
