//! `tidy`: the rules of `docs/STYLE.md` that a machine can check.
//!
//! Looks at the files that git knows. Every finding names file and line; one of them fails the run.

mod graph;
mod links;
mod names;
mod source;
mod unsafe_budget;

use anyhow::{Context, Result, bail};
use std::fmt::Display;
use std::process::Command;

/// A file of the repository.
#[derive(Debug)]
pub struct File {
    /// Its path from the root, with slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What the rules found.
#[derive(Debug, Default)]
pub struct Findings {
    errors: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    /// Something that must be mended.
    pub fn error(&mut self, place: impl Display, what: impl Display) {
        self.errors.push(format!("{place}: {what}"));
    }

    /// Something to think about.
    pub fn warning(&mut self, place: impl Display, what: impl Display) {
        self.warnings.push(format!("{place}: {what}"));
    }
}

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("usage: tidy");
    }
    let files = files()?;
    let mut findings = Findings::default();
    for file in &files {
        source::check(file, &mut findings);
        links::check(file, &mut findings);
    }
    names::check(&files, &mut findings);
    unsafe_budget::check(&files, &mut findings)?;
    graph::check(&files, &mut findings)?;
    for warning in &findings.warnings {
        println!("warning: {warning}");
    }
    for error in &findings.errors {
        println!("error: {error}");
    }
    println!("{} files, {} findings", files.len(), findings.errors.len());
    match findings.errors.len() {
        0 => Ok(()),
        n => bail!("{n} findings"),
    }
}

/// The text files that git knows and that are there.
fn files() -> Result<Vec<File>> {
    let root = crate::root();
    let listed = Command::new("git").current_dir(&root).args(["ls-files", "-z"]).output()?;
    if !listed.status.success() {
        bail!("git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    }
    let paths = String::from_utf8(listed.stdout).context("a path is no text")?;
    let mut files = Vec::new();
    for path in paths.split_terminator('\0') {
        // A file that was deleted a moment ago, or that is no text, has no style.
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}
