//! `Grammar`: the parser at work on one statement, and what its rules are made of.
//!
//! The rules are methods too, in the files that are named after what they read. A rule gives the node
//! that it has made, after a failure perhaps none: see `lexer.rs` for why nobody has to ask which. A
//! loop goes on only if it finds a certain token, and takes it.

use crate::lexer::Lexer;
use crate::parser::MAX_DEPTH;
use crate::token::{Token, TokenKind};
use crate::tree::Place;
use crate::{ErrorKind, NodeId, NodeKind, Source, Span, Store, Tree};

/// What is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// The next statement of many.
    Statement,
    /// One statement.
    Single,
    /// One expression.
    Expression,
}

/// The parser's parts, with the store that it has for the moment.
#[derive(Debug)]
pub(crate) struct Grammar<'p, S, M: ?Sized> {
    pub(crate) lexer: &'p mut Lexer<S>,
    pub(crate) store: &'p mut M,
    /// The token that was not used yet.
    pub(crate) token: Token,
    depth: u8,
}

impl<'p, S: Source, M: Store + ?Sized> Grammar<'p, S, M> {
    pub(crate) fn new(lexer: &'p mut Lexer<S>, store: &'p mut M, token: Token) -> Self {
        Self { lexer, store, token, depth: 0 }
    }

    /// Reads it; `NONE` at the end and after a failure.
    pub(crate) fn input(&mut self, input: Input) -> NodeId {
        let node = match input {
            Input::Expression => self.star_tests(),
            Input::Statement | Input::Single => {
                self.skip_newlines();
                match self.token.kind {
                    TokenKind::End => NodeId::NONE,
                    _ => self.top_level_statement(),
                }
            }
        };
        if input == Input::Statement {
            return node;
        }
        self.skip_newlines();
        // COMPAT: a line must end, if only by the end of the source.
        let nothing = self.lexer.is_cut || self.lexer.span == Span { line: 1, column: 1 };
        if self.token.kind != TokenKind::End || node.is_none() && nothing {
            self.unexpected();
        }
        node
    }

    fn skip_newlines(&mut self) {
        while self.eat(TokenKind::Newline) {}
    }

    /// Goes to the next token.
    pub(crate) fn advance(&mut self) {
        self.token = self.lexer.next(self.store);
    }

    /// Skips the token if it is of this kind. SIZE: not inlined, which is 2 KB of flash.
    #[inline(never)]
    pub(crate) fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.token.kind == kind;
        if found {
            self.advance();
        }
        found
    }

    /// Skips a token that must be there.
    #[inline(never)]
    pub(crate) fn expect(&mut self, kind: TokenKind) {
        if !self.eat(kind) {
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
        self.fail(kind, self.token.place)
    }

    /// Fails with a text of its own. Gives no node.
    #[cold]
    #[inline(never)]
    pub(crate) fn wrong(&mut self, text: &'static str, place: Place) -> NodeId {
        self.fail(ErrorKind::Other(text), place)
    }

    fn fail(&mut self, kind: ErrorKind, place: Place) -> NodeId {
        self.lexer.fail(kind, place.span());
        self.token.kind = TokenKind::End;
        NodeId::NONE
    }

    /// Counts a level of nesting. The other half is [`Grammar::leave`].
    pub(crate) fn enter(&mut self) {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            self.fail(ErrorKind::TooDeep, self.token.place);
        }
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Adds a node that has nothing to say but its kind and its first child or payload.
    pub(crate) fn node(&mut self, kind: NodeKind, place: Place, payload: u32) -> NodeId {
        self.add(kind, 0, place, payload)
    }

    /// Adds a node.
    #[inline(never)]
    pub(crate) fn add(&mut self, kind: NodeKind, aux: u32, place: Place, payload: u32) -> NodeId {
        if self.lexer.failure.is_some() {
            return NodeId::NONE;
        }
        match Tree::add(self.store, kind, aux, place, payload) {
            Ok(node) => node,
            Err(error) => {
                self.lexer.out_of_memory(error);
                self.token.kind = TokenKind::End;
                NodeId::NONE
            }
        }
    }

    /// Adds a node that stands for a missing child.
    pub(crate) fn absent(&mut self) -> NodeId {
        self.node(NodeKind::Absent, self.token.place, 0)
    }

    /// Makes a node the next sibling of another.
    #[inline(never)]
    pub(crate) fn link(&mut self, node: NodeId, next: NodeId) {
        Tree::set_next(self.store, node, next);
    }

    /// Takes a name.
    pub(crate) fn name(&mut self) -> NodeId {
        if self.token.kind != TokenKind::Name {
            return self.unexpected();
        }
        let Token { value, place, .. } = self.token;
        let node = self.node(NodeKind::Name, place, u32::from(value));
        self.advance();
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
    #[inline(never)]
    pub(crate) fn push<M: Store + ?Sized>(&mut self, store: &mut M, node: NodeId) {
        if self.last.is_none() {
            self.first = node;
        } else {
            Tree::set_next(store, self.last, node);
        }
        self.last = node;
    }
}
