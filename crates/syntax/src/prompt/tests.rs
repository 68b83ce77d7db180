//! Tests of whether a prompt needs another line.

use super::is_incomplete;

#[track_caller]
fn check(input: &str, expect: bool) {
    assert_eq!(is_incomplete(input.as_bytes()), expect, "{input:?}");
}

#[test]
fn a_line_is_whole() {
    for input in ["", "1", "x = 1", "# comment", "if1 = 2", "iff", "format", "x if y else z", ")"] {
        check(input, false);
    }
}

#[test]
fn brackets_and_backslashes_go_on() {
    for input in ["print(", "l = [1,", "d = {1: 'one',", "1 \\", "print(\"\\\"(\"", "(]"] {
        check(input, true);
    }
    check("print('\\'(')", false);
    check("'('", false);
    check("\"\\\\(\"", false);
    // An open single quote is an error, not an invitation.
    check("f('abc", false);
}

#[test]
fn triple_quotes_go_on() {
    check("'''abc", true);
    check("'''abc\ndef'''", false);
    check("\"\"\"a'''", true);
    check("'''it's", true);
    check("''", false);
    check("'' ''", false);
}

#[test]
fn compound_statements_end_with_an_empty_line() {
    for word in ["if x:", "while 1:", "for i in x:", "try:", "with a:", "def f():", "class A:"] {
        check(word, true);
        check(&std::format!("{word}\n pass"), true);
        check(&std::format!("{word}\n pass\n"), false);
    }
    check("@decorator", true);
    check("async def f():", true);
    check("if", true);
}
