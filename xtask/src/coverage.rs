//! `coverage [--missing]`: which branches of the heap crate its tests take.
//!
//! Counting branches needs rustc's nightly and its `llvm-tools`; what is missing is installed by
//! rustup. The tests run with the features of a PC and count together. docs/COVERAGE.md has a table
//! that says of each branch that goes one way only why it does; one of which it says nothing is an
//! error. `--missing` lists all of them.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const USAGE: &str = "coverage [--missing]";

/// What is looked at.
const SOURCES: &str = "crates/heap/src/";

/// The document with the reasons.
const REASONS: &str = "docs/COVERAGE.md";

/// Counts of a branch, by the place of its condition: how often it was true, and false.
type Branches = BTreeMap<(u64, u64), (u64, u64)>;

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let lists = match args {
        [] => false,
        [flag] if flag == "--missing" => true,
        _ => bail!("usage:\n{USAGE}"),
    };
    let tools = tools()?;
    let directory = crate::octopy::target_dir()?.join("coverage");
    let _ = std::fs::remove_dir_all(directory.join("profiles"));
    let program = built(&directory)?;
    let status = Command::new(&program)
        .current_dir(crate::root().join("crates/heap"))
        .env("LLVM_PROFILE_FILE", directory.join("profiles/%p-%m.profraw"))
        .arg("--quiet")
        .status()?;
    if !status.success() {
        bail!("the tests fail");
    }
    let merged = directory.join("merged.profdata");
    let mut merge = Command::new(tools.join("llvm-profdata"));
    merge.args(["merge", "-sparse", "-o"]).arg(&merged);
    for entry in std::fs::read_dir(directory.join("profiles"))? {
        merge.arg(entry?.path());
    }
    output(merge)?;
    let mut export = Command::new(tools.join("llvm-cov"));
    export.args(["export", "-format=text", "-instr-profile"]).arg(&merged).arg(&program);
    let reasons = Reasons::parse(&std::fs::read_to_string(crate::root().join(REASONS))?);
    report(&serde_json::from_slice(&output(export)?)?, &reasons, lists)
}

/// Why branches go one way: a file (`*` is any) and a part of the line that the condition begins
/// in.
struct Reasons(Vec<(String, String)>);

impl Reasons {
    /// The rows of the table whose first two cells are code.
    fn parse(text: &str) -> Self {
        let code = |cell: &str| Some(cell.trim().strip_prefix('`')?.strip_suffix('`')?.to_owned());
        let row = |line: &str| {
            let mut cells = line.strip_prefix('|')?.split(" |");
            Some((code(cells.next()?)?, code(cells.next()?)?))
        };
        Self(text.lines().filter_map(row).collect())
    }

    /// Which of them is about a line.
    fn of(&self, file: &str, line: &str) -> Option<usize> {
        self.0
            .iter()
            .position(|(name, part)| (name == "*" || name == file) && line.contains(part.as_str()))
    }
}

/// Where LLVM's tools are, which must be of the compiler's version.
fn tools() -> Result<PathBuf> {
    let rustc = |args: &[&str]| -> Result<String> {
        let mut command = Command::new("rustc");
        command.arg("+nightly").args(args);
        Ok(String::from_utf8(output(command)?)?)
    };
    let version = rustc(&["-vV"]).context("rustup toolchain install nightly")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("a host")?;
    let root = rustc(&["--print", "sysroot"])?;
    let tools = Path::new(root.trim()).join("lib/rustlib").join(host).join("bin");
    if !tools.join("llvm-cov").exists() {
        let mut install = Command::new("rustup");
        install.args(["component", "add", "llvm-tools", "--toolchain", "nightly"]);
        output(install)?;
    }
    Ok(tools)
}

/// Builds the tests so that they count; where they are.
fn built(directory: &Path) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(crate::root())
        .env("RUSTFLAGS", "-C instrument-coverage -Z coverage-options=branch")
        .env("CARGO_TARGET_DIR", directory)
        // The branches are those of the source all the same.
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "3")
        .args(["+nightly", "test", "--package", "octopy-heap", "--lib", "--features", "reserve"])
        .args(["--no-run", "--message-format", "json"]);
    // Cargo that runs us names its own toolchain to its children.
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "RUSTDOC"] {
        cargo.env_remove(name);
    }
    let messages = String::from_utf8(output(cargo)?)?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .context("cargo builds a test")
}

fn output(mut command: Command) -> Result<Vec<u8>> {
    command.stderr(std::process::Stdio::inherit());
    command.env_remove("RUSTUP_TOOLCHAIN");
    let name = format!("{command:?}");
    let output = command.output().with_context(|| name.clone())?;
    if !output.status.success() {
        bail!("{name} fails");
    }
    Ok(output.stdout)
}

fn report(data: &Value, reasons: &Reasons, lists: bool) -> Result<()> {
    let mut uses = vec![0; reasons.0.len()];
    let mut unexplained = 0;
    let files = data.pointer("/data/0/files").and_then(Value::as_array).context("files")?;
    let (mut all, mut taken) = (0, 0);
    for file in files {
        let name = file.get("filename").and_then(Value::as_str).unwrap_or_default();
        let Some((_, name)) = name.split_once(SOURCES) else { continue };
        if name.starts_with("tests") {
            continue;
        }
        let branches = branches(file);
        let ways = branches.values().flat_map(|&(yes, no)| [yes, no]);
        let of_file = ways.clone().filter(|&count| count > 0).count();
        all += 2 * branches.len();
        taken += of_file;
        let lines = file.pointer("/summary/lines");
        let count = |key| lines.and_then(|lines| lines.get(key)?.as_u64()).unwrap_or(0);
        println!(
            "{name:24} {of_file:4} of {:4} ways, {:4} of {:4} lines",
            2 * branches.len(),
            count("covered"),
            count("count")
        );
        let source = std::fs::read_to_string(crate::root().join(SOURCES).join(name))?;
        let source: Vec<&str> = source.lines().collect();
        for ((line, column), counts) in &branches {
            let what = match counts {
                (0, 0) => "is not reached",
                (0, _) => "is never true",
                (_, 0) => "is never false",
                _ => continue,
            };
            let text = source.get(*line as usize - 1).copied().unwrap_or_default().trim();
            let reason = reasons.of(name, text);
            match reason.and_then(|reason| uses.get_mut(reason)) {
                Some(uses) => *uses += 1,
                None => unexplained += 1,
            }
            if lists || reason.is_none() {
                let mark = if reason.is_none() { ", and nothing says why" } else { "" };
                println!("    {line}:{column} {what}{mark}: {text}");
            }
        }
    }
    println!("{taken} of {all} ways, {:.1} %", taken as f64 * 100.0 / all.max(1) as f64);
    for ((file, part), _) in reasons.0.iter().zip(uses).filter(|(_, uses)| *uses == 0) {
        println!("{REASONS} gives a reason that nothing needs: {file}, {part}");
    }
    if unexplained > 0 {
        bail!("{unexplained} branches go one way, and {REASONS} does not say why");
    }
    Ok(())
}

/// The branches of a file. Of a generic or inlined function all instances count together.
fn branches(file: &Value) -> Branches {
    let mut found = Branches::new();
    for branch in file.get("branches").and_then(Value::as_array).into_iter().flatten() {
        let at = |idx| branch.get(idx).and_then(Value::as_u64).unwrap_or(0);
        let counts = found.entry((at(0), at(1))).or_default();
        *counts = (counts.0 + at(4), counts.1 + at(5));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_the_rows_of_a_table() {
        let text = "| Where | Line |\n|---|---|\n| `*` | `assert` | true |\n| `a.rs` | `x \
                    == 1` | why |\n| 1 | `b` | no |\n";
        let reasons = Reasons::parse(text);
        assert_eq!(reasons.of("b.rs", "assert!(true)"), Some(0));
        assert_eq!(reasons.of("a.rs", "if x == 1 {"), Some(1));
        assert_eq!(reasons.of("b.rs", "if x == 1 {"), None);
        assert_eq!(reasons.0.len(), 2);
    }

    #[test]
    fn instances_count_together() {
        let file = serde_json::json!({
            "branches": [[7, 5, 7, 9, 3, 0, 0, 0, 4], [7, 5, 7, 9, 0, 2, 0, 0, 4]]
        });
        assert_eq!(branches(&file), Branches::from([((7, 5), (3, 2))]));
    }
}
