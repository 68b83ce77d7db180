//! `test [OPTIONS] [FILTER…]`: the scripts of `tests/scripts`, on the PC or on the virtual board.
//!
//! A script says what it prints (`# expect:`) and raises (`# raises:`); see `expectation.rs`. With
//! `--zeal` the same scripts run on an `octopy` in which every allocation moves every object. With
//! `--fail-allocations` each runs once for every allocation that it makes, which then fails.

mod board;
mod shortage;

use crate::expectation::Expectation;
use crate::process;
use crate::raw_repl::Output;
use crate::script::{self, Place};
use anyhow::{Context, Result, bail};
use board::BoardSession;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const USAGE: &str = "test [--zeal] [--board] [--octopy BIN] [--jobs N] [--timeout SECONDS] \
    [FILTER…]\ntest --fail-allocations [--sample N] [--seed S] [FILTER]";

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    if let Some((first, rest)) = args.split_first()
        && first == "--fail-allocations"
    {
        return shortage::run(rest);
    }
    let options = Options::parse(args)?;
    let octopy = match &options.octopy {
        Some(octopy) => octopy.canonicalize().with_context(|| octopy.display().to_string())?,
        None if options.zeal => crate::octopy::built_with_zeal()?,
        None => crate::octopy::built()?,
    };
    let place = if options.board { Place::Board } else { Place::Host };
    let paths = script::selected(place, &options.filters)?;
    if paths.is_empty() {
        bail!("no script has {:?} in its path", options.filters);
    }
    let next = AtomicUsize::new(0);
    let failures = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                let mut runner = Runner { octopy: &octopy, options: &options, board: None };
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let start = Instant::now();
                    let verdict = runner.judge(path).unwrap_or_else(|error| {
                        // Whatever state a board is in, the next script begins with a new one.
                        runner.board = None;
                        Some(format!("{error:#}"))
                    });
                    let time = start.elapsed().as_millis();
                    if let Some(why) = verdict {
                        println!("FAIL {time:>6} ms  {}: {why}", script::name(path));
                        failures.fetch_add(1, Ordering::Relaxed);
                    } else {
                        println!("ok   {time:>6} ms  {}", script::name(path));
                    }
                }
            });
        }
    });
    let failed = failures.into_inner();
    println!("{} passed, {failed} failed", paths.len() - failed);
    match failed {
        0 => Ok(()),
        _ => bail!("{failed} scripts fail"),
    }
}

struct Options {
    zeal: bool,
    board: bool,
    octopy: Option<PathBuf>,
    jobs: usize,
    /// What a script may take; zeal needs many times more than usual.
    limit: Duration,
    filters: Vec<String>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self {
            zeal: false,
            board: false,
            octopy: None,
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            limit: Duration::ZERO,
            filters: Vec::new(),
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--zeal" => options.zeal = true,
                "--board" => options.board = true,
                "--octopy" => options.octopy = Some(value()?.into()),
                "--jobs" => options.jobs = value()?.parse::<usize>().context("--jobs")?.max(1),
                "--timeout" => {
                    options.limit = Duration::from_secs(value()?.parse().context("--timeout")?);
                }
                _ if arg.starts_with('-') => bail!("unknown option {arg}; usage:\n{USAGE}"),
                _ => options.filters.push(arg.clone()),
            }
        }
        if options.limit.is_zero() {
            options.limit = Duration::from_secs(if options.zeal { 600 } else { 60 });
        }
        Ok(options)
    }
}

/// A worker: on the PC it starts a program for each script; on the board, one board serves all.
struct Runner<'a> {
    octopy: &'a Path,
    options: &'a Options,
    board: Option<BoardSession>,
}

impl Runner<'_> {
    /// What is wrong with a script, if anything.
    fn judge(&mut self, path: &Path) -> Result<Option<String>> {
        let source = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let expectation = Expectation::of(&source);
        let output = if self.options.board {
            if self.board.is_none() {
                self.board = Some(BoardSession::start(self.octopy)?);
            }
            let board = self.board.as_mut().context("there is a board")?;
            board.run(&source, self.options.limit)?
        } else {
            self.run(path)?
        };
        Ok(expectation.judge(&output))
    }

    fn run(&self, path: &Path) -> Result<Output> {
        let mut command = Command::new(self.octopy);
        command.arg(path.file_name().context("a script has a name")?);
        command.current_dir(path.parent().context("a script is in a directory")?);
        let ended = process::run_apart(command, self.options.limit)?;
        let Some(status) = ended.status else {
            bail!("takes more than {} s", self.options.limit.as_secs());
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let output = Output { out: text(&ended.output), error: text(&ended.errors) };
        // A script that ends badly and says nothing about it would pass as one that ends well.
        if !status.success() && output.error.trim().is_empty() {
            bail!("{status}");
        }
        Ok(output)
    }
}
