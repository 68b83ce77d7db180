//! Expressions: leaves the value of a node on the stack.
//!
//! Operators, calls, attributes and subscripts that follow each other nest to the left in the
//! tree, as deep as the program is long. They are walked down once, putting the nodes away on the
//! Misc area, and compiled on the way up.

use octopy_bytecode::operator::{BinaryOp, UnaryOp};
use octopy_bytecode::{Instruction, Opcode};
use octopy_syntax::{Area, Child, NameId, Node, NodeId, NodeKind, Tree};

use crate::Host;
use crate::compiler::{Compiler, Outcome, cost};
use crate::control::small_int;
use crate::scope::ScopeKind;

/// Strings up to this length become names, as in MicroPython.
pub(crate) const INTERNED_LEN: u32 = 10;

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Compiles an expression.
    pub(crate) fn expression(&mut self, id: NodeId) -> Outcome {
        let node = self.node(id);
        match node.kind {
            NodeKind::Name => self.load_id(Tree::name(node)),
            NodeKind::Int => self.load_int(small_int(node)),
            NodeKind::None | NodeKind::Absent => self.load_none(),
            NodeKind::True => self.op(Instruction::LoadConstTrue {}),
            NodeKind::False => self.op(Instruction::LoadConstFalse {}),
            NodeKind::Str => self.load_str(node.payload, node.aux),
            NodeKind::IntText
            | NodeKind::Float
            | NodeKind::Imaginary
            | NodeKind::Bytes
            | NodeKind::Ellipsis => {
                let object = self.constant_index(node)?;
                self.op(Instruction::LoadConstObj { object })
            }
            NodeKind::Binary | NodeKind::Call | NodeKind::Attribute | NodeKind::Subscript => {
                self.enter(node, cost::EXPRESSION)?;
                self.spine(id)?;
                self.leave(cost::EXPRESSION);
                Ok(())
            }
            _ => {
                self.enter(node, cost::EXPRESSION)?;
                self.set_line(node.span.line)?;
                self.composite(node)?;
                self.leave(cost::EXPRESSION);
                Ok(())
            }
        }
    }

    #[inline(never)]
    fn composite(&mut self, node: Node) -> Outcome {
        match node.kind {
            NodeKind::Tuple => {
                let count = self.expressions(node)?;
                self.op(Instruction::BuildTuple { count })
            }
            NodeKind::List => {
                let count = self.expressions(node)?;
                self.op(Instruction::BuildList { count })
            }
            NodeKind::Set => {
                let count = self.expressions(node)?;
                self.op(Instruction::BuildSet { count })
            }
            NodeKind::Dict => self.dict(node),
            NodeKind::ListComp
            | NodeKind::SetComp
            | NodeKind::DictComp
            | NodeKind::GeneratorExp => self.comprehension(node),
            NodeKind::Unary => {
                self.expression(self.first(node).0)?;
                self.unary_op(match node.aux {
                    0 => UnaryOp::Positive,
                    1 => UnaryOp::Negative,
                    _ => UnaryOp::Invert,
                })
            }
            NodeKind::Not => {
                self.expression(self.first(node).0)?;
                self.unary_op(UnaryOp::Not)
            }
            NodeKind::And | NodeKind::Or => self.and_or(node),
            NodeKind::Compare => self.compare(node),
            NodeKind::Conditional => self.conditional(node),
            NodeKind::Lambda => self.lambda(node),
            NodeKind::FString => self.fstring(node),
            NodeKind::Slice => self.slice(node),
            NodeKind::Yield | NodeKind::YieldFrom | NodeKind::Await => self.yields(node),
            NodeKind::Walrus => {
                let mut children = Child::of(node);
                let (_, target) = self.next(&mut children);
                let (value, _) = self.next(&mut children);
                self.expression(value)?;
                self.dup_top()?;
                self.store_id(Tree::name(target))
            }
            NodeKind::Starred => Err(self.wrong(node, "*x must be assignment target")),
            _ => Err(self.wrong(node, "invalid syntax")),
        }
    }

    /// Loads a string by its place in the Text area.
    pub(crate) fn load_str(&mut self, start: u32, len: u32) -> Outcome {
        if len > INTERNED_LEN {
            let object = self.host.const_index(crate::Const::Str { start, len })?;
            return self.op(Instruction::LoadConstObj { object });
        }
        let name = self.intern(start, len)?;
        self.load_string(name)
    }

    /// The name that a string in the Text area spells.
    pub(crate) fn intern(&mut self, start: u32, len: u32) -> Outcome<NameId> {
        let end = self.host.len(Area::Text);
        for idx in start..start + len {
            let byte = self.host.bytes(Area::Text).get(idx as usize).copied().unwrap_or(0);
            self.host.push_byte(Area::Text, byte)?;
        }
        Ok(self.host.intern_text(end)?)
    }

    /// Compiles all children; says how many.
    #[inline(never)]
    pub(crate) fn expressions(&mut self, node: Node) -> Outcome<u32> {
        let mut children = Child::of(node);
        let mut count = 0;
        while let Some((child, _)) = self.take(&mut children) {
            self.expression(child)?;
            count += 1;
        }
        Ok(count)
    }

    #[inline(never)]
    fn dict(&mut self, node: Node) -> Outcome {
        let count = self.count(node);
        self.op(Instruction::BuildMap { count })?;
        let mut children = Child::of(node);
        while let Some((_, pair)) = self.take(&mut children) {
            if pair.kind != NodeKind::Pair {
                return Err(self.wrong(pair, "invalid syntax"));
            }
            self.value_and_key(pair)?;
            self.op(Instruction::StoreMap {})?;
        }
        Ok(())
    }

    /// Loads the value, then the key.
    pub(crate) fn value_and_key(&mut self, pair: Node) -> Outcome {
        let mut children = Child::of(pair);
        let (key, _) = self.next(&mut children);
        let (value, _) = self.next(&mut children);
        self.expression(value)?;
        self.expression(key)
    }

    #[inline(never)]
    fn and_or(&mut self, node: Node) -> Outcome {
        let end = self.label()?;
        let mut children = Child::of(node);
        let (first, _) = self.next(&mut children);
        self.expression(first)?;
        while let Some((operand, _)) = self.take(&mut children) {
            self.jump_if_or_pop(node.kind == NodeKind::Or, end)?;
            self.expression(operand)?;
        }
        self.place(end)
    }

    #[inline(never)]
    fn compare(&mut self, node: Node) -> Outcome {
        let tails = self.count(node).saturating_sub(1);
        let mut children = Child::of(node);
        let (first, _) = self.next(&mut children);
        self.expression(first)?;
        let fail = self.label()?;
        for idx in 0..tails {
            let (_, tail) = self.next(&mut children);
            let is_last = idx + 1 == tails;
            self.expression(self.first(tail).0)?;
            if !is_last {
                self.dup_top()?;
                self.op(Instruction::RotThree {})?;
            }
            self.compare_op(tail.aux)?;
            if !is_last {
                self.jump_op(Opcode::JumpIfFalseOrPop, -1, fail)?;
            }
        }
        if tails > 1 {
            let end = self.label()?;
            self.jump(end)?;
            self.place(fail)?;
            self.adjust(1);
            self.op(Instruction::RotTwo {})?;
            self.pop_top()?;
            self.place(end)?;
        }
        Ok(())
    }

    /// A comparison, by its index in `Tree::COMPARE_OPERATORS`.
    fn compare_op(&mut self, operator: u32) -> Outcome {
        let (operator, inverted) = match operator {
            0 => (BinaryOp::Less, false),
            1 => (BinaryOp::More, false),
            2 => (BinaryOp::Equal, false),
            3 => (BinaryOp::LessEqual, false),
            4 => (BinaryOp::MoreEqual, false),
            5 => (BinaryOp::NotEqual, false),
            6 => (BinaryOp::In, false),
            7 => (BinaryOp::In, true),
            8 => (BinaryOp::Is, false),
            _ => (BinaryOp::Is, true),
        };
        self.binary_op(operator)?;
        if inverted { self.unary_op(UnaryOp::Not) } else { Ok(()) }
    }

    /// `a if b else c if d else e` is one chain.
    #[inline(never)]
    fn conditional(&mut self, node: Node) -> Outcome {
        let end = self.label()?;
        let mut node = node;
        loop {
            let mut children = Child::of(node);
            let (condition, _) = self.next(&mut children);
            let (success, _) = self.next(&mut children);
            let (failure, failure_node) = self.next(&mut children);
            let fail = self.label()?;
            self.condition(condition, false, fail)?;
            self.expression(success)?;
            self.jump(end)?;
            self.place(fail)?;
            self.adjust(-1);
            if failure_node.kind != NodeKind::Conditional {
                self.expression(failure)?;
                return self.place(end);
            }
            node = failure_node;
        }
    }

    #[inline(never)]
    fn slice(&mut self, node: Node) -> Outcome {
        let mut children = Child::of(node);
        let (start, _) = self.next(&mut children);
        let (stop, _) = self.next(&mut children);
        let (step, step_node) = self.next(&mut children);
        self.expression(start)?;
        self.expression(stop)?;
        if step_node.kind == NodeKind::Absent {
            return self.op(Instruction::BuildSlice { count: 2 });
        }
        self.expression(step)?;
        self.op(Instruction::BuildSlice { count: 3 })
    }

    #[inline(never)]
    fn yields(&mut self, node: Node) -> Outcome {
        if !matches!(self.unit.kind, ScopeKind::Function | ScopeKind::Lambda) {
            return Err(self.wrong(
                node,
                match node.kind {
                    NodeKind::Await => "'await' outside function",
                    _ => "'yield' outside function",
                },
            ));
        }
        self.expression(self.first(node).0)?;
        if node.kind == NodeKind::Yield {
            return self.op(Instruction::YieldValue {});
        }
        self.yield_from()
    }

    /// Yields from the top of the stack.
    pub(crate) fn yield_from(&mut self) -> Outcome {
        self.op(Instruction::GetIter {})?;
        self.load_none()?;
        self.op(Instruction::YieldFrom {})
    }

    /// Compiles operators, calls, attributes and subscripts that follow each other.
    #[inline(never)]
    fn spine(&mut self, id: NodeId) -> Outcome {
        let base = self.host.len(Area::Misc);
        let (mut id, mut node) = (id, self.node(id));
        while matches!(
            node.kind,
            NodeKind::Binary | NodeKind::Call | NodeKind::Attribute | NodeKind::Subscript
        ) {
            self.push_misc(id.0)?;
            (id, node) = self.first(node);
        }
        if !self.super_call(base)? {
            self.expression(id)?;
        }
        let mut is_method = false;
        while let Some(id) = self.pop_misc(base) {
            let node = self.node(NodeId(id));
            self.set_line(node.span.line)?;
            let mut children = Child::of(node);
            self.next(&mut children);
            let (second, second_node) = self.next(&mut children);
            match node.kind {
                NodeKind::Binary => {
                    self.expression(second)?;
                    let operator = BinaryOp::from_number(BinaryOp::Or as u32 + node.aux);
                    self.binary_op(operator.unwrap_or(BinaryOp::Add))?;
                }
                NodeKind::Call => {
                    self.call(second_node, is_method, 0)?;
                    is_method = false;
                }
                NodeKind::Attribute if self.next_on_spine(base) == NodeKind::Call => {
                    self.load_method(Tree::name(second_node))?;
                    is_method = true;
                }
                NodeKind::Attribute => self.load_attr(Tree::name(second_node))?,
                _ => {
                    self.expression(second)?;
                    self.op(Instruction::LoadSubscr {})?;
                }
            }
        }
        Ok(())
    }

    /// The kind of the node that uses the one just taken off the spine.
    pub(crate) fn next_on_spine(&self, base: u32) -> NodeKind {
        let len = self.host.len(Area::Misc);
        if len <= base {
            return NodeKind::Absent;
        }
        self.node(NodeId(self.host.word(Area::Misc, len - 1))).kind
    }
}
