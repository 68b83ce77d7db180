//! Rules on one file: its first line, its length, its lines.

use super::{File, Findings};

/// Lines that a file may have.
const MOST_LINES: usize = 1200;
/// From here on, a file is worth splitting.
const MANY_LINES: usize = 800;

/// Long by nature: one entry a line.
const LISTS: [&str; 1] = ["crates/qstr/src/list.rs"];

/// Calls that end the program, in the core crates.
const PANICS: [&str; 6] =
    [".unwrap()", ".expect(\"", "panic!(", "todo!(", "unimplemented!(", "unreachable!("];

/// Directories of the machine that somebody happened to work on.
const FOREIGN_PATHS: [&str; 3] = ["/work/", "/root/", "/home/"];

/// Applies them.
pub fn check(file: &File, findings: &mut Findings) {
    let path = file.path.as_str();
    if path.ends_with(".lock") {
        return;
    }
    if path.ends_with(".rs") {
        check_rust(file, findings);
    }
    let is_rule = path.starts_with("xtask/src/tidy/");
    // What a program writes is not ours to tidy.
    let is_output = path.contains("/golden/");
    for (number, line) in file.text.lines().enumerate() {
        let place = format!("{path}:{}", number + 1);
        if line.ends_with([' ', '\t', '\r']) && !is_output {
            findings.error(&place, "space at the end of the line");
        }
        if is_rule {
            continue;
        }
        if has_loose_end(line) {
            findings.error(&place, "a loose end without an issue: write TODO(#123)");
        }
        if let Some(foreign) = FOREIGN_PATHS.iter().find(|foreign| line.contains(**foreign)) {
            findings.error(&place, format!("{foreign} is a directory of one machine"));
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.error(path, "no line feed at the end");
    }
}

fn check_rust(file: &File, findings: &mut Findings) {
    let path = file.path.as_str();
    match file.text.lines().next().and_then(|line| line.strip_prefix("//! ")) {
        Some(tagline) if tagline.chars().count() <= 100 => {}
        Some(_) => findings.error(path, "the tagline has more than 100 characters"),
        None => findings.error(path, "does not begin with `//!` and what it is"),
    }
    let lines = file.text.lines().count();
    if !LISTS.contains(&path) {
        if lines > MOST_LINES {
            findings.error(path, format!("{lines} lines; {MOST_LINES} is the limit"));
        } else if lines > MANY_LINES {
            findings.warning(path, format!("{lines} lines; worth splitting"));
        }
    }
    if path.starts_with("crates/") && path.contains("/src/") && !is_test(path) {
        for (number, line) in product_lines(&file.text) {
            let code = code_of(line);
            if let Some(call) = PANICS.iter().find(|call| code.contains(**call)) {
                let what = format!("`{call}` panics; the core raises, or says vm.bug()");
                findings.error(format!("{path}:{number}"), what);
            }
        }
    }
}

/// Whether a file is about testing only.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("/testing.rs")
}

/// The lines of a file, numbered, without its modules for tests.
pub fn product_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut testing = Testing::No;
    text.lines().enumerate().filter_map(move |(number, line)| {
        let indent = line.len() - line.trim_start().len();
        match testing {
            Testing::No if line.trim() == "#[cfg(test)]" => testing = Testing::Begins(indent),
            Testing::No => return Some((number + 1, line)),
            // The item that the attribute stands before: to its end on the same line, or to the
            // brace that closes it.
            Testing::Begins(_) if line.trim_end().ends_with([';', '}']) => testing = Testing::No,
            Testing::Begins(indent) if line.trim_end().ends_with('{') => {
                testing = Testing::Inside(indent);
            }
            Testing::Begins(_) => {}
            Testing::Inside(outer) => {
                if indent == outer && line.trim_start().starts_with('}') {
                    testing = Testing::No;
                }
            }
        }
        None
    })
}

#[derive(Clone, Copy)]
enum Testing {
    No,
    Begins(usize),
    Inside(usize),
}

/// A line without its strings' contents and its comment.
pub fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut chars = line.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => {
                chars.next();
            }
            '"' => {
                quoted = !quoted;
                code.push(c);
            }
            '\'' if !quoted && chars.peek() == Some(&'"') => {
                chars.next();
            }
            '/' if !quoted && chars.peek() == Some(&'/') => break,
            _ if quoted => {}
            c => code.push(c),
        }
    }
    code
}

fn has_loose_end(line: &str) -> bool {
    let words = ["TODO", "FIXME", "XXX", "HACK"];
    words.iter().any(|word| {
        line.match_indices(word).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().last());
            let after = line.get(at + word.len()..).unwrap_or_default();
            let is_word = !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            let number = after.strip_prefix("(#").and_then(|rest| rest.split_once(')'));
            let has_issue = number.is_some_and(|(number, _)| number.parse::<u32>().is_ok());
            is_word && !has_issue
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let mut findings = Findings::default();
        check(&File { path: path.into(), text: text.into() }, &mut findings);
        findings.errors
    }

    #[test]
    fn a_good_file_passes() {
        assert_eq!(findings("crates/a/src/b.rs", "//! A noun.\n\nfn f() {}\n"), [""; 0]);
    }

    #[test]
    fn a_file_says_what_it_is() {
        let found = findings("crates/a/src/b.rs", "fn f() {}\n");
        assert_eq!(found, ["crates/a/src/b.rs: does not begin with `//!` and what it is"]);
    }

    #[test]
    fn the_core_does_not_panic_outside_tests() {
        let text = "//! A.\nfn f() { g().unwrap() } // .unwrap()\n";
        assert_eq!(findings("crates/a/src/b.rs", text).len(), 1);
        assert_eq!(findings("host/a/src/b.rs", text).len(), 0);
        assert_eq!(findings("crates/a/src/b/tests.rs", text).len(), 0);
        let text = "//! A.\n#[cfg(test)]\nmod tests {\n    fn f() { g().unwrap() }\n}\n";
        assert_eq!(findings("crates/a/src/b.rs", text).len(), 0);
        let text = "//! A.\n#[cfg(test)]\nmod tests;\nfn f() { g().unwrap() }\n";
        assert_eq!(findings("crates/a/src/b.rs", text).len(), 1);
        let text = "//! A.\nconst T: &str = \".unwrap()\";\n";
        assert_eq!(findings("crates/a/src/b.rs", text).len(), 0);
    }

    #[test]
    fn loose_ends_have_an_issue() {
        assert!(has_loose_end("// TODO: later") && has_loose_end("# FIXME"));
        assert!(!has_loose_end("// TODO(#12): later") && !has_loose_end("XXXL"));
    }

    #[test]
    fn lines_end_where_they_end() {
        assert_eq!(findings("a.md", "a \nb\n").len(), 1);
        assert_eq!(findings("a.md", "a\nb").len(), 1);
    }
}
