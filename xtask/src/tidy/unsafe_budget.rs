//! `unsafe` stays in the heap and the boards, in the amounts of `docs/unsafe-budget.toml`.

use super::source::code_of;
use super::{File, Findings};
use anyhow::{Context, Result};
use std::collections::BTreeMap;

const BUDGET: &str = "docs/unsafe-budget.toml";

/// Where it may be at all: beside the heap and the boards, in what QEMU loads.
const PLACES: [&str; 3] = ["crates/heap/src/", "boards/", "bench/instruction-profile/"];

/// Compares the sources with the budget.
pub fn check(files: &[File], findings: &mut Findings) -> Result<()> {
    let text = files.iter().find(|file| file.path == BUDGET).map_or("", |file| &file.text);
    let budget: BTreeMap<String, usize> = toml::from_str(text).context(BUDGET)?;
    compare(files, &budget, findings);
    Ok(())
}

fn compare(files: &[File], budget: &BTreeMap<String, usize>, findings: &mut Findings) {
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let count = count(&file.text);
        if count > 0 && !PLACES.iter().any(|place| file.path.starts_with(place)) {
            findings.error(&file.path, "unsafe code belongs to crates/heap and boards");
            continue;
        }
        let allowed = budget.get(&file.path).copied().unwrap_or_default();
        if count != allowed {
            let what = format!("{count} times unsafe; {BUDGET} says {allowed}");
            findings.error(&file.path, what);
        }
    }
    for path in budget.keys() {
        if !files.iter().any(|file| file.path == *path) {
            findings.error(BUDGET, format!("{path} does not exist"));
        }
    }
}

/// How often the keyword stands in the code.
fn count(text: &str) -> usize {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    text.lines()
        .map(|line| code_of(line).split(|c| !is_word(c)).filter(|word| *word == "unsafe").count())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keyword_is_counted() {
        let text =
            "#![forbid(unsafe_code)]\n// unsafe\nunsafe fn f() {\n    unsafe { g() } // no\n}\n";
        assert_eq!(count(text), 2);
        assert_eq!(count("let a = \"unsafe\";\n"), 0);
    }

    #[test]
    fn the_budget_is_exact() {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let files = [
            file("crates/heap/src/a.rs", "unsafe { f() }\n"),
            file("crates/vm/src/b.rs", "unsafe { f() }\n"),
        ];
        let errors = |budget: &[(&str, usize)]| {
            let budget = budget.iter().map(|(path, count)| ((*path).to_owned(), *count)).collect();
            let mut findings = Findings::default();
            compare(&files, &budget, &mut findings);
            findings.errors
        };
        let elsewhere = "crates/vm/src/b.rs: unsafe code belongs to crates/heap and boards";
        assert_eq!(errors(&[("crates/heap/src/a.rs", 1)]), [elsewhere]);
        assert_eq!(errors(&[("crates/heap/src/a.rs", 2)]).len(), 2);
        assert_eq!(errors(&[("crates/heap/src/a.rs", 1), ("gone.rs", 1)]).len(), 2);
    }
}
