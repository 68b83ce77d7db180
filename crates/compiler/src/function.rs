//! Functions: parameters' defaults, closures, decorators, `def` and `lambda`.

use octopy_bytecode::Instruction;
use octopy_qstr::q;
use octopy_syntax::{Child, NameId, Node, NodeId, NodeKind, Tree};

use crate::compiler::{Compiler, Outcome, cost, name};
use crate::resolve::scope_of;
use crate::scope::Scope;
use crate::unit::Unit;
use crate::{CodeParts, Host};

/// Whether a decorator is MicroPython's own, which is no code: `@micropython.native`.
pub(crate) fn is_built_in_decorator<H: Host + ?Sized>(host: &H, id: NodeId) -> bool {
    let mut node = Tree::node(host, id);
    while matches!(node.kind, NodeKind::Attribute | NodeKind::Call) {
        let Some((_, inner)) = Child::of(node).take(host) else { return false };
        node = inner;
    }
    node.kind == NodeKind::Name && Tree::name(node) == name(q::micropython)
}

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Leaves a function or class on the stack; gives its name.
    #[inline(never)]
    pub(crate) fn definition(&mut self, node: Node) -> Outcome<NameId> {
        let (_, id) = self.first(node);
        if node.kind == NodeKind::ClassDef {
            self.class(node)?;
        } else {
            let mut children = Child::of(node);
            self.next(&mut children);
            let (_, parameters) = self.next(&mut children);
            self.next(&mut children);
            let (body, _) = self.next(&mut children);
            let defaults = self.defaults(parameters, scope_of(node))?;
            let outer = self.begin_unit(scope_of(node))?;
            self.statement(body)?;
            self.load_none()?;
            self.return_value()?;
            let child = self.end_unit(outer, Tree::name(id), node)?;
            self.make_function(child, scope_of(node), defaults)?;
        }
        Ok(Tree::name(id))
    }

    #[inline(never)]
    pub(crate) fn lambda(&mut self, node: Node) -> Outcome {
        let mut children = Child::of(node);
        let (_, parameters) = self.next(&mut children);
        let (body, _) = self.next(&mut children);
        let scope = scope_of(node);
        let defaults = self.defaults(parameters, scope)?;
        let outer = self.begin_unit(scope)?;
        self.set_line(node.span.line)?;
        self.expression(body)?;
        if scope.is_generator(self.host) {
            // What a generator returns is not the value of its expression.
            self.pop_top()?;
            self.load_none()?;
        }
        self.return_value()?;
        let child = self.end_unit(outer, name(q::lambda_), node)?;
        self.make_function(child, scope, defaults)
    }

    /// Begins the unit of a scope; gives the outer one, to be passed to `end_unit`.
    #[inline(never)]
    pub(crate) fn begin_unit(&mut self, scope: Scope) -> Outcome<Unit> {
        self.enter(self.node(NodeId(scope.tree(self.host))), cost::SCOPE)?;
        self.host.open_code()?;
        let kind = scope.kind(self.host);
        let unit = Unit::new(self.host, scope.0, kind);
        Ok(core::mem::replace(&mut self.unit, unit))
    }

    /// Finishes the unit; gives its number among the children of the outer one.
    #[inline(never)]
    pub(crate) fn end_unit(&mut self, outer: Unit, name: NameId, node: Node) -> Outcome<u32> {
        let child = self.close_unit(name, node.span.line)?;
        self.unit = outer;
        self.leave(cost::SCOPE);
        Ok(child)
    }

    /// Leaves a tuple of the positional defaults and a dict of the others on the stack, if there
    /// are any of either. Says whether there are.
    #[inline(never)]
    fn defaults(&mut self, parameters: Node, scope: Scope) -> Outcome<bool> {
        let mut children = Child::of(parameters);
        let (mut positional, mut keywords) = (0, 0);
        let mut starred = false;
        while let Some((_, parameter)) = self.take(&mut children) {
            match parameter.kind {
                NodeKind::StarParameter | NodeKind::KeywordOnlyMark => starred = true,
                NodeKind::Parameter => {
                    let mut parts = Child::of(parameter);
                    let (_, id) = self.next(&mut parts);
                    let (default, default_node) = self.next(&mut parts);
                    if default_node.kind == NodeKind::Absent {
                        if !starred && positional > 0 {
                            let text = "non-default argument follows default argument";
                            return Err(self.wrong(parameter, text));
                        }
                    } else if starred {
                        if keywords == 0 {
                            self.positional_defaults(positional)?;
                            self.op(Instruction::BuildMap { count: 0 })?;
                        }
                        keywords += 1;
                        self.expression(default)?;
                        self.load_string(Tree::name(id))?;
                        self.op(Instruction::StoreMap {})?;
                    } else {
                        positional += 1;
                        self.expression(default)?;
                    }
                }
                _ => {}
            }
        }
        if positional > 0 && keywords == 0 {
            self.positional_defaults(positional)?;
            self.op(Instruction::LoadNull {})?;
        }
        scope.set_n_def_pos_args(self.host, positional);
        if keywords > 0 {
            scope.add_flags(self.host, CodeParts::DEF_KWARGS);
        }
        Ok(positional > 0 || keywords > 0)
    }

    /// Makes the tuple of positional defaults, or the mark that there are none.
    fn positional_defaults(&mut self, count: u32) -> Outcome {
        self.op(match count {
            0 => Instruction::LoadNull {},
            _ => Instruction::BuildTuple { count },
        })
    }

    /// Makes a function or closure of a child; its defaults are on the stack.
    #[inline(never)]
    pub(crate) fn make_function(&mut self, child: u32, scope: Scope, defaults: bool) -> Outcome {
        let mut cells = 0_u32;
        let mut symbols = Scope(self.unit.scope).symbols(self.host);
        while let Some(symbol) = symbols.next(self.host) {
            if self.closed_over(symbol, scope).is_some() {
                // The cell itself, not its value.
                self.load_fast(symbol.local(self.host))?;
                cells += 1;
            }
        }
        let Ok(cells) = u8::try_from(cells) else {
            let node = self.node(NodeId(scope.tree(self.host)));
            return Err(self.wrong(node, "too many args"));
        };
        self.op(match (cells, defaults) {
            (0, false) => Instruction::MakeFunction { child },
            (0, true) => Instruction::MakeFunctionDefargs { child },
            (_, false) => Instruction::MakeClosure { child, cells },
            (_, true) => Instruction::MakeClosureDefargs { child, cells },
        })
    }

    #[inline(never)]
    pub(crate) fn decorated(&mut self, node: Node) -> Outcome {
        let mut children = Child::of(node);
        let mut calls = 0;
        while let Some((id, child)) = self.take(&mut children) {
            if matches!(child.kind, NodeKind::FunctionDef | NodeKind::ClassDef) {
                self.set_line(child.span.line)?;
                let name = self.definition(child)?;
                for _ in 0..calls {
                    self.op(Instruction::CallFunction { counts: 1 })?;
                }
                return self.store_id(name);
            }
            if is_built_in_decorator(self.host, id) {
                self.check_built_in_decorator(child)?;
            } else {
                self.expression(id)?;
                calls += 1;
            }
        }
        Ok(())
    }

    /// COMPAT: native code is not generated; such functions are compiled to bytecode.
    fn check_built_in_decorator(&mut self, node: Node) -> Outcome {
        let mut node = node;
        if node.kind == NodeKind::Call {
            (_, node) = self.first(node);
        }
        let mut parts = Child::of(node);
        let (_, object) = self.next(&mut parts);
        let (_, id) = self.next(&mut parts);
        let known = [name(q::bytecode), name(q::native), name(q::viper)];
        let is_known = node.kind == NodeKind::Attribute
            && object.kind == NodeKind::Name
            && known.contains(&Tree::name(id));
        if is_known { Ok(()) } else { Err(self.wrong(node, "invalid micropython decorator")) }
    }
}
