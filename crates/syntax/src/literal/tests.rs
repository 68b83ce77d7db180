//! Tests of literals: numbers, strings, escapes.

use crate::testing::parse;
use crate::{ErrorKind, Failure};

/// What the literal `input` is, without the statement around it.
#[track_caller]
fn check(input: &str, expect: &str) {
    check_bytes(input.as_bytes(), expect);
}

#[track_caller]
fn check_bytes(input: &[u8], expect: &str) {
    let expect = std::format!("(Block (ExprStmt {expect}))");
    assert_eq!(parse(input), Ok(expect), "{}", input.escape_ascii());
}

#[track_caller]
fn check_error(input: &[u8], expect: &str) {
    match parse(input) {
        Err(Failure::Syntax(error)) => assert_eq!(error.kind.text(), expect),
        other => panic!("{}: {other:?}", input.escape_ascii()),
    }
}

#[test]
fn integers() {
    check("0", "0");
    check("000", "0");
    check("1_000", "1000");
    check("0xFf", "255");
    check("0O17", "15");
    check("0b1_01", "5");
    check("536870911", "536870911");
    check("536870912", "big:536870912");
    check("0X1_ffff_FFFF", "big:0x1ffffFFFF");
    check("99999999999999999999999999999999", "big:99999999999999999999999999999999");
    for wrong in ["01", "123z", "0x", "0b2", "0o8", "1_a", "0xg", "1if x else 2", "12é"] {
        check_error(wrong.as_bytes(), "invalid syntax");
    }
}

#[test]
fn floats() {
    check("1.5", "float:1.5");
    check("1.", "float:1.");
    check(".5e1_0", "float:.5e10");
    check("1E+5", "float:1e+5");
    check("01.5", "float:01.5");
    check("2j", "imag:2");
    check("1.e-3J", "imag:1.e-3");
    check("1..real", "(Attribute float:1. real)");
    for wrong in ["1e", "1e+", "1.5x", "1.2.3", "1jj"] {
        check_error(wrong.as_bytes(), "invalid syntax");
    }
}

#[test]
fn strings() {
    check("''", "''");
    check("'a' \"b\" u'c'", "'abc'");
    check("'a'\\\n'b'", "'ab'");
    check("('a' # comment\n 'b')", "'ab'");
    check("'''a'b''c\n'''", "'a'b''c\\n'");
    check("\"\"\"\"a\\\"\"\"\"", "'\"a\"'");
    check("'a\\\nb'", "'ab'");
    check("'a\\\r\nb'", "'ab'");
    check("'''a\r\nb\rc'''", "'a\\nb\\nc'");
    check(r"'\a\b\t\v\f\r\\\'\''", "'\u{7}\u{8}\t\u{b}\u{c}\r\\\\'''");
    check(r"'\x41\u00e9\U0001f600\101\7\400\8\q'", "'Aé😀A\u{7}Ā\\\\8\\\\q'");
    check(r"r'\n\'' R'\\'", r"'\\n\\'\\\\'");
    check("'\u{e9}'", "'é'");
    check("'a' 'b'.c", "(Attribute 'ab' c)");
    for wrong in [
        "'abc",
        "'abc\n'",
        "'''abc''",
        r"'\x0'",
        r"'\u000'",
        r"'\U00110000'",
        r"'\Uffffffff'",
        "'a' b'b'",
        "ur''",
        "bf''",
        "'\\",
    ] {
        check_error(wrong.as_bytes(), "invalid syntax");
    }
    check_error(br"'\N{DASH}'", "unicode name escapes");
    check_error(b"'\xff'", "invalid UTF-8");
    check_error(b"'\xc3' '\xa9'", "invalid UTF-8");
    check_error(b"\xff", "invalid UTF-8");
}

#[test]
fn byte_strings() {
    check(r"b'\x00\xff\377\'a'", r"b'\x00\xff\xff\'a'");
    check(r"b'\u1234\N'", r"b'\\u1234\\N'");
    check(r"rb'\x' bR'\''", r"b'\\x\\\''");
    check_bytes(b"b'\xff'", r"b'\xff'");
    check_error(br"b'\400'", "invalid syntax");
    check_error(br"b'\x0'", "invalid syntax");
}

#[test]
fn format_strings() {
    check("f''", "''");
    check("f'{{}}'", "'{}'");
    check("f'a{b}c'", "(FString 'a' (FormatField b -) 'c')");
    check("'x{' f'{b}' r'\\}'", r"(FString 'x{' (FormatField b -) '\\}')");
    check("f'{a!r}{b!s:>5}'", "(FString (FormatField!r a -) (FormatField!s b (FString '>5')))");
    check("f'{a:}'", "(FString (FormatField a (FString)))");
    check(
        "f'{a:{b}.{c!r}x}'",
        "(FString (FormatField a (FString (FormatField b -) '.' (FormatField!r c -) 'x')))",
    );
    check("f'{a!=b}'", "(FString (FormatField (Compare a (!= b)) -))");
    check("f'{a:=5}'", "(FString (FormatField a (FString '=5')))");
    check("f'{(a:=5)}'", "(FString (FormatField (Walrus a 5) -))");
    check("f'{a[1:2]}'", "(FString (FormatField (Subscript a (Slice 1 2 -)) -))");
    check("f'{ {1: 2}[1] }'", "(FString (FormatField (Subscript (Dict (Pair 1 2)) 1) -))");
    check("f'{a, *b}'", "(FString (FormatField (Tuple a (Starred b)) -))");
    check("f'{yield}'", "(FString (FormatField (Yield) -))");
    check("f'{f'{f'{x}'}'}'", &nested("x", 3));
    check("f'{a['b']}'", "(FString (FormatField (Subscript a 'b') -))");
    check("f'''{\na # comment\n}\n'''", "(FString (FormatField a -) '\\n')");
    check(r"fr'\{a}\n'", r"(FString '\\' (FormatField a -) '\\n')");
    check(r"f'\x41{a}\''", r"(FString 'A' (FormatField a -) ''')");
}

fn nested(inner: &str, depth: u32) -> std::string::String {
    match depth {
        0 => inner.into(),
        _ => std::format!("(FString (FormatField {} -))", nested(inner, depth - 1)),
    }
}

#[test]
fn format_fields_with_their_source() {
    check("f'{x=}'", "(FString 'x=' (FormatField!r x -))");
    check("f'a { x = !s}'", "(FString 'a ' ' x = ' (FormatField!s x -))");
    check("f'{x=:5}'", "(FString 'x=' (FormatField x (FString '5')))");
    check("f'{x==y}'", "(FString (FormatField (Compare x (== y)) -))");
    check(
        "f'{f'{y=}' + 'é'=}'",
        "(FString 'f'{y=}' + 'é'=' (FormatField!r (+ (FString 'y=' (FormatField!r y -)) 'é') -))",
    );
}

#[test]
fn malformed_format_strings() {
    for wrong in ["f'{}'", "f'{ }'", "f'}'", "f'{{}'", "f'{a!x}'", "f'{!r}'", "f'{a b}'", "f'{a:'"]
    {
        check_error(wrong.as_bytes(), "malformed f-string");
    }
    for wrong in ["f'{a", "f'{(}'", "f'{\\}'", "f'{#}'", "f'{a'", "f'{a!r", "f'{a:{b"] {
        assert!(
            matches!(parse(wrong.as_bytes()), Err(Failure::Syntax(e)) if e.kind != ErrorKind::TooDeep),
            "{wrong}"
        );
    }
}
