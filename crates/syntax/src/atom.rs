//! Atoms: names, constants, and everything in brackets.

use crate::expression::{Element, level};
use crate::grammar::{Grammar, ListBuilder};
use crate::token::{Token, TokenKind};
use crate::tree::Place;
use crate::{NodeId, NodeKind, Source, Store, Tree};

impl<S: Source, M: Store + ?Sized> Grammar<'_, S, M> {
    /// A name, a constant, or something in brackets.
    pub(crate) fn atom(&mut self) -> NodeId {
        let Token { kind, value, place } = self.token;
        let (kind, aux, payload) = match kind {
            TokenKind::Name => (NodeKind::Name, 0, u32::from(value)),
            TokenKind::None => (NodeKind::None, 0, 0),
            TokenKind::True => (NodeKind::True, 0, 0),
            TokenKind::False => (NodeKind::False, 0, 0),
            TokenKind::Ellipsis => (NodeKind::Ellipsis, 0, 0),
            TokenKind::Number => {
                let number = self.lexer.number(self.store);
                (number.kind, number.len, number.payload)
            }
            TokenKind::String => return self.strings(),
            TokenKind::LeftParen => return self.parentheses(),
            TokenKind::LeftBracket => return self.list(),
            TokenKind::LeftBrace => return self.braces(),
            _ => return self.unexpected(),
        };
        let node = self.add(kind, aux, place, payload);
        self.advance();
        node
    }

    /// `(...)`: a tuple, a generator expression, a `yield`, or just an expression.
    fn parentheses(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let node = match self.token.kind {
            TokenKind::RightParen => self.add(NodeKind::Tuple, 1, place, 0),
            TokenKind::Yield => self.yield_expression(),
            _ => {
                let first = self.element(Element::Named);
                match self.token.kind {
                    TokenKind::For | TokenKind::Async => {
                        self.comprehension(NodeKind::GeneratorExp, first, place)
                    }
                    TokenKind::Comma => {
                        let mut list = ListBuilder::of(first);
                        self.more_elements(Element::Named, &mut list);
                        self.add(NodeKind::Tuple, 1, place, first.0)
                    }
                    _ => first,
                }
            }
        };
        self.expect(TokenKind::RightParen);
        node
    }

    /// `[...]`: a list or a list comprehension.
    fn list(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let node = if self.token.kind == TokenKind::RightBracket {
            self.node(NodeKind::List, place, 0)
        } else {
            let first = self.element(Element::Named);
            if matches!(self.token.kind, TokenKind::For | TokenKind::Async) {
                self.comprehension(NodeKind::ListComp, first, place)
            } else {
                let mut list = ListBuilder::of(first);
                self.more_elements(Element::Named, &mut list);
                self.node(NodeKind::List, place, first.0)
            }
        };
        self.expect(TokenKind::RightBracket);
        node
    }

    /// `{...}`: a dict, a set, or a comprehension of one. The first item decides.
    fn braces(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        if self.eat(TokenKind::RightBrace) {
            return self.node(NodeKind::Dict, place, 0);
        }
        let first = self.brace_item();
        let dict = is_dict_item(self.store, first);
        let node = if matches!(self.token.kind, TokenKind::For | TokenKind::Async) {
            let kind = if dict { NodeKind::DictComp } else { NodeKind::SetComp };
            self.comprehension(kind, first, place)
        } else {
            let mut list = ListBuilder::of(first);
            while self.eat(TokenKind::Comma) && self.token.kind != TokenKind::RightBrace {
                let at = self.token.place;
                let item = self.brace_item();
                match (dict, is_dict_item(self.store, item)) {
                    (true, false) => return self.wrong("expecting key:value for dict", at),
                    (false, true) => return self.wrong("expecting just a value for set", at),
                    _ => list.push(self.store, item),
                }
            }
            let kind = if dict { NodeKind::Dict } else { NodeKind::Set };
            self.node(kind, place, first.0)
        };
        self.expect(TokenKind::RightBrace);
        node
    }

    /// `key: value`, `**mapping`, or an element of a set.
    fn brace_item(&mut self) -> NodeId {
        if self.token.kind == TokenKind::DoubleStar {
            return self.starred(NodeKind::DoubleStar);
        }
        let place = self.token.place;
        let key = self.element(Element::Named);
        if !self.eat(TokenKind::Colon) {
            return key;
        }
        let value = self.test();
        self.link(key, value);
        self.node(NodeKind::Pair, place, key.0)
    }

    /// The `for` and `if` clauses after the element of a comprehension.
    pub(crate) fn comprehension(
        &mut self,
        kind: NodeKind,
        element: NodeId,
        place: Place,
    ) -> NodeId {
        let mut list = ListBuilder::of(element);
        while matches!(self.token.kind, TokenKind::For | TokenKind::Async) {
            let clause = self.comprehension_clause();
            list.push(self.store, clause);
        }
        self.node(kind, place, element.0)
    }

    fn comprehension_clause(&mut self) -> NodeId {
        let place = self.token.place;
        let (asynchronous, target, iterable) = self.for_head();
        let mut list = ListBuilder::of(target);
        list.push(self.store, iterable);
        while self.eat(TokenKind::If) {
            let condition = self.unconditional();
            list.push(self.store, condition);
        }
        self.add(NodeKind::Comprehension, asynchronous, place, target.0)
    }

    /// `[async] for target in iterable` of a comprehension.
    fn for_head(&mut self) -> (u32, NodeId, NodeId) {
        let asynchronous = self.eat(TokenKind::Async);
        self.expect(TokenKind::For);
        let target = self.elements(Element::Target);
        self.expect(TokenKind::In);
        let iterable = self.operand(level::OR);
        (u32::from(asynchronous), target, iterable)
    }
}

fn is_dict_item<M: Store + ?Sized>(store: &M, item: NodeId) -> bool {
    matches!(Tree::node(store, item).kind, NodeKind::Pair | NodeKind::DoubleStar)
}
