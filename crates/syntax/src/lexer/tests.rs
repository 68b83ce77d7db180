//! Tests of the lexer: tokens of every kind, indentation, errors.

use super::Lexer;
use crate::testing::{VecStore, parse};
use crate::token::TokenKind;
use crate::{ErrorKind, Failure, Source, Span, Tree};
use std::vec::Vec;

fn tokens(input: &[u8]) -> Vec<(TokenKind, u32, u32)> {
    let mut store = VecStore::new();
    let mut lexer = Lexer::new(input.iter());
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next(&mut store);
        if token.kind == TokenKind::End {
            return tokens;
        }
        tokens.push((token.kind, token.place.span().line, token.place.span().column));
    }
}

#[track_caller]
fn check_error(input: &[u8], kind: ErrorKind, line: u32) {
    match parse(input) {
        Err(Failure::Syntax(error)) => assert_eq!((error.kind, error.span.line), (kind, line)),
        other => panic!("{}: {other:?}", input.escape_ascii()),
    }
}

#[test]
fn tokens_know_their_place() {
    use TokenKind::{As, Dedent, Equal, If, Indent, Name, Newline};
    assert_eq!(
        tokens(b"a =\\\n  b\r\n\r# x\nif\n\tas"),
        [
            (Name, 1, 1),
            (Equal, 1, 3),
            (Name, 2, 3),
            (Newline, 2, 4),
            (If, 5, 1),
            (Newline, 5, 3),
            (Indent, 6, 2),
            (As, 6, 2),
            (Newline, 6, 4),
            (Dedent, 6, 4),
        ]
    );
}

#[test]
fn operators_are_in_the_order_of_the_tree() {
    for (idx, text) in Tree::BINARY_OPERATORS.iter().enumerate() {
        let [(kind, ..), (augmented, ..), _] =
            tokens(std::format!("{text} {text}=").as_bytes())[..]
        else {
            panic!("{text}")
        };
        assert_eq!(kind.binary().map(usize::from), Some(idx), "{text}");
        assert_eq!(augmented.augmented().map(usize::from), Some(idx), "{text}");
    }
    for (idx, text) in Tree::COMPARE_OPERATORS.iter().enumerate().take(6) {
        assert_eq!(tokens(text.as_bytes())[0].0.comparison().map(usize::from), Some(idx), "{text}");
    }
}

#[test]
fn keywords_are_told_from_names() {
    let words = "False None True and as assert async await break class continue def del elif else \
                 except finally for from global if import in is lambda nonlocal not or pass raise \
                 return try while with yield";
    for word in words.split(' ') {
        let spelled = std::format!("{:?}", TokenKind::keyword(word.as_bytes()).unwrap());
        assert_eq!(spelled.to_lowercase(), word.to_lowercase());
        assert_eq!(tokens(std::format!("{word}s").as_bytes())[0].0, TokenKind::Name);
    }
}

#[test]
fn tabs_reach_to_multiples_of_eight() {
    assert_eq!(
        parse(b"if a:\n\tb\n        c\n  \td\n"),
        Ok("(If a (Block (ExprStmt b) (ExprStmt c) (ExprStmt d)))".into())
    );
}

#[test]
fn blank_lines_and_comments_do_not_indent() {
    assert_eq!(
        parse(b"\n  \n   # x\nif a:\n# y\n  b\n\n    # z\n\x0c\n  c\n#"),
        Ok("(If a (Block (ExprStmt b) (ExprStmt c)))".into())
    );
    for blank in [&b""[..], b"\n", b"\r\r\n", b"\t", b"  # x", b"\\\n"] {
        assert_eq!(parse(blank), Ok("".into()), "{}", blank.escape_ascii());
    }
}

#[test]
fn brackets_join_lines() {
    assert_eq!(
        parse(b"f(a,\n# x\n        b\n  )\nc"),
        Ok("(Block (ExprStmt (Call f (Arguments a b))))\n(Block (ExprStmt c))".into())
    );
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(parse(b"\xef\xbb\xbfa"), Ok("(Block (ExprStmt a))".into()));
    assert_eq!(parse("\u{fed0}x".as_bytes()), Ok("(Block (ExprStmt \u{fed0}x))".into()));
    assert_eq!(parse("\u{ff21}".as_bytes()), Ok("(Block (ExprStmt \u{ff21}))".into()));
    assert!(parse(b"\xef\xbb").is_err());
    assert!(parse(b"\xef").is_err());
}

#[test]
fn indentation_errors() {
    check_error(b" a", ErrorKind::UnexpectedIndent, 1);
    check_error(b"a\n  b\n", ErrorKind::UnexpectedIndent, 2);
    check_error(b"if a:\n    b\n      c\n", ErrorKind::UnexpectedIndent, 3);
    check_error(b"if a:\n    b\n  c\n", ErrorKind::UnindentMismatch, 3);
    check_error(b"if a:\nb\n", ErrorKind::InvalidSyntax, 2);
    check_error(b"if a:\n", ErrorKind::InvalidSyntax, 2);
}

#[test]
fn bytes_that_begin_no_token() {
    for byte in (0..=8).chain([0x0e, 0x1f, b'!', b'$', b'?', b'`', 0x7f]) {
        check_error(&[b'1', byte], ErrorKind::InvalidSyntax, 1);
    }
    check_error(b"a \\a\n", ErrorKind::InvalidSyntax, 1);
}

/// Ends as if the user had pressed Ctrl-C.
struct Interrupted<'a>(&'a [u8]);

impl Source for Interrupted<'_> {
    fn next_byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn is_interrupted(&self) -> bool {
        self.0.is_empty()
    }
}

#[test]
fn an_interrupted_source_is_no_syntax_error() {
    for input in [&b""[..], b"a", b"a = ", b"'abc", b"if a:\n b\n", b"f(", b"f'{a"] {
        let mut store = VecStore::new();
        let mut parser = crate::Parser::new(Interrupted(input));
        let failure = loop {
            match parser.next_statement(&mut store) {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(failure) => break Some(failure),
            }
        };
        match failure {
            Some(Failure::Syntax(error)) => assert_eq!(error.kind, ErrorKind::Interrupted),
            other => panic!("{}: {other:?}", input.escape_ascii()),
        }
    }
}

/// Counts what has been read.
struct Counted<'a>(core::slice::Iter<'a, u8>, usize);

impl Source for Counted<'_> {
    fn next_byte(&mut self) -> Option<u8> {
        self.1 += 1;
        self.0.next_byte()
    }
}

#[test]
fn no_more_is_read_than_the_line_and_two_bytes() {
    let mut store = VecStore::new();
    let mut parser = crate::Parser::new(Counted(b"abc\nif def:\n  pass\n".iter(), 0));
    assert!(parser.next_statement(&mut store).is_ok());
    assert_eq!(parser.source().1, 6);
}

#[test]
fn spans_survive_in_the_tree() {
    let mut store = VecStore::new();
    let mut parser = crate::Parser::new(b"a\n\n  \nbc = d".iter());
    parser.next_statement(&mut store).unwrap();
    let id = parser.next_statement(&mut store).unwrap().unwrap();
    let node = crate::Tree::node(&store, id);
    assert_eq!(node.span, Span { line: 4, column: 1 });
}
