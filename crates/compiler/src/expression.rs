//! Expressions: leaves the value of a node on the stack.
//!
//! Operators, calls, attributes and subscripts that follow each other nest to the left in the
//! tree, as deep as the program is long. They are walked down once, putting the nodes away on the
//! Misc area, and compiled on the way up.

use octopy_bytecode::Opcode;
use octopy_bytecode::operator::{BinaryOp, UnaryOp};
use octopy_syntax::{Area, Child, NameId, Node, NodeId, NodeKind, Tree};

use crate::Host;
use crate::compiler::{Compiler, cost};
use crate::constant::{INTERNED_LEN, small_int};
use crate::scope::ScopeKind;

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Compiles an expression.
    pub(crate) fn expression(&mut self, id: NodeId) {
        let node = self.node(id);
        match node.kind {
            NodeKind::Name => self.load_id(Tree::name(node)),
            NodeKind::Int => self.load_int(small_int(node)),
            NodeKind::None | NodeKind::Absent => self.load_none(),
            NodeKind::True => self.op(Opcode::LoadConstTrue),
            NodeKind::False => self.op(Opcode::LoadConstFalse),
            NodeKind::Str => self.load_str(node.payload, node.aux),
            NodeKind::IntText
            | NodeKind::Float
            | NodeKind::Imaginary
            | NodeKind::Bytes
            | NodeKind::Ellipsis => {
                let object = self.constant_index(node);
                self.op_with(Opcode::LoadConstObj, object)
            }
            NodeKind::Binary | NodeKind::Call | NodeKind::Attribute | NodeKind::Subscript => {
                if !self.enter(node, cost::EXPRESSION) {
                    return;
                }
                self.spine(id);
                self.leave(cost::EXPRESSION);
            }
            _ => {
                if !self.enter(node, cost::EXPRESSION) {
                    return;
                }
                self.set_line(node.span.line);
                self.composite(node);
                self.leave(cost::EXPRESSION);
            }
        }
    }

    #[inline(never)]
    fn composite(&mut self, node: Node) {
        match node.kind {
            NodeKind::Tuple => {
                let count = self.expressions(node);
                self.op_with(Opcode::BuildTuple, count)
            }
            NodeKind::List => {
                let count = self.expressions(node);
                self.op_with(Opcode::BuildList, count)
            }
            NodeKind::Set => {
                let count = self.expressions(node);
                self.op_with(Opcode::BuildSet, count)
            }
            NodeKind::Dict => self.dict(node),
            NodeKind::ListComp
            | NodeKind::SetComp
            | NodeKind::DictComp
            | NodeKind::GeneratorExp => self.comprehension(node),
            NodeKind::Unary => {
                self.expression(self.first(node));
                self.unary_op(match node.aux {
                    0 => UnaryOp::Positive,
                    1 => UnaryOp::Negative,
                    _ => UnaryOp::Invert,
                })
            }
            NodeKind::Not => {
                self.expression(self.first(node));
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
                let [target, value] = self.parts(node);
                self.expression(value);
                self.dup_top();
                self.store_id(self.host.name(target))
            }
            NodeKind::Starred => self.wrong(node, "*x must be assignment target"),
            _ => self.wrong(node, "invalid syntax"),
        }
    }

    /// Loads a string by its place in the Text area.
    pub(crate) fn load_str(&mut self, start: u32, len: u32) {
        if len > INTERNED_LEN {
            let object = self.host.const_index(crate::Const::Str { start, len });
            return self.op_with(Opcode::LoadConstObj, object);
        }
        let name = self.intern(start, len);
        self.load_string(name)
    }

    /// The name that a string in the Text area spells.
    pub(crate) fn intern(&mut self, start: u32, len: u32) -> NameId {
        let end = self.host.len(Area::Text);
        for idx in start..start + len {
            let byte = self.host.bytes(Area::Text).get(idx as usize).copied().unwrap_or(0);
            self.host.push_text(byte);
        }
        self.host.intern_text(end)
    }

    /// Compiles all children; says how many.
    #[inline(never)]
    pub(crate) fn expressions(&mut self, node: Node) -> u32 {
        let mut children = Child::of(node);
        let mut count = 0;
        while let Some((child, _)) = self.take(&mut children) {
            self.expression(child);
            count += 1;
        }
        count
    }

    #[inline(never)]
    fn dict(&mut self, node: Node) {
        let count = self.count(node);
        self.op_with(Opcode::BuildMap, count);
        let mut children = Child::of(node);
        while let Some((_, pair)) = self.take(&mut children) {
            if pair.kind != NodeKind::Pair {
                return self.wrong(pair, "invalid syntax");
            }
            self.value_and_key(pair);
            self.op(Opcode::StoreMap);
        }
    }

    /// Loads the value, then the key.
    pub(crate) fn value_and_key(&mut self, pair: Node) {
        let [key, value] = self.parts(pair);
        self.expression(value);
        self.expression(key)
    }

    #[inline(never)]
    fn and_or(&mut self, node: Node) {
        let end = self.label();
        let mut children = Child::of(node);
        let first = self.next(&mut children);
        self.expression(first);
        while let Some((operand, _)) = self.take(&mut children) {
            self.jump_if_or_pop(node.kind == NodeKind::Or, end);
            self.expression(operand);
        }
        self.place(end)
    }

    #[inline(never)]
    fn compare(&mut self, node: Node) {
        let tails = self.count(node).saturating_sub(1);
        let mut children = Child::of(node);
        let first = self.next(&mut children);
        self.expression(first);
        let fail = self.label();
        for idx in 0..tails {
            let tail = self.next(&mut children);
            let tail = self.node(tail);
            let is_last = idx + 1 == tails;
            self.expression(self.first(tail));
            if !is_last {
                self.dup_top();
                self.op(Opcode::RotThree);
            }
            self.compare_op(tail.aux);
            if !is_last {
                self.jump_op(Opcode::JumpIfFalseOrPop, -1, fail);
            }
        }
        if tails > 1 {
            let end = self.label();
            self.jump(end);
            self.place(fail);
            self.adjust(1);
            self.op(Opcode::RotTwo);
            self.pop_top();
            self.place(end);
        }
    }

    /// A comparison, by its index in `Tree::COMPARE_OPERATORS`.
    fn compare_op(&mut self, operator: u32) {
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
        self.binary_op(operator);
        if inverted {
            self.unary_op(UnaryOp::Not)
        }
    }

    /// `a if b else c if d else e` is one chain.
    #[inline(never)]
    fn conditional(&mut self, node: Node) {
        let end = self.label();
        let mut node = node;
        loop {
            let [condition, success, failure] = self.parts(node);
            let failure_node = self.node(failure);
            let fail = self.label();
            self.condition(condition, false, fail);
            self.expression(success);
            self.jump(end);
            self.place(fail);
            self.adjust(-1);
            if failure_node.kind != NodeKind::Conditional {
                self.expression(failure);
                return self.place(end);
            }
            node = failure_node;
        }
    }

    #[inline(never)]
    fn slice(&mut self, node: Node) {
        let [start, stop, step] = self.parts(node);
        let step_node = self.node(step);
        self.expression(start);
        self.expression(stop);
        if step_node.kind == NodeKind::Absent {
            return self.op_with(Opcode::BuildSlice, 2);
        }
        self.expression(step);
        self.op_with(Opcode::BuildSlice, 3)
    }

    #[inline(never)]
    fn yields(&mut self, node: Node) {
        if !matches!(self.unit.kind, ScopeKind::Function | ScopeKind::Lambda) {
            return self.wrong(
                node,
                match node.kind {
                    NodeKind::Await => "'await' outside function",
                    _ => "'yield' outside function",
                },
            );
        }
        self.expression(self.first(node));
        if node.kind == NodeKind::Yield {
            return self.op(Opcode::YieldValue);
        }
        self.yield_from()
    }

    /// Yields from the top of the stack.
    pub(crate) fn yield_from(&mut self) {
        self.op(Opcode::GetIter);
        self.load_none();
        self.op(Opcode::YieldFrom)
    }

    /// Compiles operators, calls, attributes and subscripts that follow each other.
    #[inline(never)]
    fn spine(&mut self, id: NodeId) {
        let base = self.host.len(Area::Misc);
        let (mut id, mut node) = (id, self.node(id));
        while matches!(
            node.kind,
            NodeKind::Binary | NodeKind::Call | NodeKind::Attribute | NodeKind::Subscript
        ) {
            self.push_misc(id.0);
            id = self.first(node);
            node = self.node(id);
        }
        if !self.super_call(base) {
            self.expression(id);
        }
        let mut is_method = false;
        while let Some(id) = self.pop_misc(base) {
            let node = self.node(NodeId(id));
            self.set_line(node.span.line);
            let [_, second] = self.parts(node);
            let second_node = self.node(second);
            match node.kind {
                NodeKind::Binary => {
                    self.expression(second);
                    let operator = BinaryOp::from_number(BinaryOp::Or as u32 + node.aux);
                    self.binary_op(operator.unwrap_or(BinaryOp::Add));
                }
                NodeKind::Call => {
                    self.call(second_node, is_method, 0);
                    is_method = false;
                }
                NodeKind::Attribute if self.next_on_spine(base) == NodeKind::Call => {
                    self.load_method(Tree::name(second_node));
                    is_method = true;
                }
                NodeKind::Attribute => self.load_attr(Tree::name(second_node)),
                _ => {
                    self.expression(second);
                    self.op(Opcode::LoadSubscr);
                }
            }
        }
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
