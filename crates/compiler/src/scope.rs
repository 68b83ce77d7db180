//! Scope and Symbol: the functions of a statement and their names, in the Scopes area.
//!
//! A scope is a record of words, a symbol another; both are referred to by the index of their
//! first word. Symbols of a scope are a list, in the order in which the scope first uses them,
//! because inner functions may add to an outer one long after it was walked.
//!
//! INVARIANT: every list ends. A record that could not be written is in none, and reads as nothing.

use octopy_syntax::{Area, NameId, Node, NodeId};

use crate::workspace::Workspace;
use crate::{CodeParts, Host};

/// No scope, no symbol, no word.
pub(crate) const NONE: u32 = u32::MAX;

/// What kind of code has a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Lambda,
    ListComp,
    DictComp,
    SetComp,
    GeneratorExp,
    Function,
}

impl ScopeKind {
    const ALL: [Self; 8] = [
        Self::Module,
        Self::Class,
        Self::Lambda,
        Self::ListComp,
        Self::DictComp,
        Self::SetComp,
        Self::GeneratorExp,
        Self::Function,
    ];

    /// Its names are locals unless they say otherwise.
    pub(crate) const fn is_function(self) -> bool {
        !matches!(self, Self::Module | Self::Class)
    }

    pub(crate) const fn is_comprehension(self) -> bool {
        matches!(self, Self::ListComp | Self::DictComp | Self::SetComp | Self::GeneratorExp)
    }
}

/// What a name is in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum SymbolKind {
    /// Mentioned only.
    Undecided,
    /// Loaded, and nobody said where it is from.
    GlobalImplicit,
    /// Assigned in a class body, which keeps it from being a variable of an outer function.
    GlobalImplicitAssigned,
    /// Declared global, or found to be.
    GlobalExplicit,
    /// A local.
    Local,
    /// A local that inner functions use.
    Cell,
    /// A cell of an outer function.
    Free,
}

impl SymbolKind {
    const ALL: [Self; 7] = [
        Self::Undecided,
        Self::GlobalImplicit,
        Self::GlobalImplicitAssigned,
        Self::GlobalExplicit,
        Self::Local,
        Self::Cell,
        Self::Free,
    ];
}

/// A function, class body, lambda or comprehension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scope(pub(crate) u32);

/// A name in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Symbol(u32);

macro_rules! fields {
    ($($word:literal $get:ident $($set:ident)?;)*) => {
        $(
            pub(crate) fn $get<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> u32 {
                store.word(Area::Scopes, self.0.saturating_add($word))
            }

            $(pub(crate) fn $set<H: Host + ?Sized>(self, store: &mut Workspace<'_, H>, value: u32) {
                store.set_word(Area::Scopes, self.0.saturating_add($word), value);
            })?
        )*
    };
}

impl Scope {
    /// The scope whose number resolving wrote into a node.
    pub(crate) fn of(node: Node) -> Self {
        Self(node.aux >> 1)
    }

    fields! {
        0 head set_head;
        1 tree;
        2 parent;
        3 first_symbol set_first_symbol;
        4 last_symbol set_last_symbol;
        5 next set_next;
        6 n_pos_args set_n_pos_args;
        7 n_kwonly_args set_n_kwonly_args;
        8 n_def_pos_args set_n_def_pos_args;
        9 n_locals set_n_locals;
    }

    /// Appends a record.
    pub(crate) fn add<H: Host + ?Sized>(
        store: &mut Workspace<'_, H>,
        kind: ScopeKind,
        tree: NodeId,
        parent: Scope,
    ) -> Self {
        let scope = Self(store.len(Area::Scopes));
        for word in [kind as u32, tree.0, parent.0, NONE, NONE, NONE, 0, 0, 0, 0] {
            store.push_word(Area::Scopes, word);
        }
        if store.failed() { Self(NONE) } else { scope }
    }

    /// Whether this is the module, which has no record.
    pub(crate) fn is_module(self) -> bool {
        self.0 == NONE
    }

    pub(crate) fn kind<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> ScopeKind {
        if self.is_module() {
            return ScopeKind::Module;
        }
        let number = self.head(store) & 0xff;
        ScopeKind::ALL.get(number as usize).copied().unwrap_or(ScopeKind::Function)
    }

    /// Flags of [`CodeParts`].
    pub(crate) fn flags<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> u8 {
        if self.is_module() { 0 } else { (self.head(store) >> 8) as u8 }
    }

    pub(crate) fn add_flags<H: Host + ?Sized>(self, store: &mut Workspace<'_, H>, flags: u8) {
        let head = self.head(store);
        if !self.is_module() {
            self.set_head(store, head | u32::from(flags) << 8);
        }
    }

    pub(crate) fn is_generator<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> bool {
        self.flags(store) & CodeParts::GENERATOR != 0
    }

    /// The symbol of a name.
    pub(crate) fn find<H: Host + ?Sized>(
        self,
        store: &Workspace<'_, H>,
        name: NameId,
    ) -> Option<Symbol> {
        let mut symbols = self.symbols(store);
        core::iter::from_fn(|| symbols.next(store)).find(|symbol| symbol.name(store) == name)
    }

    /// The symbol of a name, added as `kind` if it is new.
    pub(crate) fn find_or_add<H: Host + ?Sized>(
        self,
        store: &mut Workspace<'_, H>,
        name: NameId,
        kind: SymbolKind,
    ) -> Symbol {
        if let Some(symbol) = self.find(store, name) {
            return symbol;
        }
        let symbol = Symbol(store.len(Area::Scopes));
        for word in [u32::from(name.0) | (kind as u32) << 16, 0, NONE] {
            store.push_word(Area::Scopes, word);
        }
        if store.failed() {
            return Symbol(NONE);
        }
        let last = self.last_symbol(store);
        if last == NONE {
            self.set_first_symbol(store, symbol.0);
        } else {
            Symbol(last).set_next(store, symbol.0);
        }
        self.set_last_symbol(store, symbol.0);
        symbol
    }

    /// The symbols, in order.
    pub(crate) fn symbols<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> Symbols {
        Symbols(if self.is_module() { NONE } else { self.first_symbol(store) })
    }

    /// The name of the parameter that is local number `local`.
    pub(crate) fn parameter<H: Host + ?Sized>(
        self,
        store: &Workspace<'_, H>,
        local: u32,
    ) -> Option<NameId> {
        let mut symbols = self.symbols(store);
        core::iter::from_fn(|| symbols.next(store))
            .find(|symbol| symbol.is_parameter(store) && symbol.local(store) == local)
            .map(|symbol| symbol.name(store))
    }

    /// Appends the numbers of the locals that are cells to the Misc area; says how many.
    pub(crate) fn push_cells<H: Host + ?Sized>(self, store: &mut Workspace<'_, H>) -> u32 {
        let mut symbols = self.symbols(store);
        let mut count = 0;
        while let Some(symbol) = symbols.next(store) {
            if symbol.kind(store) == SymbolKind::Cell {
                let local = symbol.local(store);
                store.push_word(Area::Misc, local);
                count += 1;
            }
        }
        count
    }
}

/// The symbols of a scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Symbols(u32);

impl Symbols {
    /// The next one.
    pub(crate) fn next<H: Host + ?Sized>(&mut self, store: &Workspace<'_, H>) -> Option<Symbol> {
        if self.0 == NONE || store.failed() {
            return None;
        }
        let symbol = Symbol(self.0);
        self.0 = symbol.next(store);
        Some(symbol)
    }
}

impl Symbol {
    /// It is a parameter.
    pub(crate) const PARAMETER: u32 = 1 << 24;
    /// It is `*args`.
    pub(crate) const STAR: u32 = 1 << 25;
    /// It is `**kwargs`.
    pub(crate) const DOUBLE_STAR: u32 = 1 << 26;

    fields! {
        0 head set_head;
        1 local set_local;
        2 next set_next;
    }

    pub(crate) fn name<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> NameId {
        NameId(self.head(store) as u16)
    }

    pub(crate) fn kind<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> SymbolKind {
        let number = self.head(store) >> 16 & 0xff;
        SymbolKind::ALL.get(number as usize).copied().unwrap_or(SymbolKind::Undecided)
    }

    pub(crate) fn set_kind<H: Host + ?Sized>(self, store: &mut Workspace<'_, H>, kind: SymbolKind) {
        let head = self.head(store) & !0x00ff_0000;
        self.set_head(store, head | (kind as u32) << 16);
    }

    pub(crate) fn add_flags<H: Host + ?Sized>(self, store: &mut Workspace<'_, H>, flags: u32) {
        let head = self.head(store);
        self.set_head(store, head | flags);
    }

    pub(crate) fn has<H: Host + ?Sized>(self, store: &Workspace<'_, H>, flags: u32) -> bool {
        self.head(store) & flags != 0
    }

    pub(crate) fn is_parameter<H: Host + ?Sized>(self, store: &Workspace<'_, H>) -> bool {
        self.has(store, Self::PARAMETER)
    }
}
