//! Listings: programs to be read by people.

use std::fmt::Write as _;

use octopy_bytecode::disassemble::{Reference, disassemble_with};
use octopy_bytecode::lines::line_at;

use super::{Constant, Function, Program};

/// Every function, outer ones first.
pub(super) fn listing(program: &Program) -> String {
    let mut out = String::new();
    let mut waiting = vec![&program.module];
    while let Some(function) = waiting.pop() {
        // Writing to a string cannot fail.
        let _ = write_function(program, function, &mut out);
        waiting.extend(function.children.iter().rev());
    }
    out
}

fn write_function(program: &Program, function: &Function, out: &mut String) -> std::fmt::Result {
    let prelude = &function.prelude;
    if !out.is_empty() {
        out.push('\n');
    }
    writeln!(
        out,
        "{}, {} arguments, {} slots, {} handlers, {} bytes:",
        program.name(function.name),
        function.arg_names.len(),
        prelude.n_state,
        prelude.n_handlers,
        function.code.len()
    )?;
    let mut plain = String::new();
    disassemble_with(&function.code, &mut plain, &mut |reference, out| match reference {
        Reference::Name(index) => write!(out, " {}", program.name(index)),
        Reference::Const(index) => match program.consts.get(index as usize) {
            Some(constant) => write!(out, " {}", text(constant)),
            None => Ok(()),
        },
        Reference::Child(index) => match function.children.get(index as usize) {
            Some(child) => write!(out, " {}", program.name(child.name)),
            None => Ok(()),
        },
    })?;
    let mut last = 0;
    for row in plain.lines() {
        let (offset, rest) = row.split_once(' ').unwrap_or((row, ""));
        let line = line_at(&function.lines, offset.parse().unwrap_or(0));
        let shown = if line == last { String::new() } else { line.to_string() };
        writeln!(out, "{shown:>6} {offset:>6}  {rest}")?;
        last = line;
    }
    Ok(())
}

fn quoted(text: &[u8]) -> String {
    format!("'{}'", String::from_utf8_lossy(text).escape_debug())
}

/// A constant as Python writes it.
pub(super) fn text(constant: &Constant) -> String {
    match constant {
        Constant::None => "None".to_owned(),
        Constant::False => "False".to_owned(),
        Constant::True => "True".to_owned(),
        Constant::Ellipsis => "...".to_owned(),
        Constant::Str(text) => quoted(text),
        Constant::Bytes(bytes) => format!("b'{}'", bytes.escape_ascii()),
        Constant::Int(text) | Constant::Float(text) | Constant::Complex(text) => text.clone(),
        Constant::Tuple(items) => {
            let items: Vec<String> = items.iter().map(text).collect();
            let end = if items.len() == 1 { "," } else { "" };
            format!("({}{end})", items.join(", "))
        }
    }
}
