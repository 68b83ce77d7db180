//! What CPython prints for a test, remembered between runs.

use crate::process;
use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// CPython, and a directory with its earlier answers.
#[derive(Debug)]
pub struct Reference {
    program: String,
    version: String,
    memory: PathBuf,
}

impl Reference {
    /// The `python3` of this machine, or the one that `MICROPY_CPYTHON3` names.
    pub fn new(memory: PathBuf) -> Result<Self> {
        let program = std::env::var("MICROPY_CPYTHON3").unwrap_or_else(|_| "python3".into());
        let mut ask = Command::new(&program);
        ask.arg("--version");
        let version = process::run(ask, Duration::from_secs(20))?.text();
        std::fs::create_dir_all(&memory)?;
        Ok(Self { program, version, memory })
    }

    /// The output of CPython for a test; what it remembers holds while the test's text is the same.
    pub fn output(&self, test: &Path) -> Result<Vec<u8>> {
        let source = std::fs::read(test).with_context(|| test.display().to_string())?;
        let mut hasher = DefaultHasher::new();
        (&self.version, test, &source).hash(&mut hasher);
        let remembered = self.memory.join(format!("{:016x}", hasher.finish()));
        if let Ok(output) = std::fs::read(&remembered) {
            return Ok(output);
        }
        let directory = test.parent().context("the test is in no directory")?;
        let mut command = Command::new(&self.program);
        command.arg("-BS").arg(test).current_dir(directory);
        command.env("PYTHONIOENCODING", "utf-8");
        let ended = process::run(command, Duration::from_secs(60))?;
        let mut output = normal_lines(&ended.output);
        if !ended.success() {
            output.splice(..0, *b"CPYTHON3 CRASH:\n");
        }
        // Half an answer, of a program that was stopped, must not be kept.
        if ended.status.and_then(|status| status.code()).is_some() {
            std::fs::write(&remembered, &output)?;
        }
        Ok(output)
    }
}

/// The output with every end of line as a line feed.
pub fn normal_lines(output: &[u8]) -> Vec<u8> {
    let mut normal = Vec::with_capacity(output.len());
    for byte in output {
        if *byte == b'\n' {
            // At most two: the program's own, and one that a console added.
            for _ in 0..2 {
                if normal.last() == Some(&b'\r') {
                    normal.pop();
                }
            }
        }
        normal.push(*byte);
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_lines_are_made_alike() {
        assert_eq!(normal_lines(b"a\r\nb\r\r\nc\rd\n\n"), b"a\nb\nc\rd\n\n");
    }
}
