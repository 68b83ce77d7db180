//! Dumps: programs as MicroPython's `-v -v` shows them, for comparing with it byte by byte.
//!
//! Where it shows addresses, functions and constants are numbered here.

use std::collections::HashMap;
use std::fmt::Write as _;

use octopy_bytecode::disassemble::{Reference, reference};
use octopy_bytecode::operator::{BinaryOp, UnaryOp};
use octopy_bytecode::{Instruction, decode};

use super::listing::text;
use super::{Function, Program, file};

/// Every function, level by level.
pub(super) fn dump(program: &Program) -> String {
    let mut functions = vec![&program.module];
    let mut numbers = HashMap::new();
    let mut next = 0;
    while let Some(&function) = functions.get(next) {
        for child in &function.children {
            numbers.insert(std::ptr::from_ref(child), functions.len());
            functions.push(child);
        }
        next += 1;
    }
    let number = |function: &Function| numbers.get(&std::ptr::from_ref(function)).copied();
    let mut out = String::new();
    for (at, function) in functions.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write_head(program, function, at, &mut out)
            .and_then(|()| write_lines(function, &mut out))
            .and_then(|()| {
                write_code(program, function, &mut out, &|child| number(child).unwrap_or(0))
            });
    }
    out
}

fn write_head(
    program: &Program,
    function: &Function,
    number: usize,
    out: &mut String,
) -> std::fmt::Result {
    let data = file::function_data(function);
    writeln!(
        out,
        "File {}, code block '{}' (descriptor: #{number}, bytecode @#{number} {} bytes)",
        program.name(0),
        program.name(function.name),
        data.len()
    )?;
    let code_len = function.code.len();
    writeln!(
        out,
        "Raw bytecode (code_info_size={}, bytecode_size={code_len}):",
        data.len() - code_len
    )?;
    for row in data.chunks(16) {
        for byte in row {
            write!(out, " {byte:02x}")?;
        }
        out.push('\n');
    }
    out.push_str("arg names:");
    for &name in &function.arg_names {
        write!(out, " {}", program.name(name))?;
    }
    let prelude = &function.prelude;
    writeln!(out, "\n(N_STATE {})\n(N_EXC_STACK {})", prelude.n_state, prelude.n_handlers)?;
    for cell in &function.cells {
        writeln!(out, "(INIT_CELL {cell})")?;
    }
    Ok(())
}

fn write_lines(function: &Function, out: &mut String) -> std::fmt::Result {
    let (mut offset, mut line) = (0, 1);
    writeln!(out, "  bc={offset} line={line}")?;
    let mut bytes = function.lines.iter().copied().map(u32::from);
    while let Some(first) = bytes.next() {
        if first & 0x80 == 0 {
            offset += first & 0x1f;
            line += first >> 5;
        } else {
            offset += first & 0xf;
            line += first << 4 & 0x700 | bytes.next().unwrap_or(0);
        }
        writeln!(out, "  bc={offset} line={line}")?;
    }
    Ok(())
}

fn write_code(
    program: &Program,
    function: &Function,
    out: &mut String,
    number: &dyn Fn(&Function) -> usize,
) -> std::fmt::Result {
    let mut at = 0;
    while let Some((instruction, end)) = decode(&function.code, at) {
        let mnemonic = instruction.opcode().mnemonic();
        let mnemonic = mnemonic.strip_suffix("_multi").unwrap_or(mnemonic).to_uppercase();
        write!(out, "{at:02} {mnemonic}")?;
        let mut shown = String::new();
        instruction.operands(&mut |_, value| write!(shown, " {value:?}"))?;
        // Operators that no method implements have no name there.
        let method = |method: &'static str| if method.starts_with("__") { method } else { "" };
        let target = |offset: i32| end as i64 + i64::from(offset);
        match (instruction, reference(instruction)) {
            (Instruction::UnaryOpMulti { operator }, _) => {
                let name = UnaryOp::from_number(operator).map_or("", UnaryOp::method);
                write!(out, " {operator} {}", method(name))?;
            }
            (Instruction::BinaryOpMulti { operator }, _) => {
                let name = BinaryOp::from_number(operator).map_or("", BinaryOp::method);
                write!(out, " {operator} {}", method(name))?;
            }
            (Instruction::UnwindJump { unwind }, _) => {
                write!(out, " {} {}", target(unwind.offset), unwind.handlers)?;
            }
            (
                Instruction::CallFunction { counts }
                | Instruction::CallFunctionVarKw { counts }
                | Instruction::CallMethod { counts }
                | Instruction::CallMethodVarKw { counts },
                _,
            ) => write!(out, " n={} nkw={}", counts & 0xff, counts >> 8 & 0xff)?,
            (
                Instruction::LoadConstString { name }
                | Instruction::ImportName { name }
                | Instruction::ImportFrom { name },
                _,
            ) => write!(out, " '{}'", program.name(name))?,
            (_, Some(Reference::Name(name))) => write!(out, " {}", program.name(name))?,
            (_, Some(Reference::Const(index))) => {
                let constant = program.consts.get(index as usize);
                write!(out, " #{index}={}", constant.map(text).unwrap_or_default())?;
            }
            (instruction, Some(Reference::Child(index))) => {
                let child = function.children.get(index as usize);
                write!(out, " #{}", child.map(number).unwrap_or_default())?;
                if let Instruction::MakeClosure { cells, .. }
                | Instruction::MakeClosureDefargs { cells, .. } = instruction
                {
                    write!(out, " {cells}")?;
                }
            }
            (instruction, None) => match instruction.jump() {
                Some(jump) => write!(out, " {}", target(jump.offset))?,
                None => out.push_str(&shown),
            },
        }
        out.push('\n');
        at = end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump_of(source: &str) -> String {
        Program::open(source.as_bytes(), "p.py").unwrap().dump()
    }

    #[test]
    fn a_function_has_its_data_its_lines_and_its_instructions() {
        assert_eq!(
            dump_of("\ndef f(a):\n  if not a: b.c(1000, d='long enough')\n"),
            "\
File p.py, code block '<module>' (descriptor: #0, bytecode @#0 10 bytes)
Raw bytecode (code_info_size=4, bytecode_size=6):
 00 04 01 20 32 00 16 02 51 63
arg names:
(N_STATE 1)
(N_EXC_STACK 0)
  bc=0 line=1
  bc=0 line=2
00 MAKE_FUNCTION #1
02 STORE_NAME f
04 LOAD_CONST_NONE
05 RETURN_VALUE
File p.py, code block 'f' (descriptor: #1, bytecode @#1 25 bytes)
Raw bytecode (code_info_size=5, bytecode_size=20):
 29 06 02 05 40 b0 43 4f 12 06 14 03 22 87 68 10
 04 23 00 36 82 01 59 51 63
arg names: a
(N_STATE 6)
(N_EXC_STACK 0)
  bc=0 line=1
  bc=0 line=3
00 LOAD_FAST 0
01 POP_JUMP_IF_TRUE 18
03 LOAD_GLOBAL b
05 LOAD_METHOD c
07 LOAD_CONST_SMALL_INT 1000
10 LOAD_CONST_STRING 'd'
12 LOAD_CONST_OBJ #0='long enough'
14 CALL_METHOD n=1 nkw=1
17 POP_TOP
18 LOAD_CONST_NONE
19 RETURN_VALUE
"
        );
    }

    #[test]
    fn functions_come_level_by_level_and_names_are_numbered_so() {
        let text = dump_of("def a():\n def b(): x.y\n return z\ndef c(): v.w\n");
        let blocks: Vec<&str> = text.lines().filter(|line| line.starts_with("File")).collect();
        let names = blocks.iter().filter_map(|line| line.split('\'').nth(1));
        assert_eq!(names.collect::<Vec<_>>(), ["<module>", "a", "c", "b"]);
        // Functions and attributes first, then variables.
        let names = Program::open(b"def a():\n def b(): x.y\n return z\ndef c(): v.w\n", "p.py");
        let names: Vec<_> = (0..10).map(|at| names.as_ref().unwrap().name(at)).collect();
        assert_eq!(names, ["p.py", "<module>", "a", "c", "w", "b", "y", "z", "v", "x"]);
    }
}
