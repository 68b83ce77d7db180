//! Calls: arguments, and `super()` without arguments.

use octopy_bytecode::Instruction;
use octopy_qstr::q;
use octopy_syntax::{Area, Child, Node, NodeId, NodeKind, Tree};

use crate::Host;
use crate::compiler::{Compiler, Outcome, name};
use crate::scope::Scope;

/// The most arguments of a kind that an instruction can count.
const MAX_ARGUMENTS: u32 = 0xff;

/// Starred arguments are bits of a small integer.
const MAX_STARRED: u32 = 29;

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Compiles the arguments of what is on the stack, and the call. `before` positional
    /// arguments are there already.
    #[inline(never)]
    pub(crate) fn call(&mut self, arguments: Node, is_method: bool, before: u32) -> Outcome {
        let mut children = Child::of(arguments);
        let (mut positional, mut keywords) = (before, 0_u32);
        let mut stars = 0_u32;
        let (mut starred, mut double_starred) = (false, false);
        while let Some((id, node)) = self.take(&mut children) {
            match node.kind {
                NodeKind::Starred => {
                    if double_starred {
                        return Err(self.wrong(node, "* arg after **"));
                    }
                    if keywords > 0 {
                        return Err(self.wrong(node, "* arg after kwarg"));
                    }
                    if positional >= MAX_STARRED {
                        return Err(self.wrong(node, "too many args"));
                    }
                    starred = true;
                    stars |= 1 << positional;
                    self.expression(self.first(node).0)?;
                    positional += 1;
                }
                NodeKind::DoubleStar => {
                    double_starred = true;
                    self.op(Instruction::LoadNull {})?;
                    self.expression(self.first(node).0)?;
                    keywords += 1;
                }
                NodeKind::Keyword => {
                    let mut parts = Child::of(node);
                    let (_, keyword) = self.next(&mut parts);
                    let (value, _) = self.next(&mut parts);
                    self.load_string(Tree::name(keyword))?;
                    self.expression(value)?;
                    keywords += 1;
                }
                _ => {
                    if double_starred {
                        return Err(self.wrong(node, "positional arg after **"));
                    }
                    if keywords > 0 {
                        return Err(self.wrong(node, "positional arg after keyword arg"));
                    }
                    self.expression(id)?;
                    positional += 1;
                }
            }
            if positional > MAX_ARGUMENTS || keywords > MAX_ARGUMENTS {
                return Err(self.wrong(node, "too many args"));
            }
        }
        let counts = positional | keywords << 8;
        let unpacks = starred || double_starred;
        if unpacks {
            self.load_int(stars as i32)?;
        }
        self.op(match (is_method, unpacks) {
            (false, false) => Instruction::CallFunction { counts },
            (false, true) => Instruction::CallFunctionVarKw { counts },
            (true, false) => Instruction::CallMethod { counts },
            (true, true) => Instruction::CallMethodVarKw { counts },
        })
    }

    /// Compiles `super()` at the inner end of a spine, together with a method call on it, and
    /// takes what it compiled off the spine. Says whether there was one.
    #[inline(never)]
    pub(crate) fn super_call(&mut self, base: u32) -> Outcome<bool> {
        if self.next_on_spine(base) != NodeKind::Call {
            return Ok(false);
        }
        let len = self.host.len(Area::Misc);
        let call = self.node(NodeId(self.host.word(Area::Misc, len - 1)));
        if !self.is_bare_super(self.unit.kind, call) {
            return Ok(false);
        }
        self.pop_misc(base);
        self.set_line(call.span.line)?;
        self.load_id(name(q::super_))?;
        self.load_id(name(q::__class__))?;
        let Some(first) = self.first_parameter(Scope(self.unit.scope)) else {
            return Err(self.wrong(call, "super() can't find self"));
        };
        self.load_id(first)?;

        let method = self.pop_misc(base).map(NodeId).unwrap_or(NodeId::NONE);
        let attribute = self.node(method);
        if attribute.kind == NodeKind::Attribute && self.next_on_spine(base) == NodeKind::Call {
            // A method of the super object needs no super object.
            let mut parts = Child::of(attribute);
            self.next(&mut parts);
            let (_, id) = self.next(&mut parts);
            let name = self.host.name_index(Tree::name(id))?;
            self.op(Instruction::LoadSuperMethod { name })?;
            if let Some(outer) = self.pop_misc(base) {
                let mut parts = Child::of(self.node(NodeId(outer)));
                self.next(&mut parts);
                let (_, arguments) = self.next(&mut parts);
                self.call(arguments, true, 0)?;
            }
            return Ok(true);
        }
        if !method.is_none() {
            self.push_misc(method.0)?;
        }
        self.op(Instruction::CallFunction { counts: 2 })?;
        Ok(true)
    }
}
