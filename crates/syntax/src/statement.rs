//! Statements: lines, blocks and the compound statements.

use crate::expression::Element;
use crate::parser::{ListBuilder, Parser};
use crate::token::TokenKind;
use crate::{NodeId, NodeKind, Source, Store, Tree};

impl<S: Source> Parser<S> {
    /// A compound statement, or the Block of a line. A line's end is left unread, so that no more
    /// than the line is waited for.
    pub(crate) fn top_level_statement<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        if begins_compound(self.token.kind) {
            return self.compound(store);
        }
        let mut list = ListBuilder::new();
        self.line(store, &mut list);
        self.add(store, NodeKind::Block, 0, span, list.first.0)
    }

    /// `simple; simple` up to the Newline, which is not consumed.
    fn line<M: Store + ?Sized>(&mut self, store: &mut M, list: &mut ListBuilder) {
        loop {
            let node = self.simple(store);
            list.push(store, node);
            let more = self.eat(store, TokenKind::Semicolon);
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
    fn suite<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        self.expect(store, TokenKind::Colon);
        self.enter();
        let span = self.token.span;
        let mut list = ListBuilder::new();
        if self.eat(store, TokenKind::Newline) {
            if self.token.kind != TokenKind::Indent {
                return self.unexpected();
            }
            self.advance(store);
            while !self.eat(store, TokenKind::Dedent) && self.token.kind != TokenKind::End {
                if begins_compound(self.token.kind) {
                    let node = self.compound(store);
                    list.push(store, node);
                } else {
                    self.line(store, &mut list);
                    self.advance(store);
                }
            }
        } else {
            self.line(store, &mut list);
            self.advance(store);
        }
        self.leave();
        self.add(store, NodeKind::Block, 0, span, list.first.0)
    }

    fn compound<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        match self.token.kind {
            TokenKind::If => self.if_statement(store),
            TokenKind::While => self.while_statement(store),
            TokenKind::For => self.for_statement(store, 0),
            TokenKind::Try => self.try_statement(store),
            TokenKind::With => self.with_statement(store, 0),
            TokenKind::Def => self.function(store, 0),
            TokenKind::Class => self.class(store),
            TokenKind::Async => {
                self.advance(store);
                match self.token.kind {
                    TokenKind::For => self.for_statement(store, 1),
                    TokenKind::With => self.with_statement(store, 1),
                    _ => self.function(store, 1),
                }
            }
            _ => self.decorated(store),
        }
    }

    /// `if`, with its `elif`s nested through the else-parts, in a loop.
    fn if_statement<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let mut first = NodeId::NONE;
        let mut last_block = NodeId::NONE;
        loop {
            let span = self.token.span;
            self.advance(store);
            let condition = self.named_test(store);
            let block = self.suite(store);
            Tree::set_next(store, condition, block);
            let node = self.add(store, NodeKind::If, 0, span, condition.0);
            if last_block.is_none() {
                first = node;
            } else {
                Tree::set_next(store, last_block, node);
            }
            last_block = block;
            if self.token.kind != TokenKind::Elif {
                break;
            }
        }
        let mut list = ListBuilder::of(last_block);
        self.opt_else(store, &mut list);
        first
    }

    /// Appends the Block of an `else`, if there is one.
    fn opt_else<M: Store + ?Sized>(&mut self, store: &mut M, list: &mut ListBuilder) -> bool {
        let found = self.eat(store, TokenKind::Else);
        if found {
            let block = self.suite(store);
            list.push(store, block);
        }
        found
    }

    fn while_statement<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let condition = self.named_test(store);
        let mut list = ListBuilder::of(condition);
        let block = self.suite(store);
        list.push(store, block);
        self.opt_else(store, &mut list);
        self.add(store, NodeKind::While, 0, span, condition.0)
    }

    fn for_statement<M: Store + ?Sized>(&mut self, store: &mut M, aux: u32) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let target = self.elements(store, Element::Target);
        let mut list = ListBuilder::of(target);
        self.expect(store, TokenKind::In);
        let iterable = self.star_tests(store);
        list.push(store, iterable);
        let block = self.suite(store);
        list.push(store, block);
        self.opt_else(store, &mut list);
        self.add(store, NodeKind::For, aux, span, target.0)
    }

    fn try_statement<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let block = self.suite(store);
        let mut list = ListBuilder::of(block);
        let mut handled = false;
        while self.token.kind == TokenKind::Except {
            let handler = self.handler(store);
            list.push(store, handler);
            handled = true;
        }
        if !handled || !self.opt_else(store, &mut list) {
            let absent = self.absent(store);
            list.push(store, absent);
        }
        let last = if self.eat(store, TokenKind::Finally) {
            self.suite(store)
        } else if handled {
            self.absent(store)
        } else {
            return self.unexpected();
        };
        list.push(store, last);
        self.add(store, NodeKind::Try, 0, span, block.0)
    }

    fn handler<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let (class, name) = if self.token.kind == TokenKind::Colon {
            (self.absent(store), self.absent(store))
        } else {
            let class = self.test(store);
            let name = match self.eat(store, TokenKind::As) {
                true => self.name(store),
                false => self.absent(store),
            };
            (class, name)
        };
        let mut list = ListBuilder::of(class);
        list.push(store, name);
        let block = self.suite(store);
        list.push(store, block);
        self.add(store, NodeKind::Handler, 0, span, class.0)
    }

    fn with_statement<M: Store + ?Sized>(&mut self, store: &mut M, aux: u32) -> NodeId {
        let span = self.token.span;
        let mut list = ListBuilder::new();
        // The first round skips `with`, the others a comma.
        loop {
            self.advance(store);
            let at = self.token.span;
            let context = self.test(store);
            if self.eat(store, TokenKind::As) {
                let target = self.element(store, Element::Target);
                Tree::set_next(store, context, target);
            }
            let item = self.add(store, NodeKind::WithItem, 0, at, context.0);
            list.push(store, item);
            if self.token.kind != TokenKind::Comma {
                break;
            }
        }
        let block = self.suite(store);
        list.push(store, block);
        self.add(store, NodeKind::With, aux, span, list.first.0)
    }

    fn function<M: Store + ?Sized>(&mut self, store: &mut M, aux: u32) -> NodeId {
        let span = self.token.span;
        self.expect(store, TokenKind::Def);
        let mut list = self.signature(store);
        let block = self.suite(store);
        list.push(store, block);
        self.add(store, NodeKind::FunctionDef, aux, span, list.first.0)
    }

    fn class<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let name = self.name(store);
        let mut list = ListBuilder::of(name);
        let arguments = match self.token.kind {
            TokenKind::LeftParen => self.arguments(store),
            _ => self.add(store, NodeKind::Arguments, 0, span, 0),
        };
        list.push(store, arguments);
        let block = self.suite(store);
        list.push(store, block);
        self.add(store, NodeKind::ClassDef, 0, span, name.0)
    }

    /// COMPAT: a decorator may be any expression; MicroPython has dotted names and calls only.
    fn decorated<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let mut list = ListBuilder::new();
        while self.eat(store, TokenKind::At) {
            let decorator = self.named_test(store);
            list.push(store, decorator);
            self.expect(store, TokenKind::Newline);
        }
        let node = match self.token.kind {
            TokenKind::Class => self.class(store),
            TokenKind::Async => {
                self.advance(store);
                self.function(store, 1)
            }
            _ => self.function(store, 0),
        };
        list.push(store, node);
        self.add(store, NodeKind::Decorated, 0, span, list.first.0)
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
