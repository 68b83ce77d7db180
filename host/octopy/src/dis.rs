//! `octopy dis`: a program's bytecode.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use crate::program::Program;

/// Shows the bytecode of a program.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "octopy dis", bin_name = "octopy dis")]
pub struct DisOptions {
    /// The program: in source, or compiled (.mpy).
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl DisOptions {
    /// The listing, or why there is none.
    pub fn listing(&self) -> Result<String> {
        let name = self.file.display().to_string();
        let program = std::fs::read(&self.file).with_context(|| format!("cannot read {name}"))?;
        Program::open(&program, &name).map(|program| program.listing())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shorter ones are programs in source.
    const MAGIC_LEN: usize = 2;
    const PROGRAM: &[u8] = b"x = 'long text', 1.5\n\ndef outer(a, *, b=2):\n    def inner():\n        return a, 0xffffffffff, 2j, b'\\0'\n    return inner\n";

    #[test]
    fn a_program_is_listed_with_its_functions() {
        let text = Program::open(PROGRAM, "p.py").unwrap().listing();
        let headings: Vec<&str> = text.lines().filter(|line| line.ends_with(':')).collect();
        assert_eq!(headings.len(), 3, "{text}");
        for (heading, expect) in headings.iter().zip(["<module>, 0", "outer, 2", "inner, 1"]) {
            assert!(heading.starts_with(expect), "{heading}");
        }
        for expect in ["('long text', 1.5)", "store_name 5 x", "make_closure", "return_value"] {
            assert!(text.contains(expect), "no {expect} in\n{text}");
        }
    }

    #[test]
    fn a_compiled_program_is_listed_alike() {
        let program = Program::open(PROGRAM, "p.py").unwrap();
        let bytes = program.to_mpy();
        assert_eq!(bytes[..4], *b"M\x06\0\x1f");
        let again = Program::open(&bytes, "p.mpy").unwrap();
        assert_eq!(again, program);
        assert_eq!(again.listing(), program.listing());
        for len in MAGIC_LEN..bytes.len() {
            assert!(Program::open(&bytes[..len], "cut.mpy").is_err(), "{len}");
        }
    }

    #[test]
    fn a_mistake_has_its_line() {
        let error = Program::open(b"x = 1\ny = = 2\n", "p.py").unwrap_err();
        assert_eq!(error.to_string(), "p.py, line 2: invalid syntax");
    }
}
