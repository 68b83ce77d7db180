//! Parameters of functions and lambdas.

use crate::grammar::{Grammar, ListBuilder};
use crate::token::TokenKind;
use crate::{NodeId, NodeKind, Source, Store};

/// What has been seen so far, for what may still come.
#[derive(Debug, Default)]
struct Seen {
    any: bool,
    default: bool,
    slash: bool,
    star: bool,
    double_star: bool,
}

impl<S: Source, M: Store + ?Sized> Grammar<'_, S, M> {
    /// Parameters up to `end`, which is not consumed: `)`, or the `:` of a lambda, whose
    /// parameters have no annotations.
    pub(crate) fn parameters(&mut self, end: TokenKind) -> NodeId {
        let place = self.token.place;
        let annotated = end == TokenKind::RightParen;
        let mut seen = Seen::default();
        let mut list = ListBuilder::new();
        while self.token.kind != end {
            let node = self.parameter(annotated, &mut seen);
            list.push(self.store, node);
            seen.any = true;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        if self.token.kind != end {
            return self.unexpected();
        }
        self.node(NodeKind::Parameters, place, list.first.0)
    }

    fn parameter(&mut self, annotated: bool, seen: &mut Seen) -> NodeId {
        let place = self.token.place;
        if seen.double_star {
            return self.unexpected();
        }
        let kind = match self.token.kind {
            TokenKind::Slash if seen.any && !seen.slash && !seen.star => {
                seen.slash = true;
                self.advance();
                return self.node(NodeKind::PositionalOnlyMark, place, 0);
            }
            TokenKind::Star if !seen.star => {
                seen.star = true;
                self.advance();
                // COMPAT: nothing need follow a bare `*` (micropython/viper_args.py).
                if self.token.kind != TokenKind::Name {
                    return self.node(NodeKind::KeywordOnlyMark, place, 0);
                }
                NodeKind::StarParameter
            }
            TokenKind::DoubleStar => {
                seen.double_star = true;
                self.advance();
                NodeKind::DoubleStarParameter
            }
            TokenKind::Name => NodeKind::Parameter,
            _ => return self.unexpected(),
        };
        let name = self.name();
        let mut annotation = NodeId::NONE;
        if annotated && self.eat(TokenKind::Colon) {
            annotation = self.test();
        }
        let mut list = ListBuilder::of(name);
        if kind == NodeKind::Parameter {
            let default = if self.eat(TokenKind::Equal) {
                seen.default = true;
                self.test()
            } else if seen.default && !seen.star {
                return self.wrong("non-default argument follows default argument", place);
            } else {
                self.absent()
            };
            list.push(self.store, default);
        }
        if annotation.is_none() {
            annotation = self.absent();
        }
        list.push(self.store, annotation);
        self.node(kind, place, name.0)
    }

    /// `-> annotation` of a function, or Absent.
    pub(crate) fn returns(&mut self) -> NodeId {
        if self.eat(TokenKind::Arrow) { self.test() } else { self.absent() }
    }

    /// `name (parameters) [-> annotation]` of a function: a list of three.
    pub(crate) fn signature(&mut self) -> ListBuilder {
        let name = self.name();
        self.expect(TokenKind::LeftParen);
        let parameters = self.parameters(TokenKind::RightParen);
        self.advance();
        let returns = self.returns();
        let mut list = ListBuilder::of(name);
        list.push(self.store, parameters);
        list.push(self.store, returns);
        list
    }
}
