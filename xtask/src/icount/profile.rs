//! In which functions of a firmware the instructions of an operation are executed.

use super::{LONG, Operation, PATIENCE, program};
use crate::firmware::Board;
use crate::image::Image;
use crate::qemu::{Qemu, Running};
use crate::raw_repl::{Mode, RawRepl};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Turns in a profiled run, so many that everything else is noise.
const PROFILED: u32 = 200_000;

/// The functions in which an operation spends its instructions.
pub fn profiled(board: &Board, elf: &Path, operation: &Operation, count: usize) -> Result<String> {
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
pub(super) fn build_plugin() -> Result<PathBuf> {
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
pub(super) fn end_politely(running: &mut Running) -> Result<()> {
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
