//! Statements: lines, blocks and the compound statements.

use crate::expression::Element;
use crate::grammar::{Grammar, ListBuilder};
use crate::token::TokenKind;
use crate::{NodeId, NodeKind, Source, Store};

impl<S: Source, M: Store + ?Sized> Grammar<'_, S, M> {
    /// A compound statement, or the Block of a line. A line's end is left unread, so that no more
    /// than the line is waited for.
    pub(crate) fn top_level_statement(&mut self) -> NodeId {
        let place = self.token.place;
        if begins_compound(self.token.kind) {
            return self.compound();
        }
        let mut list = ListBuilder::new();
        self.line(&mut list);
        self.node(NodeKind::Block, place, list.first.0)
    }

    /// `simple; simple` up to the Newline, which is not consumed.
    fn line(&mut self, list: &mut ListBuilder) {
        loop {
            let node = self.simple();
            list.push(self.store, node);
            let more = self.eat(TokenKind::Semicolon);
            if self.token.kind == TokenKind::Newline {
                return;
            }
            if !more {
                self.unexpected();
                return;
            }
        }
    }

    /// `: line` or `:` and an indented block.
    fn suite(&mut self) -> NodeId {
        self.expect(TokenKind::Colon);
        self.enter();
        let place = self.token.place;
        let mut list = ListBuilder::new();
        if self.eat(TokenKind::Newline) {
            if self.token.kind != TokenKind::Indent {
                return self.unexpected();
            }
            self.advance();
            while !self.eat(TokenKind::Dedent) && self.token.kind != TokenKind::End {
                if begins_compound(self.token.kind) {
                    let node = self.compound();
                    list.push(self.store, node);
                } else {
                    self.line(&mut list);
                    self.advance();
                }
            }
        } else {
            self.line(&mut list);
            self.advance();
        }
        self.leave();
        self.node(NodeKind::Block, place, list.first.0)
    }

    fn compound(&mut self) -> NodeId {
        match self.token.kind {
            TokenKind::If => self.if_statement(),
            TokenKind::While => self.while_statement(),
            TokenKind::For => self.for_statement(0),
            TokenKind::Try => self.try_statement(),
            TokenKind::With => self.with_statement(0),
            TokenKind::Def => self.function(0),
            TokenKind::Class => self.class(),
            TokenKind::Async => {
                self.advance();
                match self.token.kind {
                    TokenKind::For => self.for_statement(1),
                    TokenKind::With => self.with_statement(1),
                    _ => self.function(1),
                }
            }
            _ => self.decorated(),
        }
    }

    /// `if`, with its `elif`s nested through the else-parts, in a loop.
    fn if_statement(&mut self) -> NodeId {
        let mut first = NodeId::NONE;
        let mut last_block = NodeId::NONE;
        loop {
            let place = self.token.place;
            self.advance();
            let condition = self.named_test();
            let block = self.suite();
            self.link(condition, block);
            let node = self.node(NodeKind::If, place, condition.0);
            if last_block.is_none() {
                first = node;
            } else {
                self.link(last_block, node);
            }
            last_block = block;
            if self.token.kind != TokenKind::Elif {
                break;
            }
        }
        let mut list = ListBuilder::of(last_block);
        self.opt_else(&mut list);
        first
    }

    /// Appends the Block of an `else`, if there is one.
    fn opt_else(&mut self, list: &mut ListBuilder) -> bool {
        let found = self.eat(TokenKind::Else);
        if found {
            let block = self.suite();
            list.push(self.store, block);
        }
        found
    }

    fn while_statement(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let condition = self.named_test();
        let mut list = ListBuilder::of(condition);
        let block = self.suite();
        list.push(self.store, block);
        self.opt_else(&mut list);
        self.node(NodeKind::While, place, condition.0)
    }

    fn for_statement(&mut self, aux: u32) -> NodeId {
        let place = self.token.place;
        self.advance();
        let target = self.elements(Element::Target);
        let mut list = ListBuilder::of(target);
        self.expect(TokenKind::In);
        let iterable = self.star_tests();
        list.push(self.store, iterable);
        let block = self.suite();
        list.push(self.store, block);
        self.opt_else(&mut list);
        self.add(NodeKind::For, aux, place, target.0)
    }

    fn try_statement(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let block = self.suite();
        let mut list = ListBuilder::of(block);
        let mut handled = false;
        while self.token.kind == TokenKind::Except {
            let handler = self.handler();
            list.push(self.store, handler);
            handled = true;
        }
        if !handled || !self.opt_else(&mut list) {
            let absent = self.absent();
            list.push(self.store, absent);
        }
        let last = if self.eat(TokenKind::Finally) {
            self.suite()
        } else if handled {
            self.absent()
        } else {
            return self.unexpected();
        };
        list.push(self.store, last);
        self.node(NodeKind::Try, place, block.0)
    }

    fn handler(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let (class, name) = if self.token.kind == TokenKind::Colon {
            (self.absent(), self.absent())
        } else {
            let class = self.test();
            let name = match self.eat(TokenKind::As) {
                true => self.name(),
                false => self.absent(),
            };
            (class, name)
        };
        let mut list = ListBuilder::of(class);
        list.push(self.store, name);
        let block = self.suite();
        list.push(self.store, block);
        self.node(NodeKind::Handler, place, class.0)
    }

    fn with_statement(&mut self, aux: u32) -> NodeId {
        let place = self.token.place;
        let mut list = ListBuilder::new();
        // The first round skips `with`, the others a comma.
        loop {
            self.advance();
            let at = self.token.place;
            let context = self.test();
            if self.eat(TokenKind::As) {
                let target = self.element(Element::Target);
                self.link(context, target);
            }
            let item = self.node(NodeKind::WithItem, at, context.0);
            list.push(self.store, item);
            if self.token.kind != TokenKind::Comma {
                break;
            }
        }
        let block = self.suite();
        list.push(self.store, block);
        self.add(NodeKind::With, aux, place, list.first.0)
    }

    fn function(&mut self, aux: u32) -> NodeId {
        let place = self.token.place;
        self.expect(TokenKind::Def);
        let mut list = self.signature();
        let block = self.suite();
        list.push(self.store, block);
        self.add(NodeKind::FunctionDef, aux, place, list.first.0)
    }

    fn class(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let name = self.name();
        let mut list = ListBuilder::of(name);
        let arguments = match self.token.kind {
            TokenKind::LeftParen => self.arguments(),
            _ => self.node(NodeKind::Arguments, place, 0),
        };
        list.push(self.store, arguments);
        let block = self.suite();
        list.push(self.store, block);
        self.node(NodeKind::ClassDef, place, name.0)
    }

    /// COMPAT: a decorator may be any expression; MicroPython has dotted names and calls only.
    fn decorated(&mut self) -> NodeId {
        let place = self.token.place;
        let mut list = ListBuilder::new();
        while self.eat(TokenKind::At) {
            let decorator = self.named_test();
            list.push(self.store, decorator);
            self.expect(TokenKind::Newline);
        }
        let node = match self.token.kind {
            TokenKind::Class => self.class(),
            TokenKind::Async => {
                self.advance();
                self.function(1)
            }
            _ => self.function(0),
        };
        list.push(self.store, node);
        self.node(NodeKind::Decorated, place, list.first.0)
    }
}

fn begins_compound(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::If
            | TokenKind::While
            | TokenKind::For
            | TokenKind::Try
            | TokenKind::With
            | TokenKind::Def
            | TokenKind::Class
            | TokenKind::Async
            | TokenKind::At
    )
}
