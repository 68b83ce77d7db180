//! The scripts of `tests/scripts`, and where each can run.
//!
//! A comment `# only: host` or `# only: board` among a script's first lines keeps it off the others:
//! on the PC floats have 64 bits, on boards 32, for example.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Lines in which `# only:` is looked for.
const HEAD: usize = 10;

/// Where a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// As a program on the PC.
    Host,
    /// On a board, virtual or not, through its REPL.
    Board,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Board => "board",
        }
    }
}

/// The directory of the scripts.
pub fn directory() -> PathBuf {
    crate::root().join("tests/scripts")
}

/// The scripts for a place, in order, that have one of the filters in their path; all of them if
/// there are no filters.
pub fn selected(place: Place, filters: &[String]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    collect(&directory(), &mut paths)?;
    let mut chosen = Vec::new();
    for path in paths {
        let name = name(&path);
        if !filters.is_empty() && !filters.iter().any(|filter| name.contains(filter)) {
            continue;
        }
        let source = std::fs::read_to_string(&path).with_context(|| name.clone())?;
        if runs_on(&source, place) {
            chosen.push(path);
        }
    }
    Ok(chosen)
}

/// The path below the directory of the scripts.
pub fn name(path: &Path) -> String {
    path.strip_prefix(directory()).unwrap_or(path).display().to_string()
}

fn collect(directory: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = std::fs::read_dir(directory)
        .with_context(|| directory.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect(&entry, into)?;
        } else if entry.extension().is_some_and(|extension| extension == "py") {
            into.push(entry);
        }
    }
    Ok(())
}

fn runs_on(source: &str, place: Place) -> bool {
    let only = source.lines().take(HEAD).find_map(|line| line.strip_prefix("# only:"));
    only.is_none_or(|only| only.trim() == place.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_can_be_kept_off_a_place() {
        assert!(runs_on("print(1)\n", Place::Host) && runs_on("print(1)\n", Place::Board));
        let host = "# Doubles.\n# only: host\nprint(0.1)\n";
        assert!(runs_on(host, Place::Host) && !runs_on(host, Place::Board));
    }
}
