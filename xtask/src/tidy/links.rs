//! Links in Markdown lead somewhere.

use super::{File, Findings};
use std::path::Path;

/// Checks the links of a Markdown file to other files of the repository.
pub fn check(file: &File, findings: &mut Findings) {
    if !file.path.ends_with(".md") {
        return;
    }
    let root = crate::root();
    let here = root.join(Path::new(&file.path).parent().unwrap_or(Path::new("")));
    for (number, line) in file.text.lines().enumerate() {
        for target in targets(line) {
            if !here.join(target).exists() {
                let place = format!("{}:{}", file.path, number + 1);
                findings.error(place, format!("the link to {target} leads nowhere"));
            }
        }
    }
}

/// The files that the links of a line name.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let (target, _) = rest.split_once(')')?;
        let target = target.split('#').next().unwrap_or_default();
        let elsewhere = target.contains("://") || target.starts_with("mailto:");
        (!target.is_empty() && !elsewhere).then_some(target)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found() {
        let line = "See [a](docs/A.md#part), [b](https://example.org/x) and [c](#here), [d](e.md).";
        assert_eq!(targets(line).collect::<Vec<_>>(), ["docs/A.md", "e.md"]);
    }
}
