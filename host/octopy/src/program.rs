//! `Program`: what a compiler made of a module, in the form of `.mpy` files.
//!
//! Ours fills it as its host ([`collect`]); a file is read into it ([`file`]); it can be listed
//! ([`listing`], or as MicroPython does it, [`dump`]) and written.

mod collect;
mod decimal;
mod dump;
mod file;
mod listing;
mod numbering;

use anyhow::{Context, Result, bail};
use octopy_mpy::Prelude;
use octopy_syntax::Failure;

/// The first bytes of every `.mpy` file. No program in source begins so: it would be a name that is
/// followed by a control character.
const MAGIC: &[u8] = b"M\x06";

/// A module.
#[derive(Debug, Default, PartialEq)]
pub struct Program {
    /// Its names; the first is the source file's.
    names: Vec<Vec<u8>>,
    consts: Vec<Constant>,
    module: Function,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Constant {
    None,
    False,
    True,
    Ellipsis,
    Str(Vec<u8>),
    Bytes(Vec<u8>),
    /// In decimal.
    Int(String),
    /// As `repr` writes it, or as the source does.
    Float(String),
    Complex(String),
    Tuple(Vec<Constant>),
}

/// A function. Names are indexes into the module's.
#[derive(Debug, Clone, Default, PartialEq)]
struct Function {
    prelude: Prelude,
    name: u32,
    arg_names: Vec<u32>,
    lines: Vec<u8>,
    cells: Vec<u8>,
    code: Vec<u8>,
    children: Vec<Function>,
}

impl Program {
    /// Compiles a program in source.
    pub fn compile(source: &[u8], file: &str, optimise: u8) -> Result<Self, Failure> {
        collect::compile(source, file, optimise)
    }

    /// Compiles a program, or reads it if it is compiled already. `name` is what to call it.
    pub fn open(bytes: &[u8], name: &str) -> Result<Self> {
        if bytes.starts_with(MAGIC) {
            return file::read(bytes).with_context(|| format!("{name} is no sound .mpy file"));
        }
        match Self::compile(bytes, name, 0) {
            Ok(program) => Ok(program),
            Err(failure) => bail!(mistake(name, failure)),
        }
    }

    /// As a `.mpy` file.
    pub fn to_mpy(&self) -> Vec<u8> {
        file::write(self)
    }

    /// As text, for people.
    pub fn listing(&self) -> String {
        listing::listing(self)
    }

    /// As MicroPython's `-v -v` shows it.
    pub fn dump(&self) -> String {
        dump::dump(self)
    }

    fn name(&self, index: u32) -> String {
        match self.names.get(index as usize) {
            Some(name) => String::from_utf8_lossy(name).into_owned(),
            None => "?".to_owned(),
        }
    }
}

/// Why a program does not compile, in words.
pub fn mistake(name: &str, failure: Failure) -> String {
    match failure {
        Failure::Syntax(error) => {
            format!("{name}, line {}: {}", error.span.line, error.kind.text())
        }
        Failure::Memory(_) => format!("{name}: too many names or constants"),
    }
}
