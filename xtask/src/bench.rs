//! `bench [--peer PATH] [--rounds N] [--heap SIZE] [--json FILE] [FILTER]`: how fast programs run.
//!
//! Every program of `bench/programs` and `bench/memory` runs on an optimised `octopy` and on the
//! peer (another MicroPython command for the PC) in turn, in several rounds; the best figure of
//! each counts, so that what else the PC does disturbs little and both alike. The programs must
//! give equal results on both. Besides, the memory that the compiler takes is found out.

mod compiler;
mod figures;
mod program;

use crate::comparison::{Comparison, Row};
use crate::process;
use anyhow::{Context, Result, bail};
use figures::{Figures, Unit};
use program::Program;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const USAGE: &str = "bench [--peer PATH] [--rounds N] [--heap SIZE] [--json FILE] [FILTER]";
const PATIENCE: Duration = Duration::from_secs(120);

/// What the command line asks for.
struct Options {
    peer: Option<PathBuf>,
    rounds: u32,
    heap: String,
    json: Option<PathBuf>,
    filter: String,
}

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let options = options(args)?;
    let ours = crate::octopy::built_release()?;
    let mut groups = Vec::new();
    for group in ["programs", "memory"] {
        let programs = Program::all(&crate::root().join("bench").join(group), &options.filter)?;
        groups.push(measure(&options, &ours, &programs)?);
    }
    let [programs, memory] = &groups[..] else { bail!("two groups") };
    let compiler = compiler(&options, &ours)?;
    let mut parts = vec![Part::new("programs", programs, Unit::Micros, options.peer.is_some())];
    for (name, unit) in [
        ("memory, time", Unit::Micros),
        ("memory, largest block", Unit::Percent),
        ("memory of an object", Unit::Bytes),
    ] {
        parts.push(Part::new(name, memory, unit, options.peer.is_some()));
    }
    parts.push(Part::new("memory of the compiler", &compiler, Unit::Bytes, options.peer.is_some()));
    parts.retain(|part| !part.comparison.rows.is_empty());
    for part in &parts {
        println!("{}", part.comparison.table());
    }
    if let Some(path) = &options.json {
        let report = Report { rounds: options.rounds, heap: &options.heap, parts: &parts };
        let text = serde_json::to_string_pretty(&report)? + "\n";
        std::fs::write(path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn options(args: &[String]) -> Result<Options> {
    let mut options =
        Options { peer: None, rounds: 5, heap: "8m".into(), json: None, filter: String::new() };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--peer" => options.peer = Some(value()?.into()),
            "--rounds" => options.rounds = value()?.parse().context("--rounds")?,
            "--heap" => options.heap = value()?.clone(),
            "--json" => options.json = Some(value()?.into()),
            _ if arg.starts_with('-') => bail!("unknown option {arg}; usage: {USAGE}"),
            _ => options.filter = arg.clone(),
        }
    }
    if options.rounds == 0 {
        bail!("--rounds must be at least 1");
    }
    Ok(options)
}

/// The memory that compiling takes, ours and the peer's: not a matter of luck, so found out once.
fn compiler(options: &Options, ours: &Path) -> Result<(Figures, Figures)> {
    if !compiler::NAME.contains(&options.filter) {
        return Ok(Default::default());
    }
    let scratch = std::env::temp_dir();
    let theirs = options.peer.as_ref().map(|peer| compiler::measure(peer, &scratch));
    Ok((compiler::measure(ours, &scratch)?, theirs.transpose()?.unwrap_or_default()))
}

/// The best figures of all rounds, ours and the peer's.
fn measure(options: &Options, ours: &Path, programs: &[Program]) -> Result<(Figures, Figures)> {
    let (mut best, mut peers) = (Figures::default(), Figures::default());
    for round in 1..=options.rounds {
        for program in programs {
            eprint!("\rround {round}: {:<20}", program.name);
            let mine = execute(ours, &options.heap, program)?;
            if let Some(peer) = &options.peer {
                let theirs = execute(peer, &options.heap, program)?;
                if mine.results != theirs.results {
                    let (ours, peer) = (mine.results.join("\n"), theirs.results.join("\n"));
                    bail!("{}: ours gives {ours}, the peer {peer}", program.name);
                }
                peers.keep_best(theirs);
            }
            best.keep_best(mine);
        }
    }
    eprint!("\r{:<30}\r", "");
    Ok((best, peers))
}

/// Runs a program once.
fn execute(command: &Path, heap: &str, program: &Program) -> Result<Figures> {
    let file = std::env::temp_dir().join(format!("octopy-bench-{}.py", std::process::id()));
    std::fs::write(&file, program.source()).with_context(|| file.display().to_string())?;
    let mut run = Command::new(command);
    run.args(["-X", &format!("heapsize={heap}")]).arg(&file);
    let ended = process::run(run, PATIENCE)?;
    // It is in a directory for such files; nothing depends on its going.
    let _ = std::fs::remove_file(&file);
    let name = || format!("{} on {}", program.name, command.display());
    if !ended.success() {
        bail!("{}: {}", name(), ended.text().trim());
    }
    Figures::parse(&ended.text()).with_context(name)
}

/// A table of the report.
#[derive(Serialize)]
struct Part {
    name: &'static str,
    unit: &'static str,
    mean: Option<f64>,
    rows: Vec<Entry>,
    #[serde(skip)]
    comparison: Comparison,
}

/// A row of the report.
#[derive(Serialize)]
struct Entry {
    name: String,
    ours: Option<f64>,
    peer: Option<f64>,
    ratio: Option<f64>,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Report<'a> {
    rounds: u32,
    heap: &'a str,
    parts: &'a [Part],
}

impl Part {
    /// The figures of one unit, side by side.
    fn new(
        name: &'static str,
        (ours, theirs): &(Figures, Figures),
        unit: Unit,
        has_peer: bool,
    ) -> Self {
        let rows = ours.of(unit).map(|(name, figure)| Row {
            name: name.to_owned(),
            ours: Some(figure),
            theirs: theirs.of(unit).find(|(other, _)| *other == name).map(|(_, figure)| figure),
            more_is_better: unit.more_is_better(),
        });
        let title = format!("{name} ({})", unit.name());
        let comparison = Comparison { unit: title, has_peer, rows: rows.collect() };
        let entries = comparison.rows.iter().map(|row| Entry {
            name: row.name.clone(),
            ours: row.ours,
            peer: row.theirs,
            ratio: row.ratio(),
        });
        let (mean, rows) = (comparison.mean(), entries.collect());
        Self { name, unit: unit.name(), mean, rows, comparison }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_have_defaults_and_bounds() {
        let parse =
            |text: &str| options(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let none = parse("").unwrap();
        assert_eq!((none.rounds, none.heap.as_str(), none.filter.as_str()), (5, "8m", ""));
        let some = parse("--peer mp --rounds 2 --json out.json tree").unwrap();
        assert_eq!((some.peer, some.rounds), (Some("mp".into()), 2));
        assert_eq!((some.json, some.filter.as_str()), (Some("out.json".into()), "tree"));
        assert!(parse("--rounds 0").is_err());
        assert!(parse("--peer").is_err());
        assert!(parse("--speed").is_err());
    }

    #[test]
    fn a_report_has_figures_and_ratios() {
        let figures = |text| Figures::parse(text).unwrap();
        let both = (figures("us 5 a\nus 7 b\n% 90 c"), figures("us 10 a\n% 45 c"));
        let part = Part::new("programs", &both, Unit::Micros, true);
        let rows: Vec<_> = part.rows.iter().map(|r| (r.name.as_str(), r.peer, r.ratio)).collect();
        assert_eq!(rows, [("a", Some(10.0), Some(0.5)), ("b", None, None)]);
        let part = Part::new("block", &both, Unit::Percent, true);
        assert_eq!(part.mean, Some(0.5));
        let report = Report { rounds: 3, heap: "8m", parts: &[part] };
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["parts"][0]["rows"][0]["ours"], 90.0);
        assert_eq!(json["parts"][0]["unit"], "%");
    }
}
