//! Literals: the bodies of numbers and strings, read into the Text area.

use crate::lexer::{END, Lexer, is_digit, is_name_byte};
use crate::token::prefix;
use crate::{Area, ErrorKind, NodeKind, Source, Store};

/// The smallest integer that is not a `NodeKind::Int`.
const INT_LIMIT: u64 = 1 << 29;

/// A number: what a leaf node of it needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub(crate) kind: NodeKind,
    pub(crate) payload: u32,
    pub(crate) len: u32,
}

/// How the string being read began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quote {
    byte: u8,
    triple: bool,
    prefix: u16,
}

/// Where a piece of a string ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceEnd {
    /// After the closing quote.
    Quote,
    /// After the `{` of a format field.
    Field,
    /// At the `}` that ends a format specification.
    Specification,
}

impl<S: Source> Lexer<S> {
    /// Reads the number that the lexer stands at.
    pub(crate) fn number<M: Store + ?Sized>(&mut self, store: &mut M) -> Number {
        let start = store.len(Area::Text);
        let base = match self.following as u8 | 0x20 {
            _ if !self.at(b'0') || self.following == END => 10,
            b'x' => 16,
            b'o' => 8,
            b'b' => 2,
            _ => 10,
        };
        if base == 10 {
            return self.decimal(store, start);
        }
        self.push(store, b'0');
        self.advance(store);
        self.push(store, self.byte as u8 | 0x20);
        self.advance(store);
        let value = self.digits(store, base);
        match value {
            Some(value) if !is_name_byte(self.byte) => self.integer(store, start, value),
            _ => self.malformed_number(),
        }
    }

    fn malformed_number(&mut self) -> Number {
        self.fail(ErrorKind::InvalidSyntax, self.span);
        Number { kind: NodeKind::Int, payload: 0, len: 0 }
    }

    fn decimal<M: Store + ?Sized>(&mut self, store: &mut M, start: u32) -> Number {
        let mut kind = NodeKind::Int;
        let leading_zero = self.at(b'0');
        let value = self.digits(store, 10).unwrap_or(0);
        if self.at(b'.') {
            kind = NodeKind::Float;
            self.push(store, b'.');
            self.advance(store);
            self.digits(store, 10);
        }
        if self.at(b'e') || self.at(b'E') {
            kind = NodeKind::Float;
            self.push(store, b'e');
            self.advance(store);
            if self.at(b'+') || self.at(b'-') {
                self.push(store, self.byte as u8);
                self.advance(store);
            }
            if self.digits(store, 10).is_none() {
                return self.malformed_number();
            }
        }
        if self.at(b'j') || self.at(b'J') {
            kind = NodeKind::Imaginary;
            self.advance(store);
        }
        if is_name_byte(self.byte) || kind == NodeKind::Int && leading_zero && value != 0 {
            return self.malformed_number();
        }
        if kind == NodeKind::Int {
            return self.integer(store, start, value);
        }
        self.number_text(store, kind, start)
    }

    /// Collects digits of `base` and skips underscores. Gives the value, saturating; `None` if
    /// there is no digit.
    fn digits<M: Store + ?Sized>(&mut self, store: &mut M, base: u32) -> Option<u64> {
        let mut value = None;
        loop {
            // Bytes of 0x80 and above and the end are no digits in any base.
            let digit = char::from_u32(u32::from(self.byte)).and_then(|c| c.to_digit(base));
            if let Some(digit) = digit {
                let shifted = value.unwrap_or(0u64).saturating_mul(u64::from(base));
                value = Some(shifted.saturating_add(u64::from(digit)));
                self.push(store, self.byte as u8);
            } else if !self.at(b'_') {
                return value;
            }
            self.advance(store);
        }
    }

    fn integer<M: Store + ?Sized>(&mut self, store: &mut M, start: u32, value: u64) -> Number {
        if value >= INT_LIMIT {
            return self.number_text(store, NodeKind::IntText, start);
        }
        store.truncate(Area::Text, start);
        Number { kind: NodeKind::Int, payload: value as u32, len: 0 }
    }

    fn number_text<M: Store + ?Sized>(&mut self, store: &M, kind: NodeKind, start: u32) -> Number {
        let len = self.text_len(store, start);
        Number { kind, payload: start, len }
    }

    /// The length of the text from `start` on, if a node can hold it.
    pub(crate) fn text_len<M: Store + ?Sized>(&mut self, store: &M, start: u32) -> u32 {
        let len = store.len(Area::Text).saturating_sub(start);
        if len >= 1 << 24 {
            self.fail(ErrorKind::Other("literal too long"), self.span);
        }
        len
    }

    /// Consumes the opening quote that the lexer stands at.
    pub(crate) fn open_quote<M: Store + ?Sized>(&mut self, store: &mut M, prefix: u16) -> Quote {
        let quote = self.byte;
        self.advance(store);
        let triple = self.byte == quote && self.following == quote;
        if triple {
            self.advance(store);
            self.advance(store);
        }
        Quote { byte: quote as u8, triple, prefix }
    }

    /// Reads a piece of a string into the Text area: up to the closing quote, the next format
    /// field, or the end of the format specification if it is one.
    pub(crate) fn string_piece<M: Store + ?Sized>(
        &mut self,
        store: &mut M,
        quote: Quote,
        specification: bool,
    ) -> PieceEnd {
        let start = store.len(Area::Text);
        let span = self.span;
        let mut high = false;
        // Quotes in a row. They are text until the third one shows that they are not.
        let mut n_quotes = 0;
        let end = loop {
            if self.byte == END || self.at(b'\n') && !quote.triple {
                self.fail(ErrorKind::InvalidSyntax, span);
                return PieceEnd::Quote;
            }
            let byte = self.byte as u8;
            if byte == quote.byte {
                n_quotes += 1;
                self.advance(store);
                if !quote.triple {
                    break PieceEnd::Quote;
                }
                if n_quotes == 3 {
                    store.truncate(Area::Text, store.len(Area::Text).saturating_sub(2));
                    break PieceEnd::Quote;
                }
                self.push(store, byte);
                continue;
            }
            n_quotes = 0;
            if quote.prefix & prefix::FORMAT != 0 && (byte == b'{' || byte == b'}') {
                if byte == b'}' && specification {
                    break PieceEnd::Specification;
                }
                let doubled = self.following == u16::from(byte) && !specification;
                if byte == b'}' && !doubled {
                    self.malformed_format();
                    return PieceEnd::Quote;
                }
                self.advance(store);
                if !doubled {
                    break PieceEnd::Field;
                }
            }
            if byte == b'\\' {
                self.advance(store);
                self.escape(store, quote);
                continue;
            }
            high |= byte >= 0x80;
            self.push(store, byte);
            self.advance(store);
        };
        if high && quote.prefix & prefix::BYTES == 0 {
            self.check_utf8(store, start, span);
        }
        end
    }

    /// Fails because of a format string.
    pub(crate) fn malformed_format(&mut self) {
        self.fail(ErrorKind::Other("malformed f-string"), self.span);
    }

    fn escape<M: Store + ?Sized>(&mut self, store: &mut M, quote: Quote) {
        let byte = self.byte as u8;
        if self.byte == END {
            return self.fail(ErrorKind::InvalidSyntax, self.span);
        }
        if quote.prefix & prefix::RAW != 0 {
            self.push(store, b'\\');
            if matches!(byte, b'\\' | b'\'' | b'"' | b'\n') {
                self.push(store, byte);
                self.advance(store);
            }
            return;
        }
        let bytes = quote.prefix & prefix::BYTES != 0;
        let code = match byte {
            b'\n' => {
                self.advance(store);
                return;
            }
            b'\\' | b'\'' | b'"' => u32::from(byte),
            b'a' => 0x07,
            b'b' => 0x08,
            b't' => 0x09,
            b'n' => 0x0a,
            b'v' => 0x0b,
            b'f' => 0x0c,
            b'r' => 0x0d,
            b'0'..=b'7' => return self.octal(store, bytes),
            b'x' => return self.hexadecimal(store, 2, bytes),
            b'u' if !bytes => return self.hexadecimal(store, 4, false),
            b'U' if !bytes => return self.hexadecimal(store, 8, false),
            b'N' if !bytes => {
                return self.fail(ErrorKind::Unsupported("unicode name escapes"), self.span);
            }
            // An unknown escape stands for itself, backslash included.
            _ => return self.push(store, b'\\'),
        };
        self.advance(store);
        self.push(store, code as u8)
    }

    fn octal<M: Store + ?Sized>(&mut self, store: &mut M, bytes: bool) {
        let mut code = 0;
        for _ in 0..3 {
            if !is_digit(self.byte) || self.byte > u16::from(b'7') {
                break;
            }
            code = code * 8 + u32::from(self.byte & 7);
            self.advance(store);
        }
        self.push_code(store, code, bytes)
    }

    fn hexadecimal<M: Store + ?Sized>(&mut self, store: &mut M, digits: u32, bytes: bool) {
        let mut code: u32 = 0;
        for _ in 0..digits {
            self.advance(store);
            match char::from_u32(u32::from(self.byte)).and_then(|c| c.to_digit(16)) {
                Some(digit) => code = code << 4 | digit,
                None => return self.fail(ErrorKind::InvalidSyntax, self.span),
            }
        }
        self.advance(store);
        self.push_code(store, code, bytes)
    }

    /// Appends a byte, or the UTF-8 of a character.
    fn push_code<M: Store + ?Sized>(&mut self, store: &mut M, code: u32, bytes: bool) {
        if bytes {
            return match u8::try_from(code) {
                Ok(byte) => self.push(store, byte),
                Err(_) => self.fail(ErrorKind::InvalidSyntax, self.span),
            };
        }
        // COMPAT: surrogates pass, as in MicroPython.
        if code >= 0x11_0000 {
            return self.fail(ErrorKind::InvalidSyntax, self.span);
        }
        if code < 0x80 {
            return self.push(store, code as u8);
        }
        let (lead, more) = match code {
            0..0x800 => (0xc0, 1),
            0x800..0x1_0000 => (0xe0, 2),
            _ => (0xf0, 3),
        };
        self.push(store, lead | (code >> (6 * more)) as u8);
        for place in (0..more).rev() {
            self.push(store, 0x80 | (code >> (6 * place) & 0x3f) as u8);
        }
    }
}

#[cfg(test)]
mod tests;
