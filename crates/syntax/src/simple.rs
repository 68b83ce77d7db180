//! Simple statements: what fits on a line.

use crate::expression::Element;
use crate::parser::{ListBuilder, Parser};
use crate::token::TokenKind;
use crate::{NodeId, NodeKind, Source, Store, Tree};

impl<S: Source> Parser<S> {
    /// One simple statement.
    pub(crate) fn simple<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        match self.token.kind {
            TokenKind::Pass => self.word(store, NodeKind::Pass),
            TokenKind::Break => self.word(store, NodeKind::Break),
            TokenKind::Continue => self.word(store, NodeKind::Continue),
            TokenKind::Return => self.return_statement(store),
            TokenKind::Raise => self.pair(store, NodeKind::Raise, TokenKind::From),
            TokenKind::Assert => self.pair(store, NodeKind::Assert, TokenKind::Comma),
            TokenKind::Del => self.del(store),
            TokenKind::Global => self.names(store, NodeKind::Global),
            TokenKind::Nonlocal => self.names(store, NodeKind::Nonlocal),
            TokenKind::Import => self.import(store),
            TokenKind::From => self.import_from(store),
            _ => self.expression_statement(store),
        }
    }

    fn word<M: Store + ?Sized>(&mut self, store: &mut M, kind: NodeKind) -> NodeId {
        let node = self.add(store, kind, 0, self.token.span, 0);
        self.advance(store);
        node
    }

    fn return_statement<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let value = match self.token.kind.begins_expression() {
            true => self.star_tests(store),
            false => NodeId::NONE,
        };
        self.add(store, NodeKind::Return, 0, span, value.0)
    }

    /// `raise a from b` and `assert a, b`; only `raise` can stand alone.
    fn pair<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        kind: NodeKind,
        separator: TokenKind,
    ) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let mut first = NodeId::NONE;
        if kind == NodeKind::Assert || self.token.kind.begins_expression() {
            first = self.test(store);
            if self.eat(store, separator) {
                let second = self.test(store);
                Tree::set_next(store, first, second);
            }
        }
        self.add(store, kind, 0, span, first.0)
    }

    fn del<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let first = self.element(store, Element::Target);
        let mut list = ListBuilder::of(first);
        self.more_elements(store, Element::Target, &mut list);
        self.add(store, NodeKind::Del, 0, span, first.0)
    }

    fn names<M: Store + ?Sized>(&mut self, store: &mut M, kind: NodeKind) -> NodeId {
        let span = self.token.span;
        let mut list = ListBuilder::new();
        // The first round skips the keyword, the others a comma.
        loop {
            self.advance(store);
            let name = self.name(store);
            list.push(store, name);
            if self.token.kind != TokenKind::Comma {
                return self.add(store, kind, 0, span, list.first.0);
            }
        }
    }

    fn import<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let mut list = ListBuilder::new();
        loop {
            self.advance(store);
            let at = self.token.span;
            let mut names = ListBuilder::new();
            self.dotted_name(store, &mut names);
            self.opt_as_name(store, &mut names);
            let alias = self.add(store, NodeKind::Alias, 0, at, names.first.0);
            list.push(store, alias);
            if self.token.kind != TokenKind::Comma {
                return self.add(store, NodeKind::Import, 0, span, list.first.0);
            }
        }
    }

    fn dotted_name<M: Store + ?Sized>(&mut self, store: &mut M, list: &mut ListBuilder) {
        loop {
            let name = self.name(store);
            list.push(store, name);
            if !self.eat(store, TokenKind::Dot) {
                return;
            }
        }
    }

    /// `as name`, after an Absent.
    fn opt_as_name<M: Store + ?Sized>(&mut self, store: &mut M, list: &mut ListBuilder) {
        if self.eat(store, TokenKind::As) {
            let separator = self.absent(store);
            list.push(store, separator);
            let name = self.name(store);
            list.push(store, name);
        }
    }

    fn import_from<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let mut n_dots: u32 = 0;
        loop {
            n_dots = match self.token.kind {
                TokenKind::Dot => n_dots.saturating_add(1),
                TokenKind::Ellipsis => n_dots.saturating_add(3),
                _ => break,
            };
            self.advance(store);
        }
        let mut list = ListBuilder::new();
        if n_dots == 0 || self.token.kind == TokenKind::Name {
            self.dotted_name(store, &mut list);
        }
        let separator = self.absent(store);
        list.push(store, separator);
        self.expect(store, TokenKind::Import);
        if self.token.kind == TokenKind::Star {
            let at = self.token.span;
            let star = self.word(store, NodeKind::Star);
            let alias = self.add(store, NodeKind::Alias, 0, at, star.0);
            list.push(store, alias);
        } else {
            self.import_names(store, &mut list);
        }
        self.add(store, NodeKind::ImportFrom, n_dots.min(0xff_ffff), span, list.first.0)
    }

    /// `a as b, c`, in parentheses or not. COMPAT: a comma may be last without them too.
    fn import_names<M: Store + ?Sized>(&mut self, store: &mut M, list: &mut ListBuilder) {
        let parentheses = self.eat(store, TokenKind::LeftParen);
        loop {
            let at = self.token.span;
            let name = self.name(store);
            let mut names = ListBuilder::of(name);
            self.opt_as_name(store, &mut names);
            let alias = self.add(store, NodeKind::Alias, 0, at, name.0);
            list.push(store, alias);
            if !self.eat(store, TokenKind::Comma) || self.token.kind != TokenKind::Name {
                break;
            }
        }
        if parentheses {
            self.expect(store, TokenKind::RightParen)
        }
    }

    /// An expression, or any kind of assignment.
    fn expression_statement<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let first = self.yield_or_tests(store);
        match self.token.kind {
            TokenKind::Equal => {
                let mut list = ListBuilder::of(first);
                while self.eat(store, TokenKind::Equal) {
                    let value = self.yield_or_tests(store);
                    list.push(store, value);
                }
                self.add(store, NodeKind::Assign, 0, span, first.0)
            }
            kind if let Some(op) = kind.augmented() => {
                self.advance(store);
                let value = self.yield_or_tests(store);
                Tree::set_next(store, first, value);
                self.add(store, NodeKind::AugAssign, u32::from(op), span, first.0)
            }
            TokenKind::Colon => {
                self.advance(store);
                let mut list = ListBuilder::of(first);
                let annotation = self.test(store);
                list.push(store, annotation);
                if self.eat(store, TokenKind::Equal) {
                    let value = self.yield_or_tests(store);
                    list.push(store, value);
                }
                self.add(store, NodeKind::AnnAssign, 0, span, first.0)
            }
            _ => self.add(store, NodeKind::ExprStmt, 0, span, first.0),
        }
    }
}
