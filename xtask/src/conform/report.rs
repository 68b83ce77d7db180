//! The failing tests of a run, grouped by cause.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A list of `(test, cause)` as text: the commonest causes first.
pub fn by_cause(failures: &[(String, String)]) -> String {
    let mut groups: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
    for (test, cause) in failures {
        groups.entry(kind(cause)).or_default().push((test, cause));
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, tests)| std::cmp::Reverse(tests.len()));
    let mut text = String::new();
    for (kind, tests) in groups {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{} × {kind}", tests.len());
        for (test, cause) in tests {
            let _ = match cause == kind {
                true => writeln!(text, "    {test}"),
                false => writeln!(text, "    {test}: {cause}"),
            };
        }
    }
    text
}

/// What similar causes have in common.
fn kind(cause: &str) -> String {
    if cause.starts_with("line ") {
        return "different output".into();
    }
    if cause.starts_with("crash: ") {
        return "crash".into();
    }
    cause.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_cause_comes_first() {
        let failures = [("a", "line 2: x"), ("b", "TypeError: t"), ("c", "line 3: y")];
        let failures = failures.map(|(test, cause)| (test.to_owned(), cause.to_owned()));
        assert_eq!(
            by_cause(&failures),
            "\n2 × different output\n    a: line 2: x\n    c: line 3: y\n\n1 × TypeError: t\n    b\n"
        );
    }
}
