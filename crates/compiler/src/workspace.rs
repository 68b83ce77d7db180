//! Workspace: the host and its areas, until something fails.
//!
//! A failure is kept here, and nothing is written after it: whoever compiles need not ask after
//! each step whether it went well. What is read then is left over or nothing, so whatever nests or
//! repeats by what it reads has to stop: see [`Workspace::failed`].
//!
//! SIZE: with the shapes of opcodes, 6.3 KB less than a result of every function.

use octopy_qstr::{Qstr, q};
use octopy_syntax::{
    Area, Child, Error, ErrorKind, Failure, NameId, Node, NodeId, NodeKind, OutOfMemory, Span, Tree,
};

use crate::{CodeParts, Const, Host, Item};

/// The host of a compilation.
pub(crate) struct Workspace<'h, H: Host + ?Sized> {
    host: &'h mut H,
    failure: Option<Failure>,
}

impl<'h, H: Host + ?Sized> Workspace<'h, H> {
    pub(crate) fn new(host: &'h mut H) -> Self {
        Self { host, failure: None }
    }

    /// The host itself, for the parser.
    pub(crate) fn host(&mut self) -> &mut H {
        self.host
    }

    /// What went wrong.
    pub(crate) fn failure(&self) -> Option<Failure> {
        self.failure
    }

    /// Whether something went wrong.
    pub(crate) fn failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Fails, unless that happened before.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail_as(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// A syntax error.
    pub(crate) fn fail(&mut self, kind: ErrorKind, span: Span) {
        self.fail_as(Failure::Syntax(Error { kind, span }));
    }

    /// What the host gives, if it has not failed before and does not now.
    #[inline]
    fn ask<T: Default>(&mut self, question: impl FnOnce(&mut H) -> Result<T, OutOfMemory>) -> T {
        if !self.failed() {
            match question(self.host) {
                Ok(answer) => return answer,
                Err(error) => self.fail_as(Failure::Memory(error)),
            }
        }
        T::default()
    }

    pub(crate) fn len(&self, area: Area) -> u32 {
        self.host.len(area)
    }

    pub(crate) fn word(&self, area: Area, index: u32) -> u32 {
        self.host.word(area, index)
    }

    pub(crate) fn set_word(&mut self, area: Area, index: u32, word: u32) {
        self.host.set_word(area, index, word);
    }

    #[inline(never)]
    pub(crate) fn push_word(&mut self, area: Area, word: u32) {
        self.ask(|host| host.push_word(area, word));
    }

    /// Byte `index` of an area of bytes; 0 behind its end.
    pub(crate) fn byte(&self, area: Area, index: u32) -> u8 {
        self.host.bytes(area).get(index as usize).copied().unwrap_or(0)
    }

    pub(crate) fn bytes(&self, area: Area) -> &[u8] {
        self.host.bytes(area)
    }

    pub(crate) fn set_byte(&mut self, area: Area, index: u32, byte: u8) {
        self.host.set_byte(area, index, byte);
    }

    pub(crate) fn move_down(&mut self, area: Area, from: u32, to: u32, len: u32) {
        self.host.move_down(area, from, to, len);
    }

    #[inline(never)]
    pub(crate) fn push_byte(&mut self, area: Area, byte: u8) {
        self.ask(|host| host.push_byte(area, byte));
    }

    /// Appends a byte to the Text area.
    pub(crate) fn push_text(&mut self, byte: u8) {
        self.push_byte(Area::Text, byte);
    }

    pub(crate) fn truncate(&mut self, area: Area, len: u32) {
        self.host.truncate(area, len);
    }

    /// Makes a name of the end of the Text area.
    pub(crate) fn intern_text(&mut self, start: u32) -> NameId {
        NameId(self.ask(|host| host.intern_text(start).map(|name| name.0)))
    }

    pub(crate) fn name_text(&self, name: NameId) -> &[u8] {
        self.host.name_text(name)
    }

    pub(crate) fn optimise(&self) -> u8 {
        self.host.optimise()
    }

    pub(crate) fn segment(&self) -> u32 {
        self.host.segment()
    }

    #[inline(never)]
    pub(crate) fn name_index(&mut self, name: NameId) -> u32 {
        self.ask(|host| host.name_index(name))
    }

    pub(crate) fn const_index(&mut self, value: Const) -> u32 {
        self.ask(|host| host.const_index(value))
    }

    /// Appends an item of a constant tuple to the Misc area.
    pub(crate) fn push_item(&mut self, item: Item) {
        self.ask(|host| item.push(host));
    }

    pub(crate) fn open_code(&mut self) {
        self.ask(H::open_code);
    }

    pub(crate) fn close_code(&mut self, parts: &CodeParts) -> u32 {
        self.ask(|host| host.close_code(parts))
    }

    pub(crate) fn node(&self, id: NodeId) -> Node {
        Tree::node(self.host, id)
    }

    pub(crate) fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).kind
    }

    /// The name that a Name node is.
    pub(crate) fn name(&self, id: NodeId) -> NameId {
        Tree::name(self.node(id))
    }

    /// Whether a node is this name.
    pub(crate) fn is_name(&self, id: NodeId, name: Qstr) -> bool {
        let node = self.node(id);
        node.kind == NodeKind::Name && node.payload == u32::from(name.0)
    }

    /// Whether a decorator is MicroPython's own, which is no code: `@micropython.native`.
    pub(crate) fn is_built_in_decorator(&self, id: NodeId) -> bool {
        let mut id = id;
        while matches!(self.kind(id), NodeKind::Attribute | NodeKind::Call) {
            [id] = self.parts(self.node(id));
        }
        self.is_name(id, q::micropython)
    }

    /// The next of `children`.
    pub(crate) fn take(&self, children: &mut Child) -> Option<(NodeId, Node)> {
        children.take(self.host)
    }

    /// The first children of a node; `NONE`, which reads as `Absent`, where there are no more.
    #[inline(never)]
    pub(crate) fn parts<const N: usize>(&self, node: Node) -> [NodeId; N] {
        let mut parts = [NodeId::NONE; N];
        let mut id = NodeId(node.payload);
        for part in &mut parts {
            if id.is_none() {
                break;
            }
            *part = id;
            id = Tree::next(self.host, id);
        }
        parts
    }

    /// What follows the first `Absent` among children: none if there is none.
    pub(crate) fn after_separator(&self, mut children: Child) -> Child {
        while let Some((_, node)) = self.take(&mut children) {
            if node.kind == NodeKind::Absent {
                break;
            }
        }
        children
    }

    pub(crate) fn set_kind(&mut self, id: NodeId, kind: NodeKind, aux: u32) {
        Tree::set_kind(self.host, id, kind, aux);
    }

    pub(crate) fn set_payload(&mut self, id: NodeId, payload: u32) {
        Tree::set_payload(self.host, id, payload);
    }

    pub(crate) fn set_next(&mut self, id: NodeId, next: NodeId) {
        Tree::set_next(self.host, id, next);
    }
}
