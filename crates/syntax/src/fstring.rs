//! Strings: adjacent literals joined, and format strings with their fields.
//!
//! The expression in a format field is read by the same lexer and parser as everything else, in
//! place: nothing is collected and read twice, and quotes, brackets and format strings nest in it
//! as deep as anything nests.

use crate::grammar::{Grammar, ListBuilder};
use crate::literal::{PieceEnd, Quote};
use crate::token::{TokenKind, prefix};
use crate::tree::Place;
use crate::{Area, NodeId, NodeKind, Source, Store};

impl<S: Source, M: Store + ?Sized> Grammar<'_, S, M> {
    /// String literals in a row; at the first.
    pub(crate) fn strings(&mut self) -> NodeId {
        let place = self.token.place;
        let bytes = self.token.value & prefix::BYTES;
        let mut pieces = Pieces::new(self.store);
        while self.token.kind == TokenKind::String {
            if self.token.value & prefix::BYTES != bytes {
                return self.unexpected();
            }
            let quote = self.lexer.open_quote(self.store, self.token.value);
            self.pieces(quote, false, &mut pieces);
            self.advance();
        }
        if !pieces.formatted {
            let kind = if bytes != 0 { NodeKind::Bytes } else { NodeKind::Str };
            let len = self.lexer.text_len(self.store, pieces.start);
            return self.add(kind, len, place, pieces.start);
        }
        self.end_piece(&mut pieces);
        self.node(NodeKind::FString, place, pieces.list.first.0)
    }

    /// The text and fields up to the closing quote, or to the end of a format specification.
    fn pieces(&mut self, quote: Quote, specification: bool, pieces: &mut Pieces) {
        loop {
            match self.lexer.string_piece(self.store, quote, specification) {
                PieceEnd::Field => {
                    self.end_piece(pieces);
                    self.field(quote, pieces);
                    pieces.formatted = true;
                    pieces.start = self.store.len(Area::Text);
                }
                PieceEnd::Quote if specification => return self.malformed_format(),
                PieceEnd::Quote | PieceEnd::Specification => return,
            }
        }
    }

    /// Adds the text since the last piece, if there is some.
    fn end_piece(&mut self, pieces: &mut Pieces) {
        let len = self.lexer.text_len(self.store, pieces.start);
        if len > 0 {
            let piece = self.add(NodeKind::Str, len, Place::of(self.lexer.span), pieces.start);
            pieces.list.push(self.store, piece);
        }
    }

    /// `{expression=!conversion:specification}`, after the brace.
    fn field(&mut self, quote: Quote, pieces: &mut Pieces) {
        self.enter();
        let outer = self.lexer.field;
        self.lexer.brackets = self.lexer.brackets.saturating_add(1);
        self.lexer.field = self.lexer.brackets;
        self.lexer.recording = self.lexer.recording.saturating_add(1);
        let mark = self.store.len(Area::Lines);
        self.advance();
        let place = self.token.place;
        if !self.token.kind.begins_expression() && self.token.kind != TokenKind::Yield {
            self.malformed_format();
        }
        let expression = self.yield_or_tests();
        let debug = self.eat(TokenKind::Equal);
        self.lexer.recording = self.lexer.recording.saturating_sub(1);
        if debug {
            self.recorded_piece(mark, pieces);
        }
        if self.lexer.recording == 0 {
            self.store.truncate(Area::Lines, mark);
        }
        let mut list = ListBuilder::of(expression);
        let mut conversion = self.conversion();
        let specification = match self.token.kind {
            TokenKind::Colon => self.specification(quote),
            TokenKind::RightBrace if debug && conversion == 0 => {
                conversion = u32::from(b'r');
                self.absent()
            }
            TokenKind::RightBrace => self.absent(),
            _ => return self.malformed_format(),
        };
        list.push(self.store, specification);
        self.lexer.field = outer;
        let field = self.add(NodeKind::FormatField, conversion, place, list.first.0);
        pieces.list.push(self.store, field);
        self.leave();
    }

    /// The text of `{x=`: what was consumed since `mark`, but for the token after the `=`.
    fn recorded_piece(&mut self, mark: u32, pieces: &mut Pieces) {
        // Whatever may follow, `}`, `!` or `:`, is one byte long.
        let end = self.store.len(Area::Lines).saturating_sub(1);
        pieces.start = self.store.len(Area::Text);
        for index in mark..end {
            let byte = self.store.bytes(Area::Lines).get(index as usize).copied().unwrap_or(0);
            self.lexer.push(self.store, byte);
        }
        self.lexer.check_utf8(self.store, pieces.start, self.token.place.span());
        self.end_piece(pieces)
    }

    /// Fails because of a format string.
    fn malformed_format(&mut self) {
        self.lexer.malformed_format();
        self.token.kind = TokenKind::End;
    }

    /// `!r`, `!s` or `!a`; 0 if there is none.
    fn conversion(&mut self) -> u32 {
        if self.token.kind != TokenKind::Bang {
            return 0;
        }
        let letter = self.lexer.byte;
        if !matches!(letter as u8, b'r' | b's' | b'a') {
            self.malformed_format();
        }
        self.lexer.advance(self.store);
        self.advance();
        u32::from(letter)
    }

    /// The format specification after the `:` that is the current token, and the closing brace.
    fn specification(&mut self, quote: Quote) -> NodeId {
        let place = self.token.place;
        let mut pieces = Pieces::new(self.store);
        self.pieces(quote, true, &mut pieces);
        self.end_piece(&mut pieces);
        self.lexer.advance(self.store);
        self.lexer.brackets = self.lexer.brackets.saturating_sub(1);
        self.node(NodeKind::FString, place, pieces.list.first.0)
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
