//! Tests of statements.

use super::{check, check_error};
use crate::testing::{VecStore, dump};
use crate::{Area, Failure, Parser, Store};

#[test]
fn lines() {
    check("a; b;\nc", "(Block (ExprStmt a) (ExprStmt b))\n(Block (ExprStmt c))");
    check("pass", "(Block (Pass))");
    check("break; continue", "(Block (Break) (Continue))");
    check("return; return a; return a, b", "(Block (Return) (Return a) (Return (Tuple a b)))");
    check("raise; raise a; raise a from b", "(Block (Raise) (Raise a) (Raise a b))");
    check("assert a; assert a, b", "(Block (Assert a) (Assert a b))");
    check("del a, b[c]; del (d,)", "(Block (Del a (Subscript b c)) (Del (Tuple:1 d)))");
    check("global a, b; nonlocal c", "(Block (Global a b) (Nonlocal c))");
    for wrong in
        [";", "a;;b", "a b", "pass a", "assert", "del", "global", "global a,", "raise from a"]
    {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn assignments() {
    check("a = b", "(Block (Assign a b))");
    check("a, *b = c = d, e", "(Block (Assign (Tuple a (Starred b)) c (Tuple d e)))");
    check("a = yield b", "(Block (Assign a (Yield b)))");
    check("a.b[c] += d, e", "(Block (+= (Subscript (Attribute a b) c) (Tuple d e)))");
    for op in crate::Tree::BINARY_OPERATORS {
        check(&std::format!("a {op}= b"), &std::format!("(Block ({op}= a b))"));
    }
    check("a: b", "(Block (AnnAssign a b))");
    check("a: b = c, d", "(Block (AnnAssign a b (Tuple c d)))");
    check("print = async_ = match", "(Block (Assign print async_ match))");
    for wrong in ["a =", "= a", "a += b += c", "a: b: c", "a + = b", "a = pass", "await = 1"] {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn imports() {
    check("import a", "(Block (Import (Alias a)))");
    check("import a.b as c, d", "(Block (Import (Alias a b - c) (Alias d)))");
    check("from a.b import c as d, e", "(Block (ImportFrom a b - (Alias c - d) (Alias e)))");
    check("from a import (b, c,)", "(Block (ImportFrom a - (Alias b) (Alias c)))");
    check("from a import *", "(Block (ImportFrom a - (Alias *)))");
    check("from . import a", "(Block (ImportFrom:1 - (Alias a)))");
    check("from ....a import b", "(Block (ImportFrom:4 a - (Alias b)))");
    for wrong in [
        "import",
        "import a.",
        "import a as b.c",
        "from a import",
        "from import a",
        "from a import (b",
    ] {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn branches_and_loops() {
    check("if a: b\nelse: c", "(If a (Block (ExprStmt b)) (Block (ExprStmt c)))");
    check(
        "if a:\n  b\n  if c: d\nelif e := f: g\nelif h: i\nelse:\n  j",
        "(If a (Block (ExprStmt b) (If c (Block (ExprStmt d)))) (If (Walrus e f) \
         (Block (ExprStmt g)) (If h (Block (ExprStmt i)) (Block (ExprStmt j)))))",
    );
    check(
        "while a: b; c\nelse: d",
        "(While a (Block (ExprStmt b) (ExprStmt c)) (Block (ExprStmt d)))",
    );
    check(
        "for a, (b, *c) in d, e: pass",
        "(For (Tuple a (Tuple:1 b (Starred c))) (Tuple d e) (Block (Pass)))",
    );
    check("async for a in b: pass\nelse: c", "(For:1 a b (Block (Pass)) (Block (ExprStmt c)))");
    check("for a in b if c else d: pass", "(For a (Conditional c b d) (Block (Pass)))");
    for wrong in [
        "if a",
        "if a:",
        "if: b",
        "else: a",
        "elif a: b",
        "while a b: c",
        "for a: b",
        "for a in: b",
        "if a: if b: c",
        "async a",
    ] {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn handlers() {
    check("try: a\nfinally: b", "(Try (Block (ExprStmt a)) - (Block (ExprStmt b)))");
    check(
        "try: a\nexcept B: c\nexcept (D, E) as f: g\nexcept: h\nelse: i\nfinally: j",
        "(Try (Block (ExprStmt a)) (Handler B - (Block (ExprStmt c))) \
         (Handler (Tuple:1 D E) f (Block (ExprStmt g))) (Handler - - (Block (ExprStmt h))) \
         (Block (ExprStmt i)) (Block (ExprStmt j)))",
    );
    check("try: a\nexcept: b", "(Try (Block (ExprStmt a)) (Handler - - (Block (ExprStmt b))) - -)");
    check("with a: b", "(With (WithItem a) (Block (ExprStmt b)))");
    check(
        "async with a as b, c() as (d, e): f",
        "(With:1 (WithItem a b) (WithItem (Call c (Arguments)) (Tuple:1 d e)) (Block (ExprStmt f)))",
    );
    for wrong in [
        "try: a",
        "try: a\nelse: b\nfinally: c",
        "try: a\nexcept B as c.d: e",
        "with: a",
        "with a as: b",
    ] {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn definitions() {
    check("def f(): pass", "(FunctionDef f (Parameters) - (Block (Pass)))");
    check(
        "async def f(a: b, /, c: d = e, *g: h, i, j=k, **l: m) -> n: pass",
        "(FunctionDef:1 f (Parameters (Parameter a - b) (PositionalOnlyMark) (Parameter c e d) \
         (StarParameter g h) (Parameter i - -) (Parameter j k -) (DoubleStarParameter l m)) n \
         (Block (Pass)))",
    );
    check(
        "def f(a, *, b): pass",
        "(FunctionDef f (Parameters (Parameter a - -) (KeywordOnlyMark) (Parameter b - -)) - (Block (Pass)))",
    );
    check("class A: a", "(ClassDef A (Arguments) (Block (ExprStmt a)))");
    check("class A(B, c=d): pass", "(ClassDef A (Arguments B (Keyword c d)) (Block (Pass)))");
    check(
        "@a.b\n@c(d)\nclass A: pass",
        "(Decorated (Attribute a b) (Call c (Arguments d)) (ClassDef A (Arguments) (Block (Pass))))",
    );
    check(
        "@a\nasync def f(): pass",
        "(Decorated a (FunctionDef:1 f (Parameters) - (Block (Pass))))",
    );
    for wrong in [
        "def f: pass",
        "def f(a.b): pass",
        "def f(/): pass",
        "def f(a, /, b, /): pass",
        "def f(*, /): pass",
        "def f(x, *a, *): pass",
        "def f(**a, b): pass",
        "def f(*a=1): pass",
        "def f(a,, b): pass",
        "def f() pass",
        "class A(B: pass",
        "class: pass",
        "@a b\ndef f(): pass",
        "@a\nb",
    ] {
        check_error(wrong, "invalid syntax");
    }
    check_error("def f(a=1, b): pass", "non-default argument follows default argument");
}

#[test]
fn a_statement_replaces_the_one_before_it() {
    let mut store = VecStore::new();
    // What the caller keeps in the areas stays below what the parser adds.
    store.push_word(Area::Tree, 7).unwrap();
    store.push_byte(Area::Text, b'x').unwrap();
    let bare = (store.len(Area::Tree), store.len(Area::Text));
    let mut parser = Parser::new(b"'abc'\nif a: 'def'\n123456789012; 'ghi'".iter());
    // The tree area holds whole nodes, so the odd word is made up to one.
    for _ in 0..3 {
        store.push_word(Area::Tree, 0).unwrap();
    }
    let mut dumps = std::vec::Vec::new();
    while let Some(id) = parser.next_statement(&mut store).unwrap() {
        dumps.push(dump(&store, id));
    }
    assert_eq!(
        dumps,
        [
            "(Block (ExprStmt 'abc'))",
            "(If a (Block (ExprStmt 'def')))",
            "(Block (ExprStmt big:123456789012) (ExprStmt 'ghi'))",
        ]
    );
    assert_eq!((store.len(Area::Tree), store.len(Area::Text)), (bare.0 + 3, bare.1));
}

#[test]
fn a_failure_stays() {
    let mut store = VecStore::new();
    let mut parser = Parser::new(b"'a'; (\n'b'\n".iter());
    let failure = parser.next_statement(&mut store);
    assert!(matches!(failure, Err(Failure::Syntax(_))));
    assert_eq!(parser.next_statement(&mut store), failure);
    assert_eq!((store.len(Area::Tree), store.len(Area::Text)), (0, 0));
}

#[track_caller]
fn check_single(input: &str, expect: Option<&str>) {
    let mut store = VecStore::new();
    let node = Parser::new(input.as_bytes().iter()).single_input(&mut store).unwrap();
    assert_eq!(node.map(|node| dump(&store, node)).as_deref(), expect);
}

#[test]
fn single_input() {
    check_single("\n # x\n", None);
    check_single("a; b", Some("(Block (ExprStmt a) (ExprStmt b))"));
    check_single("if a:\n  b\n\n", Some("(If a (Block (ExprStmt b)))"));
    let mut store = VecStore::new();
    for wrong in [&b""[..], b"a\nb", b"if a: b\nc", b" a", b"if a: b\n  c", b"a\\\n"] {
        assert!(Parser::new(wrong.iter()).single_input(&mut store).is_err());
    }
}

#[test]
fn eval_input() {
    let mut store = VecStore::new();
    let node = Parser::new(b"a,\\\n b\r\n\n# x".iter()).eval_input(&mut store).unwrap();
    assert_eq!(dump(&store, node), "(Tuple a b)");
    for wrong in [&b""[..], b"\n", b"a = b", b"a; b", b"pass", b"a b", b"yield", b"a\nb"] {
        assert!(Parser::new(wrong.iter()).eval_input(&mut store).is_err());
    }
}
