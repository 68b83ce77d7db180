//! `octopy dis`: a program's bytecode.

mod listing;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Parser;
use octopy_compiler::{Mode, compile_module};
use octopy_syntax::Failure;

use listing::Listing;

/// Shows the bytecode of a program.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "octopy dis", bin_name = "octopy dis")]
pub struct DisOptions {
    /// The program.
    #[arg(value_name = "FILE.py")]
    file: PathBuf,
}

impl DisOptions {
    /// The listing, or why there is none.
    pub fn listing(&self) -> Result<String> {
        let name = self.file.display();
        let program = std::fs::read(&self.file).with_context(|| format!("cannot read {name}"))?;
        match disassembly(&program) {
            Ok(text) => Ok(text),
            Err(Failure::Syntax(error)) => {
                bail!("{name}, line {}: {}", error.span.line, error.kind.text())
            }
            Err(Failure::Memory(_)) => bail!("{name}: too many names or constants"),
        }
    }
}

fn disassembly(program: &[u8]) -> Result<String, Failure> {
    let mut listing = Listing::default();
    compile_module(program.iter(), &mut listing, Mode::File)?;
    Ok(listing.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_listed_with_its_functions() {
        let program = b"x = 'long text', 1.5\n\ndef outer(a, *, b=2):\n    def inner():\n        return a\n    return inner\n";
        let text = disassembly(program).unwrap();
        let headings: Vec<&str> = text.lines().filter(|line| line.ends_with(':')).collect();
        assert_eq!(headings.len(), 3, "{text}");
        for (heading, expect) in
            headings.iter().zip(["<module>, line 1", "outer, line 3", "inner, line 4"])
        {
            assert!(heading.starts_with(expect), "{heading}");
        }
        for expect in ["('long text', 1.5)", "store_name 0 x", "make_closure", "return_value"] {
            assert!(text.contains(expect), "no {expect} in\n{text}");
        }
    }

    #[test]
    fn a_mistake_has_its_line() {
        let Err(Failure::Syntax(error)) = disassembly(b"x = 1\ny = = 2\n") else { panic!() };
        assert_eq!((error.span.line, error.kind.text()), (2, "invalid syntax"));
    }
}
