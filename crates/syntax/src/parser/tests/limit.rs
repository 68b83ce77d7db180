//! Tests of what is too deep or too long.

use super::{check_expression, check_too_deep};
use crate::testing::{VecStore, parse};
use crate::{Area, Child, Failure, NodeKind, OutOfMemory, Parser, Store, Tree};
use std::string::String;
use std::thread;
use std::vec::Vec;

/// Runs on a stack that a runaway recursion would overflow soon.
fn on_small_stack(test: fn()) {
    thread::Builder::new().stack_size(256 * 1024).spawn(test).unwrap().join().unwrap();
}

fn parse_only(input: &[u8]) -> Result<usize, Failure> {
    let mut store = VecStore::new();
    let mut parser = Parser::new(input.iter());
    let mut n = 0;
    while parser.next_statement(&mut store)?.is_some() {
        n += 1;
    }
    Ok(n)
}

#[test]
fn what_nests_has_a_limit() {
    on_small_stack(|| {
        let times = |text: &str| text.repeat(10_000);
        for opener in [
            "(",
            "[",
            "{",
            "{a:",
            "-",
            "not ",
            "f(",
            "f(*",
            "f(a=",
            "a[",
            "a[:",
            "lambda: ",
            "a ** ",
            "f'{",
            "f'{a:{",
            "(yield ",
            "lambda a=",
            "(a := ",
            "[a for a in ",
            "a if (",
            "await (",
            "a or b and not c < d | e ^ f & g << h + i * -j ** (",
            "f(lambda: a if ",
            "(a, *",
        ] {
            check_too_deep(&times(opener));
        }
        let mut blocks = String::new();
        for depth in 0..200 {
            blocks.push_str(&" ".repeat(depth));
            blocks.push_str("if a:\n");
        }
        check_too_deep(&blocks);
    });
}

#[test]
fn ninety_brackets_are_fine() {
    on_small_stack(|| {
        let (open, close) = ("(".repeat(90), ")".repeat(90));
        check_expression(&(open + "a" + &close), "a");
        let (open, close) = ("[".repeat(90), "]".repeat(90));
        assert!(parse_only((open + &close).as_bytes()).is_ok());
    });
}

#[test]
fn what_repeats_has_none() {
    on_small_stack(|| {
        let n = 100_000;
        for (first, again) in [
            ("a", " + a"),
            ("a", " or b"),
            ("a", " and b"),
            ("a", " < b"),
            ("a", ".b"),
            ("a", "()"),
            ("a", "[b]"),
            ("a", ", b"),
            ("a", " if b else c"),
            ("a", " = a"),
            ("a", "; b"),
            ("a", "\nb"),
            ("'a'", " 'b'"),
            ("f'{a}'", " f'{b}'"),
            ("import a", ", b"),
            ("import a", ".b"),
            ("if a: b\n", "elif a: b\n"),
            ("try: b\n", "except a: b\n"),
            ("with a", ", b"),
            ("@a\n", "@b\n"),
        ] {
            let mut input = String::from(first) + &again.repeat(n);
            match first {
                "with a" => input.push_str(": c"),
                "@a\n" => input.push_str("def f(): pass"),
                _ => {}
            }
            assert!(parse_only(input.as_bytes()).is_ok(), "{first}{again}");
        }
        for (open, again, close) in [
            ("f(", "a, ", ")"),
            ("[", "a, ", "]"),
            ("{", "a: b, ", "}"),
            ("[a ", "for a in b ", "]"),
            ("[a for a in b ", "if c ", "]"),
            ("lambda a", ", b", ": c"),
            ("f'", "{a:{b}}", "'"),
            ("def f():\n", " a\n", ""),
        ] {
            let input = String::from(open) + &again.repeat(n) + close;
            assert!(parse_only(input.as_bytes()).is_ok(), "{open}{again}");
        }
    });
}

#[test]
fn a_line_of_ten_megabytes() {
    let mut input = b"x = '".to_vec();
    input.resize(10_000_000, b'a');
    input.extend(b"'\ny = ");
    input.resize(20_000_000, b'1');
    let mut store = VecStore::new();
    let mut parser = Parser::new(input.iter());
    let id = parser.next_statement(&mut store).unwrap().unwrap();
    let (_, assign) = Child::of(Tree::node(&store, id)).take(&store).unwrap();
    let mut children = Child::of(assign);
    children.take(&store);
    let (_, text) = children.take(&store).unwrap();
    assert_eq!((text.kind, text.aux), (NodeKind::Str, 10_000_000 - 5));
    assert!(parser.next_statement(&mut store).unwrap().is_some());
    assert_eq!(parser.next_statement(&mut store), Ok(None));
}

const PROGRAM: &str = "\
@a.b(c, d=1, **e)
async def f(a: int, b=2, /, *c, d, **e) -> int:
    '''doc'''
    if a < b is not c: return a, *b
    elif (x := not 0x123456789ab): raise A from b
    else:
        async with a as b, c: await d
    try:
        for i, (j, *k) in l: del m[1:2, ::3]
    except (A, B) as e: pass
    finally:
        x += [y ** -2 for y in z if y if z], {1: 2, **a}, {3.5e1, 4j}, {a: b for c in d}
\treturn
from ..a import (b as c, d)
import a.b as c
lambda *a, b=1: b'\\x00' if f'{x=}{y!r:>{z}}' 'joined' else None
";

/// Every allocation may be the one that fails.
#[test]
fn memory_may_run_out_anywhere() {
    let mut budget = 0;
    loop {
        let mut store = VecStore::new();
        store.budget = Some(budget);
        let mut parser = Parser::new(PROGRAM.as_bytes().iter());
        let failure = loop {
            match parser.next_statement(&mut store) {
                Ok(Some(_)) => {}
                Ok(None) => {
                    assert!(budget > 500);
                    return;
                }
                Err(failure) => break failure,
            }
        };
        assert_eq!(failure, Failure::Memory(OutOfMemory));
        for area in [Area::Tree, Area::Text, Area::Lines] {
            assert_eq!(store.len(area), 0, "budget {budget}");
        }
        budget += 1;
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// Bytes, and pieces of programs, in any order: an end, a tree or an error, but no panic.
#[test]
fn any_bytes_end_well() {
    const PIECES: &[&str] = &[
        "a", "b ", "1", "0x", "1.", "e5", "'", "\"", "'''", "f'", "rb\"", "{", "}", "(", ")", "[",
        "]", "\\", "\n", "\n  ", "\n\t", "\r", " ", "#", ":", ":=", "=", "==", "!", "!r", ",", ".",
        "...", ";", "*", "**", "/", "@", "->", "-", "~", "<<", "lambda ", "if ", "else ", "elif ",
        "for ", "in ", "not ", "is ", "def ", "class ", "async ", "await ", "try", "except ",
        "finally", "with ", "as ", "import ", "from ", "yield ", "return ", "del ", "global ",
        "and ", "or ", "pass", "None", "\\x4", "\\N", "\\u00e9", "é", "\u{feff}", "\0",
    ];
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut accepted = 0;
    for round in 0..60_000 {
        let mut input = Vec::new();
        match round % 3 {
            0 => (0..random.below(40)).for_each(|_| input.push(random.next() as u8)),
            1 => (0..random.below(40)).for_each(|_| {
                let piece = PIECES[random.below(PIECES.len())];
                input.extend_from_slice(piece.as_bytes());
            }),
            _ => {
                input.extend_from_slice(PROGRAM.as_bytes());
                let at = random.below(input.len());
                match random.below(3) {
                    0 => input.truncate(at),
                    1 => input[at] = random.next() as u8,
                    _ => {
                        let piece = PIECES[random.below(PIECES.len())];
                        input.splice(at..at + 1, piece.bytes());
                    }
                }
            }
        }
        accepted += usize::from(parse(&input).is_ok());
        let mut store = VecStore::new();
        let _ = Parser::new(input.iter()).single_input(&mut store);
        let _ = Parser::new(input.iter()).eval_input(&mut store);
        assert_eq!(store.len(Area::Lines), 0);
        crate::is_incomplete(&input);
    }
    // The generator is worth something only if some of what it makes is a program.
    assert!(accepted > 1000, "{accepted}");
}
