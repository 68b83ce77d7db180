//! `icount [--pc | --board BOARD [--full]] [--peer FILE] [--profile N] [--script FILE [--model]]
//! [FILTER]`: what operations cost.
//!
//! Each operation of `bench/operations.toml` runs in a loop of two lengths; the difference is the
//! cost of the turns between, in instructions. On a board, the emulator runs with a clock that
//! counts them (1 virtual µs is 1000); a peer is another firmware for the same machine that has a
//! raw REPL and `time.ticks_us`. On the PC callgrind counts; a peer is another command that runs
//! a file. Either way the figures do not depend on what else the PC does.
//!
//! `--script FILE` runs a program of its own under the same clock and shows what it prints.
//!
//! With `--model` it also shows what the script takes if external memory is slow: see `model.rs`.
//!
//! `--profile N` also says in which N functions of the firmware the instructions were executed.

mod callgrind;
mod model;
mod profile;

use crate::comparison::{Comparison, Row};
use crate::firmware::Board;
use crate::qemu::Qemu;
use crate::raw_repl::{Mode, RawRepl};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

const USAGE: &str = "icount [--pc | --board BOARD [--full]] [--peer FILE] [--profile N] \
     [--script FILE [--model]] [FILTER]";
const PATIENCE: Duration = Duration::from_secs(900);
const SHORT: u32 = 500;
const LONG: u32 = 4500;

/// `bench/operations.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operations {
    operation: Vec<Operation>,
}

/// One operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    name: String,
    #[serde(default)]
    setup: String,
    #[serde(default)]
    prepare: String,
    run: String,
}

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let (mut name, mut peer, mut profile, mut filter) =
        ("mps2-an505".to_owned(), None, None, String::new());
    let (mut on_pc, mut full, mut has_model) = (false, false, false);
    let mut script = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--pc" => on_pc = true,
            "--board" => name = value()?.clone(),
            "--full" => full = true,
            "--model" => has_model = true,
            "--peer" => peer = Some(PathBuf::from(value()?)),
            "--profile" => profile = Some(value()?.parse::<usize>().context("--profile")?),
            "--script" => script = Some(PathBuf::from(value()?)),
            _ if arg.starts_with('-') => bail!("unknown option {arg}; usage: {USAGE}"),
            _ => filter = arg.clone(),
        }
    }
    let path = crate::root().join("bench/operations.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let operations: Operations = toml::from_str(&text)?;
    let chosen: Vec<&Operation> =
        operations.operation.iter().filter(|o| o.name.contains(&filter)).collect();
    if on_pc {
        if profile.is_some() {
            bail!("--profile is for boards; on the PC, callgrind_annotate says more");
        }
        let ours = callgrind::measure(&crate::octopy::built_release()?, &chosen)?;
        let theirs = peer.map(|peer| callgrind::measure(&peer, &chosen)).transpose()?;
        print!("{}", comparison(&chosen, ours, theirs).table());
        return Ok(());
    }
    let mut board = Board::named(&name)?;
    if full {
        board = board.with_all_modules();
    }
    board.build(None)?;
    let elf = board.elf(None)?;
    if let Some(script) = script {
        let source =
            std::fs::read_to_string(&script).with_context(|| script.display().to_string())?;
        for elf in [Some(elf), peer].iter().flatten() {
            println!("{}", elf.display());
            if has_model {
                print!("{}", model::modelled(&board, elf, &source, profile)?);
            } else {
                print!("{}", output(&board, elf, &source)?);
            }
        }
        return Ok(());
    }
    if has_model {
        bail!("--model is for --script");
    }
    let ours = measure(&board, &elf, &chosen)?;
    let theirs = peer.map(|peer| measure(&board, &peer, &chosen)).transpose()?;
    print!("{}", comparison(&chosen, ours, theirs).table());
    if let Some(count) = profile {
        for operation in &chosen {
            println!("\n{}", operation.name);
            print!("{}", profile::profiled(&board, &elf, operation, count)?);
        }
    }
    Ok(())
}

/// The figures side by side.
fn comparison(
    operations: &[&Operation],
    ours: Vec<Option<f64>>,
    theirs: Option<Vec<Option<f64>>>,
) -> Comparison {
    let has_peer = theirs.is_some();
    let theirs = theirs.unwrap_or_else(|| vec![None; ours.len()]);
    let rows = operations.iter().zip(ours).zip(theirs).map(|((operation, ours), theirs)| Row {
        name: operation.name.clone(),
        ours,
        theirs,
        more_is_better: false,
    });
    Comparison { unit: "instructions".into(), has_peer, rows: rows.collect() }
}

/// What a program prints on a board whose clock counts instructions.
fn output(board: &Board, elf: &Path, source: &str) -> Result<String> {
    let mut qemu = Qemu::new(&board.description, elf)?;
    qemu.extra.extend(["-icount".into(), "shift=0".into()]);
    let (_running, stream) = qemu.connect()?;
    let mut repl = RawRepl::new(stream.try_clone()?, stream);
    repl.enter(PATIENCE)?;
    repl.start(source, Mode::Raw, PATIENCE)?;
    let output = repl.finish_within(10 * PATIENCE)?;
    Ok(output.out + &output.error)
}

/// Instructions per turn of each operation; `None` where the firmware cannot run it.
fn measure(board: &Board, elf: &Path, operations: &[&Operation]) -> Result<Vec<Option<f64>>> {
    let mut qemu = Qemu::new(&board.description, elf)?;
    qemu.extra.extend(["-icount".into(), "shift=0".into()]);
    let (_running, stream) = qemu.connect()?;
    let mut repl = RawRepl::new(stream.try_clone()?, stream);
    repl.enter(PATIENCE)?;
    let mut costs = Vec::new();
    for operation in operations {
        let end = format!("f(9)\na = f({SHORT})\ngc.collect()\nb = f({LONG})\nprint(b - a)\n");
        repl.start(&program(operation, &end), Mode::Raw, PATIENCE)?;
        let output = repl.finish()?;
        match output.out.trim().parse::<f64>() {
            Ok(micros) => costs.push(Some(micros * 1000.0 / f64::from(LONG - SHORT))),
            Err(_) => {
                eprintln!("{}: {}{}", operation.name, output.out.trim(), output.error.trim());
                costs.push(None);
            }
        }
    }
    Ok(costs)
}

/// A program that defines `f(n)`, which runs the operation n times and returns the microseconds,
/// and then does what `end` says.
fn program(operation: &Operation, end: &str) -> String {
    let setup = &operation.setup;
    let prepare = operation.prepare.trim().replace('\n', "\n    ");
    let run = operation.run.trim().replace('\n', "\n        ");
    format!(
        "import gc, time\n{setup}\ndef f(n):\n    {prepare}\n    started = time.ticks_us()\n    \
         for i in range(n):\n        {run}\n    return time.ticks_diff(time.ticks_us(), started)\n{end}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_a_program() {
        let text = include_str!("../../bench/operations.toml");
        let operations: Operations = toml::from_str(text).unwrap();
        assert!(operations.operation.len() > 10);
        let add = operations.operation.iter().find(|o| o.name == "integer loop").unwrap();
        assert_eq!(
            program(add, "f(1)\n"),
            "import gc, time\n\ndef f(n):\n    x = 0\n    started = time.ticks_us()\n    \
             for i in range(n):\n        x += i\n    \
             return time.ticks_diff(time.ticks_us(), started)\nf(1)\n"
        );
    }
}
