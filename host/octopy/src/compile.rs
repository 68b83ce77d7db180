//! `octopy compile`: a program as a `.mpy` file.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Parser;

use crate::program::{Program, mistake};

/// Compiles a program to a .mpy file, for Octopy and for MicroPython.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "octopy compile", bin_name = "octopy compile")]
pub struct CompileOptions {
    /// The program.
    #[arg(value_name = "FILE.py")]
    file: PathBuf,
    /// What to write; by default the program's name with .mpy.
    #[arg(short, value_name = "FILE.mpy")]
    output: Option<PathBuf>,
    /// The name of the program in tracebacks; by default as it was given.
    #[arg(short, value_name = "NAME")]
    source: Option<String>,
    /// Leave out assertions (1 and up) and line numbers (3).
    #[arg(short = 'O', value_name = "LEVEL", num_args = 0..=1, require_equals = false,
        default_value_t = 0, default_missing_value = "1")]
    optimise: u8,
    /// The kind of code: emit=bytecode, and there is no other.
    #[arg(short = 'X', value_name = "emit=bytecode", value_parser = ["emit=bytecode"])]
    emit: Option<String>,
}

impl CompileOptions {
    /// Writes the file, or says why not.
    pub fn run(&self) -> Result<()> {
        let name = self.file.display().to_string();
        let source = std::fs::read(&self.file).with_context(|| format!("cannot read {name}"))?;
        let shown = self.source.as_deref().unwrap_or(&name);
        let program = match Program::compile(&source, shown, self.optimise) {
            Ok(program) => program,
            Err(failure) => bail!(mistake(&name, failure)),
        };
        let output = match &self.output {
            Some(output) => output.clone(),
            None => self.file.with_extension("mpy"),
        };
        std::fs::write(&output, program.to_mpy())
            .with_context(|| format!("cannot write {}", output.display()))
    }
}
