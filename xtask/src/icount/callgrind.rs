//! Instructions of operations on the PC, counted by valgrind's callgrind.

use super::{Operation, program};
use crate::process;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(300);
const SHORT: u32 = 1000;
const LONG: u32 = 11_000;

/// Instructions per turn of each operation; `None` where the command cannot run it.
pub fn measure(command: &Path, operations: &[&Operation]) -> Result<Vec<Option<f64>>> {
    let file = std::env::temp_dir().join(format!("octopy-icount-{}.py", std::process::id()));
    let mut costs = Vec::new();
    for operation in operations {
        let count = |turns| count(command, &file, &program(operation, &format!("f({turns})\n")));
        let cost = match (count(SHORT), count(LONG)) {
            (Ok(short), Ok(long)) => Some((long as f64 - short as f64) / f64::from(LONG - SHORT)),
            (Err(error), _) | (_, Err(error)) => {
                eprintln!("{}: {error:#}", operation.name);
                None
            }
        };
        costs.push(cost);
    }
    // It is in a directory for such files; nothing depends on its going.
    let _ = std::fs::remove_file(file);
    Ok(costs)
}

/// Instructions that a command executes to run a program.
fn count(command: &Path, file: &Path, program: &str) -> Result<u64> {
    std::fs::write(file, program).with_context(|| file.display().to_string())?;
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(command).arg(file);
    let ended = process::run(valgrind, PATIENCE)
        .context("valgrind does not start (Debian: apt-get install valgrind)")?;
    if !ended.success() {
        bail!("{}", ended.text().trim());
    }
    collected(&ended.text()).context("callgrind says no count")
}

/// The count in what callgrind prints at the end, `==PID== Collected : COUNT`.
fn collected(text: &str) -> Option<u64> {
    let line = text.lines().rev().find(|line| line.contains(" Collected : "))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_in_the_last_lines() {
        let text = "1 Collected : 7\n==12== \n==12== Events    : Ir\n==12== Collected : 3648750\n";
        assert_eq!(collected(text), Some(3_648_750));
        assert_eq!(collected("==12== Collected : many"), None);
        assert_eq!(collected("no such tool"), None);
    }
}
