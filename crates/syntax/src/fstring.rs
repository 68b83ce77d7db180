//! Strings: adjacent literals joined, and format strings with their fields.
//!
//! The expression in a format field is read by the same lexer and parser as everything else, in
//! place: nothing is collected and read twice, and quotes, brackets and format strings nest in it
//! as deep as anything nests.

use crate::literal::{PieceEnd, Quote};
use crate::parser::{ListBuilder, Parser};
use crate::token::{TokenKind, prefix};
use crate::{Area, NodeId, NodeKind, Source, Store};

impl<S: Source> Parser<S> {
    /// String literals in a row; at the first.
    pub(crate) fn strings<M: Store + ?Sized>(&mut self, store: &mut M) -> NodeId {
        let span = self.token.span;
        let bytes = self.token.value & prefix::BYTES;
        let mut pieces = Pieces::new(store);
        while self.token.kind == TokenKind::String {
            if self.token.value & prefix::BYTES != bytes {
                return self.unexpected();
            }
            let quote = self.lexer.open_quote(store, self.token.value);
            self.pieces(store, quote, false, &mut pieces);
            self.advance(store);
        }
        if !pieces.formatted {
            let kind = if bytes != 0 { NodeKind::Bytes } else { NodeKind::Str };
            let len = self.lexer.text_len(store, pieces.start);
            return self.add(store, kind, len, span, pieces.start);
        }
        self.end_piece(store, &mut pieces);
        self.add(store, NodeKind::FString, 0, span, pieces.list.first.0)
    }

    /// The text and fields up to the closing quote, or to the end of a format specification.
    fn pieces<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        quote: Quote,
        specification: bool,
        pieces: &mut Pieces,
    ) {
        loop {
            match self.lexer.string_piece(store, quote, specification) {
                PieceEnd::Field => {
                    self.end_piece(store, pieces);
                    self.field(store, quote, pieces);
                    pieces.formatted = true;
                    pieces.start = store.len(Area::Text);
                }
                PieceEnd::Quote if specification => return self.malformed_format(),
                PieceEnd::Quote | PieceEnd::Specification => return,
            }
        }
    }

    /// Adds the text since the last piece, if there is some.
    fn end_piece<M: Store + ?Sized>(&mut self, store: &mut M, pieces: &mut Pieces) {
        let len = self.lexer.text_len(store, pieces.start);
        if len > 0 {
            let piece = self.add(store, NodeKind::Str, len, self.lexer.span, pieces.start);
            pieces.list.push(store, piece);
        }
    }

    /// `{expression=!conversion:specification}`, after the brace.
    fn field<M: Store + ?Sized>(&mut self, store: &mut M, quote: Quote, pieces: &mut Pieces) {
        self.enter();
        let outer = self.lexer.field;
        self.lexer.brackets = self.lexer.brackets.saturating_add(1);
        self.lexer.field = self.lexer.brackets;
        self.lexer.recording = self.lexer.recording.saturating_add(1);
        let mark = store.len(Area::Lines);
        self.advance(store);
        let span = self.token.span;
        if !self.token.kind.begins_expression() && self.token.kind != TokenKind::Yield {
            self.malformed_format();
        }
        let expression = self.yield_or_tests(store);
        let debug = self.eat(store, TokenKind::Equal);
        self.lexer.recording = self.lexer.recording.saturating_sub(1);
        if debug {
            self.recorded_piece(store, mark, pieces);
        }
        if self.lexer.recording == 0 {
            store.truncate(Area::Lines, mark);
        }
        let mut list = ListBuilder::of(expression);
        let mut conversion = self.conversion(store);
        let specification = match self.token.kind {
            TokenKind::Colon => self.specification(store, quote),
            TokenKind::RightBrace if debug && conversion == 0 => {
                conversion = u32::from(b'r');
                self.absent(store)
            }
            TokenKind::RightBrace => self.absent(store),
            _ => return self.malformed_format(),
        };
        list.push(store, specification);
        self.lexer.field = outer;
        let field = self.add(store, NodeKind::FormatField, conversion, span, list.first.0);
        pieces.list.push(store, field);
        self.leave();
    }

    /// The text of `{x=`: what was consumed since `mark`, but for the token after the `=`.
    fn recorded_piece<M: Store + ?Sized>(&mut self, store: &mut M, mark: u32, pieces: &mut Pieces) {
        // Whatever may follow, `}`, `!` or `:`, is one byte long.
        let end = store.len(Area::Lines).saturating_sub(1);
        pieces.start = store.len(Area::Text);
        for index in mark..end {
            let byte = store.bytes(Area::Lines).get(index as usize).copied().unwrap_or(0);
            self.lexer.push(store, byte);
        }
        self.lexer.check_utf8(store, pieces.start, self.token.span);
        self.end_piece(store, pieces)
    }

    /// Fails because of a format string.
    fn malformed_format(&mut self) {
        self.lexer.malformed_format();
        self.token.kind = TokenKind::End;
    }

    /// `!r`, `!s` or `!a`; 0 if there is none.
    fn conversion<M: Store + ?Sized>(&mut self, store: &mut M) -> u32 {
        if self.token.kind != TokenKind::Bang {
            return 0;
        }
        let letter = self.lexer.byte;
        if !matches!(letter as u8, b'r' | b's' | b'a') {
            self.malformed_format();
        }
        self.lexer.advance(store);
        self.advance(store);
        u32::from(letter)
    }

    /// The format specification after the `:` that is the current token, and the closing brace.
    fn specification<M: Store + ?Sized>(&mut self, store: &mut M, quote: Quote) -> NodeId {
        let span = self.token.span;
        let mut pieces = Pieces::new(store);
        self.pieces(store, quote, true, &mut pieces);
        self.end_piece(store, &mut pieces);
        self.lexer.advance(store);
        self.lexer.brackets = self.lexer.brackets.saturating_sub(1);
        self.add(store, NodeKind::FString, 0, span, pieces.list.first.0)
    }
}

/// A string under construction.
#[derive(Debug)]
struct Pieces {
    list: ListBuilder,
    /// Where the current piece starts in the Text area.
    start: u32,
    /// There was a format field.
    formatted: bool,
}

impl Pieces {
    fn new<M: Store + ?Sized>(store: &M) -> Self {
        Self { list: ListBuilder::new(), start: store.len(Area::Text), formatted: false }
    }
}
