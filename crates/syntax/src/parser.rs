//! `Parser`: tokens to the tree of one statement.
//!
//! Recursive descent for what nests, loops for what repeats: a chain of a million terms, `elif`s
//! or calls uses no more native stack than one of them. What nests is counted, and refused beyond
//! [`MAX_DEPTH`].
//!
//! The parser always holds one token that it has not used. Because literals are read only when
//! they are used (see `token.rs`), that token owns nothing in the store, and the previous
//! statement's nodes and text can be dropped at any time.
//!
//! A rule gives the node that it has made, after a failure perhaps none: see `lexer.rs` for why
//! nobody has to ask which. A loop here goes on only if it finds a certain token, and takes it.
//!
//! Not here: whether a target can be assigned to, where `return` and `break` may stand, what a
//! name refers to. The compiler knows those.

use crate::lexer::Lexer;
use crate::token::{Token, TokenKind};
use crate::{Area, ErrorKind, Failure, NodeId, NodeKind, Source, Span, Store, Tree};

/// How deep operators, brackets, format fields and blocks nest, together. Sized so that the
/// deepest fits a native stack of 32 KB on a Cortex-M33: a level is at most 320 bytes there (that
/// of a call's arguments).
pub const MAX_DEPTH: u8 = 96;

/// A parser that owns its source and borrows the store for each statement.
///
/// Between calls the store belongs to the caller, which may push to any area as long as it
/// truncates what it pushed before the next call. The Lines area serves as scratch during a call.
#[derive(Debug)]
pub struct Parser<S> {
    pub(crate) lexer: Lexer<S>,
    pub(crate) token: Token,
    depth: u8,
    started: bool,
    tree_len: u32,
    text_len: u32,
    lines_len: u32,
}

impl<S: Source> Parser<S> {
    /// A parser at the start of `source`. Nothing is read yet.
    pub fn new(source: S) -> Self {
        Self {
            lexer: Lexer::new(source),
            token: Token { kind: TokenKind::End, value: 0, span: Span { line: 1, column: 1 } },
            depth: 0,
            started: false,
            tree_len: 0,
            text_len: 0,
            lines_len: 0,
        }
    }

    /// Says whether `__debug__` is true; it is, if this is not called.
    pub fn set_debug(&mut self, debug: bool) {
        self.lexer.debug = debug;
    }

    /// The next top-level statement: the Block of a line of simple statements, or one compound
    /// statement. `None` at the end.
    ///
    /// Everything that the previous call added to the Tree and Text areas is dropped first. After
    /// a failure there is nothing more to read: the same failure is returned again.
    pub fn next_statement<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
    ) -> Result<Option<NodeId>, Failure> {
        self.begin(store);
        let node = self.file_statement(store);
        self.end(store, node)
    }

    /// The whole source as what a user types at the prompt: one line of simple statements or one
    /// compound statement, and nothing else. `None` for a blank line.
    pub fn single_input<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
    ) -> Result<Option<NodeId>, Failure> {
        self.begin(store);
        let node = self.file_statement(store);
        self.nothing_else(store);
        // COMPAT: a line must end, if only by the end of the source.
        let nothing = self.lexer.is_cut || self.lexer.span == Span { line: 1, column: 1 };
        if node.is_none() && nothing {
            self.unexpected();
        }
        self.end(store, node)
    }

    /// The whole source as one expression, for `eval`.
    pub fn eval_input<M: Store + ?Sized>(&mut self, store: &mut M) -> Result<NodeId, Failure> {
        self.begin(store);
        self.start(store);
        let node = self.star_tests(store);
        self.nothing_else(store);
        Ok(self.end(store, node)?.unwrap_or(NodeId::NONE))
    }

    /// The source, for its owner to look at.
    pub fn source(&self) -> &S {
        &self.lexer.source
    }

    /// The source, for what the owner has to do with it between statements.
    pub fn source_mut(&mut self) -> &mut S {
        &mut self.lexer.source
    }

    /// Drops the previous statement, or remembers where the first one begins.
    fn begin<M: Store + ?Sized>(&mut self, store: &mut M) {
        if self.started {
            self.drop_statement(store);
        } else {
            self.tree_len = store.len(Area::Tree);
            self.text_len = store.len(Area::Text);
        }
        self.lines_len = store.len(Area::Lines);
    }

    fn drop_statement<M: Store + ?Sized>(&mut self, store: &mut M) {
        store.truncate(Area::Tree, self.tree_len);
        store.truncate(Area::Text, self.text_len);
    }

    fn end<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        node: NodeId,
    ) -> Result<Option<NodeId>, Failure> {
        store.truncate(Area::Lines, self.lines_len);
        if let Some(failure) = self.lexer.failure {
            self.drop_statement(store);
            return Err(failure);
        }
        Ok(Some(node).filter(|node| !node.is_none()))
    }

    fn start<M: Store + ?Sized>(&mut self, store: &mut M) {
        if !self.started {
            self.started = true;
            self.advance(store);
        }
    }

    fn file_statement<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        self.start(store);
        self.skip_newlines(store);
        match self.token.kind {
            TokenKind::End => NodeId::NONE,
            _ => self.top_level_statement(store),
        }
    }

    fn nothing_else<M: Store + ?Sized>(&mut self, store: &mut M) {
        self.skip_newlines(store);
        if self.token.kind != TokenKind::End {
            self.unexpected();
        }
    }

    fn skip_newlines<M: Store + ?Sized>(&mut self, store: &mut M) {
        while self.eat(store, TokenKind::Newline) {}
    }

    /// Goes to the next token.
    pub(crate) fn advance<M: Store + ?Sized>(&mut self, store: &mut M) {
        self.token = self.lexer.next(store);
    }

    /// Skips the token if it is of this kind. SIZE: not inlined, which is 2 KB of flash.
    #[inline(never)]
    pub(crate) fn eat<M: Store + ?Sized>(&mut self, store: &mut M, kind: TokenKind) -> bool {
        let found = self.token.kind == kind;
        if found {
            self.advance(store);
        }
        found
    }

    /// Skips a token that must be there.
    #[inline(never)]
    pub(crate) fn expect<M: Store + ?Sized>(&mut self, store: &mut M, kind: TokenKind) {
        if !self.eat(store, kind) {
            self.unexpected();
        }
    }

    /// Fails because of the current token. Gives no node.
    #[cold]
    #[inline(never)]
    pub(crate) fn unexpected(&mut self) -> NodeId {
        let kind = match self.token.kind {
            TokenKind::Indent => ErrorKind::UnexpectedIndent,
            _ => ErrorKind::InvalidSyntax,
        };
        self.fail(kind, self.token.span)
    }

    /// Fails with a text of its own. Gives no node.
    #[cold]
    #[inline(never)]
    pub(crate) fn wrong(&mut self, text: &'static str, span: Span) -> NodeId {
        self.fail(ErrorKind::Other(text), span)
    }

    fn fail(&mut self, kind: ErrorKind, span: Span) -> NodeId {
        self.lexer.fail(kind, span);
        self.token.kind = TokenKind::End;
        NodeId::NONE
    }

    /// Counts a level of nesting. The other half is [`Parser::leave`].
    pub(crate) fn enter(&mut self) {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            self.fail(ErrorKind::TooDeep, self.token.span);
        }
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Adds a node.
    #[inline(never)]
    pub(crate) fn add<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        kind: NodeKind,
        aux: u32,
        span: Span,
        payload: u32,
    ) -> NodeId {
        if self.lexer.failure.is_some() {
            return NodeId::NONE;
        }
        match Tree::add(store, kind, aux, span, payload) {
            Ok(node) => node,
            Err(error) => {
                self.lexer.out_of_memory(error);
                self.token.kind = TokenKind::End;
                NodeId::NONE
            }
        }
    }

    /// Adds a node that stands for a missing child.
    pub(crate) fn absent<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        self.add(store, NodeKind::Absent, 0, self.token.span, 0)
    }

    /// Takes a name.
    pub(crate) fn name<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        if self.token.kind != TokenKind::Name {
            return self.unexpected();
        }
        let Token { value, span, .. } = self.token;
        let node = self.add(store, NodeKind::Name, 0, span, u32::from(value));
        self.advance(store);
        node
    }
}

/// A list of siblings under construction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListBuilder {
    /// The first sibling: what becomes the parent's payload.
    pub(crate) first: NodeId,
    last: NodeId,
}

impl ListBuilder {
    pub(crate) const fn new() -> Self {
        Self { first: NodeId::NONE, last: NodeId::NONE }
    }

    /// A list that begins with `node`.
    pub(crate) const fn of(node: NodeId) -> Self {
        Self { first: node, last: node }
    }

    /// Appends a node that has no siblings yet.
    pub(crate) fn push<M: Store + ?Sized>(&mut self, store: &mut M, node: NodeId) {
        if self.last.is_none() {
            self.first = node;
        } else {
            Tree::set_next(store, self.last, node);
        }
        self.last = node;
    }
}

#[cfg(test)]
mod tests;
