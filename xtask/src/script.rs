//! The scripts of `tests/scripts`, and where each can run.
//!
//! A comment `# only: host` or `# only: board` among a script's first lines keeps it off the others:
//! on the PC floats have 64 bits, on boards 32, for example. `# needs: network` keeps it off the
//! emulated chip, whose firmware goes without that module. The runner lists what it skips.

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Lines in which `# only:` and `# needs:` are looked for.
const HEAD: usize = 10;

/// Where a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// As a program on the PC.
    Host,
    /// On the virtual board, through its REPL.
    Board,
    /// On the emulated chip, through its REPL.
    Chip,
    /// There, with every module that works on it.
    FullChip,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Board | Self::Chip | Self::FullChip => "board",
        }
    }

    /// Whether it goes without what a script needs.
    fn lacks(self, need: &str) -> bool {
        let there = match self {
            Self::Host | Self::Board => return false,
            Self::Chip => features(CHIP, &["dependencies", "octopy-runtime", "features"]),
            Self::FullChip => features(CHIP, &["features", "full"]),
        };
        !there.contains(need) && features(RUNTIME, &["features", "all-modules"]).contains(need)
    }
}

/// Which modules there are, and which of them the emulated chip's firmware has.
const RUNTIME: &str = include_str!("../../crates/runtime/Cargo.toml");
const CHIP: &str = include_str!("../../boards/mps2-an505/Cargo.toml");

/// The names in a list of a manifest, without the crates that they belong to.
fn features(manifest: &str, path: &[&str]) -> BTreeSet<String> {
    let manifest = manifest.parse::<toml::Table>().ok().map(toml::Value::Table);
    let list = path.iter().fold(manifest, |value, key| value?.get(key).cloned());
    let names = list.as_ref().and_then(toml::Value::as_array).into_iter().flatten();
    let own = |name: &str| name.rsplit('/').next().map(Into::into);
    names.filter_map(|name| name.as_str().and_then(own)).collect()
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
        if obstacle(&source, place).is_none() {
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

/// Why a script cannot run on a place, if so.
pub fn obstacle(source: &str, place: Place) -> Option<String> {
    let said = |key| source.lines().take(HEAD).find_map(|line| line.strip_prefix(key));
    if let Some(only) = said("# only:").filter(|only| only.trim() != place.name()) {
        return Some(format!("only for {}", only.trim()));
    }
    let needs = said("# needs:")?.split_whitespace().find(|need| place.lacks(need))?;
    Some(format!("needs {needs}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_can_be_kept_off_a_place() {
        let anywhere = "print(1)\n";
        assert_eq!(obstacle(anywhere, Place::Host), None);
        assert_eq!(obstacle(anywhere, Place::Chip), None);
        let host = "# Doubles.\n# only: host\nprint(0.1)\n";
        assert_eq!(obstacle(host, Place::Host), None);
        assert_eq!(obstacle(host, Place::Board).as_deref(), Some("only for host"));
        let network = "# Sockets.\n# needs: files network\n";
        assert_eq!(obstacle(network, Place::Board), None);
        assert_eq!(obstacle(network, Place::Chip).as_deref(), Some("needs network"));
        let part = "# needs: struct\n";
        assert_eq!(obstacle(part, Place::Chip).as_deref(), Some("needs struct"));
        assert_eq!(obstacle(part, Place::FullChip), None);
        assert_eq!(obstacle(network, Place::FullChip).as_deref(), Some("needs network"));
        assert_eq!(obstacle("# needs: heap\n", Place::Chip), None);
    }
}
