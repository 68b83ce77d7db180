//! Resolving: which scope each name of a statement belongs to.
//!
//! All scopes of a statement are walked one after the other, outer before inner, so that a scope's
//! names are complete when an inner one looks for its own there. A node that has a scope of its own
//! gets the scope's number into its aux (`<< 1`; bit 0 of a FunctionDef stays `async`).
//!
//! The module has no scope here: what is no local of a function is looked up by name at run time.
//! COMPAT: therefore `global` in a module does nothing, where MicroPython writes `*_global`
//! instead of `*_name`; only `exec` with two dicts could tell.

use octopy_qstr::q;
use octopy_syntax::{Area, Child, NameId, Node, NodeId, NodeKind, Tree};

use crate::compiler::{Compiler, name};
use crate::scope::{NONE, Scope, ScopeKind, Symbol, SymbolKind};
use crate::walk::{self, Role};
use crate::{CodeParts, Host};

/// The scopes of a statement, in the order in which they are walked.
struct Queue {
    first: Scope,
    last: Scope,
}

const NO_SCOPE: Scope = Scope(NONE);

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Resolves all names of a statement of the module.
    pub(crate) fn resolve(&mut self, id: NodeId) {
        let mut queue = Queue { first: NO_SCOPE, last: NO_SCOPE };
        self.resolve_parts(NO_SCOPE, id, Role::Load, &mut queue);
        let mut scope = queue.first;
        while !scope.is_module() && !self.host.failed() {
            self.resolve_scope(scope, &mut queue);
            scope = Scope(scope.next(&self.host));
        }
        let mut scope = queue.first;
        while !scope.is_module() && !self.host.failed() {
            self.number_locals(scope);
            scope = Scope(scope.next(&self.host));
        }
    }

    fn resolve_scope(&mut self, scope: Scope, queue: &mut Queue) {
        let id = NodeId(scope.tree(&self.host));
        let node = self.node(id);
        match node.kind {
            NodeKind::FunctionDef => {
                let [_, parameters] = self.parts(node);
                let parameters = self.node(parameters);
                self.declare_parameters(scope, parameters);
            }
            NodeKind::Lambda => {
                let parameters = self.node(self.first(node));
                self.declare_parameters(scope, parameters);
            }
            NodeKind::ClassDef => {
                scope.find_or_add(&mut self.host, name(q::__class__), SymbolKind::Local);
                self.load_name(scope, name(q::__name__));
                self.modify_name(scope, name(q::__module__));
                self.modify_name(scope, name(q::__qualname__));
            }
            _ => {
                // The iterator comes as an argument, under a name that no program can use.
                scope.find_or_add(&mut self.host, name(q::empty), SymbolKind::Local);
                scope.set_n_pos_args(&mut self.host, 1);
                if node.kind == NodeKind::GeneratorExp {
                    scope.add_flags(&mut self.host, CodeParts::GENERATOR);
                }
            }
        }
        self.resolve_parts(scope, id, Role::Define, queue);
        let mut symbols = scope.symbols(&self.host);
        while let Some(symbol) = symbols.next(&self.host) {
            if symbol.kind(&self.host) == SymbolKind::GlobalImplicit {
                self.close_over(scope, symbol);
            }
        }
    }

    /// Visits a node, and all of it that belongs to the scope.
    fn resolve_parts(&mut self, scope: Scope, id: NodeId, role: Role, queue: &mut Queue) {
        let base = self.host.len(Area::Misc);
        walk::push_parts_or_self(&mut self.host, id, role);
        while let Some((id, role)) = walk::pop(&mut self.host, base) {
            let node = self.node(id);
            if role == Role::Define {
                self.define(scope, id, node, queue);
                continue;
            }
            match node.kind {
                NodeKind::Name => {
                    self.resolve_name(scope, node, role);
                    continue;
                }
                NodeKind::Global | NodeKind::Nonlocal => self.declare(scope, node),
                NodeKind::AnnAssign => self.declare_annotated(scope, node),
                NodeKind::Yield | NodeKind::YieldFrom | NodeKind::Await => {
                    scope.add_flags(&mut self.host, CodeParts::GENERATOR);
                }
                NodeKind::Call if self.is_bare_super(scope.kind(&self.host), node) => {
                    self.load_name(scope, name(q::super_));
                    self.load_name(scope, name(q::__class__));
                    continue;
                }
                _ => {}
            }
            let start = self.host.len(Area::Misc);
            walk::push_parts(&mut self.host, id, role, true);
            walk::reverse(&mut self.host, start);
        }
    }

    fn resolve_name(&mut self, scope: Scope, node: Node, role: Role) {
        let name = Tree::name(node);
        match role {
            Role::Load => self.load_name(scope, name),
            Role::WalrusStore => self.walrus_name(scope, name, node),
            _ => {
                self.modify_name(scope, name);
            }
        }
    }

    /// Makes the scope of a function, class or comprehension, to be walked later.
    fn define(&mut self, parent: Scope, id: NodeId, node: Node, queue: &mut Queue) {
        let kind = match node.kind {
            NodeKind::FunctionDef => ScopeKind::Function,
            NodeKind::Lambda => ScopeKind::Lambda,
            NodeKind::ClassDef => ScopeKind::Class,
            NodeKind::ListComp => ScopeKind::ListComp,
            NodeKind::SetComp => ScopeKind::SetComp,
            NodeKind::DictComp => ScopeKind::DictComp,
            _ => ScopeKind::GeneratorExp,
        };
        let scope = Scope::add(&mut self.host, kind, id, parent);
        let is_async = node.kind == NodeKind::FunctionDef && node.aux & 1 != 0;
        if is_async {
            scope.add_flags(&mut self.host, CodeParts::GENERATOR);
        }
        self.host.set_kind(id, node.kind, scope.0 << 1 | u32::from(is_async));
        if queue.last.is_module() {
            queue.first = scope;
        } else {
            queue.last.set_next(&mut self.host, scope.0);
        }
        queue.last = scope;
    }

    fn declare_parameters(&mut self, scope: Scope, parameters: Node) {
        let mut children = Child::of(parameters);
        let (mut positional, mut keyword_only) = (0, 0);
        let (mut starred, mut finished) = (false, false);
        while let Some((_, parameter)) = self.take(&mut children) {
            let flags = match parameter.kind {
                NodeKind::Parameter => Symbol::PARAMETER,
                NodeKind::StarParameter => Symbol::PARAMETER | Symbol::STAR,
                NodeKind::DoubleStarParameter => Symbol::PARAMETER | Symbol::DOUBLE_STAR,
                _ => 0,
            };
            let is_star =
                matches!(parameter.kind, NodeKind::StarParameter | NodeKind::KeywordOnlyMark);
            if finished || starred && is_star {
                return self.wrong(parameter, "invalid syntax");
            }
            starred |= is_star;
            match parameter.kind {
                NodeKind::Parameter if starred => keyword_only += 1,
                NodeKind::Parameter => positional += 1,
                NodeKind::StarParameter => scope.add_flags(&mut self.host, CodeParts::VAR_ARGS),
                NodeKind::DoubleStarParameter => {
                    scope.add_flags(&mut self.host, CodeParts::VAR_KEYWORDS);
                    finished = true;
                }
                _ => {}
            }
            if flags == 0 {
                continue;
            }
            let id = self.host.name(self.first(parameter));
            let symbol = scope.find_or_add(&mut self.host, id, SymbolKind::Undecided);
            if symbol.kind(&self.host) != SymbolKind::Undecided {
                return self.wrong(parameter, "argument name reused");
            }
            symbol.set_kind(&mut self.host, SymbolKind::Local);
            symbol.add_flags(&mut self.host, flags);
        }
        scope.set_n_pos_args(&mut self.host, positional);
        scope.set_n_kwonly_args(&mut self.host, keyword_only);
    }

    /// A name is loaded.
    fn load_name(&mut self, scope: Scope, name: NameId) {
        if !scope.is_module() {
            scope.find_or_add(&mut self.host, name, SymbolKind::GlobalImplicit);
        }
    }

    /// A name is stored or deleted. Gives what it is then.
    fn modify_name(&mut self, scope: Scope, name: NameId) -> SymbolKind {
        if scope.is_module() {
            return SymbolKind::GlobalImplicitAssigned;
        }
        let symbol = scope.find_or_add(&mut self.host, name, SymbolKind::GlobalImplicit);
        if symbol.kind(&self.host) == SymbolKind::GlobalImplicit {
            let is_function = scope.kind(&self.host).is_function();
            symbol.set_kind(
                &mut self.host,
                if is_function { SymbolKind::Local } else { SymbolKind::GlobalImplicitAssigned },
            );
        }
        symbol.kind(&self.host)
    }

    /// A name is assigned by `:=`. In a comprehension it is the outer scope's.
    fn walrus_name(&mut self, scope: Scope, name: NameId, node: Node) {
        if scope.kind(&self.host).is_comprehension() {
            let parent = Scope(scope.parent(&self.host));
            if self.modify_name(parent, name) == SymbolKind::GlobalExplicit {
                scope.find_or_add(&mut self.host, name, SymbolKind::GlobalExplicit);
            } else {
                let symbol = scope.find_or_add(&mut self.host, name, SymbolKind::Undecided);
                if parent.is_module() {
                    self.declare_global(symbol, node);
                } else {
                    if symbol.kind(&self.host) == SymbolKind::GlobalImplicit {
                        symbol.set_kind(&mut self.host, SymbolKind::Undecided);
                    }
                    self.declare_nonlocal(scope, symbol, node);
                }
            }
        }
        {
            self.modify_name(scope, name);
        }
    }

    /// A `global` or `nonlocal` statement.
    fn declare(&mut self, scope: Scope, node: Node) {
        if scope.is_module() {
            return match node.kind {
                NodeKind::Global => {}
                _ => self.wrong(node, "can't declare nonlocal in outer code"),
            };
        }
        let mut children = Child::of(node);
        while let Some((_, child)) = self.take(&mut children) {
            let id = Tree::name(child);
            let symbol = scope.find_or_add(&mut self.host, id, SymbolKind::Undecided);
            if node.kind == NodeKind::Global {
                self.declare_global(symbol, node);
            } else {
                self.declare_nonlocal(scope, symbol, node);
            }
        }
    }

    fn declare_global(&mut self, symbol: Symbol, node: Node) {
        match symbol.kind(&self.host) {
            SymbolKind::Undecided | SymbolKind::GlobalExplicit => {
                symbol.set_kind(&mut self.host, SymbolKind::GlobalExplicit);
            }
            _ => self.wrong(node, "identifier redefined as global"),
        }
    }

    fn declare_nonlocal(&mut self, scope: Scope, symbol: Symbol, node: Node) {
        match symbol.kind(&self.host) {
            SymbolKind::Undecided => {
                symbol.set_kind(&mut self.host, SymbolKind::GlobalImplicit);
                self.close_over(scope, symbol);
                if symbol.kind(&self.host) == SymbolKind::GlobalImplicit {
                    self.wrong(node, "no binding for nonlocal found");
                }
            }
            SymbolKind::Free => {}
            _ => self.wrong(node, "identifier redefined as nonlocal"),
        }
    }

    /// `x: int` makes `x` a local of a function, without a value.
    fn declare_annotated(&mut self, scope: Scope, node: Node) {
        let target = self.node(self.first(node));
        let is_function = scope.kind(&self.host) == ScopeKind::Function;
        if is_function && self.count(node) == 2 && target.kind == NodeKind::Name {
            scope.find_or_add(&mut self.host, Tree::name(target), SymbolKind::Local);
        }
    }

    /// Makes a name a variable of an outer function, if one has it.
    fn close_over(&mut self, scope: Scope, symbol: Symbol) {
        let name = symbol.name(&self.host);
        let mut outer = Scope(scope.parent(&self.host));
        while !outer.is_module() {
            if let Some(found) = outer.find(&self.host, name) {
                if matches!(
                    found.kind(&self.host),
                    SymbolKind::Local | SymbolKind::Cell | SymbolKind::Free
                ) {
                    symbol.set_kind(&mut self.host, SymbolKind::Free);
                    self.close_over_in_outer(scope, name);
                }
                break;
            }
            outer = Scope(outer.parent(&self.host));
        }
    }

    /// Makes a name free in all scopes between `scope` and the one that has it, and a cell there.
    fn close_over_in_outer(&mut self, scope: Scope, name: NameId) {
        let mut outer = Scope(scope.parent(&self.host));
        while !outer.is_module() {
            let symbol = outer.find_or_add(&mut self.host, name, SymbolKind::Undecided);
            match symbol.kind(&self.host) {
                SymbolKind::Undecided => symbol.set_kind(&mut self.host, SymbolKind::Free),
                SymbolKind::Local => {
                    symbol.set_kind(&mut self.host, SymbolKind::Cell);
                    break;
                }
                _ => break,
            }
            outer = Scope(outer.parent(&self.host));
        }
    }

    /// Gives the locals of a scope their numbers: free variables, parameters, `*args`, `**kwargs`,
    /// other locals, cells.
    fn number_locals(&mut self, scope: Scope) {
        let is_class = scope.kind(&self.host) == ScopeKind::Class;
        let mut count = self.number_free(scope);
        let parameters = scope.n_pos_args(&self.host);
        scope.set_n_pos_args(&mut self.host, parameters + count);
        for stage in 0..5 {
            let mut symbols = scope.symbols(&self.host);
            while let Some(symbol) = symbols.next(&self.host) {
                let kind = symbol.kind(&self.host);
                let takes = match (stage, symbol.is_parameter(&self.host)) {
                    (0, true) => !symbol.has(&self.host, Symbol::STAR | Symbol::DOUBLE_STAR),
                    (1, true) => symbol.has(&self.host, Symbol::STAR),
                    (2, true) => symbol.has(&self.host, Symbol::DOUBLE_STAR),
                    // A class body has `__class__` only as the cell of its methods.
                    (3, false) => kind == SymbolKind::Local && !is_class,
                    (4, false) => kind == SymbolKind::Cell,
                    _ => false,
                };
                if takes {
                    symbol.set_local(&mut self.host, count);
                    count += 1;
                }
                if !is_class && kind == SymbolKind::GlobalImplicit {
                    symbol.set_kind(&mut self.host, SymbolKind::GlobalExplicit);
                }
            }
        }
        scope.set_n_locals(&mut self.host, count);
    }

    /// Numbers the free variables, in the order of the outer scope; says how many.
    fn number_free(&mut self, scope: Scope) -> u32 {
        let mut count = 0;
        let mut outer = Scope(scope.parent(&self.host)).symbols(&self.host);
        while let Some(symbol) = outer.next(&self.host) {
            if let Some(inner) = self.closed_over(symbol, scope) {
                inner.set_local(&mut self.host, count);
                count += 1;
            }
        }
        count
    }

    /// The free variable of `inner` that a variable of its outer scope becomes there.
    pub(crate) fn closed_over(&self, symbol: Symbol, inner: Scope) -> Option<Symbol> {
        if !matches!(symbol.kind(&self.host), SymbolKind::Cell | SymbolKind::Free) {
            return None;
        }
        let found = inner.find(&self.host, symbol.name(&self.host))?;
        (found.kind(&self.host) == SymbolKind::Free).then_some(found)
    }

    /// Whether a call is `super()` in a function.
    pub(crate) fn is_bare_super(&self, kind: ScopeKind, node: Node) -> bool {
        let [callee, arguments] = self.parts(node);
        kind == ScopeKind::Function
            && self.host.is_name(callee, q::super_)
            && self.first(self.node(arguments)).is_none()
    }

    /// The first parameter of a function, free variables not counted.
    pub(crate) fn first_parameter(&self, scope: Scope) -> Option<NameId> {
        let mut symbols = scope.symbols(&self.host);
        core::iter::from_fn(|| symbols.next(&self.host))
            .find(|symbol| symbol.is_parameter(&self.host))
            .map(|symbol| symbol.name(&self.host))
    }
}
