//! `differential [OPTIONS]`: programs that are made up, here and on CPython.
//!
//! What differs is run on C MicroPython too, if there is one: a deviation that it shares is none.
//! What is left is made as small as it can be, and printed. A seed decides which programs there
//! are; what was found goes to `tests/scripts` as a script of its own.

mod expression;
mod generator;
mod program;

use crate::process;
use anyhow::{Context, Result, bail};
use generator::{Generator, PRELUDE};
use program::{Statement, minimise, text};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const USAGE: &str = "differential [--generate N] [--seed S] [--octopy BIN] [--python BIN] \
    [--peer BIN] [--jobs N] [--show]
    N        how many programs; 500 if not said
    S        the number of the first; 1 if not said
    --peer   a MicroPython command; without one, the npm registry's, if `.ci/run` has put it there
    --show   prints the programs instead of running them";

/// Programs that one process runs.
const BATCH: u64 = 50;

const PATIENCE: Duration = Duration::from_secs(20);

/// The command line.
struct Options {
    count: u64,
    seed: u64,
    octopy: Option<PathBuf>,
    python: PathBuf,
    peer: Option<PathBuf>,
    jobs: usize,
    show: bool,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self {
            count: 500,
            seed: 1,
            octopy: None,
            python: "python3".into(),
            peer: None,
            jobs: std::thread::available_parallelism().map_or(2, usize::from),
            show: false,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--generate" => options.count = value()?.parse()?,
                "--seed" => options.seed = value()?.parse()?,
                "--octopy" => options.octopy = Some(PathBuf::from(value()?).canonicalize()?),
                "--python" => options.python = value()?.into(),
                "--peer" => options.peer = Some(PathBuf::from(value()?).canonicalize()?),
                "--jobs" => options.jobs = value()?.parse()?,
                "--show" => options.show = true,
                _ => bail!("unknown option {arg}; usage:\n{USAGE}"),
            }
        }
        Ok(options)
    }
}

/// The interpreters that are compared.
struct Interpreters {
    octopy: Vec<PathBuf>,
    python: Vec<PathBuf>,
    peer: Option<Vec<PathBuf>>,
    scratch: PathBuf,
    next_file: AtomicU64,
}

/// What the three make of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Same,
    /// The peer does as we do.
    Shared,
    Differs,
    /// Neither we nor CPython get to the end: nothing has been compared.
    Endless,
}

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    if options.show {
        for seed in options.seed..options.seed + options.count {
            println!("# {seed}\n{PRELUDE}{}", text(&Generator::program(seed)));
        }
        return Ok(());
    }
    let interpreters = Interpreters::new(&options)?;
    let next = AtomicU64::new(0);
    let (shared, found) = (AtomicU64::new(0), AtomicU64::new(0));
    let printing = Mutex::new(());
    let failure: Mutex<Option<anyhow::Error>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                loop {
                    let first = next.fetch_add(BATCH, Ordering::Relaxed);
                    if first >= options.count {
                        break;
                    }
                    let seeds =
                        options.seed + first..options.seed + (first + BATCH).min(options.count);
                    let res = interpreters.compare_batch(seeds, |seed, verdict| {
                        if verdict == Verdict::Shared {
                            shared.fetch_add(1, Ordering::Relaxed);
                            return Ok(());
                        }
                        found.fetch_add(1, Ordering::Relaxed);
                        let report = interpreters.report(seed, verdict)?;
                        let _guard = printing.lock();
                        println!("{report}");
                        Ok(())
                    });
                    if let Err(error) = res {
                        if let Ok(mut failure) = failure.lock() {
                            failure.get_or_insert(error);
                        }
                        break;
                    }
                }
            });
        }
    });
    if let Ok(Some(error)) = failure.into_inner() {
        return Err(error);
    }
    let (shared, found) = (shared.into_inner(), found.into_inner());
    println!(
        "{} programs from seed {}: {} as on CPython, {shared} as on MicroPython, {found} differ",
        options.count,
        options.seed,
        options.count - shared - found
    );
    if found > 0 {
        bail!("{found} programs differ");
    }
    Ok(())
}

impl Interpreters {
    fn new(options: &Options) -> Result<Self> {
        let octopy = match &options.octopy {
            Some(octopy) => octopy.clone(),
            None => crate::octopy::built()?,
        };
        let scratch = crate::octopy::target_dir()?.join("differential");
        std::fs::create_dir_all(&scratch)?;
        let runtime = crate::root().join("target/npm/node_modules");
        let peer = match &options.peer {
            Some(peer) => Some(vec![peer.clone()]),
            None if runtime.exists() => {
                let script = crate::root().join("tests/clients/micropython_script.mjs");
                Some(vec!["node".into(), script, runtime])
            }
            None => None,
        };
        Ok(Self {
            octopy: vec![octopy],
            python: vec![options.python.clone()],
            peer,
            scratch,
            next_file: AtomicU64::new(0),
        })
    }

    /// Compares some programs, and tells `note` of those whose outputs are not the same.
    fn compare_batch(
        &self,
        seeds: std::ops::Range<u64>,
        mut note: impl FnMut(u64, Verdict) -> Result<()>,
    ) -> Result<()> {
        let programs: Vec<String> =
            seeds.clone().map(|seed| text(&Generator::program(seed))).collect();
        let ours = self.outputs(&self.octopy, &programs)?;
        let theirs = self.outputs(&self.python, &programs)?;
        for (at, seed) in seeds.enumerate() {
            if is_same(&ours[at], &theirs[at]) {
                continue;
            }
            // Alone, in case that another program was to blame.
            match self.verdict(&programs[at])? {
                Verdict::Same => {}
                verdict => note(seed, verdict)?,
            }
        }
        Ok(())
    }

    fn verdict(&self, program: &str) -> Result<Verdict> {
        let programs = [program.to_owned()];
        let output = |command: &[PathBuf]| Ok(self.outputs(command, &programs)?.remove(0));
        let peer = || self.peer.as_deref().map_or(Ok(None), output);
        judge(&output(&self.octopy)?, &output(&self.python)?, peer)
    }

    /// The program of a seed, as small as it can be if it differs, with what it prints.
    fn report(&self, seed: u64, verdict: Verdict) -> Result<String> {
        let mut differs = |candidate: &[Statement]| {
            matches!(self.verdict(&text(candidate)), Ok(Verdict::Differs))
        };
        let mut program = Generator::program(seed);
        // To see that a program is endless takes too long to do it for each cut.
        if verdict == Verdict::Differs {
            program = minimise(&program, &mut differs);
        }
        let least = text(&program);
        let mut report = format!("== seed {seed}: {verdict:?}\n{least}");
        let programs = [least];
        let mut add = |name: &str, command: &[PathBuf]| -> Result<()> {
            let output = self.outputs(command, &programs)?.remove(0);
            report.push_str(&format!("-- {name}\n{}", output.unwrap_or("no end\n".into())));
            Ok(())
        };
        add("octopy", &self.octopy)?;
        add("CPython", &self.python)?;
        if let Some(peer) = &self.peer {
            add("MicroPython", peer)?;
        }
        Ok(report)
    }

    /// What programs print, one after the other in one process; nothing for those that it does not
    /// get to the end of.
    fn outputs(&self, command: &[PathBuf], programs: &[String]) -> Result<Vec<Option<String>>> {
        let number = self.next_file.fetch_add(1, Ordering::Relaxed);
        let file = self.scratch.join(format!("{}-{number}.py", std::process::id()));
        std::fs::write(&file, driver(programs)?)?;
        let output = execute(command, &file);
        let _ = std::fs::remove_file(&file);
        let output = output?;
        let mut found = vec![None; programs.len()];
        for part in output.split("#begin ").skip(1) {
            let Some((number, rest)) = part.split_once('\n') else { continue };
            let (Ok(number), Some((text, _))) =
                (number.trim().parse::<usize>(), rest.split_once("#end"))
            else {
                continue;
            };
            if let Some(place) = found.get_mut(number) {
                // Exceptions that MicroPython has no classes of their own for.
                let text = text.replace("RecursionError", "RuntimeError");
                *place = Some(text.replace("UnboundLocalError", "NameError"));
            }
        }
        Ok(found)
    }
}

/// Compares what a program printed here and on CPython, and on the peer if it has to be asked.
/// `None` is a program that did not get to its end, which is like nothing else.
fn judge(
    ours: &Option<String>,
    theirs: &Option<String>,
    peer: impl FnOnce() -> Result<Option<String>>,
) -> Result<Verdict> {
    let Some(output) = ours else {
        return Ok(if theirs.is_none() { Verdict::Endless } else { Verdict::Differs });
    };
    if is_same(ours, theirs) {
        return Ok(Verdict::Same);
    }
    let is_shared = peer()?.is_some_and(|peer| unordered(&peer) == unordered(output));
    Ok(if is_shared { Verdict::Shared } else { Verdict::Differs })
}

/// Whether two outputs are there, and equal.
fn is_same(ours: &Option<String>, theirs: &Option<String>) -> bool {
    ours.is_some() && ours == theirs
}

/// The lines of an output in the order of the alphabet, and the characters of those that show a
/// dict or a set: MicroPython's keep no order.
fn unordered(output: &str) -> Vec<String> {
    let sorted = |line: &str| {
        let mut chars: Vec<char> = line.chars().collect();
        if line.contains('{') {
            chars.sort_unstable();
        }
        chars.into_iter().collect()
    };
    let mut lines: Vec<String> = output.lines().map(sorted).collect();
    lines.sort_unstable();
    lines
}

/// A script that runs programs one after the other.
fn driver(programs: &[String]) -> Result<String> {
    let mut script = String::from(
        "def run(n, text):\n    print('#begin', n)\n    try:\n        exec(text, {'__name__': 'p'})\n    \
         except Exception as e:\n        print('!', type(e).__name__)\n    print('#end')\n",
    );
    script.push_str(&format!("prelude = {}\n", serde_json::to_string(PRELUDE)?));
    for (n, program) in programs.iter().enumerate() {
        script.push_str(&format!("run({n}, prelude + {})\n", serde_json::to_string(program)?));
    }
    Ok(script)
}

fn execute(command: &[PathBuf], file: &Path) -> Result<String> {
    let (first, rest) = command.split_first().context("no command")?;
    let mut process = Command::new(first);
    process.args(rest).arg(file).env("PYTHONWARNINGS", "ignore").env("PYTHONHASHSEED", "0");
    process.env("PYTHONIOENCODING", "utf-8");
    Ok(process::run_apart(process, PATIENCE)?.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(ours: Option<&str>, theirs: Option<&str>, peer: Option<&str>) -> Verdict {
        let owned = |output: Option<&str>| output.map(str::to_owned);
        judge(&owned(ours), &owned(theirs), || Ok(owned(peer))).unwrap()
    }

    #[test]
    fn what_does_not_end_is_not_the_same() {
        assert_eq!(verdict(Some("1\n"), Some("1\n"), None), Verdict::Same);
        assert_eq!(verdict(Some("1\n"), Some("2\n"), None), Verdict::Differs);
        assert_eq!(verdict(Some("1\n"), Some("2\n"), Some("1\n")), Verdict::Shared);
        assert_eq!(verdict(None, None, Some("1\n")), Verdict::Endless);
        assert_eq!(verdict(None, None, None), Verdict::Endless);
        assert_eq!(verdict(None, Some("1\n"), None), Verdict::Differs);
        assert_eq!(verdict(Some("1\n"), None, Some("2\n")), Verdict::Differs);
    }

    #[test]
    fn only_dicts_and_sets_have_no_order() {
        for (one, other, is_equal) in [
            ("{1: 2, 3: 4}\n", "{3: 4, 1: 2}\n", true),
            ("a\nb\n", "b\na\n", true),
            ("a\na\n", "a\n", false),
            ("12\n", "21\n", false),
            ("[1, 2]\n{1}\n", "[2, 1]\n{1}\n", false),
            ("1\n23\n", "12\n3\n", false),
        ] {
            assert_eq!(unordered(one) == unordered(other), is_equal, "{one:?} {other:?}");
        }
    }
}
