//! Programs as `.mpy` files, in both directions.

use anyhow::{Result, bail, ensure};
use octopy_bytecode::emit::Sink;
use octopy_mpy::{CodeData, Fault, Name, Object, Reader, Tables, TextKind, Writer};

use super::{Constant, Function, Program};

/// Bytes of a file.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Sink for Bytes {
    type Error = std::convert::Infallible;

    fn byte(&mut self, byte: u8) -> Result<(), Self::Error> {
        self.0.push(byte);
        Ok(())
    }
}

type Written = Result<(), std::convert::Infallible>;

/// A program as a file.
pub(super) fn write(program: &Program) -> Vec<u8> {
    let mut bytes = Bytes::default();
    let Ok(()) = write_program(program, &mut Writer::new(&mut bytes));
    bytes.0
}

fn write_program(program: &Program, writer: &mut Writer<'_, Bytes>) -> Written {
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    writer.header(Tables {
        n_names: count(program.names.len()),
        n_consts: count(program.consts.len()),
    })?;
    for name in &program.names {
        writer.name(name)?;
    }
    for constant in &program.consts {
        write_constant(constant, writer)?;
    }
    write_function(&program.module, writer)
}

fn write_constant(constant: &Constant, writer: &mut Writer<'_, Bytes>) -> Written {
    match constant {
        Constant::None => writer.object(Object::None),
        Constant::False => writer.object(Object::False),
        Constant::True => writer.object(Object::True),
        Constant::Ellipsis => writer.object(Object::Ellipsis),
        Constant::Str(text) => writer.text(TextKind::Str, text),
        Constant::Bytes(bytes) => writer.text(TextKind::Bytes, bytes),
        Constant::Int(digits) => writer.text(TextKind::Int, digits.as_bytes()),
        Constant::Float(text) => writer.text(TextKind::Float, text.as_bytes()),
        Constant::Complex(text) => writer.text(TextKind::Complex, text.as_bytes()),
        Constant::Tuple(items) => {
            writer.object(Object::Tuple(items.len() as u32))?;
            items.iter().try_for_each(|item| write_constant(item, writer))
        }
    }
}

/// What a function's data is in memory: its prelude, names, lines, cells and code.
pub(super) fn function_data(function: &Function) -> Vec<u8> {
    let mut bytes = Bytes::default();
    let alone = Function { children: Vec::new(), ..function.clone() };
    let Ok(()) = write_function(&alone, &mut Writer::new(&mut bytes));
    // In a file its length stands before it.
    let start = bytes.0.iter().position(|byte| byte & 0x80 == 0).map_or(0, |last| last + 1);
    bytes.0.split_off(start)
}

fn write_function(function: &Function, writer: &mut Writer<'_, Bytes>) -> Written {
    let names = [&[function.name], function.arg_names.as_slice()].concat();
    writer.code(&CodeData {
        prelude: function.prelude,
        names: &names,
        lines: &function.lines,
        cells: &function.cells,
        code: &function.code,
        n_children: function.children.len() as u32,
    })?;
    function.children.iter().try_for_each(|child| write_function(child, writer))
}

/// Functions inside functions, and tuples inside tuples, beyond which a file is not believed.
const DEEPEST: u32 = 1000;

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Program> {
    let mut source = bytes.iter();
    let mut reader = Reading { reader: Reader::new(&mut source), limit: bytes.len() };
    let tables = reader.reader.header().or_else(words)?;
    let mut program = Program::default();
    for _ in 0..tables.n_names {
        program.names.push(reader.name()?);
    }
    for _ in 0..tables.n_consts {
        program.consts.push(reader.constant(0)?);
    }
    program.module = reader.function(0)?;
    Ok(program)
}

/// A fault in words.
fn words<T>(fault: Fault) -> Result<T> {
    match fault {
        Fault::Native => bail!("it holds machine code"),
        Fault::Incompatible => bail!("it is of another version, damaged, or cut short"),
    }
}

struct Reading<'s> {
    reader: Reader<'s>,
    /// No part can be longer than the file.
    limit: usize,
}

impl Reading<'_> {
    fn bytes(&mut self, len: u32) -> Result<Vec<u8>> {
        let len = len as usize;
        ensure!(len <= self.limit, "it is cut short");
        let mut bytes = vec![0; len];
        self.reader.fill(&mut bytes).or_else(words)?;
        Ok(bytes)
    }

    fn name(&mut self) -> Result<Vec<u8>> {
        match self.reader.name().or_else(words)? {
            Name::Known(text) => Ok(text.as_bytes().to_vec()),
            Name::Text(len) => {
                let text = self.bytes(len)?;
                self.reader.end_text().or_else(words)?;
                Ok(text)
            }
        }
    }

    fn constant(&mut self, depth: u32) -> Result<Constant> {
        ensure!(depth < DEEPEST, "its tuples nest too deep");
        let (kind, text) = match self.reader.object().or_else(words)? {
            Object::None => return Ok(Constant::None),
            Object::False => return Ok(Constant::False),
            Object::True => return Ok(Constant::True),
            Object::Ellipsis => return Ok(Constant::Ellipsis),
            Object::Tuple(count) => {
                let items = (0..count).map(|_| self.constant(depth + 1));
                return items.collect::<Result<_>>().map(Constant::Tuple);
            }
            Object::Text(kind, len) => (kind, self.bytes(len)?),
        };
        if matches!(kind, TextKind::Str | TextKind::Bytes) {
            self.reader.end_text().or_else(words)?;
        }
        let plain = String::from_utf8_lossy(&text).into_owned();
        Ok(match kind {
            TextKind::Str => Constant::Str(text),
            TextKind::Bytes => Constant::Bytes(text),
            TextKind::Int => Constant::Int(plain),
            TextKind::Float => Constant::Float(plain),
            TextKind::Complex => Constant::Complex(plain),
        })
    }

    fn function(&mut self, depth: u32) -> Result<Function> {
        ensure!(depth < DEEPEST, "its functions nest too deep");
        let head = self.reader.code().or_else(words)?;
        let prelude = head.prelude;
        let mut info_len = prelude.info_len;
        let mut name = || -> Result<u32> {
            let (index, taken) = self.reader.name_index().or_else(words)?;
            match info_len.checked_sub(taken) {
                Some(left) => info_len = left,
                None => bail!("the names of a function are too long"),
            }
            Ok(index)
        };
        let own = name()?;
        let n_args = prelude.n_pos_args + prelude.n_kwonly_args;
        let arg_names = (0..n_args).map(|_| name()).collect::<Result<_>>()?;
        let lines = self.bytes(info_len)?;
        let cells = self.bytes(prelude.n_cells)?;
        let before = u64::from(prelude.info_len) + u64::from(prelude.n_cells);
        let Ok(len) = u32::try_from(u64::from(head.len).saturating_sub(before)) else {
            bail!("a function is too long");
        };
        let code = self.bytes(len)?;
        let count = if head.has_children { self.reader.uint().or_else(words)? } else { 0 };
        let children = (0..count).map(|_| self.function(depth + 1)).collect::<Result<_>>()?;
        // The writer counts them.
        let prelude = octopy_mpy::Prelude { info_len: 0, n_cells: 0, ..prelude };
        Ok(Function { prelude, name: own, arg_names, lines, cells, code, children })
    }
}
