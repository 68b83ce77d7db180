//! Jumps: which are short, and that everything that counts bytes moves with the code.

use std::fmt::Write as _;

use octopy_bytecode::lines::line_at;
use octopy_bytecode::{Instruction, Opcode, decode};
use octopy_syntax::Failure;

use super::host::Code;
use super::{compile, failure};
use crate::Mode;

/// The code of the first function.
fn function(source: &str) -> Code {
    compile(source, Mode::File).module.unwrap().children.remove(0)
}

/// Statements that are `len` bytes of code where `a` is the first local, `indent`ed.
fn filler(len: usize, indent: usize) -> String {
    assert!(len >= 2);
    let space = " ".repeat(indent);
    let odd = if len % 2 == 1 { format!("{space}-a\n") } else { String::new() };
    format!("{}{odd}", format!("{space}a\n").repeat((len - 3 * (len % 2)) / 2))
}

/// All instructions with where they start and end.
fn instructions(code: &[u8]) -> Vec<(usize, Instruction, usize)> {
    let mut at = 0;
    std::iter::from_fn(|| {
        let (instruction, end) = decode(code, at)?;
        let start = std::mem::replace(&mut at, end);
        Some((start, instruction, end))
    })
    .collect()
}

/// Fails if a jump is long although its short form would reach.
fn assert_shortest(code: &[u8]) {
    for (start, instruction, end) in instructions(code) {
        let Some(jump) = instruction.jump() else { continue };
        let unwinds = usize::from(instruction.opcode() == Opcode::UnwindJump);
        if end - start == 2 + unwinds {
            continue;
        }
        let unwinds = unwinds as i32;
        let short = if jump.offset < 0 { jump.offset + 1 } else { jump.offset } + unwinds;
        let fits = if instruction.opcode() as u8 <= Opcode::PopJumpIfFalse as u8 {
            (-64..64).contains(&short)
        } else {
            (0..128).contains(&short)
        };
        assert!(!fits, "{instruction:?} at {start} is long");
    }
}

#[test]
fn a_jump_that_can_go_back_is_short_up_to_63() {
    for len in [2, 61, 62, 63, 64, 65, 127, 128, 129] {
        let code = function(&format!("def f(a):\n if a:\n{}", filler(len, 2))).code;
        let expected = match len {
            ..64 => vec![0xb0, 0x44, 0x40 + len as u8],
            _ => vec![0xb0, 0x44, 0x80 | len as u8 & 0x7f, 0x80 + (len >> 7) as u8],
        };
        assert_eq!(code[..expected.len()], expected, "{len}");
        assert_eq!(code.len(), expected.len() + len + 2);
    }
}

#[test]
fn a_jump_that_only_goes_forward_is_short_up_to_127() {
    for len in [123, 124, 125, 126, 127, 128] {
        let source = format!("def f(a):\n try:\n{} finally:\n  a\n", filler(len, 2));
        let code = function(&source).code;
        // None is loaded between the body and the `finally`.
        let distance = len + 1;
        let expected = match distance {
            ..128 => vec![0x49, distance as u8],
            _ => vec![0x49, 0x80 | distance as u8 & 0x7f, (distance >> 7) as u8],
        };
        assert_eq!(code[..expected.len()], expected, "{len}");
        assert_eq!(code[expected.len() + len..], [0x51, 0xb0, 0x59, 0x5d, 0x51, 0x63]);
    }
}

#[test]
fn a_jump_back_is_short_up_to_64() {
    // The jump to the condition goes over the body, the condition jumps back over all of it.
    for len in [60, 61, 62, 63, 64] {
        let code = function(&format!("def f(a):\n while a:\n{}", filler(len, 2))).code;
        let distance = len + 3;
        let mut expected = match len {
            ..64 => vec![0x42, 0x40 + len as u8],
            _ => vec![0x42, 0x80 | len as u8 & 0x7f, 0x80 + (len >> 7) as u8],
        };
        expected.extend(function(&format!("def f(a):\n{}", filler(len, 1))).code);
        expected.truncate(expected.len() - 2);
        expected.extend([0xb0, 0x43]);
        match distance {
            ..=64 => expected.push(0x40 - distance as u8),
            _ => {
                let bits = 0x4000 - (distance as u16 + 1);
                expected.extend([0x80 | bits as u8 & 0x7f, (bits >> 7) as u8]);
            }
        }
        expected.extend([0x51, 0x63]);
        assert_eq!(code, expected, "{len}");
    }
}

#[test]
fn one_short_jump_makes_the_next_short() {
    // Each `if` is at the border only when all in it are short.
    let mut source = "def f(a):\n".to_owned();
    let depth = 12;
    for level in 1..=depth {
        let _ = writeln!(source, "{}if a:", " ".repeat(level));
    }
    source.push_str(&filler(63 - 3 * (depth - 1), depth + 1));
    let code = function(&source).code;
    assert_eq!(code[..6], [0xb0, 0x44, 0x40 + 63, 0xb0, 0x44, 0x40 + 60]);
    assert_eq!(code.len(), 3 + 63 + 2);
    // One byte more, and the outermost is long.
    let code = function(&(source + &filler(3, depth + 1)).replace("-a", "a\n")).code;
    assert_shortest(&code);
}

#[test]
fn jumps_in_both_directions_wait_for_each_other() {
    for len in 2..70 {
        let source = format!(
            "def f(a):\n for b in a:\n  if a: continue\n  while a:\n   if b: break\n{}  \
             if b: continue\n  if b: break\n",
            filler(len, 3)
        );
        assert_shortest(&function(&source).code);
    }
}

#[test]
fn an_unwind_jump_keeps_its_handlers() {
    for len in 30..70 {
        let source = format!(
            "def f(a):\n while a:\n  try:\n   if a: break\n   if -a: continue\n{}  finally: a\n",
            filler(len, 3)
        );
        let code = function(&source).code;
        assert_shortest(&code);
        let unwinds =
            instructions(&code).into_iter().filter_map(|(_, instruction, _)| match instruction {
                Instruction::UnwindJump { unwind } => Some(unwind.handlers),
                _ => None,
            });
        assert_eq!(unwinds.collect::<Vec<_>>(), [1, 1], "{len}");
    }
}

/// A program of nested statements, whose constants are the numbers of their lines.
fn random_program(seed: u32) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let mut random = |n: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 3) % n
    };
    let mut source = "def f(a):\n".to_owned();
    let mut line = 2;
    let mut depth = 1;
    let mut in_loop = vec![false];
    for _ in 0..random(120) + 20 {
        let space = " ".repeat(depth);
        let head = match random(if depth < 7 { 9 } else { 4 }) {
            4 => "if a:",
            5 => "while a:",
            6 => "for b in a:",
            7 => "with a:",
            8 => "try:",
            3 if in_loop[depth - 1] => {
                let _ = writeln!(source, "{space}if a: {}", ["break", "continue"][line % 2]);
                line += 1;
                continue;
            }
            _ => {
                for _ in 0..random(14) {
                    let _ = writeln!(source, "{space}a = {}", 1000 + line);
                    line += 1;
                }
                if random(2) == 0 && depth > 1 {
                    depth -= 1;
                    in_loop.pop();
                }
                continue;
            }
        };
        let _ = writeln!(source, "{space}{head}");
        line += 1;
        let _ = writeln!(source, "{space} a = {}", 1000 + line);
        line += 1;
        if head == "try:" {
            let _ = writeln!(source, "{space}finally:");
            line += 1;
            let _ = writeln!(source, "{space} a = {}", 1000 + line);
            line += 1;
        }
        in_loop.push(in_loop[depth - 1] || head.starts_with('w') && head != "with a:");
        depth += 1;
    }
    source
}

#[test]
fn any_code_is_shortest_and_lines_stay_with_it() {
    let (mut short, mut long) = (0, 0);
    for seed in 1..300 {
        let source = random_program(seed);
        let code = function(&source);
        assert_shortest(&code.code);
        for (start, instruction, end) in instructions(&code.code) {
            if let Instruction::LoadConstSmallInt { value } = instruction {
                let line = line_at(&code.lines, start as u32);
                assert_eq!(line as i32, value - 1000, "{source}");
            }
            if instruction.jump().is_some() {
                *if end - start == 2 { &mut short } else { &mut long } += 1;
            }
        }
    }
    assert!(short > 1000 && long > 1000, "{short} short, {long} long");
}

#[test]
fn lines_are_written_as_if_the_jumps_had_been_short_at_once() {
    // Where 16 bytes and 10 lines take three bytes, 15 take two.
    let source = format!("def f(a):\n{} if a: a\n{} a\n", " if a: a\n".repeat(2), "\n".repeat(9));
    let code = function(&source);
    assert_eq!(code.lines, [0x20, 0x25, 0x25, 0x85, 10]);
    let source = format!("def f(a):\n if a: a; a; a; a; a; a\n{} a\n", "\n".repeat(9));
    assert_eq!(function(&source).lines, [0x20, 0x8f, 10]);
}

#[test]
fn the_distance_that_counts_is_the_last() {
    let many = "  if a: a\n".repeat(0x3fff / 5);
    for (head, rest) in [("if a:", 3), ("while True:", 0)] {
        let fits = format!("def f(a):\n {head}\n{many}{}", if rest > 0 { "  -a\n" } else { "" });
        assert_shortest(&function(&fits).code);
        let Failure::Syntax(error) = failure(&(fits + "  -a\n")) else { panic!() };
        assert_eq!(error.kind.text(), "bytecode overflow");
    }
}

#[test]
fn a_function_may_have_any_number_of_jumps() {
    let code = function(&format!("def f(a):\n{}", " if a: a\n".repeat(20_000))).code;
    assert_eq!(code.len(), 20_000 * 5 + 2);
}
