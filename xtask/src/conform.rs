//! `conform --suite DIR [OPTIONS] [FILTER…]`: MicroPython's own tests.
//!
//! The tests stay in a checkout outside this repository; only the list of those that do not pass
//! (`conformance/expectations.toml`) is ours. A run fails when that list is wrong in any direction.

mod detour;
mod expectations;
mod features;
mod judge;
mod pattern;
mod reference;
mod report;
mod target;
mod terminal;

use anyhow::{Context, Result, bail};
use detour::Detour;
use expectations::{Entry, Expectations, Outcome, Reason};
use features::Features;
use judge::{Failure, Verdict};
use reference::Reference;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use target::Target;

const USAGE: &str = "conform --suite DIR [--octopy BIN] [--jobs N] [--timeout SECONDS] [--bless] \
    [--report FILE] [--via-mpy [--mpy-cross BIN]] [FILTER…]
    DIR      a checkout of MicroPython, with lib/micropython-lib in it
    FILTER   part of a test's path, like basics/ or basics/list1.py; without one, all tests
    --bless  writes what does not pass to conformance/expectations.toml
    --report writes the failing tests, grouped by cause
    --via-mpy compiles tests to .mpy files and runs those: with our own compiler, or with that of
             --mpy-cross";

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let binary = match &options.octopy {
        Some(binary) => binary.clone(),
        None => crate::octopy::built()?,
    };
    let scratch = crate::octopy::target_dir()?.join("conform");
    let detour = match options.via_mpy {
        true => {
            let compiler = options.mpy_cross.as_deref();
            Some(Detour::new(&binary, compiler, scratch.join("mpy"))?)
        }
        false => None,
    };
    let target = Target::new(&binary, &options.suite, options.limit, detour)?;
    let reference = Reference::new(scratch.join("cpython"))?;
    let features = Features::probe(&target)?;
    println!("absent: {:?}", features.absent());
    let mut tests = options.selected(&target, &features)?;
    if options.via_mpy {
        tests.retain(|test| detour::applies(test));
    }
    let start = Instant::now();
    let verdicts = judge_all(&tests, options.jobs, |test| match features.lacking_for(test) {
        Some(feature) => Verdict::Skip(format!("needs {feature:?}")),
        // What this runner cannot judge is no reason to lose the other verdicts.
        None => judge::judge(&target, &reference, test).unwrap_or_else(|error| {
            let cause = format!("not judged: {error:#}").replace('\n', " ");
            Verdict::Fail(Failure { cause, output: Vec::new(), expected: None })
        }),
    })?;
    let results: BTreeMap<&str, Verdict> = tests.iter().map(String::as_str).zip(verdicts).collect();
    print_directories(&results);
    println!("{:.0} s", start.elapsed().as_secs_f64());
    write_failures(&scratch, &results)?;
    if let Some(path) = &options.report {
        std::fs::write(path, report_text(&results)).with_context(|| path.display().to_string())?;
    }
    let path = crate::root().join("conformance/expectations.toml");
    let mut expected = Expectations::read(&path)?;
    if options.bless {
        bless(&mut expected, &results, &options);
        expected.write(&path)?;
    }
    let surprises: Vec<String> = results
        .iter()
        // A foreign compiler refuses machine code, where ours makes bytecode of it.
        .filter(|(_, verdict)| !options.via_mpy || !matches!(verdict, Verdict::Skip(_)))
        .filter_map(|(test, verdict)| expected.surprise(test, outcome(verdict)))
        .collect();
    for surprise in &surprises {
        println!("unexpected: {surprise}");
    }
    let count = |wanted: Option<Outcome>| results.values().filter(|v| outcome(v) == wanted).count();
    let (passed, failed) = (count(None), count(Some(Outcome::Fail)));
    println!("{passed} passed, {failed} failed, {} skipped", count(Some(Outcome::Skip)));
    match surprises.len() {
        0 => Ok(()),
        n => bail!("{n} tests end otherwise than conformance/expectations.toml says"),
    }
}

struct Options {
    suite: PathBuf,
    octopy: Option<PathBuf>,
    jobs: usize,
    limit: Duration,
    bless: bool,
    report: Option<PathBuf>,
    via_mpy: bool,
    mpy_cross: Option<PathBuf>,
    filters: Vec<String>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        let mut suite = None;
        let mut options = Self {
            suite: PathBuf::new(),
            octopy: None,
            jobs,
            limit: Duration::from_secs(30),
            bless: false,
            report: None,
            via_mpy: false,
            mpy_cross: None,
            filters: Vec::new(),
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--suite" => suite = Some(PathBuf::from(value()?)),
                "--octopy" => options.octopy = Some(value()?.into()),
                "--jobs" => options.jobs = value()?.parse::<usize>().context("--jobs")?.max(1),
                "--timeout" => {
                    options.limit = Duration::from_secs(value()?.parse().context("--timeout")?);
                }
                "--bless" => options.bless = true,
                "--via-mpy" => options.via_mpy = true,
                "--mpy-cross" => options.mpy_cross = Some(value()?.into()),
                "--report" => options.report = Some(value()?.into()),
                _ if arg.starts_with('-') => bail!("unknown option {arg}; usage:\n{USAGE}"),
                _ => options.filters.push(arg.clone()),
            }
        }
        options.suite = suite.with_context(|| format!("usage:\n{USAGE}"))?;
        if options.bless && options.via_mpy {
            bail!("the list is of what happens without --via-mpy");
        }
        Ok(options)
    }

    /// The tests of the suite that apply to such an interpreter and that the filters name.
    fn selected(&self, target: &Target, features: &Features) -> Result<Vec<String>> {
        let mut tests = Vec::new();
        for directory in directories(features) {
            let path = target.tests().join(directory);
            let entries = std::fs::read_dir(&path).with_context(|| path.display().to_string())?;
            for entry in entries {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if name.ends_with(".py") {
                    tests.push(format!("{directory}/{name}"));
                }
            }
        }
        tests.retain(|test| self.covers(test));
        tests.sort();
        if tests.is_empty() {
            bail!("no test has {:?} in its path", self.filters);
        }
        Ok(tests)
    }

    /// Whether the filters name a test.
    fn covers(&self, test: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| test.contains(filter))
    }
}

/// The directories that upstream's runner chooses for such an interpreter.
fn directories(features: &Features) -> Vec<&'static str> {
    let mut directories = vec!["basics", "micropython", "misc", "extmod", "stress"];
    if features.thread.is_some() {
        directories.push("thread");
    }
    if features.float > 0 {
        directories.push("float");
    }
    if features.unicode {
        directories.push("unicode");
    }
    if ["linux", "darwin", "win32"].contains(&features.platform.as_str()) {
        directories.extend(["ports/unix", "import"]);
        if !features.minimal {
            directories.extend(["cmdline", "io"]);
        }
    }
    directories
}

/// Verdicts in the order of the tests, found by several workers at a time.
fn judge_all(
    tests: &[String],
    jobs: usize,
    judge: impl Fn(&str) -> Verdict + Sync,
) -> Result<Vec<Verdict>> {
    // Tests of files use the same names in the same directory.
    let files = Mutex::new(());
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(test) = tests.get(at) else { return };
                    let alone = test.starts_with("io/").then(|| files.lock());
                    let verdict = judge(test);
                    drop(alone);
                    if let Ok(mut verdicts) = verdicts.lock() {
                        verdicts.insert(at, verdict);
                    }
                }
            });
        }
    });
    let verdicts = verdicts.into_inner().ok().context("a worker failed")?;
    Ok(verdicts.into_values().collect())
}

fn outcome(verdict: &Verdict) -> Option<Outcome> {
    match verdict {
        Verdict::Pass => None,
        Verdict::Skip(_) => Some(Outcome::Skip),
        Verdict::Fail(_) => Some(Outcome::Fail),
    }
}

fn directory(test: &str) -> &str {
    test.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// A line of counts per directory.
fn print_directories(results: &BTreeMap<&str, Verdict>) {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (test, verdict) in results {
        let [pass, fail, skip] = counts.entry(directory(test)).or_default();
        *match verdict {
            Verdict::Pass => pass,
            Verdict::Fail(_) => fail,
            Verdict::Skip(_) => skip,
        } += 1;
    }
    println!("{:<14}{:>6}{:>6}{:>6}", "", "pass", "fail", "skip");
    for (directory, [pass, fail, skip]) in counts {
        println!("{directory:<14}{pass:>6}{fail:>6}{skip:>6}");
    }
}

/// Leaves the names of the failing tests, their output and what was expected, in a directory.
fn write_failures(scratch: &Path, results: &BTreeMap<&str, Verdict>) -> Result<()> {
    let directory = scratch.join("failed");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory)?;
    let mut names = String::new();
    for (test, verdict) in results {
        let Verdict::Fail(Failure { cause, output, expected }) = verdict else { continue };
        names.push_str(&format!("{test}: {cause}\n"));
        let base = test.replace('/', "_");
        std::fs::write(directory.join(format!("{base}.out")), output)?;
        if let Some(expected) = expected {
            std::fs::write(directory.join(format!("{base}.exp")), expected)?;
        }
    }
    std::fs::write(directory.join("names.txt"), names)?;
    println!("failing tests, with their outputs: {}", directory.display());
    Ok(())
}

/// Counts, then failures by directory and cause.
fn report_text(results: &BTreeMap<&str, Verdict>) -> String {
    let mut directories: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    let mut passes: BTreeMap<&str, usize> = BTreeMap::new();
    for (test, verdict) in results {
        match verdict {
            Verdict::Pass => *passes.entry(directory(test)).or_default() += 1,
            Verdict::Skip(_) => {}
            Verdict::Fail(failure) => directories
                .entry(directory(test))
                .or_default()
                .push(((*test).to_owned(), failure.cause.clone())),
        }
    }
    let mut text = String::new();
    for (directory, failures) in directories {
        let passed = passes.get(directory).copied().unwrap_or_default();
        text.push_str(&format!("\n== {directory}: {passed} pass, {} fail\n", failures.len()));
        text.push_str(&report::by_cause(&failures));
    }
    text
}

/// Makes the list say what happened. Explanations stay as long as the way of ending does; tests
/// that this run did not cover stay as they are, unless the run was of everything.
fn bless(expected: &mut Expectations, results: &BTreeMap<&str, Verdict>, options: &Options) {
    expected.entries.retain(|test, _| results.contains_key(test.as_str()) || !options.covers(test));
    for (test, verdict) in results {
        let (result, reason, why) = match verdict {
            Verdict::Pass => {
                expected.entries.remove(*test);
                continue;
            }
            Verdict::Skip(why) => (Outcome::Skip, Reason::Unsupported, why),
            Verdict::Fail(failure) => (Outcome::Fail, Reason::Bug, &failure.cause),
        };
        match expected.entries.get(*test) {
            Some(entry) if entry.result == result => {}
            _ => {
                let why = why.clone();
                expected.entries.insert((*test).to_owned(), Entry { result, reason, why });
            }
        }
    }
}
