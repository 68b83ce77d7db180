//! `icount [--board BOARD] [--peer ELF] [--profile N] [FILTER]`: what operations cost.
//!
//! The emulator runs with a clock that counts instructions (1 virtual µs is 1000 of them), so the
//! figures are exact and the same on every PC. Each operation of `bench/operations.toml` runs
//! in a loop of two lengths; the difference is the cost of the turns between. A peer is another
//! firmware for the same machine that has a raw REPL and `time.ticks_us`.
//!
//! `--profile N` also says in which N functions the instructions were executed.

use crate::firmware::Board;
use crate::image::Image;
use crate::qemu::{Qemu, Running};
use crate::raw_repl::{Mode, RawRepl};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const USAGE: &str = "icount [--board BOARD] [--peer ELF] [--profile N] [FILTER]";
const PATIENCE: Duration = Duration::from_secs(120);
const SHORT: u32 = 500;
const LONG: u32 = 4500;
/// Turns in a profiled run, so many that everything else is noise.
const PROFILED: u32 = 200_000;

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
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--board" => name = value()?.clone(),
            "--peer" => peer = Some(PathBuf::from(value()?)),
            "--profile" => profile = Some(value()?.parse::<usize>().context("--profile")?),
            _ if arg.starts_with('-') => bail!("unknown option {arg}; usage: {USAGE}"),
            _ => filter = arg.clone(),
        }
    }
    let path = crate::root().join("bench/operations.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let operations: Operations = toml::from_str(&text)?;
    let chosen: Vec<&Operation> =
        operations.operation.iter().filter(|o| o.name.contains(&filter)).collect();
    let board = Board::named(&name)?;
    board.build(None)?;
    let elf = board.elf(None)?;
    let ours = measure(&board, &elf, &chosen)?;
    let theirs = match &peer {
        Some(peer) => measure(&board, peer, &chosen)?,
        None => vec![None; chosen.len()],
    };
    print!("{}", table(&chosen, &ours, &theirs, peer.is_some()));
    if let Some(count) = profile {
        for operation in &chosen {
            println!("\n{}", operation.name);
            print!("{}", profiled(&board, &elf, operation, count)?);
        }
    }
    Ok(())
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
    let Operation { setup, prepare, run, .. } = operation;
    format!(
        "import gc, time\n{setup}\ndef f(n):\n    {prepare}\n    started = time.ticks_us()\n    \
         for i in range(n):\n        {run}\n    return time.ticks_diff(time.ticks_us(), started)\n{end}"
    )
}

/// The figures as a table, with ratios if there is a peer.
fn table(
    operations: &[&Operation],
    ours: &[Option<f64>],
    theirs: &[Option<f64>],
    has_peer: bool,
) -> String {
    let cell = |cost: &Option<f64>| cost.map_or("-".into(), |cost| format!("{cost:.0}"));
    let mut out = format!("{:<20}{:>12}", "instructions", "ours");
    if has_peer {
        out += &format!("{:>10}{:>10}", "peer", "ratio");
    }
    out.push('\n');
    let mut logs = Vec::new();
    for ((operation, ours), theirs) in operations.iter().zip(ours).zip(theirs) {
        out += &format!("{:<20}{:>12}", operation.name, cell(ours));
        if has_peer {
            let ratio = ours.zip(*theirs).map(|(ours, theirs)| ours / theirs);
            logs.extend(ratio.map(f64::ln));
            let ratio = ratio.map_or("-".into(), |ratio| format!("{ratio:.2}"));
            out += &format!("{:>10}{ratio:>10}", cell(theirs));
        }
        out.push('\n');
    }
    if !logs.is_empty() {
        let mean = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
        out += &format!("{:<42}{mean:>10.2}\n", "geometric mean");
    }
    out
}

/// The functions in which an operation spends its instructions.
fn profiled(board: &Board, elf: &Path, operation: &Operation, count: usize) -> Result<String> {
    let plugin = build_plugin()?;
    let counts = crate::root().join("target/instruction-profile.txt");
    let mut qemu = Qemu::new(&board.description, elf)?;
    let plugin = format!("{},out={}", plugin.display(), counts.display());
    qemu.extra.extend(["-plugin".into(), plugin.into()]);
    let (mut running, stream) = qemu.connect()?;
    let mut repl = RawRepl::new(stream.try_clone()?, stream);
    repl.enter(PATIENCE)?;
    let end = format!("for j in range({}): f({LONG})\n", PROFILED / LONG);
    repl.start(&program(operation, &end), Mode::Raw, PATIENCE)?;
    repl.finish()?;
    end_politely(&mut running)?;
    let text = std::fs::read_to_string(&counts).context("the plugin wrote nothing")?;
    let image = Image::read(elf)?;
    let turns = f64::from(PROFILED / LONG * LONG);
    let mut functions: Vec<(String, u64)> = by_function(&image, &text)?.into_iter().collect();
    functions.sort_by_key(|(_, executed)| std::cmp::Reverse(*executed));
    let rows = functions.iter().take(count);
    Ok(rows.map(|(name, n)| format!("{:>10.1}  {name}\n", *n as f64 / turns)).collect())
}

/// Builds the plugin; its path.
fn build_plugin() -> Result<PathBuf> {
    let dir = crate::root().join("bench/instruction-profile");
    let target = crate::root().join("target/instruction-profile");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", &target)
        .args(["build", "--quiet", "--release"])
        .status()?;
    if !status.success() {
        bail!("the plugin does not build");
    }
    Ok(target.join("release/libinstruction_profile.so"))
}

/// Asks QEMU to end, so that the plugin writes its counts.
fn end_politely(running: &mut Running) -> Result<()> {
    Command::new("kill").arg(running.id().to_string()).status().context("kill")?;
    match running.wait_for(PATIENCE)? {
        Some(_) => Ok(()),
        None => bail!("QEMU does not end"),
    }
}

/// Executed instructions by function, from the plugin's lines.
fn by_function(image: &Image, lines: &str) -> Result<BTreeMap<String, u64>> {
    let mut functions = BTreeMap::new();
    for line in lines.lines() {
        let (address, count) = line.split_once(' ').context("a damaged line")?;
        let address = u64::from_str_radix(address, 16)?;
        let count: u64 = count.parse()?;
        *functions.entry(image.function_at(address).to_owned()).or_default() += count;
    }
    Ok(functions)
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

    #[test]
    fn a_table_has_ratios_and_their_mean() {
        let operation = |name: &str| Operation {
            name: name.into(),
            setup: String::new(),
            prepare: String::new(),
            run: String::new(),
        };
        let (one, two) = (operation("one"), operation("two"));
        let text = table(&[&one, &two], &[Some(50.0), None], &[Some(100.0), Some(7.0)], true);
        let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
        assert_eq!(rows[1], ["one", "50", "100", "0.50"]);
        assert_eq!(rows[2], ["two", "-", "7", "-"]);
        assert_eq!(rows[3], ["geometric", "mean", "0.50"]);
    }
}
