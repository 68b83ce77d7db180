//! Expressions: tests, operators by precedence, calls and subscripts.
//!
//! Precedence climbing: [`Parser::operand`] reads an operand and every operator that binds at
//! least as tightly as asked for.

use crate::parser::{ListBuilder, Parser};
use crate::token::{TokenKind, comparison};
use crate::{NodeId, NodeKind, Source, Span, Store, Tree};

/// How tightly operators bind.
pub(crate) mod level {
    pub(crate) const OR: u8 = 1;
    pub(crate) const AND: u8 = 2;
    pub(crate) const NOT: u8 = 3;
    pub(crate) const COMPARISON: u8 = 4;
    pub(crate) const BIT_OR: u8 = 5;
    pub(crate) const UNARY: u8 = 11;
    pub(crate) const POWER: u8 = 12;
}

/// Levels of the binary operators. ORDER: `Tree::BINARY_OPERATORS`.
const LEVELS: [u8; 13] = [5, 6, 7, 8, 8, 9, 9, 10, 10, 10, 10, 10, 12];

/// What the elements of a list may be, besides starred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    /// `test`
    Test,
    /// `test` or `name := test`
    Named,
    /// An operand of comparisons, so that `in` can follow: the target of a `for`.
    Target,
}

/// The level of the binary operator that the token is; 0 if it is none.
fn level_of(kind: TokenKind) -> u8 {
    if let Some(op) = kind.binary() {
        return LEVELS.get(usize::from(op)).copied().unwrap_or(0);
    }
    match kind {
        TokenKind::Or => level::OR,
        TokenKind::And => level::AND,
        TokenKind::In | TokenKind::Is | TokenKind::Not => level::COMPARISON,
        _ if kind.comparison().is_some() => level::COMPARISON,
        _ => 0,
    }
}

impl<S: Source> Parser<S> {
    /// A conditional, a lambda, or what is simpler. `a if b else c if d else e` loops.
    pub(crate) fn test<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let mut first = NodeId::NONE;
        // The last child so far of the last conditional, whose `else` comes next.
        let mut pending = NodeId::NONE;
        loop {
            let span = self.token.span;
            let value = match self.token.kind {
                TokenKind::Lambda => self.lambda(store, true),
                _ => self.operand(store, level::OR),
            };
            let mut link = value;
            let conditional = self.eat(store, TokenKind::If);
            if conditional {
                let condition = self.operand(store, level::OR);
                self.expect(store, TokenKind::Else);
                Tree::set_next(store, condition, value);
                link = self.add(store, NodeKind::Conditional, 0, span, condition.0);
            }
            if pending.is_none() {
                first = link;
            } else {
                Tree::set_next(store, pending, link);
            }
            if !conditional {
                return first;
            }
            pending = value;
        }
    }

    /// `lambda parameters: body`. The body has no conditional where one could not be told from
    /// the condition of a comprehension.
    pub(crate) fn lambda<M: Store + ?Sized>(&mut self, store: &mut M, conditional: bool) -> NodeId {
        self.enter();
        let span = self.token.span;
        self.advance(store);
        let parameters = self.parameters(store, TokenKind::Colon);
        self.expect(store, TokenKind::Colon);
        let body = if conditional { self.test(store) } else { self.unconditional(store) };
        Tree::set_next(store, parameters, body);
        self.leave();
        self.add(store, NodeKind::Lambda, 0, span, parameters.0)
    }

    /// A test that is no conditional.
    pub(crate) fn unconditional<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        match self.token.kind {
            TokenKind::Lambda => self.lambda(store, false),
            _ => self.operand(store, level::OR),
        }
    }

    /// `test` or `name := test`.
    pub(crate) fn named_test<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let node = self.test(store);
        if self.token.kind == TokenKind::Walrus { self.walrus(store, node, span) } else { node }
    }

    /// `:= test` after its target. SIZE: inlined, it would widen every frame of a nested call.
    #[inline(never)]
    pub(crate) fn walrus<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        target: NodeId,
        span: Span,
    ) -> NodeId {
        if Tree::node(store, target).kind != NodeKind::Name {
            return self.wrong("can't assign to expression", span);
        }
        self.enter();
        self.advance(store);
        let value = self.test(store);
        Tree::set_next(store, target, value);
        self.leave();
        self.add(store, NodeKind::Walrus, 0, span, target.0)
    }

    /// One element of a list; `*operand` too.
    pub(crate) fn element<M: Store + ?Sized>(&mut self, store: &mut M, element: Element) -> NodeId {
        if self.token.kind == TokenKind::Star {
            return self.starred(store, NodeKind::Starred);
        }
        match element {
            Element::Test => self.test(store),
            Element::Named => self.named_test(store),
            Element::Target => self.operand(store, level::BIT_OR),
        }
    }

    /// `*operand` or `**operand`; the operator is the current token.
    pub(crate) fn starred<M: Store + ?Sized>(&mut self, store: &mut M, kind: NodeKind) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let operand = self.operand(store, level::BIT_OR);
        self.add(store, kind, 0, span, operand.0)
    }

    /// Reads `, element` again and again. A comma may be last.
    pub(crate) fn more_elements<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        element: Element,
        list: &mut ListBuilder,
    ) {
        while self.eat(store, TokenKind::Comma) && self.token.kind.begins_expression() {
            let node = self.element(store, element);
            list.push(store, node);
        }
    }

    /// Elements without brackets: one, or a Tuple.
    pub(crate) fn elements<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        element: Element,
    ) -> NodeId {
        let span = self.token.span;
        let first = self.element(store, element);
        if self.token.kind != TokenKind::Comma {
            return first;
        }
        let mut list = ListBuilder::of(first);
        self.more_elements(store, element, &mut list);
        self.add(store, NodeKind::Tuple, 0, span, first.0)
    }

    /// What stands on the right of `=`: tests, or a Tuple of them.
    pub(crate) fn star_tests<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        self.elements(store, Element::Test)
    }

    /// The same, or `yield`.
    pub(crate) fn yield_or_tests<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        match self.token.kind {
            TokenKind::Yield => self.yield_expression(store),
            _ => self.star_tests(store),
        }
    }

    /// `yield`, `yield tests` or `yield from test`.
    pub(crate) fn yield_expression<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        if self.eat(store, TokenKind::From) {
            let iterable = self.test(store);
            return self.add(store, NodeKind::YieldFrom, 0, span, iterable.0);
        }
        let value = match self.token.kind.begins_expression() {
            true => self.star_tests(store),
            false => NodeId::NONE,
        };
        self.add(store, NodeKind::Yield, 0, span, value.0)
    }

    /// An operand with the operators after it that bind at `min` or tighter.
    pub(crate) fn operand<M: Store + ?Sized>(&mut self, store: &mut M, min: u8) -> NodeId {
        self.enter();
        let span = self.token.span;
        let mut left = match self.token.kind {
            TokenKind::Not if min <= level::NOT => {
                self.advance(store);
                let operand = self.operand(store, level::NOT);
                self.add(store, NodeKind::Not, 0, span, operand.0)
            }
            TokenKind::Plus => self.unary(store, 0),
            TokenKind::Minus => self.unary(store, 1),
            TokenKind::Tilde => self.unary(store, 2),
            _ => self.primary(store),
        };
        loop {
            let kind = self.token.kind;
            let level = level_of(kind);
            if level < min {
                break;
            }
            left = match kind {
                _ if let Some(op) = kind.binary() => {
                    self.advance(store);
                    // A power's right side may have a sign, and is a power first.
                    let right_min = if level == level::POWER { level::UNARY } else { level + 1 };
                    let right = self.operand(store, right_min);
                    Tree::set_next(store, left, right);
                    self.add(store, NodeKind::Binary, u32::from(op), span, left.0)
                }
                TokenKind::And | TokenKind::Or => self.logical(store, kind, level, left, span),
                _ => self.comparison(store, left, span),
            };
        }
        self.leave();
        left
    }

    fn unary<M: Store + ?Sized>(&mut self, store: &mut M, aux: u32) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let operand = self.operand(store, level::UNARY);
        self.add(store, NodeKind::Unary, aux, span, operand.0)
    }

    /// The rest of `left and b and c`, which is one node.
    fn logical<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        kind: TokenKind,
        level: u8,
        left: NodeId,
        span: Span,
    ) -> NodeId {
        let mut list = ListBuilder::of(left);
        while self.eat(store, kind) {
            let operand = self.operand(store, level + 1);
            list.push(store, operand);
        }
        let kind = if kind == TokenKind::And { NodeKind::And } else { NodeKind::Or };
        self.add(store, kind, 0, span, left.0)
    }

    /// The rest of `left < b < c`, which is one node.
    fn comparison<M: Store + ?Sized>(&mut self, store: &mut M, left: NodeId, span: Span) -> NodeId {
        let mut list = ListBuilder::of(left);
        loop {
            let at = self.token.span;
            let op = match self.token.kind {
                TokenKind::In => comparison::IN,
                TokenKind::Is => comparison::IS,
                TokenKind::Not => comparison::NOT_IN,
                kind => match kind.comparison() {
                    Some(op) => op,
                    None => break,
                },
            };
            self.advance(store);
            let op = match op {
                comparison::NOT_IN => {
                    self.expect(store, TokenKind::In);
                    op
                }
                comparison::IS if self.eat(store, TokenKind::Not) => comparison::IS_NOT,
                _ => op,
            };
            let operand = self.operand(store, level::BIT_OR);
            let tail = self.add(store, NodeKind::CompareTail, u32::from(op), at, operand.0);
            list.push(store, tail);
        }
        self.add(store, NodeKind::Compare, 0, span, left.0)
    }

    /// An atom with its calls, subscripts and attributes; `await` before it.
    fn primary<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let awaits = self.eat(store, TokenKind::Await);
        let mut node = self.atom(store);
        loop {
            let kind = match self.token.kind {
                TokenKind::LeftParen => NodeKind::Call,
                TokenKind::LeftBracket => NodeKind::Subscript,
                TokenKind::Dot => NodeKind::Attribute,
                _ => break,
            };
            let trailer = match kind {
                NodeKind::Call => self.arguments(store),
                NodeKind::Subscript => self.subscript(store),
                _ => {
                    self.advance(store);
                    self.name(store)
                }
            };
            Tree::set_next(store, node, trailer);
            node = self.add(store, kind, 0, span, node.0);
        }
        if awaits { self.add(store, NodeKind::Await, 0, span, node.0) } else { node }
    }

    /// `[index]` after its object.
    fn subscript<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        self.advance(store);
        let first = self.index(store);
        let mut node = first;
        if self.token.kind == TokenKind::Comma {
            let mut list = ListBuilder::of(first);
            while self.eat(store, TokenKind::Comma) && self.token.kind != TokenKind::RightBracket {
                let index = self.index(store);
                list.push(store, index);
            }
            node = self.add(store, NodeKind::Tuple, 0, span, first.0);
        }
        self.expect(store, TokenKind::RightBracket);
        node
    }

    /// One index, or a slice.
    fn index<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let start = match self.token.kind {
            TokenKind::Colon => self.absent(store),
            _ => self.named_test(store),
        };
        if self.token.kind != TokenKind::Colon {
            return start;
        }
        let mut list = ListBuilder::of(start);
        for _ in 0..2 {
            // Without the second colon the step is absent.
            let colon = self.eat(store, TokenKind::Colon);
            let part = match self.token.kind {
                TokenKind::Colon | TokenKind::Comma | TokenKind::RightBracket => self.absent(store),
                _ if !colon => self.absent(store),
                _ => self.test(store),
            };
            list.push(store, part);
        }
        self.add(store, NodeKind::Slice, 0, span, start.0)
    }

    /// `(arguments)` of a call or a class; at the parenthesis.
    pub(crate) fn arguments<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let mut list = ListBuilder::new();
        let (mut keywords, mut unpacks) = (false, false);
        self.advance(store);
        while self.token.kind != TokenKind::RightParen {
            let at = self.token.span;
            let node = self.argument(store);
            let problem = match Tree::node(store, node).kind {
                NodeKind::DoubleStar => {
                    (keywords, unpacks) = (true, true);
                    None
                }
                NodeKind::Keyword => {
                    keywords = true;
                    None
                }
                NodeKind::Starred if unpacks => Some("* arg after **"),
                NodeKind::Starred if keywords => Some("* arg after kwarg"),
                // COMPAT: MicroPython lets these two through, anywhere.
                NodeKind::Starred | NodeKind::GeneratorExp | NodeKind::Walrus => None,
                _ if unpacks => Some("positional arg after **"),
                _ if keywords => Some("positional arg after keyword arg"),
                _ => None,
            };
            if let Some(text) = problem {
                return self.wrong(text, at);
            }
            list.push(store, node);
            if !self.eat(store, TokenKind::Comma) {
                break;
            }
        }
        self.expect(store, TokenKind::RightParen);
        self.add(store, NodeKind::Arguments, 0, span, list.first.0)
    }

    fn argument<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let star = match self.token.kind {
            TokenKind::Star => NodeKind::Starred,
            TokenKind::DoubleStar => NodeKind::DoubleStar,
            _ => NodeKind::Absent,
        };
        if star != NodeKind::Absent {
            self.advance(store);
            let operand = self.test(store);
            return self.add(store, star, 0, span, operand.0);
        }
        let node = self.named_test(store);
        match self.token.kind {
            TokenKind::For | TokenKind::Async => {
                self.comprehension(store, NodeKind::GeneratorExp, node, span)
            }
            TokenKind::Equal if Tree::node(store, node).kind != NodeKind::Name => {
                self.wrong("LHS of keyword arg must be an id", span)
            }
            TokenKind::Equal => {
                self.advance(store);
                let value = self.test(store);
                Tree::set_next(store, node, value);
                self.add(store, NodeKind::Keyword, 0, span, node.0)
            }
            _ => node,
        }
    }
}
