//! Tokens: what the lexer hands to the parser.
//!
//! A token owns no text. Names are interned when they are read; the body of a string or number is
//! read only when the parser takes it, so that looking ahead leaves nothing in the Text area.

use crate::Span;

/// Indices into [`crate::Tree::BINARY_OPERATORS`].
pub(crate) mod operator {
    pub(crate) const OR: u8 = 0;
    pub(crate) const XOR: u8 = 1;
    pub(crate) const AND: u8 = 2;
    pub(crate) const SHIFT_LEFT: u8 = 3;
    pub(crate) const SHIFT_RIGHT: u8 = 4;
    pub(crate) const ADD: u8 = 5;
    pub(crate) const SUBTRACT: u8 = 6;
    pub(crate) const MULTIPLY: u8 = 7;
    pub(crate) const AT: u8 = 8;
    pub(crate) const FLOOR_DIVIDE: u8 = 9;
    pub(crate) const DIVIDE: u8 = 10;
    pub(crate) const REMAINDER: u8 = 11;
    pub(crate) const POWER: u8 = 12;
}

/// Indices into [`crate::Tree::COMPARE_OPERATORS`].
pub(crate) mod comparison {
    pub(crate) const LESS: u8 = 0;
    pub(crate) const GREATER: u8 = 1;
    pub(crate) const EQUAL: u8 = 2;
    pub(crate) const LESS_EQUAL: u8 = 3;
    pub(crate) const GREATER_EQUAL: u8 = 4;
    pub(crate) const NOT_EQUAL: u8 = 5;
    pub(crate) const IN: u8 = 6;
    pub(crate) const NOT_IN: u8 = 7;
    pub(crate) const IS: u8 = 8;
    pub(crate) const IS_NOT: u8 = 9;
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    End,
    Newline,
    Indent,
    Dedent,
    /// Its [`Token::value`] is the NameId.
    Name,
    /// The lexer stands at its first character.
    Number,
    /// The lexer stands at its opening quote; [`Token::value`] has the [`prefix`] bits.
    String,

    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Comma,
    Semicolon,
    Colon,
    Dot,
    Ellipsis,
    Arrow,
    Walrus,
    Equal,
    Bang,
    Tilde,
    /// An index into `Tree::BINARY_OPERATORS`.
    Operator(u8),
    /// The same with `=`.
    Augmented(u8),
    /// An index into `Tree::COMPARE_OPERATORS`; never a keyword.
    Comparison(u8),

    False,
    None,
    True,
    And,
    As,
    Assert,
    Async,
    Await,
    Break,
    Class,
    Continue,
    Def,
    Del,
    Elif,
    Else,
    Except,
    Finally,
    For,
    From,
    Global,
    If,
    Import,
    In,
    Is,
    Lambda,
    Nonlocal,
    Not,
    Or,
    Pass,
    Raise,
    Return,
    Try,
    While,
    With,
    Yield,
}

/// What letters stand before a string's quote.
pub(crate) mod prefix {
    pub(crate) const RAW: u16 = 1;
    pub(crate) const BYTES: u16 = 2;
    pub(crate) const FORMAT: u16 = 4;
}

/// A token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) value: u16,
    pub(crate) span: Span,
}

impl TokenKind {
    /// The keyword that `word` is.
    pub(crate) fn keyword(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"False" => Self::False,
            b"None" => Self::None,
            b"True" => Self::True,
            b"and" => Self::And,
            b"as" => Self::As,
            b"assert" => Self::Assert,
            b"async" => Self::Async,
            b"await" => Self::Await,
            b"break" => Self::Break,
            b"class" => Self::Class,
            b"continue" => Self::Continue,
            b"def" => Self::Def,
            b"del" => Self::Del,
            b"elif" => Self::Elif,
            b"else" => Self::Else,
            b"except" => Self::Except,
            b"finally" => Self::Finally,
            b"for" => Self::For,
            b"from" => Self::From,
            b"global" => Self::Global,
            b"if" => Self::If,
            b"import" => Self::Import,
            b"in" => Self::In,
            b"is" => Self::Is,
            b"lambda" => Self::Lambda,
            b"nonlocal" => Self::Nonlocal,
            b"not" => Self::Not,
            b"or" => Self::Or,
            b"pass" => Self::Pass,
            b"raise" => Self::Raise,
            b"return" => Self::Return,
            b"try" => Self::Try,
            b"while" => Self::While,
            b"with" => Self::With,
            b"yield" => Self::Yield,
            _ => return None,
        })
    }

    /// Whether an expression (or `*expression`) can begin with this token.
    pub(crate) fn begins_expression(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Number
                | Self::String
                | Self::LeftParen
                | Self::LeftBracket
                | Self::LeftBrace
                | Self::Ellipsis
                | Self::Tilde
                | Self::Operator(operator::ADD | operator::SUBTRACT | operator::MULTIPLY)
                | Self::False
                | Self::None
                | Self::True
                | Self::Await
                | Self::Lambda
                | Self::Not
        )
    }
}

/// The bits of a string's prefix letters, in either case.
pub(crate) fn string_prefix(word: &[u8]) -> Option<u16> {
    let bit = |letter: u8| match letter | 0x20 {
        b'r' => Some(prefix::RAW),
        b'b' => Some(prefix::BYTES),
        b'f' => Some(prefix::FORMAT),
        _ => None,
    };
    match *word {
        [b'u' | b'U'] => Some(0),
        [letter] => bit(letter),
        [first, second] => match bit(first)? | bit(second)? {
            both @ (0b011 | 0b101) => Some(both),
            _ => None,
        },
        _ => None,
    }
}
