//! `check [--suite DIR] [--list] [STEP…]`: everything that must hold before a change is done.
//!
//! The cheap steps come first, and the first that fails ends the run, with the command that repeats
//! it alone. Tools that are not there are the business of `.ci/run`.

use anyhow::{Context, Result, bail};
use std::process::Command;
use std::time::Instant;

const USAGE: &str = "check [--suite DIR] [--list] [STEP…]";

/// A command of the gate.
#[derive(Debug)]
struct Step {
    name: &'static str,
    /// Where it runs, from the root.
    directory: &'static str,
    /// `cargo` and its arguments.
    arguments: Vec<String>,
}

impl Step {
    fn new(name: &'static str, arguments: &str) -> Self {
        let arguments = arguments.split_whitespace().map(Into::into).collect();
        Self { name, directory: ".", arguments }
    }

    /// For a person to repeat it.
    fn line(&self) -> String {
        let line = format!("cargo {}", self.arguments.join(" "));
        match self.directory {
            "." => line,
            directory => format!("cd {directory} && {line}"),
        }
    }

    fn run(&self) -> Result<()> {
        let mut command = match self.arguments.first().map(String::as_str) {
            // This program itself: cargo would wait for its own lock.
            Some("xtask") => {
                let mut command = Command::new(std::env::current_exe()?);
                command.args(self.arguments.iter().skip(1));
                command
            }
            _ => {
                let mut command =
                    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
                command.args(&self.arguments);
                command
            }
        };
        command.current_dir(crate::root().join(self.directory));
        let status = command.status().with_context(|| self.line())?;
        if !status.success() {
            bail!("{} fails; alone: {}", self.name, self.line());
        }
        Ok(())
    }
}

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let mut suite = None;
    let mut list = false;
    let mut wanted = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--suite" => suite = Some(args.next().context("--suite needs a value")?.clone()),
            "--list" => list = true,
            _ if arg.starts_with('-') => bail!("unknown option {arg}; usage: {USAGE}"),
            _ => wanted.push(arg.clone()),
        }
    }
    let steps = steps(suite.as_deref())?;
    if let Some(unknown) = wanted.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        bail!("no step {unknown}; --list shows them");
    }
    let start = Instant::now();
    let mut passed = 0;
    for step in &steps {
        if !wanted.is_empty() && !wanted.iter().any(|name| name == step.name) {
            continue;
        }
        println!("== {}: {}", step.name, step.line());
        if list {
            continue;
        }
        let begin = Instant::now();
        step.run()?;
        println!("== {} passed, {:.0} s\n", step.name, begin.elapsed().as_secs_f64());
        passed += 1;
    }
    if !list {
        println!("{passed} steps passed in {:.0} s", start.elapsed().as_secs_f64());
    }
    Ok(())
}

fn steps(suite: Option<&str>) -> Result<Vec<Step>> {
    let boards = |name, arguments: &str| Step { directory: "boards", ..Step::new(name, arguments) };
    let mut steps = vec![
        Step::new("format", "fmt --all --check"),
        boards("format-boards", "fmt --all --check"),
        Step::new("tidy", "xtask tidy"),
        Step::new("clippy", "clippy --quiet --workspace --all-targets -- -D warnings"),
        boards(
            "clippy-boards",
            "clippy --quiet --package octopy-mps2-an505 --target thumbv8m.main-none-eabihf \
             -- -D warnings",
        ),
        Step::new("host", "test --quiet --workspace"),
        boards(
            "host-boards",
            "test --quiet --package octopy-board-description --package octopy-board-support",
        ),
        Step::new("zeal-heap", "test --quiet --package octopy-heap --features reserve,zeal"),
        // As the small firmware has it.
        Step::new(
            "heap-at-once",
            "test --quiet --package octopy-heap --no-default-features --features reserve,zeal",
        ),
        Step::new(
            "heap-marathon",
            "run --quiet --release --package octopy-heap --features reserve \
             --config profile.release.debug-assertions=true --example heap_marathon -- 10000000",
        ),
        Step::new("scripts", "xtask test"),
        Step::new("scripts-board", "xtask test --board"),
        Step::new("zeal", "xtask test --zeal"),
        Step::new("clients", "xtask clients"),
        Step::new("differential", "xtask differential --generate 300 --seed 1"),
        Step::new("firmware", "xtask fw build mps2-an505"),
        Step::new("firmware-full", "xtask fw build mps2-an505 --full"),
        Step::new("selftest", "xtask fw selftest mps2-an505"),
    ];
    let mut chip = Step::new("chip", "xtask qemu-test --timeout 300");
    for program in ["growth", "many_live", "fragmentation", "probes"] {
        chip.arguments.push(format!("tests/programs/{program}.py"));
    }
    steps.push(chip);
    steps.push(Step::new("chip-full", "xtask qemu-test --timeout 300 --full tests/scripts"));
    if let Some(suite) = suite {
        let mut conform = Step::new("conform", "xtask conform --suite");
        conform.arguments.push(suite.to_owned());
        steps.push(conform);
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_can_be_repeated_by_hand() {
        let steps = steps(Some("/suite")).expect("steps");
        let line = |name: &str| steps.iter().find(|step| step.name == name).map(Step::line);
        assert_eq!(line("tidy").as_deref(), Some("cargo xtask tidy"));
        let format = line("format-boards");
        assert_eq!(format.as_deref(), Some("cd boards && cargo fmt --all --check"));
        assert_eq!(line("conform").as_deref(), Some("cargo xtask conform --suite /suite"));
    }
}
