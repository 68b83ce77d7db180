//! Calls: arguments, and `super()` without arguments.

use octopy_bytecode::Opcode;
use octopy_qstr::q;
use octopy_syntax::{Area, Child, Node, NodeId, NodeKind};

use crate::Host;
use crate::compiler::{Compiler, name};
use crate::scope::Scope;

/// The most arguments of a kind that an instruction can count.
const MAX_ARGUMENTS: u32 = 0xff;

/// Starred arguments are bits of a small integer.
const MAX_STARRED: u32 = 29;

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Compiles the arguments of what is on the stack, and the call. `before` positional
    /// arguments are there already.
    #[inline(never)]
    pub(crate) fn call(&mut self, arguments: Node, is_method: bool, before: u32) {
        let mut children = Child::of(arguments);
        let (mut positional, mut keywords) = (before, 0_u32);
        let mut stars = 0_u32;
        let (mut starred, mut double_starred) = (false, false);
        while let Some((id, node)) = self.take(&mut children) {
            match node.kind {
                NodeKind::Starred => {
                    if double_starred {
                        return self.wrong(node, "* arg after **");
                    }
                    if keywords > 0 {
                        return self.wrong(node, "* arg after kwarg");
                    }
                    if positional >= MAX_STARRED {
                        return self.wrong(node, "too many args");
                    }
                    starred = true;
                    stars |= 1 << positional;
                    self.expression(self.first(node));
                    positional += 1;
                }
                NodeKind::DoubleStar => {
                    double_starred = true;
                    self.op(Opcode::LoadNull);
                    self.expression(self.first(node));
                    keywords += 1;
                }
                NodeKind::Keyword => {
                    let [keyword, value] = self.parts(node);
                    self.load_string(self.host.name(keyword));
                    self.expression(value);
                    keywords += 1;
                }
                _ => {
                    if double_starred {
                        return self.wrong(node, "positional arg after **");
                    }
                    if keywords > 0 {
                        return self.wrong(node, "positional arg after keyword arg");
                    }
                    self.expression(id);
                    positional += 1;
                }
            }
            if positional > MAX_ARGUMENTS || keywords > MAX_ARGUMENTS {
                return self.wrong(node, "too many args");
            }
        }
        let counts = positional | keywords << 8;
        let unpacks = starred || double_starred;
        if unpacks {
            self.load_int(stars as i32);
        }
        let opcode = match (is_method, unpacks) {
            (false, false) => Opcode::CallFunction,
            (false, true) => Opcode::CallFunctionVarKw,
            (true, false) => Opcode::CallMethod,
            (true, true) => Opcode::CallMethodVarKw,
        };
        self.op_with(opcode, counts)
    }

    /// Compiles `super()` at the inner end of a spine, together with a method call on it, and
    /// takes what it compiled off the spine. Says whether there was one.
    #[inline(never)]
    pub(crate) fn super_call(&mut self, base: u32) -> bool {
        if self.next_on_spine(base) != NodeKind::Call {
            return false;
        }
        let len = self.host.len(Area::Misc);
        let call = self.node(NodeId(self.host.word(Area::Misc, len - 1)));
        if !self.is_bare_super(self.unit.kind, call) {
            return false;
        }
        self.pop_misc(base);
        self.set_line(call.span.line);
        self.load_id(name(q::super_));
        self.load_id(name(q::__class__));
        let Some(first) = self.first_parameter(Scope(self.unit.scope)) else {
            self.wrong(call, "super() can't find self");
            return true;
        };
        self.load_id(first);

        let method = self.pop_misc(base).map(NodeId).unwrap_or(NodeId::NONE);
        let attribute = self.node(method);
        if attribute.kind == NodeKind::Attribute && self.next_on_spine(base) == NodeKind::Call {
            // A method of the super object needs no super object.
            let [_, id] = self.parts(attribute);
            self.op_name(Opcode::LoadSuperMethod, self.host.name(id));
            if let Some(outer) = self.pop_misc(base) {
                let [_, arguments] = self.parts(self.node(NodeId(outer)));
                let arguments = self.node(arguments);
                self.call(arguments, true, 0);
            }
            return true;
        }
        if !method.is_none() {
            self.push_misc(method.0);
        }
        self.op_with(Opcode::CallFunction, 2);
        true
    }
}
