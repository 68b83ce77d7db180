//! What a script takes on a board whose external memory is slow, in a model.
//!
//! An emulator's memory is all alike. A plugin counts the accesses of the large region in bursts (in
//! one direction, each access beginning where the last one there ended, within a line), and the
//! model of `board.toml` says what a burst and a byte take. Cycles are instructions, one each, and
//! that. The script marks what it wants to know by reading the time before and after it; the
//! longest times between two readings are shown.

use super::{PATIENCE, profile};
use crate::firmware::Board;
use crate::image::Image;
use crate::qemu::Qemu;
use crate::raw_repl::{Mode, RawRepl};
use anyhow::{Context, Result};
use octopy_board_description::{Class, Model};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// How many times between readings are shown.
const SHOWN: usize = 12;

/// What the plugin counted in some time.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Counts {
    instructions: f64,
    /// Bursts and bytes, of loads and of stores.
    accesses: [f64; 4],
}

impl Counts {
    fn parse(line: &str) -> Result<Self> {
        let numbers: Result<Vec<f64>, _> = line.split(' ').map(str::parse).collect();
        match numbers?[..] {
            [instructions, a, b, c, d] => Ok(Self { instructions, accesses: [a, b, c, d] }),
            _ => anyhow::bail!("not five numbers: {line:?}"),
        }
    }

    fn cycles(&self, model: &Model) -> f64 {
        let [load_bursts, loaded, store_bursts, stored] = self.accesses;
        let nanoseconds =
            (load_bursts + store_bursts) * model.burst + (loaded + stored) * model.byte;
        self.instructions + nanoseconds * f64::from(model.frequency) / 1e9
    }

    fn row(&self, model: &Model) -> String {
        let cycles = self.cycles(model);
        let [load_bursts, loaded, store_bursts, stored] = self.accesses;
        let millis = cycles * 1000.0 / f64::from(model.frequency);
        format!(
            "{:>12} {load_bursts:>9} {loaded:>10} {store_bursts:>9} {stored:>10} {cycles:>13.0} \
             {millis:>9.3}\n",
            self.instructions
        )
    }
}

/// Runs a script; what it prints, and what it takes in the model.
pub fn modelled(board: &Board, elf: &Path, source: &str, most: Option<usize>) -> Result<String> {
    let model = board.description.model.context("board.toml has no [model]")?;
    let large = board.description.regions.iter().find(|region| region.class == Class::Large);
    let large = large.context("board.toml has no large region")?;
    let plugin = profile::build_plugin()?;
    let counts = crate::root().join("target/memory-model.txt");
    let mut qemu = Qemu::new(&board.description, elf)?;
    let memory = format!("{:x}:{:x}:{:x}:{:x}", large.base, large.size, model.line, model.clock);
    let plugin = format!("{},out={},memory={memory}", plugin.display(), counts.display());
    qemu.extra.extend(["-icount".into(), "shift=0".into(), "-plugin".into(), plugin.into()]);
    let (mut running, stream) = qemu.connect()?;
    let mut repl = RawRepl::new(stream.try_clone()?, stream);
    repl.enter(PATIENCE)?;
    repl.start(source, Mode::Raw, PATIENCE)?;
    let output = repl.finish_within(20 * PATIENCE)?;
    profile::end_politely(&mut running)?;
    let text = std::fs::read_to_string(&counts).context("the plugin wrote nothing")?;
    let (times, instructions) = text.split_once("@\n").context("the plugin wrote too little")?;
    let mut shown = output.out + &output.error + &table(&model, times)?;
    if let Some(most) = most {
        shown += &functions(elf, instructions, most)?;
    }
    Ok(shown)
}

/// In which functions of the firmware instructions were executed, and bursts begun; of these, the
/// most first.
fn functions(elf: &Path, lines: &str, most: usize) -> Result<String> {
    let image = Image::read(elf)?;
    let mut functions = BTreeMap::<String, (u64, u64)>::new();
    for line in lines.lines() {
        let mut columns = line.split(' ');
        let address = u64::from_str_radix(columns.next().unwrap_or(""), 16)?;
        let mut number =
            || columns.next().context("a damaged line")?.parse::<u64>().context("count");
        let sums = functions.entry(image.function_at(address).to_owned()).or_default();
        *sums = (sums.0 + number()?, sums.1 + number()?);
    }
    let mut rows: Vec<(String, (u64, u64))> = functions.into_iter().collect();
    rows.sort_by_key(|(_, (instructions, bursts))| std::cmp::Reverse((*bursts, *instructions)));
    let mut text = String::from("instructions      bursts\n");
    for (name, (instructions, bursts)) in rows.iter().take(most) {
        writeln!(text, "{instructions:>12} {bursts:>11}  {name}")?;
    }
    Ok(text)
}

/// The plugin's lines, of which the first is the whole run, as a table.
fn table(model: &Model, lines: &str) -> Result<String> {
    let mut all: Vec<Counts> = lines.lines().map(Counts::parse).collect::<Result<_>>()?;
    anyhow::ensure!(!all.is_empty(), "the plugin wrote nothing");
    let whole = all.remove(0);
    all.sort_by(|a, b| b.cycles(model).total_cmp(&a.cycles(model)));
    let mut text = String::from(
        "instructions    loads:      bytes   stores:      bytes        cycles        ms\n",
    );
    for counts in all.iter().take(SHOWN) {
        text += &counts.row(model);
    }
    let least = all.get(all.len().saturating_sub(1) / 1000);
    let millis = least.map_or(0.0, |c| c.cycles(model) * 1000.0 / f64::from(model.frequency));
    writeln!(
        text,
        "{} times between readings, 99.9 % up to {millis:.3} ms; the whole run:",
        all.len()
    )?;
    Ok(text + &whole.row(model))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: Model =
        Model { frequency: 200_000_000, burst: 300.0, byte: 5.0, line: 32, clock: 0 };

    #[test]
    fn cycles_are_instructions_bursts_and_bytes() {
        let counts = Counts::parse("1000 2 64 1 4").unwrap();
        assert_eq!(counts.cycles(&MODEL), 1000.0 + 3.0 * 60.0 + 68.0);
        assert!(Counts::parse("1 2 3 4").is_err() && Counts::parse("a b c d e").is_err());
    }

    #[test]
    fn the_longest_comes_first() {
        let text = table(&MODEL, "9000 0 0 0 0\n10 0 0 0 0\n5 100 400 0 0\n").unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(lines[1].contains("6405") && lines[2].contains(" 10 "), "{text}");
        assert!(lines[3].starts_with("2 times") && lines[4].contains("9000"), "{text}");
        assert!(table(&MODEL, "").is_err());
    }
}
