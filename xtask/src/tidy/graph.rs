//! The crate graph is as `docs/ARCHITECTURE.md` draws it.

use super::{File, Findings};
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};

const DRAWING: &str = "docs/ARCHITECTURE.md";

/// What the names of our packages begin with; the drawing leaves it out.
const OURS: &str = "octopy-";

/// A crate's name, and those of the crates that it uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Compares the drawing with the manifests.
pub fn check(files: &[File], findings: &mut Findings) -> Result<()> {
    let text = files.iter().find(|file| file.path == DRAWING).map_or("", |file| &file.text);
    let mut built = Graph::new();
    for file in files.iter().filter(|file| file.path.ends_with("Cargo.toml")) {
        let manifest = toml::from_str(&file.text).with_context(|| file.path.clone())?;
        built.extend(edges(&manifest));
    }
    compare(&drawn(text), &built, findings);
    Ok(())
}

fn compare(drawn: &Graph, built: &Graph, findings: &mut Findings) {
    for (name, uses) in built {
        let Some(drawn) = drawn.get(name) else {
            findings.error(DRAWING, format!("the crate {name} is not drawn"));
            continue;
        };
        for used in uses.difference(drawn) {
            findings.error(DRAWING, format!("{name} uses {used}, which is not drawn"));
        }
        for used in drawn.difference(uses) {
            findings.error(DRAWING, format!("{name} does not use {used}"));
        }
    }
    for name in drawn.keys().filter(|name| !built.contains_key(*name)) {
        findings.error(DRAWING, format!("there is no crate {name}"));
    }
}

/// The lines `name: used used` of the block of crates.
fn drawn(text: &str) -> Graph {
    let block = text.split("```crates\n").nth(1).and_then(|rest| rest.split("```").next());
    let lines = block.unwrap_or_default().lines();
    let words = |text: &str| text.split_whitespace().map(Into::into).collect();
    lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, uses)| (name.to_owned(), words(uses)))
        .collect()
}

/// The package of a manifest, if it shares code with others: programs of one file stand alone.
fn edges(manifest: &toml::Table) -> Option<(String, BTreeSet<String>)> {
    let name = manifest.get("package")?.get("name")?.as_str()?;
    let uses: BTreeSet<String> = ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table())
        .flat_map(|section| section.keys())
        .filter_map(|used| used.strip_prefix(OURS))
        .map(Into::into)
        .collect();
    let short = name.strip_prefix(OURS);
    let is_part = short.is_some() || !uses.is_empty();
    is_part.then(|| (short.unwrap_or(name).to_owned(), uses))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(drawing: &str, manifests: &[&str]) -> Vec<String> {
        let built = manifests.iter().filter_map(|text| edges(&toml::from_str(text).unwrap()));
        let mut findings = Findings::default();
        compare(&drawn(drawing), &built.collect(), &mut findings);
        findings.errors.iter().map(|error| error.replace(&format!("{DRAWING}: "), "")).collect()
    }

    #[test]
    fn both_directions_are_compared() {
        let heap = "[package]\nname = \"octopy-heap\"\n[dependencies]\nlibc = \"1\"\n";
        let vm = "[package]\nname = \"octopy-vm\"\n[dependencies]\noctopy-heap.workspace = true\n";
        let none: [&str; 0] = [];
        assert_eq!(errors("```crates\nheap:\nvm: heap\n```\n", &[heap, vm]), none);
        assert_eq!(
            errors("```crates\nheap:\nvm:\n```\n", &[heap, vm]),
            ["vm uses heap, which is not drawn"]
        );
        assert_eq!(
            errors("```crates\nheap: vm\nfs:\n```\n", &[heap, vm]),
            ["heap does not use vm", "the crate vm is not drawn", "there is no crate fs",]
        );
    }
}
