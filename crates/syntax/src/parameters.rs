//! Parameters of functions and lambdas.

use crate::parser::{ListBuilder, Parser};
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

impl<S: Source> Parser<S> {
    /// Parameters up to `end`, which is not consumed: `)`, or the `:` of a lambda, whose
    /// parameters have no annotations.
    pub(crate) fn parameters<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        end: TokenKind,
    ) -> NodeId {
        let span = self.token.span;
        let annotated = end == TokenKind::RightParen;
        let mut seen = Seen::default();
        let mut list = ListBuilder::new();
        while self.token.kind != end {
            let node = self.parameter(store, annotated, &mut seen);
            list.push(store, node);
            seen.any = true;
            if !self.eat(store, TokenKind::Comma) {
                break;
            }
        }
        if self.token.kind != end {
            return self.unexpected();
        }
        self.add(store, NodeKind::Parameters, 0, span, list.first.0)
    }

    fn parameter<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        annotated: bool,
        seen: &mut Seen,
    ) -> NodeId {
        let span = self.token.span;
        if seen.double_star {
            return self.unexpected();
        }
        let kind = match self.token.kind {
            TokenKind::Slash if seen.any && !seen.slash && !seen.star => {
                seen.slash = true;
                self.advance(store);
                return self.add(store, NodeKind::PositionalOnlyMark, 0, span, 0);
            }
            TokenKind::Star if !seen.star => {
                seen.star = true;
                self.advance(store);
                // COMPAT: nothing need follow a bare `*` (micropython/viper_args.py).
                if self.token.kind != TokenKind::Name {
                    return self.add(store, NodeKind::KeywordOnlyMark, 0, span, 0);
                }
                NodeKind::StarParameter
            }
            TokenKind::DoubleStar => {
                seen.double_star = true;
                self.advance(store);
                NodeKind::DoubleStarParameter
            }
            TokenKind::Name => NodeKind::Parameter,
            _ => return self.unexpected(),
        };
        let name = self.name(store);
        let mut annotation = NodeId::NONE;
        if annotated && self.eat(store, TokenKind::Colon) {
            annotation = self.test(store);
        }
        let mut list = ListBuilder::of(name);
        if kind == NodeKind::Parameter {
            let default = if self.eat(store, TokenKind::Equal) {
                seen.default = true;
                self.test(store)
            } else if seen.default && !seen.star {
                return self.wrong("non-default argument follows default argument", span);
            } else {
                self.absent(store)
            };
            list.push(store, default);
        }
        if annotation.is_none() {
            annotation = self.absent(store);
        }
        list.push(store, annotation);
        self.add(store, kind, 0, span, name.0)
    }

    /// `-> annotation` of a function, or Absent.
    pub(crate) fn returns<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        if self.eat(store, TokenKind::Arrow) { self.test(store) } else { self.absent(store) }
    }

    /// `name (parameters) [-> annotation]` of a function: a list of three.
    pub(crate) fn signature<M: Store + ?Sized>(&mut self, store: &mut M) -> ListBuilder {
        let name = self.name(store);
        self.expect(store, TokenKind::LeftParen);
        let parameters = self.parameters(store, TokenKind::RightParen);
        self.advance(store);
        let returns = self.returns(store);
        let mut list = ListBuilder::of(name);
        list.push(store, parameters);
        list.push(store, returns);
        list
    }
}
