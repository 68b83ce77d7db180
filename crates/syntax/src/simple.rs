//! Simple statements: what fits on a line.

use crate::expression::Element;
use crate::grammar::{Grammar, ListBuilder};
use crate::token::TokenKind;
use crate::{NodeId, NodeKind, Source, Store};

impl<S: Source, M: Store + ?Sized> Grammar<'_, S, M> {
    /// One simple statement.
    pub(crate) fn simple(&mut self) -> NodeId {
        match self.token.kind {
            TokenKind::Pass => self.word(NodeKind::Pass),
            TokenKind::Break => self.word(NodeKind::Break),
            TokenKind::Continue => self.word(NodeKind::Continue),
            TokenKind::Return => self.return_statement(),
            TokenKind::Raise => self.pair(NodeKind::Raise, TokenKind::From),
            TokenKind::Assert => self.pair(NodeKind::Assert, TokenKind::Comma),
            TokenKind::Del => self.del(),
            TokenKind::Global => self.names(NodeKind::Global),
            TokenKind::Nonlocal => self.names(NodeKind::Nonlocal),
            TokenKind::Import => self.import(),
            TokenKind::From => self.import_from(),
            _ => self.expression_statement(),
        }
    }

    fn word(&mut self, kind: NodeKind) -> NodeId {
        let node = self.node(kind, self.token.place, 0);
        self.advance();
        node
    }

    fn return_statement(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let value = match self.token.kind.begins_expression() {
            true => self.star_tests(),
            false => NodeId::NONE,
        };
        self.node(NodeKind::Return, place, value.0)
    }

    /// `raise a from b` and `assert a, b`; only `raise` can stand alone.
    fn pair(&mut self, kind: NodeKind, separator: TokenKind) -> NodeId {
        let place = self.token.place;
        self.advance();
        let mut first = NodeId::NONE;
        if kind == NodeKind::Assert || self.token.kind.begins_expression() {
            first = self.test();
            if self.eat(separator) {
                let second = self.test();
                self.link(first, second);
            }
        }
        self.node(kind, place, first.0)
    }

    fn del(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let first = self.element(Element::Target);
        let mut list = ListBuilder::of(first);
        self.more_elements(Element::Target, &mut list);
        self.node(NodeKind::Del, place, first.0)
    }

    fn names(&mut self, kind: NodeKind) -> NodeId {
        let place = self.token.place;
        let mut list = ListBuilder::new();
        // The first round skips the keyword, the others a comma.
        loop {
            self.advance();
            let name = self.name();
            list.push(self.store, name);
            if self.token.kind != TokenKind::Comma {
                return self.node(kind, place, list.first.0);
            }
        }
    }

    fn import(&mut self) -> NodeId {
        let place = self.token.place;
        let mut list = ListBuilder::new();
        loop {
            self.advance();
            let at = self.token.place;
            let mut names = ListBuilder::new();
            self.dotted_name(&mut names);
            self.opt_as_name(&mut names);
            let alias = self.node(NodeKind::Alias, at, names.first.0);
            list.push(self.store, alias);
            if self.token.kind != TokenKind::Comma {
                return self.node(NodeKind::Import, place, list.first.0);
            }
        }
    }

    fn dotted_name(&mut self, list: &mut ListBuilder) {
        loop {
            let name = self.name();
            list.push(self.store, name);
            if !self.eat(TokenKind::Dot) {
                return;
            }
        }
    }

    /// `as name`, after an Absent.
    fn opt_as_name(&mut self, list: &mut ListBuilder) {
        if self.eat(TokenKind::As) {
            let separator = self.absent();
            list.push(self.store, separator);
            let name = self.name();
            list.push(self.store, name);
        }
    }

    fn import_from(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let mut n_dots: u32 = 0;
        loop {
            n_dots = match self.token.kind {
                TokenKind::Dot => n_dots.saturating_add(1),
                TokenKind::Ellipsis => n_dots.saturating_add(3),
                _ => break,
            };
            self.advance();
        }
        let mut list = ListBuilder::new();
        if n_dots == 0 || self.token.kind == TokenKind::Name {
            self.dotted_name(&mut list);
        }
        let separator = self.absent();
        list.push(self.store, separator);
        self.expect(TokenKind::Import);
        if self.token.kind == TokenKind::Star {
            let at = self.token.place;
            let star = self.word(NodeKind::Star);
            let alias = self.node(NodeKind::Alias, at, star.0);
            list.push(self.store, alias);
        } else {
            self.import_names(&mut list);
        }
        self.add(NodeKind::ImportFrom, n_dots.min(0xff_ffff), place, list.first.0)
    }

    /// `a as b, c`, in parentheses or not. COMPAT: a comma may be last without them too.
    fn import_names(&mut self, list: &mut ListBuilder) {
        let parentheses = self.eat(TokenKind::LeftParen);
        loop {
            let at = self.token.place;
            let name = self.name();
            let mut names = ListBuilder::of(name);
            self.opt_as_name(&mut names);
            let alias = self.node(NodeKind::Alias, at, name.0);
            list.push(self.store, alias);
            if !self.eat(TokenKind::Comma) || self.token.kind != TokenKind::Name {
                break;
            }
        }
        if parentheses {
            self.expect(TokenKind::RightParen)
        }
    }

    /// An expression, or any kind of assignment.
    fn expression_statement(&mut self) -> NodeId {
        let place = self.token.place;
        let first = self.yield_or_tests();
        match self.token.kind {
            TokenKind::Equal => {
                let mut list = ListBuilder::of(first);
                while self.eat(TokenKind::Equal) {
                    let value = self.yield_or_tests();
                    list.push(self.store, value);
                }
                self.node(NodeKind::Assign, place, first.0)
            }
            kind if let Some(op) = kind.augmented() => {
                self.advance();
                let value = self.yield_or_tests();
                self.link(first, value);
                self.add(NodeKind::AugAssign, u32::from(op), place, first.0)
            }
            TokenKind::Colon => {
                self.advance();
                let mut list = ListBuilder::of(first);
                let annotation = self.test();
                list.push(self.store, annotation);
                if self.eat(TokenKind::Equal) {
                    let value = self.yield_or_tests();
                    list.push(self.store, value);
                }
                self.node(NodeKind::AnnAssign, place, first.0)
            }
            _ => self.node(NodeKind::ExprStmt, place, first.0),
        }
    }
}
