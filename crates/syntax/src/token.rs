//! Tokens: what the lexer hands to the parser.
//!
//! A token owns no text. Names are interned when they are read; the body of a string or number is
//! read only when the parser takes it, so that looking ahead leaves nothing in the Text area.

use crate::tree::Place;

/// Indices into [`crate::Tree::COMPARE_OPERATORS`] of what is spelled with words.
pub(crate) mod comparison {
    pub(crate) const IN: u8 = 6;
    pub(crate) const NOT_IN: u8 = 7;
    pub(crate) const IS: u8 = 8;
    pub(crate) const IS_NOT: u8 = 9;
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
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

    // ORDER: `Tree::BINARY_OPERATORS`.
    BitOr,
    BitXor,
    BitAnd,
    ShiftLeft,
    ShiftRight,
    Plus,
    Minus,
    Star,
    At,
    DoubleSlash,
    Slash,
    Percent,
    DoubleStar,

    // The same with `=`.
    BitOrEqual,
    BitXorEqual,
    BitAndEqual,
    ShiftLeftEqual,
    ShiftRightEqual,
    PlusEqual,
    MinusEqual,
    StarEqual,
    AtEqual,
    DoubleSlashEqual,
    SlashEqual,
    PercentEqual,
    DoubleStarEqual,

    // ORDER: the beginning of `Tree::COMPARE_OPERATORS`.
    Less,
    Greater,
    DoubleEqual,
    LessEqual,
    GreaterEqual,
    NotEqual,

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
    False,
    Finally,
    For,
    From,
    Global,
    If,
    Import,
    In,
    Is,
    Lambda,
    None,
    Nonlocal,
    Not,
    Or,
    Pass,
    Raise,
    Return,
    True,
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
    pub(crate) place: Place,
}

/// The keywords by length, each with its kind. Words and kinds are in the same order.
#[rustfmt::skip]
const KEYWORDS: [(&[u8], &[TokenKind]); 9] = {
    use TokenKind::{
        And, As, Assert, Async, Await, Break, Class, Continue, Def, Del, Elif, Else, Except, False,
        Finally, For, From, Global, If, Import, In, Is, Lambda, None, Nonlocal, Not, Or, Pass, Raise,
        Return, True, Try, While, With, Yield,
    };
    [
        (b"", &[]),
        (b"", &[]),
        (b"asifinisor", &[As, If, In, Is, Or]),
        (b"anddefdelfornottry", &[And, Def, Del, For, Not, Try]),
        (b"NoneTrueelifelsefrompasswith", &[None, True, Elif, Else, From, Pass, With]),
        (
            b"Falseasyncawaitbreakclassraisewhileyield",
            &[False, Async, Await, Break, Class, Raise, While, Yield],
        ),
        (
            b"assertexceptglobalimportlambdareturn",
            &[Assert, Except, Global, Import, Lambda, Return],
        ),
        (b"finally", &[Finally]),
        (b"continuenonlocal", &[Continue, Nonlocal]),
    ]
};

/// ORDER: the binary operators in [`TokenKind`].
const AUGMENTED: [TokenKind; 13] = [
    TokenKind::BitOrEqual,
    TokenKind::BitXorEqual,
    TokenKind::BitAndEqual,
    TokenKind::ShiftLeftEqual,
    TokenKind::ShiftRightEqual,
    TokenKind::PlusEqual,
    TokenKind::MinusEqual,
    TokenKind::StarEqual,
    TokenKind::AtEqual,
    TokenKind::DoubleSlashEqual,
    TokenKind::SlashEqual,
    TokenKind::PercentEqual,
    TokenKind::DoubleStarEqual,
];

impl TokenKind {
    /// The keyword that `word` is.
    pub(crate) fn keyword(word: &[u8]) -> Option<Self> {
        let (words, kinds) = KEYWORDS.get(word.len())?;
        let first = word.first()?;
        let place = words
            .chunks_exact(word.len())
            .position(|keyword| keyword.first() == Some(first) && keyword == word)?;
        kinds.get(place).copied()
    }

    /// Its place between `first` and `last`, if it is one of them.
    const fn between(self, first: Self, last: Self) -> Option<u8> {
        let place = (self as u8).wrapping_sub(first as u8);
        if place <= last as u8 - first as u8 { Some(place) } else { None }
    }

    /// The index into `Tree::BINARY_OPERATORS` of a binary operator.
    pub(crate) const fn binary(self) -> Option<u8> {
        self.between(Self::BitOr, Self::DoubleStar)
    }

    /// The same of one with `=`.
    pub(crate) const fn augmented(self) -> Option<u8> {
        self.between(Self::BitOrEqual, Self::DoubleStarEqual)
    }

    /// The index into `Tree::COMPARE_OPERATORS` of a comparison that is no keyword.
    pub(crate) const fn comparison(self) -> Option<u8> {
        self.between(Self::Less, Self::NotEqual)
    }

    /// A binary operator with `=`.
    pub(crate) fn with_equal(self) -> Self {
        self.binary().and_then(|op| AUGMENTED.get(usize::from(op)).copied()).unwrap_or(self)
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
                | Self::Plus
                | Self::Minus
                | Self::Star
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
