//! Grammar, limits, and what must never happen.

mod expression;
mod limit;
mod statement;

use crate::testing::parse;
use crate::{ErrorKind, Failure};

/// The statement `input` has the tree `expect`.
#[track_caller]
fn check(input: &str, expect: &str) {
    assert_eq!(parse(input.as_bytes()).as_deref(), Ok(expect), "{input}");
}

/// The expression `input` has the tree `expect`.
#[track_caller]
fn check_expression(input: &str, expect: &str) {
    check(input, &std::format!("(Block (ExprStmt {expect}))"));
}

#[track_caller]
fn check_error(input: &str, expect: &str) {
    match parse(input.as_bytes()) {
        Err(Failure::Syntax(error)) => assert_eq!(error.kind.text(), expect, "{input}"),
        other => panic!("{input}: {other:?}"),
    }
}

#[track_caller]
fn check_too_deep(input: &str) {
    match parse(input.as_bytes()) {
        Err(Failure::Syntax(error)) => {
            assert_eq!(error.kind, ErrorKind::TooDeep, "{}", &input[..80])
        }
        other => panic!("{other:?}"),
    }
}
