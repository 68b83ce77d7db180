//! The interpreter under test, and the ways in which the suite starts it.

use crate::conform::detour::Detour;
use crate::conform::{reference, terminal};
use crate::process;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// An interpreter and the suite that it is tried on.
#[derive(Debug)]
pub struct Target {
    binary: PathBuf,
    tests: PathBuf,
    modules: String,
    limit: Duration,
    /// Tests are compiled first.
    detour: Option<Detour>,
}

/// What a test wrote, and whether it ended badly: `CRASH` or `TIMEOUT` then ends the output.
#[derive(Debug, PartialEq, Eq)]
pub struct Written {
    /// The output, with plain line feeds.
    pub output: Vec<u8>,
    /// Whether the program failed or did not end.
    pub failed: bool,
}

impl Target {
    /// An interpreter, a checkout of MicroPython, and the time that a test may take.
    pub fn new(
        binary: &Path,
        suite: &Path,
        limit: Duration,
        detour: Option<Detour>,
    ) -> Result<Self> {
        let absolute = |path: &Path| {
            path.canonicalize().with_context(|| format!("{} is not there", path.display()))
        };
        let suite = absolute(suite)?;
        // What the suite brings: asyncio, and the framework of some tests.
        let compiled = match &detour {
            Some(detour) => format!("{}:", detour.directory().display()),
            None => String::new(),
        };
        let modules = format!(
            "{compiled}.frozen:{}:{}",
            suite.join("extmod").display(),
            suite.join("lib/micropython-lib/python-stdlib/unittest").display(),
        );
        let tests = absolute(&suite.join("tests"))?;
        Ok(Self { binary: absolute(binary)?, tests, modules, limit, detour })
    }

    /// The directory of the tests.
    pub fn tests(&self) -> &Path {
        &self.tests
    }

    /// What a probe of `feature_check/` prints; `CRASH` if it fails.
    pub fn probe(&self, script: &str) -> Result<String> {
        let written = self.special(&format!("feature_check/{script}"))?;
        Ok(String::from_utf8_lossy(&written.output).into_owned())
    }

    /// Runs a test, named by its path below the tests.
    pub fn run(&self, test: &str) -> Result<Written> {
        if is_special(test) {
            return self.special(test);
        }
        let path = self.tests.join(test);
        let mut command = self.command(path.parent().context("a test is in a directory")?);
        command.args(["-X", "emit=bytecode"]);
        let compiled = match &self.detour {
            Some(detour) => match detour.compile(&path, test)? {
                Some(module) => Some(module),
                None => return Ok(Written { output: b"SKIP\n".into(), failed: false }),
            },
            None => None,
        };
        match &compiled {
            Some(module) => command.args(["-m", module.name()]),
            None => command.arg(&path),
        };
        let ended = process::run(command, self.limit)?;
        let mut output = ended.output;
        match ended.status {
            None => output.extend(b"TIMEOUT"),
            Some(status) if !status.success() => output.extend(b"CRASH"),
            Some(_) => {}
        }
        let failed = !ended.status.is_some_and(|status| status.success());
        Ok(Written { output: reference::normal_lines(&output), failed })
    }

    /// Runs a test of the command line: its first comments say with which options.
    fn special(&self, test: &str) -> Result<Written> {
        let source =
            std::fs::read_to_string(self.tests.join(test)).with_context(|| test.to_owned())?;
        let mut command = self.command(&self.tests);
        let mut signals = false;
        for line in source.lines().take_while(|line| line.starts_with('#')) {
            if let Some(options) = line.strip_prefix("# cmdline:") {
                command.args(options.split_whitespace());
            }
            signals |= line.starts_with("# sigint:");
        }
        if test.rsplit('/').next().is_some_and(|name| name.starts_with("repl_")) {
            let output = terminal::converse(command, source.as_bytes(), signals)?;
            return Ok(Written { output: reference::normal_lines(&output), failed: false });
        }
        command.arg(test);
        let ended = process::run(command, self.limit)?;
        if !ended.success() {
            return Ok(Written { output: b"CRASH".into(), failed: true });
        }
        Ok(Written { output: reference::normal_lines(&ended.output), failed: false })
    }

    fn command(&self, directory: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(directory).env("MICROPYPATH", &self.modules);
        command.env_remove("MICROPYINSPECT").env("PYTHONIOENCODING", "utf-8");
        command
    }
}

/// Whether a test is about the command line, and its expected output always a pattern.
pub fn is_special(test: &str) -> bool {
    test.starts_with("cmdline/") || test.starts_with("feature_check/")
}
