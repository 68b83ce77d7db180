//! `clients [--octopy BIN] [--python BIN] [--long]`: real host tools against the virtual board.
//!
//! The cases are Python (`tests/clients/`), because the tools are; they need the package `mpremote`.
//! `.ci/run` makes an environment with it in `target/venv`, which is preferred to the system's.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

const USAGE: &str = "clients [--octopy BIN] [--python BIN] [--long]";

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let mut octopy = None;
    let mut python = None;
    let mut long = false;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--octopy" => octopy = Some(PathBuf::from(value()?).canonicalize()?),
            "--python" => python = Some(PathBuf::from(value()?)),
            "--long" => long = true,
            _ => bail!("unknown option {arg}; usage: {USAGE}"),
        }
    }
    let octopy = match octopy {
        Some(octopy) => octopy,
        None => crate::octopy::built()?,
    };
    let mut command = Command::new(python.unwrap_or_else(default_python));
    command.arg(crate::root().join("tests/clients/mpremote_board.py")).arg(octopy);
    if !long {
        command.arg("quick");
    }
    let status = command.status().context("python")?;
    match status.success() {
        true => Ok(()),
        false => bail!("the clients are not served well"),
    }
}

fn default_python() -> PathBuf {
    let made = crate::root().join("target/venv/bin/python");
    if made.exists() { made } else { "python3".into() }
}
