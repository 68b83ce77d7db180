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
//! Not here: whether a target can be assigned to, where `return` and `break` may stand, what a
//! name refers to. The compiler knows those.

use crate::grammar::{Grammar, Input};
use crate::lexer::Lexer;
use crate::token::{Token, TokenKind};
use crate::tree::Place;
use crate::{Area, Failure, NodeId, Source, Store};

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
    lexer: Lexer<S>,
    token: Token,
    started: bool,
    tree_len: u32,
    text_len: u32,
}

impl<S: Source> Parser<S> {
    /// A parser at the start of `source`. Nothing is read yet.
    pub fn new(source: S) -> Self {
        Self {
            lexer: Lexer::new(source),
            token: Token { kind: TokenKind::End, value: 0, place: Place::START },
            started: false,
            tree_len: 0,
            text_len: 0,
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
        self.parse(store, Input::Statement)
    }

    /// The whole source as what a user types at the prompt: one line of simple statements or one
    /// compound statement, and nothing else. `None` for a blank line.
    pub fn single_input<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
    ) -> Result<Option<NodeId>, Failure> {
        self.parse(store, Input::Single)
    }

    /// The whole source as one expression, for `eval`.
    pub fn eval_input<M: Store + ?Sized>(&mut self, store: &mut M) -> Result<NodeId, Failure> {
        Ok(self.parse(store, Input::Expression)?.unwrap_or(NodeId::NONE))
    }

    /// The source, for its owner to look at.
    pub fn source(&self) -> &S {
        &self.lexer.source
    }

    /// The source, for what the owner has to do with it between statements.
    pub fn source_mut(&mut self) -> &mut S {
        &mut self.lexer.source
    }

    /// Drops the previous statement and reads the next one.
    fn parse<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        input: Input,
    ) -> Result<Option<NodeId>, Failure> {
        if self.started {
            self.drop_statement(store);
        } else {
            self.tree_len = store.len(Area::Tree);
            self.text_len = store.len(Area::Text);
        }
        let lines_len = store.len(Area::Lines);
        let mut grammar = Grammar::new(&mut self.lexer, store, self.token);
        if !self.started {
            self.started = true;
            grammar.advance();
        }
        let node = grammar.input(input);
        self.token = grammar.token;
        store.truncate(Area::Lines, lines_len);
        if let Some(failure) = self.lexer.failure {
            self.drop_statement(store);
            return Err(failure);
        }
        Ok(Some(node).filter(|node| !node.is_none()))
    }

    fn drop_statement<M: Store + ?Sized>(&mut self, store: &mut M) {
        store.truncate(Area::Tree, self.tree_len);
        store.truncate(Area::Text, self.text_len);
    }
}

#[cfg(test)]
mod tests;
