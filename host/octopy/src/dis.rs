//! `octopy dis`: a program's bytecode.

use std::path::PathBuf;

use clap::Parser;

/// Shows the bytecode of a program.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "octopy dis", bin_name = "octopy dis")]
pub struct DisOptions {
    /// The program.
    #[arg(value_name = "FILE.py")]
    pub file: PathBuf,
}
