//! The build-time names: sorted by text, each once, each used.

use super::{File, Findings};
use std::collections::HashSet;

const LIST: &str = "crates/qstr/src/list.rs";

/// Used by nearly every program, so that they take no memory there.
const FOR_PROGRAMS: [&str; 2] = ["cls", "self"];

/// Checks the list against the sources.
pub fn check(files: &[File], findings: &mut Findings) {
    let Some(list) = files.iter().find(|file| file.path == LIST) else {
        findings.error(LIST, "is not there");
        return;
    };
    let entries: Vec<(usize, &str, &str)> = entries(&list.text).collect();
    for pair in entries.windows(2) {
        if let [(_, _, before), (line, _, text)] = pair {
            if before.as_bytes() >= text.as_bytes() {
                findings.error(format!("{LIST}:{line}"), format!("{text:?} is out of order"));
            }
        }
    }
    let used = used(files);
    for (line, name, text) in &entries {
        if !used.contains(name) && !FOR_PROGRAMS.contains(text) {
            findings.error(format!("{LIST}:{line}"), format!("{text:?} is used nowhere"));
        }
    }
}

/// Line, constant and text of each entry.
fn entries(list: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    list.lines().enumerate().filter_map(|(number, line)| {
        let (name, text) = line.strip_prefix("    ")?.split_once(" = \"")?;
        Some((number + 1, name, text.strip_suffix("\",")?))
    })
}

/// The names that sources use: as `q::NAME`, or as any word in files with tables.
fn used(files: &[File]) -> HashSet<&str> {
    let mut used = HashSet::new();
    for file in files {
        if !file.path.ends_with(".rs") || file.path == LIST || file.path.starts_with("xtask/") {
            continue;
        }
        let text = file.text.as_str();
        let has_tables = ["class!", "module!", "class_table!", "q::{", "q::*"]
            .iter()
            .any(|mark| text.contains(mark));
        let is_word = |c: char| c == '_' || c.is_alphanumeric();
        if has_tables {
            used.extend(text.split(|c| !is_word(c)));
        }
        used.extend(text.split("q::").skip(1).filter_map(|rest| {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            rest.get(..end)
        }));
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(list: &str, source: &str) -> Vec<String> {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let mut findings = Findings::default();
        check(&[file(LIST, list), file("crates/vm/src/a.rs", source)], &mut findings);
        findings.errors
    }

    #[test]
    fn names_are_sorted_and_used() {
        let list = "crate::qstrs! {\n    a = \"a\",\n    type_ = \"type\",\n}\n";
        assert_eq!(findings(list, "f(q::a, q::type_)"), [""; 0]);
        assert_eq!(findings(list, "class! { a = method (f), }  q::type_"), [""; 0]);
        let unused = "crates/qstr/src/list.rs:3: \"type\" is used nowhere";
        assert_eq!(findings(list, "f(q::a) type_"), [unused]);
        let list = "    b = \"b\",\n    a = \"a\",\n";
        let unsorted = "crates/qstr/src/list.rs:2: \"a\" is out of order";
        assert_eq!(findings(list, "q::a q::b"), [unsorted]);
    }
}
