//! `Lexer`: bytes to tokens.
//!
//! Reads a [`Source`] with two bytes of look-ahead, folds CR and CRLF to LF, joins lines in
//! brackets and after a backslash, and turns indentation into tokens.
//!
//! INVARIANT: the first failure is kept in [`Lexer::failure`], and ends the source: bytes and tokens
//! are [`END`] and `End` from then on, and nothing is added to the store. So every loop here and in
//! the parser ends that stops at them, and nobody has to hand a failure on.
//!
//! The bodies of literals are read by `literal.rs`, when the parser asks for them.

use crate::token::{Token, TokenKind, string_prefix};
use crate::tree::Place;
use crate::{Area, Error, ErrorKind, Failure, NameId, OutOfMemory, Source, Span, Store};

/// What `byte` and `following` are at the end of the source.
pub(crate) const END: u16 = 0x100;

/// Deepest indentation; blocks are limited by the parser's depth before this.
const MAX_INDENTS: usize = 101;

/// The state of the byte reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Nothing has been read.
    Fresh,
    /// Between two bytes.
    Running,
    /// The last byte was a CR: a LF right after it belongs to it.
    AfterReturn,
    /// This byte was read ahead of its turn, after EF BB that were no byte order mark.
    Holding(u8),
    /// The source has ended; it is not asked again.
    Ended,
}

/// The lexer; see the module.
#[derive(Debug)]
pub(crate) struct Lexer<S> {
    pub(crate) source: S,
    reader: Reader,
    /// The byte that the lexer stands at, or [`END`].
    pub(crate) byte: u16,
    /// The one after it.
    pub(crate) following: u16,
    /// Where `byte` is.
    pub(crate) span: Span,
    /// Open brackets, counting those of format fields.
    pub(crate) brackets: u32,
    /// How many brackets are open directly inside the innermost format field, where `:` ends the
    /// expression; 0 outside of format fields.
    pub(crate) field: u32,
    /// Format fields whose expression is being read. While there are any, the bytes that are
    /// consumed are copied to the Lines area, for `{x=}`.
    pub(crate) recording: u32,
    /// The first error.
    pub(crate) failure: Option<Failure>,
    line_start: bool,
    /// Something was read on this line, so the end of the source ends a line too.
    line_open: bool,
    /// The source ends with a joined line end: the last line is never ended.
    pub(crate) is_cut: bool,
    /// `__debug__` is true.
    pub(crate) debug: bool,
    dedents: u8,
    n_indents: u8,
    indents: [u16; MAX_INDENTS],
}

impl<S: Source> Lexer<S> {
    pub(crate) fn new(source: S) -> Self {
        Self {
            source,
            reader: Reader::Fresh,
            byte: END,
            following: END,
            span: Span { line: 1, column: 1 },
            brackets: 0,
            field: 0,
            recording: 0,
            failure: None,
            line_start: true,
            line_open: false,
            is_cut: false,
            debug: true,
            dedents: 0,
            n_indents: 0,
            indents: [0; MAX_INDENTS],
        }
    }

    /// Records the failure, unless there is one already.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail(&mut self, kind: ErrorKind, span: Span) {
        let interrupted = self.reader == Reader::Ended && self.source.is_interrupted();
        let kind = if interrupted { ErrorKind::Interrupted } else { kind };
        self.stop(Failure::Syntax(Error { kind, span }));
    }

    /// Records that memory ran out.
    #[cold]
    #[inline(never)]
    pub(crate) fn out_of_memory(&mut self, error: OutOfMemory) {
        self.stop(Failure::Memory(error));
    }

    /// Ends the source, as a failure does.
    fn stop(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
        self.reader = Reader::Ended;
        self.byte = END;
        self.following = END;
    }

    /// Appends a byte to the Text area.
    pub(crate) fn push<M: Store + ?Sized>(&mut self, store: &mut M, byte: u8) {
        if self.failure.is_none()
            && let Err(error) = store.push_byte(Area::Text, byte)
        {
            self.out_of_memory(error);
        }
    }

    fn read(&mut self) -> u16 {
        if self.reader == Reader::Ended {
            return END;
        }
        if let Reader::Holding(byte) = self.reader {
            self.reader = Reader::Running;
            return u16::from(byte);
        }
        let mut byte = self.source.next_byte();
        if byte == Some(b'\n') && self.reader == Reader::AfterReturn {
            byte = self.source.next_byte();
        }
        match byte {
            Some(b'\r') => {
                self.reader = Reader::AfterReturn;
                u16::from(b'\n')
            }
            Some(byte) => {
                self.reader = Reader::Running;
                u16::from(byte)
            }
            None => {
                self.reader = Reader::Ended;
                END
            }
        }
    }

    /// Reads the first bytes, without a byte order mark.
    fn begin(&mut self) {
        self.reader = Reader::Running;
        self.byte = self.read();
        self.following = self.read();
        if self.byte == 0xef && self.following == 0xbb {
            match self.source.next_byte() {
                Some(0xbf) => {
                    self.byte = self.read();
                    self.following = self.read();
                }
                Some(byte) => self.reader = Reader::Holding(byte),
                None => self.reader = Reader::Ended,
            }
        }
    }

    /// Consumes one byte.
    #[inline]
    pub(crate) fn advance<M: Store + ?Sized>(&mut self, store: &mut M) {
        if self.recording != 0
            && self.byte != END
            && let Err(error) = store.push_byte(Area::Lines, self.byte as u8)
        {
            self.out_of_memory(error);
        }
        if self.byte == u16::from(b'\n') {
            self.span.line = self.span.line.saturating_add(1);
            self.span.column = 1;
        } else {
            self.span.column = self.span.column.saturating_add(1);
        }
        self.byte = self.following;
        self.following = self.read();
    }

    /// Whether the lexer stands at `byte`.
    #[inline]
    pub(crate) fn at(&self, byte: u8) -> bool {
        self.byte == u16::from(byte)
    }

    /// Consumes `byte` if the lexer stands at it.
    #[inline(never)]
    pub(crate) fn eat<M: Store + ?Sized>(&mut self, store: &mut M, byte: u8) -> bool {
        let found = self.at(byte);
        if found {
            self.advance(store);
        }
        found
    }

    /// Reads the next token. At the end of the source, `End` again and again.
    pub(crate) fn next<M: Store + ?Sized>(&mut self, store: &mut M) -> Token {
        if self.failure.is_some() {
            return self.token(TokenKind::End);
        }
        if self.reader == Reader::Fresh {
            self.begin();
        }
        if self.line_start {
            self.line_start = false;
            if let Some(token) = self.indentation(store) {
                return token;
            }
        }
        if self.dedents > 0 {
            self.dedents -= 1;
            return self.token(TokenKind::Dedent);
        }
        self.skip_blanks(store);
        let mut token = self.token(TokenKind::End);
        let kind = match self.byte {
            END if self.source.is_interrupted() => {
                self.fail(ErrorKind::Interrupted, token.place.span());
                TokenKind::End
            }
            END if self.line_open && self.brackets == 0 && !self.is_cut => self.end_line(),
            END => TokenKind::End,
            byte => self.visible_token(store, byte as u8, &mut token),
        };
        token.kind = if self.failure.is_some() { TokenKind::End } else { kind };
        token
    }

    fn token(&self, kind: TokenKind) -> Token {
        Token { kind, value: 0, place: Place::of(self.span) }
    }

    fn end_line(&mut self) -> TokenKind {
        self.line_start = true;
        self.line_open = false;
        TokenKind::Newline
    }

    fn visible_token<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        byte: u8,
        token: &mut Token,
    ) -> TokenKind {
        if byte == b'\n' {
            self.advance(store);
            return self.end_line();
        }
        self.line_open = true;
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(store, token),
            b'0'..=b'9' => TokenKind::Number,
            b'.' if is_digit(self.following) => TokenKind::Number,
            b'\'' | b'"' => TokenKind::String,
            _ => {
                self.advance(store);
                self.punctuation(store, byte).unwrap_or_else(|| {
                    self.fail(ErrorKind::InvalidSyntax, token.place.span());
                    TokenKind::End
                })
            }
        }
    }

    /// Skips spaces, comments and joined line ends.
    fn skip_blanks<M: Store + ?Sized>(&mut self, store: &mut M) {
        loop {
            match self.byte as u8 {
                _ if self.byte == END => return,
                b' ' | b'\t' | 0x0b | 0x0c => self.advance(store),
                b'\n' if self.brackets > 0 => self.advance(store),
                b'#' => self.skip_comment(store),
                b'\\' if self.following == u16::from(b'\n') => {
                    self.advance(store);
                    self.advance(store);
                    self.is_cut = self.byte == END;
                }
                _ => return,
            }
        }
    }

    fn skip_comment<M: Store + ?Sized>(&mut self, store: &mut M) {
        while self.byte != END && !self.at(b'\n') {
            self.advance(store);
        }
    }

    /// Measures the indentation of the next line that is not blank. Gives the token for its
    /// change, if it does.
    fn indentation<M: Store + ?Sized>(&mut self, store: &mut M) -> Option<Token> {
        let mut width: u16 = 0;
        loop {
            match self.byte as u8 {
                _ if self.byte == END => {
                    width = 0;
                    break;
                }
                b' ' | 0x0b | 0x0c => width = width.saturating_add(1),
                b'\t' => width = (width | 7).saturating_add(1),
                b'\n' => width = 0,
                b'#' => {
                    self.skip_comment(store);
                    continue;
                }
                b'\\' if self.following == u16::from(b'\n') => {
                    self.advance(store);
                    width = 0;
                    self.is_cut = self.following == END;
                }
                _ => break,
            }
            self.advance(store);
        }
        if width > self.indent() {
            return Some(self.indent_to(width));
        }
        while width < self.indent() {
            self.n_indents -= 1;
            self.dedents += 1;
        }
        if width != self.indent() {
            self.fail(ErrorKind::UnindentMismatch, self.span);
        }
        None
    }

    /// The innermost indentation.
    fn indent(&self) -> u16 {
        let top = usize::from(self.n_indents).checked_sub(1);
        top.and_then(|top| self.indents.get(top)).copied().unwrap_or(0)
    }

    fn indent_to(&mut self, width: u16) -> Token {
        match self.indents.get_mut(usize::from(self.n_indents)) {
            Some(place) => *place = width,
            None => self.fail(ErrorKind::TooDeep, self.span),
        }
        self.n_indents = self.n_indents.saturating_add(1);
        self.token(TokenKind::Indent)
    }

    /// A name, a keyword, or the prefix of a string.
    fn word<M: Store + ?Sized>(&mut self, store: &mut M, token: &mut Token) -> TokenKind {
        // Keywords and prefixes are short: they are recognized before the store is bothered.
        let mut head = [0; 12];
        let mut len = 0;
        let mut high = 0;
        while let Some(place) = head.get_mut(len) {
            if !is_name_byte(self.byte) {
                break;
            }
            *place = self.byte as u8;
            high |= *place;
            len += 1;
            self.advance(store);
        }
        let head = head.get(..len).unwrap_or(&[]);
        if !is_name_byte(self.byte) {
            // COMPAT: `__debug__` is a keyword, so that it can be neither assigned nor an attribute.
            if head == b"__debug__" {
                return if self.debug { TokenKind::True } else { TokenKind::False };
            }
            if let Some(keyword) = TokenKind::keyword(head) {
                return keyword;
            }
            if (self.at(b'\'') || self.at(b'"'))
                && let Some(bits) = string_prefix(head)
            {
                token.value = bits;
                return TokenKind::String;
            }
        }
        let start = store.len(Area::Text);
        for &byte in head {
            self.push(store, byte);
        }
        while is_name_byte(self.byte) {
            high |= self.byte as u8;
            self.push(store, self.byte as u8);
            self.advance(store);
        }
        if high >= 0x80 {
            self.check_utf8(store, start, token.place.span());
        }
        if self.failure.is_none() {
            match store.intern_text(start) {
                Ok(NameId(id)) => token.value = id,
                Err(error) => self.out_of_memory(error),
            }
        }
        TokenKind::Name
    }

    /// Fails unless the Text area from `start` on is UTF-8.
    pub(crate) fn check_utf8<M: Store + ?Sized>(&mut self, store: &M, start: u32, span: Span) {
        let text = store.bytes(Area::Text).get(start as usize..).unwrap_or(&[]);
        if core::str::from_utf8(text).is_err() {
            self.fail(ErrorKind::Other("invalid UTF-8"), span);
        }
    }

    /// The operator or delimiter whose first byte was `byte`.
    fn punctuation<M: Store + ?Sized>(&mut self, store: &mut M, byte: u8) -> Option<TokenKind> {
        Some(match byte {
            b'(' => self.open(TokenKind::LeftParen),
            b'[' => self.open(TokenKind::LeftBracket),
            b'{' => self.open(TokenKind::LeftBrace),
            b')' => self.close(TokenKind::RightParen),
            b']' => self.close(TokenKind::RightBracket),
            b'}' => self.close(TokenKind::RightBrace),
            b',' => TokenKind::Comma,
            b';' => TokenKind::Semicolon,
            b'~' => TokenKind::Tilde,
            b':' if self.field != 0 && self.field == self.brackets => TokenKind::Colon,
            b':' if self.eat(store, b'=') => TokenKind::Walrus,
            b':' => TokenKind::Colon,
            b'.' if self.at(b'.') && self.following == u16::from(b'.') => {
                self.advance(store);
                self.advance(store);
                TokenKind::Ellipsis
            }
            b'.' => TokenKind::Dot,
            b'=' if self.eat(store, b'=') => TokenKind::DoubleEqual,
            b'=' => TokenKind::Equal,
            b'!' if self.eat(store, b'=') => TokenKind::NotEqual,
            b'!' => TokenKind::Bang,
            b'<' if self.eat(store, b'=') => TokenKind::LessEqual,
            b'<' if self.eat(store, b'<') => self.augmentable(store, TokenKind::ShiftLeft),
            b'<' => TokenKind::Less,
            b'>' if self.eat(store, b'=') => TokenKind::GreaterEqual,
            b'>' if self.eat(store, b'>') => self.augmentable(store, TokenKind::ShiftRight),
            b'>' => TokenKind::Greater,
            b'-' if self.eat(store, b'>') => TokenKind::Arrow,
            b'*' if self.eat(store, b'*') => self.augmentable(store, TokenKind::DoubleStar),
            b'/' if self.eat(store, b'/') => self.augmentable(store, TokenKind::DoubleSlash),
            b'|' => self.augmentable(store, TokenKind::BitOr),
            b'^' => self.augmentable(store, TokenKind::BitXor),
            b'&' => self.augmentable(store, TokenKind::BitAnd),
            b'+' => self.augmentable(store, TokenKind::Plus),
            b'-' => self.augmentable(store, TokenKind::Minus),
            b'*' => self.augmentable(store, TokenKind::Star),
            b'@' => self.augmentable(store, TokenKind::At),
            b'/' => self.augmentable(store, TokenKind::Slash),
            b'%' => self.augmentable(store, TokenKind::Percent),
            _ => return None,
        })
    }

    fn augmentable<M: Store + ?Sized>(&mut self, store: &mut M, operator: TokenKind) -> TokenKind {
        if self.eat(store, b'=') { operator.with_equal() } else { operator }
    }

    fn open(&mut self, kind: TokenKind) -> TokenKind {
        self.brackets = self.brackets.saturating_add(1);
        kind
    }

    fn close(&mut self, kind: TokenKind) -> TokenKind {
        self.brackets = self.brackets.saturating_sub(1);
        kind
    }
}

/// Whether a name can go on with `byte`. Bytes from 0x80 on are checked as UTF-8 afterwards.
#[inline]
pub(crate) fn is_name_byte(byte: u16) -> bool {
    byte != END && (byte >= 0x80 || (byte as u8).is_ascii_alphanumeric() || byte == u16::from(b'_'))
}

/// Whether `byte` is a decimal digit.
#[inline]
pub(crate) fn is_digit(byte: u16) -> bool {
    (u16::from(b'0')..=u16::from(b'9')).contains(&byte)
}

#[cfg(test)]
mod tests;
