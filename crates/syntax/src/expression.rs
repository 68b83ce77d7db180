//! Expressions: tests, operators by precedence, calls and subscripts.
//!
//! Precedence climbing: [`Grammar::operand`] reads an operand and every operator that binds at
//! least as tightly as asked for.

use crate::grammar::{Grammar, ListBuilder};
use crate::token::{TokenKind, comparison};
use crate::tree::Place;
use crate::{NodeId, NodeKind, Source, Store, Tree};

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

impl<S: Source, M: Store + ?Sized> Grammar<'_, S, M> {
    /// A conditional, a lambda, or what is simpler. `a if b else c if d else e` loops.
    pub(crate) fn test(&mut self) -> NodeId {
        let mut first = NodeId::NONE;
        // The last child so far of the last conditional, whose `else` comes next.
        let mut pending = NodeId::NONE;
        loop {
            let place = self.token.place;
            let value = match self.token.kind {
                TokenKind::Lambda => self.lambda(true),
                _ => self.operand(level::OR),
            };
            let mut link = value;
            let conditional = self.eat(TokenKind::If);
            if conditional {
                let condition = self.operand(level::OR);
                self.expect(TokenKind::Else);
                self.link(condition, value);
                link = self.node(NodeKind::Conditional, place, condition.0);
            }
            if pending.is_none() {
                first = link;
            } else {
                self.link(pending, link);
            }
            if !conditional {
                return first;
            }
            pending = value;
        }
    }

    /// `lambda parameters: body`. The body has no conditional where one could not be told from
    /// the condition of a comprehension.
    pub(crate) fn lambda(&mut self, conditional: bool) -> NodeId {
        self.enter();
        let place = self.token.place;
        self.advance();
        let parameters = self.parameters(TokenKind::Colon);
        self.expect(TokenKind::Colon);
        let body = if conditional { self.test() } else { self.unconditional() };
        self.link(parameters, body);
        self.leave();
        self.node(NodeKind::Lambda, place, parameters.0)
    }

    /// A test that is no conditional.
    pub(crate) fn unconditional(&mut self) -> NodeId {
        match self.token.kind {
            TokenKind::Lambda => self.lambda(false),
            _ => self.operand(level::OR),
        }
    }

    /// `test` or `name := test`.
    pub(crate) fn named_test(&mut self) -> NodeId {
        let place = self.token.place;
        let node = self.test();
        if self.token.kind == TokenKind::Walrus { self.walrus(node, place) } else { node }
    }

    /// `:= test` after its target. SIZE: inlined, it would widen every frame of a nested call.
    #[inline(never)]
    pub(crate) fn walrus(&mut self, target: NodeId, place: Place) -> NodeId {
        if Tree::node(self.store, target).kind != NodeKind::Name {
            return self.wrong("can't assign to expression", place);
        }
        self.enter();
        self.advance();
        let value = self.test();
        self.link(target, value);
        self.leave();
        self.node(NodeKind::Walrus, place, target.0)
    }

    /// One element of a list; `*operand` too.
    pub(crate) fn element(&mut self, element: Element) -> NodeId {
        if self.token.kind == TokenKind::Star {
            return self.starred(NodeKind::Starred);
        }
        match element {
            Element::Test => self.test(),
            Element::Named => self.named_test(),
            Element::Target => self.operand(level::BIT_OR),
        }
    }

    /// `*operand` or `**operand`; the operator is the current token.
    pub(crate) fn starred(&mut self, kind: NodeKind) -> NodeId {
        let place = self.token.place;
        self.advance();
        let operand = self.operand(level::BIT_OR);
        self.node(kind, place, operand.0)
    }

    /// Reads `, element` again and again. A comma may be last.
    pub(crate) fn more_elements(&mut self, element: Element, list: &mut ListBuilder) {
        while self.eat(TokenKind::Comma) && self.token.kind.begins_expression() {
            let node = self.element(element);
            list.push(self.store, node);
        }
    }

    /// Elements without brackets: one, or a Tuple.
    pub(crate) fn elements(&mut self, element: Element) -> NodeId {
        let place = self.token.place;
        let first = self.element(element);
        if self.token.kind != TokenKind::Comma {
            return first;
        }
        let mut list = ListBuilder::of(first);
        self.more_elements(element, &mut list);
        self.node(NodeKind::Tuple, place, first.0)
    }

    /// What stands on the right of `=`: tests, or a Tuple of them.
    pub(crate) fn star_tests(&mut self) -> NodeId {
        self.elements(Element::Test)
    }

    /// The same, or `yield`.
    pub(crate) fn yield_or_tests(&mut self) -> NodeId {
        match self.token.kind {
            TokenKind::Yield => self.yield_expression(),
            _ => self.star_tests(),
        }
    }

    /// `yield`, `yield tests` or `yield from test`.
    pub(crate) fn yield_expression(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        if self.eat(TokenKind::From) {
            let iterable = self.test();
            return self.node(NodeKind::YieldFrom, place, iterable.0);
        }
        let value = match self.token.kind.begins_expression() {
            true => self.star_tests(),
            false => NodeId::NONE,
        };
        self.node(NodeKind::Yield, place, value.0)
    }

    /// An operand with the operators after it that bind at `min` or tighter.
    pub(crate) fn operand(&mut self, min: u8) -> NodeId {
        self.enter();
        let place = self.token.place;
        let mut left = match self.token.kind {
            TokenKind::Not if min <= level::NOT => {
                self.advance();
                let operand = self.operand(level::NOT);
                self.node(NodeKind::Not, place, operand.0)
            }
            TokenKind::Plus => self.unary(0),
            TokenKind::Minus => self.unary(1),
            TokenKind::Tilde => self.unary(2),
            _ => self.primary(),
        };
        loop {
            let kind = self.token.kind;
            let level = level_of(kind);
            if level < min {
                break;
            }
            left = match kind {
                _ if let Some(op) = kind.binary() => {
                    self.advance();
                    // A power's right side may have a sign, and is a power first.
                    let right_min = if level == level::POWER { level::UNARY } else { level + 1 };
                    let right = self.operand(right_min);
                    self.link(left, right);
                    self.add(NodeKind::Binary, u32::from(op), place, left.0)
                }
                TokenKind::And | TokenKind::Or => self.logical(kind, level, left, place),
                _ => self.comparison(left, place),
            };
        }
        self.leave();
        left
    }

    fn unary(&mut self, aux: u32) -> NodeId {
        let place = self.token.place;
        self.advance();
        let operand = self.operand(level::UNARY);
        self.add(NodeKind::Unary, aux, place, operand.0)
    }

    /// The rest of `left and b and c`, which is one node.
    fn logical(&mut self, kind: TokenKind, level: u8, left: NodeId, place: Place) -> NodeId {
        let mut list = ListBuilder::of(left);
        while self.eat(kind) {
            let operand = self.operand(level + 1);
            list.push(self.store, operand);
        }
        let kind = if kind == TokenKind::And { NodeKind::And } else { NodeKind::Or };
        self.node(kind, place, left.0)
    }

    /// The rest of `left < b < c`, which is one node.
    fn comparison(&mut self, left: NodeId, place: Place) -> NodeId {
        let mut list = ListBuilder::of(left);
        loop {
            let at = self.token.place;
            let op = match self.token.kind {
                TokenKind::In => comparison::IN,
                TokenKind::Is => comparison::IS,
                TokenKind::Not => comparison::NOT_IN,
                kind => match kind.comparison() {
                    Some(op) => op,
                    None => break,
                },
            };
            self.advance();
            let op = match op {
                comparison::NOT_IN => {
                    self.expect(TokenKind::In);
                    op
                }
                comparison::IS if self.eat(TokenKind::Not) => comparison::IS_NOT,
                _ => op,
            };
            let operand = self.operand(level::BIT_OR);
            let tail = self.add(NodeKind::CompareTail, u32::from(op), at, operand.0);
            list.push(self.store, tail);
        }
        self.node(NodeKind::Compare, place, left.0)
    }

    /// An atom with its calls, subscripts and attributes; `await` before it.
    fn primary(&mut self) -> NodeId {
        let place = self.token.place;
        let awaits = self.eat(TokenKind::Await);
        let mut node = self.atom();
        loop {
            let kind = match self.token.kind {
                TokenKind::LeftParen => NodeKind::Call,
                TokenKind::LeftBracket => NodeKind::Subscript,
                TokenKind::Dot => NodeKind::Attribute,
                _ => break,
            };
            let trailer = match kind {
                NodeKind::Call => self.arguments(),
                NodeKind::Subscript => self.subscript(),
                _ => {
                    self.advance();
                    self.name()
                }
            };
            self.link(node, trailer);
            node = self.node(kind, place, node.0);
        }
        if awaits { self.node(NodeKind::Await, place, node.0) } else { node }
    }

    /// `[index]` after its object.
    fn subscript(&mut self) -> NodeId {
        let place = self.token.place;
        self.advance();
        let first = self.index();
        let mut node = first;
        if self.token.kind == TokenKind::Comma {
            let mut list = ListBuilder::of(first);
            while self.eat(TokenKind::Comma) && self.token.kind != TokenKind::RightBracket {
                let index = self.index();
                list.push(self.store, index);
            }
            node = self.node(NodeKind::Tuple, place, first.0);
        }
        self.expect(TokenKind::RightBracket);
        node
    }

    /// One index, or a slice.
    fn index(&mut self) -> NodeId {
        let place = self.token.place;
        let start = match self.token.kind {
            TokenKind::Colon => self.absent(),
            _ => self.named_test(),
        };
        if self.token.kind != TokenKind::Colon {
            return start;
        }
        let mut list = ListBuilder::of(start);
        for _ in 0..2 {
            // Without the second colon the step is absent.
            let colon = self.eat(TokenKind::Colon);
            let part = match self.token.kind {
                TokenKind::Colon | TokenKind::Comma | TokenKind::RightBracket => self.absent(),
                _ if !colon => self.absent(),
                _ => self.test(),
            };
            list.push(self.store, part);
        }
        self.node(NodeKind::Slice, place, start.0)
    }

    /// `(arguments)` of a call or a class; at the parenthesis.
    pub(crate) fn arguments(&mut self) -> NodeId {
        let place = self.token.place;
        let mut list = ListBuilder::new();
        let (mut keywords, mut unpacks) = (false, false);
        self.advance();
        while self.token.kind != TokenKind::RightParen {
            let at = self.token.place;
            let node = self.argument();
            let problem = match Tree::node(self.store, node).kind {
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
            list.push(self.store, node);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightParen);
        self.node(NodeKind::Arguments, place, list.first.0)
    }

    fn argument(&mut self) -> NodeId {
        let place = self.token.place;
        let star = match self.token.kind {
            TokenKind::Star => NodeKind::Starred,
            TokenKind::DoubleStar => NodeKind::DoubleStar,
            _ => NodeKind::Absent,
        };
        if star != NodeKind::Absent {
            self.advance();
            let operand = self.test();
            return self.node(star, place, operand.0);
        }
        let node = self.named_test();
        match self.token.kind {
            TokenKind::For | TokenKind::Async => {
                self.comprehension(NodeKind::GeneratorExp, node, place)
            }
            TokenKind::Equal if Tree::node(self.store, node).kind != NodeKind::Name => {
                self.wrong("LHS of keyword arg must be an id", place)
            }
            TokenKind::Equal => {
                self.advance();
                let value = self.test();
                self.link(node, value);
                self.node(NodeKind::Keyword, place, node.0)
            }
            _ => node,
        }
    }
}
