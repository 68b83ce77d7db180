//! Functions: parameters' defaults, closures, decorators, `def` and `lambda`.

use octopy_bytecode::Opcode;
use octopy_qstr::q;
use octopy_syntax::{Child, NameId, Node, NodeId, NodeKind};

use crate::compiler::{Compiler, cost, name};
use crate::scope::Scope;
use crate::unit::Unit;
use crate::{CodeParts, Host};

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Leaves a function or class on the stack; gives its name.
    #[inline(never)]
    pub(crate) fn definition(&mut self, node: Node) -> NameId {
        let id = self.host.name(self.first(node));
        if node.kind == NodeKind::ClassDef {
            self.class(node);
        } else {
            let [_, parameters, _, body] = self.parts(node);
            let parameters = self.node(parameters);
            let defaults = self.defaults(parameters, Scope::of(node));
            let outer = self.begin_unit(Scope::of(node));
            self.statement(body);
            self.load_none();
            self.return_value();
            let child = self.end_unit(outer, id, node);
            self.make_function(child, Scope::of(node), defaults);
        }
        id
    }

    #[inline(never)]
    pub(crate) fn lambda(&mut self, node: Node) {
        let [parameters, body] = self.parts(node);
        let parameters = self.node(parameters);
        let scope = Scope::of(node);
        let defaults = self.defaults(parameters, scope);
        let outer = self.begin_unit(scope);
        self.set_line(node.span.line);
        self.expression(body);
        if scope.is_generator(&self.host) {
            // What a generator returns is not the value of its expression.
            self.pop_top();
            self.load_none();
        }
        self.return_value();
        let child = self.end_unit(outer, name(q::lambda_), node);
        self.make_function(child, scope, defaults)
    }

    /// Begins the unit of a scope; gives the outer one, to be passed to `end_unit`.
    #[inline(never)]
    pub(crate) fn begin_unit(&mut self, scope: Scope) -> Unit {
        // What is inside does not go on after a failure either.
        let _ = self.enter(self.node(NodeId(scope.tree(&self.host))), cost::SCOPE);
        self.host.open_code();
        let kind = scope.kind(&self.host);
        let unit = Unit::new(&self.host, scope.0, kind);
        core::mem::replace(&mut self.unit, unit)
    }

    /// Finishes the unit; gives its number among the children of the outer one.
    #[inline(never)]
    pub(crate) fn end_unit(&mut self, outer: Unit, name: NameId, node: Node) -> u32 {
        let child = self.close_unit(name, node.span.line);
        self.unit = outer;
        self.leave(cost::SCOPE);
        child
    }

    /// Leaves a tuple of the positional defaults and a dict of the others on the stack, if there
    /// are any of either. Says whether there are.
    #[inline(never)]
    fn defaults(&mut self, parameters: Node, scope: Scope) -> bool {
        let mut children = Child::of(parameters);
        let (mut positional, mut keywords) = (0, 0);
        let mut starred = false;
        while let Some((_, parameter)) = self.take(&mut children) {
            match parameter.kind {
                NodeKind::StarParameter | NodeKind::KeywordOnlyMark => starred = true,
                NodeKind::Parameter => {
                    let [id, default] = self.parts(parameter);
                    let default_node = self.node(default);
                    if default_node.kind == NodeKind::Absent {
                        if !starred && positional > 0 {
                            let text = "non-default argument follows default argument";
                            self.wrong(parameter, text);
                        }
                    } else if starred {
                        if keywords == 0 {
                            self.positional_defaults(positional);
                            self.op_with(Opcode::BuildMap, 0);
                        }
                        keywords += 1;
                        self.expression(default);
                        self.load_string(self.host.name(id));
                        self.op(Opcode::StoreMap);
                    } else {
                        positional += 1;
                        self.expression(default);
                    }
                }
                _ => {}
            }
        }
        if positional > 0 && keywords == 0 {
            self.positional_defaults(positional);
            self.op(Opcode::LoadNull);
        }
        scope.set_n_def_pos_args(&mut self.host, positional);
        if keywords > 0 {
            scope.add_flags(&mut self.host, CodeParts::DEF_KWARGS);
        }
        positional > 0 || keywords > 0
    }

    /// Makes the tuple of positional defaults, or the mark that there are none.
    fn positional_defaults(&mut self, count: u32) {
        self.op_with(if count == 0 { Opcode::LoadNull } else { Opcode::BuildTuple }, count)
    }

    /// Makes a function or closure of a child; its defaults are on the stack.
    #[inline(never)]
    pub(crate) fn make_function(&mut self, child: u32, scope: Scope, defaults: bool) {
        let mut cells = 0_u32;
        let mut symbols = Scope(self.unit.scope).symbols(&self.host);
        while let Some(symbol) = symbols.next(&self.host) {
            if self.closed_over(symbol, scope).is_some() {
                // The cell itself, not its value.
                self.load_fast(symbol.local(&self.host));
                cells += 1;
            }
        }
        let Ok(cells) = u8::try_from(cells) else {
            let node = self.node(NodeId(scope.tree(&self.host)));
            return self.wrong(node, "too many args");
        };
        let opcode = match (cells, defaults) {
            (0, false) => Opcode::MakeFunction,
            (0, true) => Opcode::MakeFunctionDefargs,
            (_, false) => Opcode::MakeClosure,
            (_, true) => Opcode::MakeClosureDefargs,
        };
        self.op_counting(opcode, child, u32::from(cells));
        if cells > 0 {
            self.operand_byte(cells);
        }
    }

    #[inline(never)]
    pub(crate) fn decorated(&mut self, node: Node) {
        let mut children = Child::of(node);
        let mut calls = 0;
        while let Some((id, child)) = self.take(&mut children) {
            if matches!(child.kind, NodeKind::FunctionDef | NodeKind::ClassDef) {
                let name = self.definition(child);
                for _ in 0..calls {
                    self.op_with(Opcode::CallFunction, 1);
                }
                return self.store_id(name);
            }
            if self.host.is_built_in_decorator(id) {
                self.check_built_in_decorator(child);
            } else {
                self.expression(id);
                calls += 1;
            }
        }
    }

    /// COMPAT: no machine code is made. What `native` marks runs as bytecode; `viper` and the
    /// assembler mean something else than Python does, so they are refused.
    fn check_built_in_decorator(&mut self, node: Node) {
        let mut node = node;
        if node.kind == NodeKind::Call {
            node = self.node(self.first(node));
        }
        let [object, id] = self.parts(node);
        let is_attribute =
            node.kind == NodeKind::Attribute && self.host.kind(object) == NodeKind::Name;
        if !is_attribute {
            return self.wrong(node, "invalid micropython decorator");
        }
        let text = match self.host.name(id) {
            id if id == name(q::bytecode) || id == name(q::native) => return,
            id if id == name(q::viper) => "viper is not supported: no machine code is made",
            id if id == name(q::asm_thumb) => "inline assembler is not supported",
            _ => "invalid micropython decorator",
        };
        self.wrong(node, text)
    }
}
