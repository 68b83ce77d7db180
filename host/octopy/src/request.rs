//! `Request`: what the command line asks for.
//!
//! The first argument decides: the name of a subcommand, or else MicroPython's own form, which has
//! rules that no parser library expresses ([`crate::script`]).

use clap::Parser;

use crate::board::BoardOptions;
use crate::compile::CompileOptions;
use crate::dis::DisOptions;
use crate::heap::HeapOptions;
use crate::script::{Invalid, Script};

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// Run a program, or the REPL, on this PC.
    Script(Script),
    /// Start the virtual board.
    Board(BoardOptions),
    /// Compile a program to a file.
    Compile(CompileOptions),
    /// Show a program's bytecode.
    Dis(DisOptions),
    /// Draw a heap.
    Heap(HeapOptions),
    /// Show the help text.
    Help,
    /// Show the version.
    Version,
}

/// Why there is nothing to do.
#[derive(Debug)]
pub enum Refusal {
    /// MicroPython's form was not understood.
    Script(Invalid),
    /// A subcommand's options were not understood, or its help was asked for.
    Subcommand(clap::Error),
}

impl Request {
    /// Understands the arguments that follow the program's name.
    pub fn parse(args: &[String]) -> Result<Self, Refusal> {
        match args.first().map(String::as_str) {
            Some("board") => BoardOptions::try_parse_from(args).map(Self::Board),
            Some("compile") => CompileOptions::try_parse_from(args).map(Self::Compile),
            Some("dis") => DisOptions::try_parse_from(args).map(Self::Dis),
            Some("heap") => HeapOptions::try_parse_from(args).map(Self::Heap),
            _ => return Script::parse(args).map_err(Refusal::Script),
        }
        .map_err(Refusal::Subcommand)
    }
}
