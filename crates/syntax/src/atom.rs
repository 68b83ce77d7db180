//! Atoms: names, constants, and everything in brackets.

use crate::expression::{Element, level};
use crate::parser::{ListBuilder, Parser};
use crate::token::{Token, TokenKind};
use crate::{NodeId, NodeKind, Source, Span, Store, Tree};

impl<S: Source> Parser<S> {
    /// A name, a constant, or something in brackets.
    pub(crate) fn atom<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let Token { kind, value, span } = self.token;
        let (kind, aux, payload) = match kind {
            TokenKind::Name => (NodeKind::Name, 0, u32::from(value)),
            TokenKind::None => (NodeKind::None, 0, 0),
            TokenKind::True => (NodeKind::True, 0, 0),
            TokenKind::False => (NodeKind::False, 0, 0),
            TokenKind::Ellipsis => (NodeKind::Ellipsis, 0, 0),
            TokenKind::Number => {
                let number = self.lexer.number(store);
                (number.kind, number.len, number.payload)
            }
            TokenKind::String => return self.strings(store),
            TokenKind::LeftParen => return self.parentheses(store),
            TokenKind::LeftBracket => return self.list(store),
            TokenKind::LeftBrace => return self.braces(store),
            _ => return self.unexpected(),
        };
        let node = self.add(store, kind, aux, span, payload);
        self.advance(store);
        node
    }

    /// `(...)`: a tuple, a generator expression, a `yield`, or just an expression.
    fn parentheses<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let node = match self.token.kind {
            TokenKind::RightParen => self.add(store, NodeKind::Tuple, 1, span, 0),
            TokenKind::Yield => self.yield_expression(store),
            _ => {
                let first = self.element(store, Element::Named);
                match self.token.kind {
                    TokenKind::For | TokenKind::Async => {
                        self.comprehension(store, NodeKind::GeneratorExp, first, span)
                    }
                    TokenKind::Comma => {
                        let mut list = ListBuilder::of(first);
                        self.more_elements(store, Element::Named, &mut list);
                        self.add(store, NodeKind::Tuple, 1, span, first.0)
                    }
                    _ => first,
                }
            }
        };
        self.expect(store, TokenKind::RightParen);
        node
    }

    /// `[...]`: a list or a list comprehension.
    fn list<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let node = if self.token.kind == TokenKind::RightBracket {
            self.add(store, NodeKind::List, 0, span, 0)
        } else {
            let first = self.element(store, Element::Named);
            if matches!(self.token.kind, TokenKind::For | TokenKind::Async) {
                self.comprehension(store, NodeKind::ListComp, first, span)
            } else {
                let mut list = ListBuilder::of(first);
                self.more_elements(store, Element::Named, &mut list);
                self.add(store, NodeKind::List, 0, span, first.0)
            }
        };
        self.expect(store, TokenKind::RightBracket);
        node
    }

    /// `{...}`: a dict, a set, or a comprehension of one. The first item decides.
    fn braces<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        if self.eat(store, TokenKind::RightBrace) {
            return self.add(store, NodeKind::Dict, 0, span, 0);
        }
        let first = self.brace_item(store);
        let dict = is_dict_item(store, first);
        let node = if matches!(self.token.kind, TokenKind::For | TokenKind::Async) {
            let kind = if dict { NodeKind::DictComp } else { NodeKind::SetComp };
            self.comprehension(store, kind, first, span)
        } else {
            let mut list = ListBuilder::of(first);
            while self.eat(store, TokenKind::Comma) && self.token.kind != TokenKind::RightBrace {
                let at = self.token.span;
                let item = self.brace_item(store);
                match (dict, is_dict_item(store, item)) {
                    (true, false) => return self.wrong("expecting key:value for dict", at),
                    (false, true) => return self.wrong("expecting just a value for set", at),
                    _ => list.push(store, item),
                }
            }
            let kind = if dict { NodeKind::Dict } else { NodeKind::Set };
            self.add(store, kind, 0, span, first.0)
        };
        self.expect(store, TokenKind::RightBrace);
        node
    }

    /// `key: value`, `**mapping`, or an element of a set.
    fn brace_item<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        if self.token.kind == TokenKind::DoubleStar {
            return self.starred(store, NodeKind::DoubleStar);
        }
        let span = self.token.span;
        let key = self.element(store, Element::Named);
        if !self.eat(store, TokenKind::Colon) {
            return key;
        }
        let value = self.test(store);
        Tree::set_next(store, key, value);
        self.add(store, NodeKind::Pair, 0, span, key.0)
    }

    /// The `for` and `if` clauses after the element of a comprehension.
    pub(crate) fn comprehension<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        kind: NodeKind,
        element: NodeId,
        span: Span,
    ) -> NodeId {
        let mut list = ListBuilder::of(element);
        while matches!(self.token.kind, TokenKind::For | TokenKind::Async) {
            let clause = self.comprehension_clause(store);
            list.push(store, clause);
        }
        self.add(store, kind, 0, span, element.0)
    }

    fn comprehension_clause<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let (asynchronous, target, iterable) = self.for_head(store);
        let mut list = ListBuilder::of(target);
        list.push(store, iterable);
        while self.eat(store, TokenKind::If) {
            let condition = self.unconditional(store);
            list.push(store, condition);
        }
        self.add(store, NodeKind::Comprehension, asynchronous, span, target.0)
    }

    /// `[async] for target in iterable` of a comprehension.
    fn for_head<M: Store + ?Sized>(&mut self, store: &mut M) -> (u32, NodeId, NodeId) {
        let asynchronous = self.eat(store, TokenKind::Async);
        self.expect(store, TokenKind::For);
        let target = self.elements(store, Element::Target);
        self.expect(store, TokenKind::In);
        let iterable = self.operand(store, level::OR);
        (u32::from(asynchronous), target, iterable)
    }
}

fn is_dict_item<M: Store + ?Sized>(store: &M, item: NodeId) -> bool {
    matches!(Tree::node(store, item).kind, NodeKind::Pair | NodeKind::DoubleStar)
}
