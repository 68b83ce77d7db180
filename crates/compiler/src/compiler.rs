//! `Compiler`: the state of one compilation, and the loop over statements.

use octopy_bytecode::Opcode;
use octopy_qstr::{Qstr, q};
use octopy_syntax::{Area, Child, ErrorKind, Failure, NameId, Node, NodeId, Parser, Source};

use crate::Host;
use crate::scope::{NONE, ScopeKind};
use crate::unit::Unit;
use crate::workspace::Workspace;

/// What a piece of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A module, or the argument of `exec`.
    File,
    /// One expression, whose value the code returns.
    Eval,
    /// What a user types at the prompt: the values of expressions are printed.
    Single,
    /// A module of which the values of expressions are printed: what a user pastes.
    Paste,
}

/// What a level of nesting takes of the native stack, in units of about 80 bytes.
pub(crate) mod cost {
    pub(crate) const EXPRESSION: u16 = 4;
    pub(crate) const STATEMENT: u16 = 5;
    /// On top of the statement or expression.
    pub(crate) const SCOPE: u16 = 5;
}

/// How much all levels may take, in the same units. SIZE: 22 KB on a Cortex-M33 (measured: 316
/// bytes for a call as the argument of a call, 460 for a function in a function).
const MAX_COST: u16 = 280;

/// A compilation.
pub(crate) struct Compiler<'h, H: Host + ?Sized> {
    pub(crate) host: Workspace<'h, H>,
    pub(crate) unit: Unit,
    pub(crate) mode: Mode,
    /// The first of the names that `const()` made constant: see `fold`.
    pub(crate) first_const: u32,
    cost: u16,
}

/// Compiles a whole source. On success the host has been given the outermost code object; after
/// a failure it has to drop what it was given so far.
///
/// The areas of the host are used above what they hold, and left as they were.
pub fn compile_module<S: Source, H: Host + ?Sized>(
    source: S,
    host: &mut H,
    mode: Mode,
) -> Result<(), Failure> {
    let mut parser = Parser::new(source);
    parser.set_debug(host.optimise() == 0);
    let areas = Lengths::of(host);
    let mut compiler = Compiler::new(host, mode);
    compiler.module(&mut parser);
    let failure = compiler.host.failure();
    areas.restore(host);
    failure.map_or(Ok(()), Err)
}

/// How long all areas are.
struct Lengths([u32; AREAS.len()]);

/// All areas.
const AREAS: [Area; 7] =
    [Area::Tree, Area::Text, Area::Scopes, Area::Labels, Area::Code, Area::Lines, Area::Misc];

impl Lengths {
    fn of<H: Host + ?Sized>(host: &H) -> Self {
        Self(AREAS.map(|area| host.len(area)))
    }

    fn restore<H: Host + ?Sized>(self, host: &mut H) {
        for (area, len) in AREAS.into_iter().zip(self.0) {
            host.truncate(area, len);
        }
    }
}

/// The name that a build-time name is.
pub(crate) const fn name(qstr: Qstr) -> NameId {
    NameId(qstr.0)
}

impl<'h, H: Host + ?Sized> Compiler<'h, H> {
    fn new(host: &'h mut H, mode: Mode) -> Self {
        let host = Workspace::new(host);
        let unit = Unit::new(&host, NONE, ScopeKind::Module);
        Self { host, unit, mode, first_const: NONE, cost: 0 }
    }

    fn module<S: Source>(&mut self, parser: &mut Parser<S>) {
        self.host.open_code();
        let mut first_line = 1;
        match self.mode {
            Mode::File | Mode::Paste => {
                let mut outer = None;
                while let Some(id) = {
                    let parsed = parser.next_statement(self.host.host());
                    self.parsed(parsed)
                } {
                    if self.here() >= self.host.segment() {
                        self.end_segment(outer.take());
                        self.host.open_code();
                        let unit = Unit::new(&self.host, NONE, ScopeKind::Module);
                        outer = Some(core::mem::replace(&mut self.unit, unit));
                        first_line = 0;
                    }
                    self.top_level(id);
                }
                self.end_segment(outer);
                self.load_none();
            }
            Mode::Single => {
                let parsed = parser.single_input(self.host.host());
                if let Some(id) = self.parsed(parsed) {
                    self.top_level(id);
                }
                self.load_none();
            }
            Mode::Eval => {
                let parsed = parser.eval_input(self.host.host()).map(Some);
                if let Some(id) = self.parsed(parsed) {
                    self.fold(id);
                    self.resolve(id);
                    self.expression(id);
                }
            }
        }
        self.return_value();
        self.close_unit(name(q::module_), first_line);
    }

    /// Ends the segment inside `outer`, if there is one, and has `outer` run it.
    fn end_segment(&mut self, outer: Option<Unit>) {
        let Some(outer) = outer else { return };
        self.load_none();
        self.return_value();
        let child = self.close_unit(name(q::module_), 1);
        self.unit = outer;
        self.op_counting(Opcode::MakeFunction, child, 0);
        self.op_with(Opcode::CallFunction, 0);
        self.pop_top();
    }

    /// What the parser gave; nothing after a failure, its own or the compiler's.
    fn parsed(&mut self, parsed: Result<Option<NodeId>, Failure>) -> Option<NodeId> {
        match parsed {
            Ok(id) => id.filter(|_| !self.host.failed()),
            Err(failure) => {
                self.host.fail_as(failure);
                None
            }
        }
    }

    /// A syntax error at a node.
    #[cold]
    #[inline(never)]
    pub(crate) fn wrong(&mut self, node: Node, text: &'static str) {
        let kind = match text {
            "invalid syntax" => ErrorKind::InvalidSyntax,
            text => ErrorKind::Other(text),
        };
        self.host.fail(kind, node.span);
    }

    /// Compiles a statement of the module and drops what it needed.
    fn top_level(&mut self, id: NodeId) {
        let labels = self.host.len(Area::Labels);
        // What `const()` remembers stays below.
        self.fold(id);
        let scopes = self.host.len(Area::Scopes);
        self.resolve(id);
        self.statement(id);
        self.host.truncate(Area::Scopes, scopes);
        self.host.truncate(Area::Labels, labels);
    }

    /// Counts a level of nesting, which fails if there are too many. Says whether to go on: not
    /// after any failure.
    #[must_use]
    #[inline(never)]
    pub(crate) fn enter(&mut self, node: Node, cost: u16) -> bool {
        self.cost += cost;
        if self.cost > MAX_COST {
            self.host.fail(ErrorKind::TooDeep, node.span);
        }
        !self.host.failed()
    }

    /// Ends a level of nesting. Not called on the way out of a failure, which ends everything.
    pub(crate) fn leave(&mut self, cost: u16) {
        self.cost = self.cost.saturating_sub(cost);
    }

    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.host.node(id)
    }

    /// The next of `children`, or nothing.
    pub(crate) fn take(&self, children: &mut Child) -> Option<(NodeId, Node)> {
        self.host.take(children)
    }

    /// The first children of a node, as [`Workspace::parts`].
    pub(crate) fn parts<const N: usize>(&self, node: Node) -> [NodeId; N] {
        self.host.parts(node)
    }

    /// The next of `children`, which has to be there; `NodeId::NONE` reads as `Absent`.
    pub(crate) fn next(&self, children: &mut Child) -> NodeId {
        self.take(children).map_or(NodeId::NONE, |(id, _)| id)
    }

    /// The first child of a node, or `NodeId::NONE`.
    pub(crate) fn first(&self, node: Node) -> NodeId {
        NodeId(node.payload)
    }

    /// How many children a node has.
    pub(crate) fn count(&self, node: Node) -> u32 {
        let mut children = Child::of(node);
        let mut count = 0;
        while self.take(&mut children).is_some() {
            count += 1;
        }
        count
    }

    pub(crate) fn push_misc(&mut self, word: u32) {
        self.host.push_word(Area::Misc, word);
    }

    /// Takes the last word of the Misc area, if it is above `base`.
    pub(crate) fn pop_misc(&mut self, base: u32) -> Option<u32> {
        pop_misc(&mut self.host, base)
    }
}

/// Takes the last word of the Misc area, if it is above `base`.
pub(crate) fn pop_misc<H: Host + ?Sized>(host: &mut Workspace<'_, H>, base: u32) -> Option<u32> {
    let len = host.len(Area::Misc);
    if len <= base {
        return None;
    }
    let word = host.word(Area::Misc, len - 1);
    host.truncate(Area::Misc, len - 1);
    Some(word)
}
