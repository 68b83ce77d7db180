//! Folding: constants are computed before the program runs.
//!
//! The tree is changed in place. After this pass a few nodes mean more than the parser gives them:
//!
//! | node | meaning |
//! |---|---|
//! | Int with aux 1 | the negative of its payload |
//! | IntText or Float with bit 23 of aux | the negative of its text |
//! | Ellipsis with aux n above 0 | object n-1 of the module's constant table; payload 1 says that it is false, 2 that it is true |
//!
//! `X = const(value)` at any depth makes `X` a constant from there on, in all functions, as in
//! MicroPython: each later use is replaced by the value, and nothing is stored if the name begins
//! with an underscore. The constants are a list in the Scopes area, below the scopes.
//!
//! COMPAT: integers are folded to 64 bits, floats not at all but for their sign; what `const()`
//! is given beyond that is a plain assignment.

use octopy_qstr::q;
use octopy_syntax::{Area, Child, NameId, Node, NodeId, NodeKind, Tree};

use crate::compiler::Compiler;
use crate::constant::{
    FALSE_OBJECT, INTERNED_LEN, NEGATIVE, TRUE_OBJECT, is_constant, small_int, truth,
};
use crate::scope::NONE;
use crate::walk::{self, Role};
use crate::{Const, Host, Item, number};

/// Integers below this, and above its negative, are Int nodes.
const SMALL: u64 = 1 << 29;

/// What a constant's record holds.
const TAG_INT: u32 = 0;
const TAG_OBJECT: u32 = 1;
const TAG_KIND: u32 = 2;

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Folds a statement or an expression.
    pub(crate) fn fold(&mut self, id: NodeId) {
        let base = self.host.len(Area::Misc);
        walk::push(&mut self.host, id, Role::Load);
        while let Some((id, role)) = walk::pop(&mut self.host, base) {
            let node = self.node(id);
            match (role, node.kind) {
                (Role::Leave, _) => {
                    self.fold_node(id, node);
                    continue;
                }
                (Role::Load, NodeKind::Name) => {
                    self.fold_name(id, node);
                    continue;
                }
                (
                    Role::Load,
                    NodeKind::Unary
                    | NodeKind::Binary
                    | NodeKind::Not
                    | NodeKind::And
                    | NodeKind::Or
                    | NodeKind::Tuple
                    | NodeKind::Assign
                    | NodeKind::AnnAssign,
                ) => walk::push(&mut self.host, id, Role::Leave),
                _ => {}
            }
            let start = self.host.len(Area::Misc);
            walk::push_parts(&mut self.host, id, role, false);
            walk::reverse(&mut self.host, start);
        }
    }

    /// Folds a node whose parts are folded.
    fn fold_node(&mut self, id: NodeId, node: Node) {
        let [operand, second] = self.parts(node);
        let first = self.node(operand);
        match node.kind {
            NodeKind::Unary => {
                if let Some(value) = self.integer(first) {
                    if let Some(value) = number::unary(node.aux, value) {
                        self.set_integer(id, value);
                    }
                } else if first.kind == NodeKind::Float && node.aux < 2 {
                    let sign = if node.aux == 1 { NEGATIVE } else { 0 };
                    self.host.set_kind(id, NodeKind::Float, first.aux ^ sign);
                    self.host.set_payload(id, first.payload);
                } else if first.kind == NodeKind::IntText && node.aux < 2 {
                    let sign = if node.aux == 1 { NEGATIVE } else { 0 };
                    self.host.set_kind(id, NodeKind::IntText, first.aux ^ sign);
                    self.host.set_payload(id, first.payload);
                }
            }
            NodeKind::Binary => {
                let second = self.node(second);
                if let (Some(left), Some(right)) = (self.integer(first), self.integer(second))
                    && let Some(value) = number::binary(node.aux, left, right)
                {
                    self.set_integer(id, value);
                }
            }
            NodeKind::Not => {
                if let Some(value) = truth(&self.host, operand) {
                    let kind = if value { NodeKind::False } else { NodeKind::True };
                    self.host.set_kind(id, kind, 0);
                    self.host.set_payload(id, 0);
                }
            }
            NodeKind::And | NodeKind::Or => self.fold_and_or(id, node),
            NodeKind::Tuple => self.fold_tuple(id, node),
            NodeKind::Assign | NodeKind::AnnAssign => self.fold_assignment(id, node),
            _ => {}
        }
    }

    /// Drops operands that are never the result, and those that are never reached.
    fn fold_and_or(&mut self, id: NodeId, node: Node) {
        let decisive = node.kind == NodeKind::Or;
        let mut children = Child::of(node);
        let mut last_kept = NodeId::NONE;
        let mut kept = 0;
        while let Some((operand, child)) = self.take(&mut children) {
            let known = truth(&self.host, operand);
            if known == Some(!decisive) && !child.next.is_none() {
                continue;
            }
            if last_kept.is_none() {
                self.host.set_payload(id, operand.0);
            } else {
                self.host.set_next(last_kept, operand);
            }
            last_kept = operand;
            kept += 1;
            if known == Some(decisive) {
                break;
            }
        }
        self.host.set_next(last_kept, NodeId::NONE);
        if kept == 1 {
            let only = self.node(last_kept);
            self.host.set_kind(id, only.kind, only.aux);
            self.host.set_payload(id, only.payload);
        }
    }

    /// Makes a tuple of constants a constant.
    fn fold_tuple(&mut self, id: NodeId, node: Node) {
        let mut children = Child::of(node);
        let mut count = 0;
        while let Some((_, child)) = self.take(&mut children) {
            if !is_constant(child.kind) {
                return;
            }
            count += 1;
        }
        let start = self.host.len(Area::Misc);
        let mut children = Child::of(node);
        while let Some((_, child)) = self.take(&mut children) {
            let item = match child.kind {
                NodeKind::None => Item::None,
                NodeKind::False => Item::False,
                NodeKind::True => Item::True,
                NodeKind::Int => Item::Int(small_int(child)),
                NodeKind::Str if child.aux <= INTERNED_LEN => {
                    Item::Name(self.intern(child.payload, child.aux))
                }
                _ => Item::Const(self.constant_index(child)),
            };
            self.host.push_item(item);
        }
        let object = self.host.const_index(Const::Tuple { start, count });
        self.host.truncate(Area::Misc, start);
        self.host.set_kind(id, NodeKind::Ellipsis, object + 1);
        self.host.set_payload(id, if count == 0 { FALSE_OBJECT } else { TRUE_OBJECT });
    }

    /// The value of an integer node.
    pub(crate) fn integer(&self, node: Node) -> Option<i64> {
        match node.kind {
            NodeKind::Int => {
                let value = i64::from(node.payload);
                Some(if node.aux == 1 { -value } else { value })
            }
            NodeKind::IntText => {
                let start = node.payload as usize;
                let len = (node.aux & !NEGATIVE) as usize;
                let text = self.host.bytes(Area::Text).get(start..start + len)?;
                number::parse(text, node.aux & NEGATIVE != 0)
            }
            _ => None,
        }
    }

    /// Makes a node an integer.
    fn set_integer(&mut self, id: NodeId, value: i64) {
        let negative = value < 0;
        if value.unsigned_abs() < SMALL {
            self.host.set_kind(id, NodeKind::Int, u32::from(negative));
            self.host.set_payload(id, value.unsigned_abs() as u32);
            return;
        }
        let start = self.host.len(Area::Text);
        let mut buffer = [0; 20];
        let digits = number::digits(value, &mut buffer);
        for &digit in digits {
            self.host.push_text(digit);
        }
        let sign = if negative { NEGATIVE } else { 0 };
        self.host.set_kind(id, NodeKind::IntText, digits.len() as u32 | sign);
        self.host.set_payload(id, start);
    }

    /// Remembers `X = const(value)` and makes it `X = value`, or nothing at all.
    fn fold_assignment(&mut self, id: NodeId, node: Node) {
        let [target, second, third] = self.parts(node);
        let (value, more) = match node.kind {
            NodeKind::AnnAssign => (third, NodeId::NONE),
            _ => (second, third),
        };
        let (target, call) = (self.node(target), self.node(value));
        if target.kind != NodeKind::Name || call.kind != NodeKind::Call || !more.is_none() {
            return;
        }
        let [callee, arguments] = self.parts(call);
        if !self.host.is_name(callee, q::const_) {
            return;
        }
        let arguments = self.node(arguments);
        let argument = self.first(arguments);
        let constant = self.node(argument);
        if self.count(arguments) != 1 || !self.is_computable(argument) {
            return self.wrong(node, "not a constant");
        }
        let known = is_constant(constant.kind) && constant.kind != NodeKind::Imaginary;
        let target = Tree::name(target);
        if self.constant_record(target).is_some() {
            return self.wrong(node, "redefined constant");
        }
        if known {
            self.remember(target, constant);
        }
        if known && self.host.name_text(target).first() == Some(&b'_') {
            self.host.set_kind(id, NodeKind::Absent, 0);
            self.host.set_payload(id, 0);
        } else {
            self.host.set_kind(value, constant.kind, constant.aux);
            self.host.set_payload(value, constant.payload);
        }
    }

    /// Whether an expression is made of nothing but literals, constants of modules and operators.
    fn is_computable(&mut self, id: NodeId) -> bool {
        let base = self.host.len(Area::Misc);
        walk::push(&mut self.host, id, Role::Load);
        while let Some((id, role)) = walk::pop(&mut self.host, base) {
            let node = self.node(id);
            match node.kind {
                NodeKind::Binary if self.is_impossible(node) => {
                    self.host.truncate(Area::Misc, base);
                    return false;
                }
                NodeKind::Unary
                | NodeKind::Binary
                | NodeKind::Not
                | NodeKind::And
                | NodeKind::Or
                | NodeKind::Tuple => walk::push_parts(&mut self.host, id, role, false),
                // COMPAT: constants of modules are computed when the program comes to them.
                NodeKind::Attribute if self.is_module_constant(node) => {}
                kind if is_constant(kind) => {}
                _ => {
                    self.host.truncate(Area::Misc, base);
                    return false;
                }
            }
        }
        true
    }

    /// Whether a node is an attribute of a module that has constants, by the name of the module.
    fn is_module_constant(&self, node: Node) -> bool {
        let [module] = self.parts(node);
        [q::math, q::errno, q::uctypes].iter().any(|&name| self.host.is_name(module, name))
    }

    /// Whether an operator cannot be applied to its two integers.
    fn is_impossible(&self, node: Node) -> bool {
        let [left, right] = self.parts(node);
        let left = self.node(left);
        let right = self.node(right);
        match (self.integer(left), self.integer(right)) {
            (Some(_), Some(right)) => number::is_impossible(node.aux, right),
            _ => false,
        }
    }

    /// Adds a constant: name and tag, two words of value, the next one.
    fn remember(&mut self, id: NameId, node: Node) {
        let (tag, low, high) = match (self.integer(node), node.kind) {
            (Some(value), _) => (TAG_INT, value as u32, (value >> 32) as u32),
            (None, NodeKind::None | NodeKind::True | NodeKind::False) => {
                (TAG_KIND, node.kind as u32, 0)
            }
            (None, NodeKind::Ellipsis) if node.aux > 0 => (TAG_OBJECT, node.aux, node.payload),
            _ => {
                let known = match node.kind {
                    NodeKind::Str | NodeKind::Bytes if node.aux == 0 => FALSE_OBJECT,
                    NodeKind::Str | NodeKind::Bytes | NodeKind::Ellipsis => TRUE_OBJECT,
                    _ => 0,
                };
                (TAG_OBJECT, self.constant_index(node) + 1, known)
            }
        };
        let record = self.host.len(Area::Scopes);
        let next = self.first_const;
        for word in [u32::from(id.0) | tag << 16, low, high, next] {
            self.host.push_word(Area::Scopes, word);
        }
        // After a failure there is no record.
        if !self.host.failed() {
            self.first_const = record;
        }
    }

    /// Replaces a name that is a constant by its value.
    fn fold_name(&mut self, id: NodeId, node: Node) {
        if let Some((tag, record)) = self.constant_record(Tree::name(node)) {
            self.set_constant(id, tag, record);
        }
    }

    /// The tag and place of a constant's record.
    fn constant_record(&self, wanted: NameId) -> Option<(u32, u32)> {
        let mut record = self.first_const;
        while record != NONE {
            let head = self.host.word(Area::Scopes, record);
            if head as u16 == wanted.0 {
                return Some((head >> 16, record));
            }
            record = self.host.word(Area::Scopes, record + 3);
        }
        None
    }

    fn set_constant(&mut self, id: NodeId, tag: u32, record: u32) {
        let low = self.host.word(Area::Scopes, record + 1);
        let high = self.host.word(Area::Scopes, record + 2);
        let (kind, aux) = match tag {
            TAG_INT => return self.set_integer(id, i64::from(low) | i64::from(high as i32) << 32),
            TAG_OBJECT => (NodeKind::Ellipsis, low),
            _ if low == NodeKind::True as u32 => (NodeKind::True, 0),
            _ if low == NodeKind::False as u32 => (NodeKind::False, 0),
            _ => (NodeKind::None, 0),
        };
        self.host.set_kind(id, kind, aux);
        self.host.set_payload(id, high);
    }

    /// The place of a constant in the module's table.
    pub(crate) fn constant_index(&mut self, node: Node) -> u32 {
        let (start, len) = (node.payload, node.aux & !NEGATIVE);
        let negative = node.aux & NEGATIVE != 0;
        let value = match node.kind {
            NodeKind::Ellipsis if node.aux > 0 => return node.aux - 1,
            NodeKind::IntText => Const::Int { start, len, negative },
            NodeKind::Float => Const::Float { start, len, negative },
            NodeKind::Imaginary => Const::Imaginary { start, len },
            NodeKind::Str => Const::Str { start, len },
            NodeKind::Bytes => Const::Bytes { start, len },
            _ => Const::Ellipsis,
        };
        self.host.const_index(value)
    }
}
