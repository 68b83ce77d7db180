//! `qemu-test [OPTIONS] SCRIPT|DIR…`: scripts on the emulated chip, through its REPL.
//!
//! With `--full`, the firmware has every module that works on the board, and is made for speed.
//! One emulator serves all scripts, with a soft reset before each; it is replaced when it hangs or
//! dies. Each script has a time limit, so a run always ends.

use crate::expectation::Expectation;
use crate::firmware::Board;
use crate::qemu::{Qemu, Running};
use crate::raw_repl::{Mode, RawRepl};
use crate::script::{self, Place};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const USAGE: &str = "qemu-test [--board BOARD] [--full] [--elf FILE] [--raw] [--timeout SECONDS] \
    SCRIPT|DIR…";

/// Patience with everything that is not a script: entering raw mode, soft reset.
const PATIENCE: Duration = Duration::from_secs(20);

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let mut options =
        Options { board: "mps2-an505".into(), elf: None, mode: Mode::RawPaste, limit: 60 };
    let mut paths = Vec::new();
    let mut place = Place::Chip;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--board" => options.board = value()?.clone(),
            "--elf" => options.elf = Some(PathBuf::from(value()?)),
            "--timeout" => options.limit = value()?.parse().context("--timeout")?,
            "--full" => place = Place::FullChip,
            "--raw" => options.mode = Mode::Raw,
            _ if arg.starts_with('-') => bail!("unknown option {arg}; usage: {USAGE}"),
            _ => collect(Path::new(arg), &mut paths)?,
        }
    }
    if paths.is_empty() {
        bail!("usage: {USAGE}");
    }
    let mut board = Board::named(&options.board)?;
    if place == Place::FullChip {
        board = board.with_all_modules();
    }
    let elf = match &options.elf {
        Some(elf) => elf.clone(),
        None => {
            board.build(None)?;
            board.elf(None)?
        }
    };
    let qemu = Qemu::new(&board.description, &elf)?;
    let mut session = None;
    let (mut passed, mut skipped, mut failed) = (0, 0, 0);
    for path in &paths {
        let source = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let name = path.strip_prefix(crate::root()).unwrap_or(path).display();
        if let Some(obstacle) = script::obstacle(&source, place) {
            println!("skip             {name}: {obstacle}");
            skipped += 1;
            continue;
        }
        let start = Instant::now();
        let verdict = run_script(&qemu, &mut session, &source, &options);
        let time = start.elapsed().as_millis();
        match verdict {
            Ok(None) => {
                println!("ok    {time:>6} ms  {name}");
                passed += 1;
            }
            Ok(Some(why)) => {
                println!("FAIL  {time:>6} ms  {name}: {why}");
                failed += 1;
            }
            Err(why) => {
                println!("FAIL  {time:>6} ms  {name}: {why:#}");
                failed += 1;
                // Whatever state the emulator is in, the next script begins with a new one.
                session = None;
            }
        }
    }
    println!("{passed} passed, {skipped} skipped, {failed} failed");
    match failed {
        0 => Ok(()),
        _ => bail!("{failed} scripts fail"),
    }
}

struct Options {
    board: String,
    /// A firmware that exists already, instead of the board's own.
    elf: Option<PathBuf>,
    mode: Mode,
    /// Seconds that a script may take.
    limit: u64,
}

/// A running emulator and the connection to its console.
struct Session {
    repl: RawRepl,
    _qemu: Running,
}

/// Scripts in order: a file itself, or every `.py` file below a directory.
fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        into.push(path.to_owned());
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path)
        .with_context(|| path.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "py") {
            collect(&entry, into)?;
        }
    }
    Ok(())
}

/// Runs one script; what is wrong with its output, if anything.
fn run_script(
    qemu: &Qemu,
    session: &mut Option<Session>,
    source: &str,
    options: &Options,
) -> Result<Option<String>> {
    let session = match session {
        Some(session) => {
            session.repl.soft_reset(PATIENCE)?;
            session
        }
        None => session.insert(boot(qemu)?),
    };
    let limit = Duration::from_secs(options.limit);
    session.repl.start(source, options.mode, limit)?;
    let output = match session.repl.finish() {
        Ok(output) => output,
        Err(why) => {
            // Where it was interrupted is worth knowing.
            session.repl.interrupt()?;
            let traceback =
                session.repl.finish_within(PATIENCE).with_context(|| why.to_string())?;
            return Ok(Some(format!("{why:#}; interrupted it\n{}", traceback.error.trim_end())));
        }
    };
    Ok(Expectation::of(source).judge(&output))
}

/// Starts an emulator and enters its raw REPL.
fn boot(qemu: &Qemu) -> Result<Session> {
    let (running, stream) = qemu.connect()?;
    let mut repl = RawRepl::new(stream.try_clone()?, stream);
    repl.enter(PATIENCE)?;
    let banner = repl.leave(PATIENCE)?;
    println!("{}", banner.trim().lines().next().unwrap_or("no banner"));
    repl.enter(PATIENCE)?;
    Ok(Session { repl, _qemu: running })
}
