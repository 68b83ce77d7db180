//! Targets: storing, augmented assignment and deletion.

use octopy_bytecode::Instruction;
use octopy_bytecode::operator::BinaryOp;
use octopy_syntax::{Child, Node, NodeId, NodeKind, Tree};

use crate::Host;
use crate::compiler::{Compiler, Outcome, cost};

const CANNOT_ASSIGN: &str = "can't assign to expression";
const CANNOT_DELETE: &str = "can't delete expression";

/// The most items that one instruction can unpack before or after a starred target.
const MAX_UNPACK_EX: u32 = 0xff;

impl<H: Host + ?Sized> Compiler<'_, H> {
    #[inline(never)]
    pub(crate) fn assign(&mut self, node: Node) -> Outcome {
        let targets = self.count(node).saturating_sub(1);
        let mut children = Child::of(node);
        let (mut value, mut value_node) = self.next(&mut children);
        while let Some((id, node)) = self.take(&mut children) {
            (value, value_node) = (id, node);
        }
        let (target, target_node) = self.first(node);
        if targets == 1 {
            return self.assign_one(target, target_node, value, value_node);
        }
        self.expression(value)?;
        let mut children = Child::of(node);
        for idx in 0..targets {
            let (target, _) = self.next(&mut children);
            if idx + 1 < targets {
                self.dup_top()?;
            }
            self.store(target)?;
        }
        Ok(())
    }

    #[inline(never)]
    pub(crate) fn annotated_assign(&mut self, node: Node) -> Outcome {
        let mut children = Child::of(node);
        let (target, target_node) = self.next(&mut children);
        self.next(&mut children);
        match self.take(&mut children) {
            Some((value, node)) => self.assign_one(target, target_node, value, node),
            None => Ok(()),
        }
    }

    #[inline(never)]
    fn assign_one(&mut self, target: NodeId, to: Node, value: NodeId, from: Node) -> Outcome {
        let count = self.count(from);
        if matches!(count, 2 | 3)
            && self.count(to) == count
            && self.is_plain_tuple(to, true)
            && self.is_plain_tuple(from, false)
        {
            // `a, b = c, d` needs no tuple.
            self.expressions(from)?;
            if count == 3 {
                self.op(Instruction::RotThree {})?;
            }
            self.op(Instruction::RotTwo {})?;
            let mut targets = Child::of(to);
            while let Some((target, _)) = self.take(&mut targets) {
                self.store(target)?;
            }
            return Ok(());
        }
        self.expression(value)?;
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
    pub(crate) fn store(&mut self, id: NodeId) -> Outcome {
        let node = self.node(id);
        match node.kind {
            NodeKind::Name => self.store_id(Tree::name(node)),
            NodeKind::Attribute => {
                let name = self.object_of_attribute(node)?;
                let name = self.host.name_index(name)?;
                self.op(Instruction::StoreAttr { name })
            }
            NodeKind::Subscript => {
                self.object_and_index(node)?;
                self.op(Instruction::StoreSubscr {})
            }
            NodeKind::Tuple if self.first(node).0.is_none() => Err(self.wrong(node, CANNOT_ASSIGN)),
            NodeKind::Tuple | NodeKind::List => {
                self.enter(node, cost::EXPRESSION)?;
                self.unpack(node)?;
                self.leave(cost::EXPRESSION);
                Ok(())
            }
            _ => Err(self.wrong(node, CANNOT_ASSIGN)),
        }
    }

    /// Unpacks the top of the stack into the targets of a tuple or list.
    #[inline(never)]
    fn unpack(&mut self, node: Node) -> Outcome {
        let count = self.count(node);
        let mut starred = None;
        let mut children = Child::of(node);
        for idx in 0..count {
            let (_, child) = self.next(&mut children);
            if child.kind == NodeKind::Starred {
                if starred.is_some() {
                    return Err(self.wrong(child, "multiple *x in assignment"));
                }
                starred = Some(idx);
            }
        }
        match starred {
            Some(before) => {
                let after = count - before - 1;
                if before > MAX_UNPACK_EX || after > MAX_UNPACK_EX {
                    return Err(self.wrong(node, CANNOT_ASSIGN));
                }
                self.op(Instruction::UnpackEx { counts: before | after << 8 })?;
            }
            None => self.op(Instruction::UnpackSequence { count })?,
        }
        let mut children = Child::of(node);
        while let Some((target, child)) = self.take(&mut children) {
            match child.kind {
                NodeKind::Starred => self.store(self.first(child).0)?,
                _ => self.store(target)?,
            }
        }
        Ok(())
    }

    /// Loads the object of an attribute, and gives the attribute's name.
    pub(crate) fn object_of_attribute(&mut self, node: Node) -> Outcome<octopy_syntax::NameId> {
        let mut children = Child::of(node);
        let (object, _) = self.next(&mut children);
        let (_, name) = self.next(&mut children);
        self.expression(object)?;
        Ok(Tree::name(name))
    }

    /// Loads the object and the index of a subscript.
    fn object_and_index(&mut self, node: Node) -> Outcome {
        let mut children = Child::of(node);
        let (object, _) = self.next(&mut children);
        let (index, _) = self.next(&mut children);
        self.expression(object)?;
        self.expression(index)
    }

    #[inline(never)]
    pub(crate) fn augmented_assign(&mut self, node: Node) -> Outcome {
        let mut children = Child::of(node);
        let (_, target) = self.next(&mut children);
        let (value, _) = self.next(&mut children);
        let operator = BinaryOp::from_number(BinaryOp::InplaceOr as u32 + node.aux)
            .unwrap_or(BinaryOp::InplaceAdd);
        match target.kind {
            NodeKind::Name => {
                self.load_id(Tree::name(target))?;
                self.expression(value)?;
                self.binary_op(operator)?;
                self.store_id(Tree::name(target))
            }
            NodeKind::Attribute => {
                let name = self.object_of_attribute(target)?;
                self.dup_top()?;
                self.load_attr(name)?;
                self.expression(value)?;
                self.binary_op(operator)?;
                self.op(Instruction::RotTwo {})?;
                let name = self.host.name_index(name)?;
                self.op(Instruction::StoreAttr { name })
            }
            NodeKind::Subscript => {
                self.object_and_index(target)?;
                self.op(Instruction::DupTopTwo {})?;
                self.op(Instruction::LoadSubscr {})?;
                self.expression(value)?;
                self.binary_op(operator)?;
                self.op(Instruction::RotThree {})?;
                self.op(Instruction::StoreSubscr {})
            }
            _ => Err(self.wrong(target, CANNOT_ASSIGN)),
        }
    }

    /// Deletes a target.
    #[inline(never)]
    pub(crate) fn delete(&mut self, id: NodeId) -> Outcome {
        let node = self.node(id);
        match node.kind {
            NodeKind::Name => self.delete_id(Tree::name(node)),
            NodeKind::Attribute => {
                let name = self.object_of_attribute(node)?;
                self.op(Instruction::LoadNull {})?;
                self.op(Instruction::RotTwo {})?;
                let name = self.host.name_index(name)?;
                self.op(Instruction::StoreAttr { name })
            }
            NodeKind::Subscript => {
                self.object_and_index(node)?;
                self.op(Instruction::LoadNull {})?;
                self.op(Instruction::RotThree {})?;
                self.op(Instruction::StoreSubscr {})
            }
            NodeKind::Tuple if !self.first(node).0.is_none() => {
                self.enter(node, cost::EXPRESSION)?;
                let mut children = Child::of(node);
                while let Some((target, _)) = self.take(&mut children) {
                    self.delete(target)?;
                }
                self.leave(cost::EXPRESSION);
                Ok(())
            }
            _ => Err(self.wrong(node, CANNOT_DELETE)),
        }
    }
}
