//! The verdict on a test: its own summary, the expected output, or CPython's.

use crate::conform::pattern;
use crate::conform::reference::{self, Reference};
use crate::conform::target::{self, Target, Written};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// These write addresses, sizes or names that differ between interpreters.
const PATTERNS: [&str; 6] = [
    "basics/builtin_help.py",
    "basics/bytes_compare3.py",
    "basics/weakref_callback_exception.py",
    "micropython/meminfo.py",
    "misc/sys_settrace_cov.py",
    "thread/thread_exc2.py",
];

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It does what it must.
    Pass,
    /// It does not apply; why.
    Skip(String),
    /// It does something else.
    Fail(Failure),
}

/// What a failing test wrote and what it should have written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// One line that says what is wrong.
    pub cause: String,
    /// Its output.
    pub output: Vec<u8>,
    /// The expected output, if one exists.
    pub expected: Option<Vec<u8>>,
}

/// Runs a test and judges it.
pub fn judge(target: &Target, reference: &Reference, test: &str) -> Result<Verdict> {
    let path = target.tests().join(test);
    let Written { output, failed } = target.run(test)?;
    let special = target::is_special(test);
    if output == b"SKIP\n" || (special && contains(&output, b"\nSKIP\n")) {
        return Ok(Verdict::Skip("skips itself".into()));
    }
    if let Some(passed) = unittest_summary(&output) {
        return Ok(match passed {
            true => Verdict::Pass,
            false => {
                Verdict::Fail(Failure { cause: unittest_cause(&output), output, expected: None })
            }
        });
    }
    let expected = expected(reference, &path)?;
    let passed = match (special || PATTERNS.contains(&test)) && !failed {
        true => pattern::matches(&expected, &output)?,
        false => expected == output,
    };
    if passed {
        return Ok(Verdict::Pass);
    }
    let cause = cause(&expected, &output);
    Ok(Verdict::Fail(Failure { cause, output, expected: Some(expected) }))
}

/// The file beside the test, else what CPython says.
fn expected(reference: &Reference, test: &Path) -> Result<Vec<u8>> {
    let mut name = test.as_os_str().to_owned();
    name.push(".exp");
    let file = Path::new(&name);
    if file.is_file() {
        let text = fs::read(file).with_context(|| file.display().to_string())?;
        return Ok(reference::normal_lines(&text));
    }
    reference.output(test)
}

/// Whether the last four lines are the summary of a `unittest` run, and whether all of it passed.
fn unittest_summary(output: &[u8]) -> Option<bool> {
    let text = std::str::from_utf8(output).ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let [.., rule, ran, "", result] = lines[..] else { return None };
    let ran = ran.strip_prefix("Ran ")?.strip_suffix(" tests")?;
    let is_rule = rule.len() == 70 && rule.bytes().all(|b| b == b'-');
    // One without tests says nothing: they were not found.
    if !is_rule || !ran.parse::<u32>().is_ok_and(|count| count > 0) {
        return None;
    }
    match result {
        "OK" => Some(true),
        _ if result.starts_with("OK (skipped=") && result.ends_with(')') => Some(true),
        _ if result.starts_with("FAILED (failures=") => Some(false),
        _ => None,
    }
}

/// The first test method that failed, or the summary.
fn unittest_cause(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let error = text.lines().find(|line| is_exception(line));
    error.or(text.lines().last()).unwrap_or_default().to_owned()
}

/// One line that says what is wrong: the exception that ended the test, else the first difference.
fn cause(expected: &[u8], output: &[u8]) -> String {
    let (wanted, came) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(output));
    let last = came.lines().last().unwrap_or_default();
    if last.ends_with("TIMEOUT") {
        return "takes too long".into();
    }
    let crash = last == "CRASH" || last.ends_with("CRASH");
    if crash {
        let before = came.lines().rev().find(|line| is_exception(line));
        let traceback = came.lines().rev().nth(1).is_some_and(is_exception);
        return match before {
            Some(line) if traceback => line.trim_end_matches("CRASH").to_owned(),
            _ => format!("crash: {}", came.lines().rev().nth(1).unwrap_or_default()),
        };
    }
    let mut wanted = wanted.lines();
    let mut came = came.lines();
    let mut number = 0;
    loop {
        number += 1;
        match (wanted.next(), came.next()) {
            (None, None) => return "differs in its last line's end".into(),
            (wanted, came) if wanted == came => {}
            (wanted, came) => {
                let show = |line: Option<&str>| {
                    line.map_or("the end".into(), |line| format!("{:?}", shortened(line)))
                };
                return format!("line {number}: {} instead of {}", show(came), show(wanted));
            }
        }
    }
}

fn shortened(line: &str) -> String {
    let mut short: String = line.chars().take(60).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// Whether a line is the end of a traceback.
fn is_exception(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let name = name.trim_end_matches("CRASH");
    !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c == '_' || c == '.' || c.is_alphanumeric())
        && (line.contains(": ") || ["Error", "Exception"].iter().any(|end| name.ends_with(end)))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(result: &str) -> Option<bool> {
        let rule = "-".repeat(70);
        unittest_summary(format!("test_a … ok\n{rule}\nRan 3 tests\n\n{result}\n").as_bytes())
    }

    #[test]
    fn a_unittest_summary_decides() {
        assert_eq!(summary("OK"), Some(true));
        assert_eq!(summary("OK (skipped=1)"), Some(true));
        assert_eq!(summary("FAILED (failures=1, errors=0)"), Some(false));
        assert_eq!(summary("something else"), None);
        assert_eq!(unittest_summary(b"Ran 3 tests\n\nOK\n"), None);
        let none = format!("{}\nRan 0 tests\n\nOK\n", "-".repeat(70));
        assert_eq!(unittest_summary(none.as_bytes()), None);
    }

    fn check(expected: &str, output: &str, expect: &str) {
        assert_eq!(cause(expected.as_bytes(), output.as_bytes()), expect);
    }

    #[test]
    fn the_cause_is_an_exception_or_the_first_difference() {
        check("1\n2\n", "1\n3\n", "line 2: \"3\" instead of \"2\"");
        check("1\n2\n", "1\n", "line 2: the end instead of \"2\"");
        let traceback = "1\nTraceback (most recent call last):\n  File\nNameError: name 'x'\nCRASH";
        check("1\n", traceback, "NameError: name 'x'");
        check("1\n", "1\nthread 'main' panicked\nCRASH", "crash: thread 'main' panicked");
        check("1\n", "1\nTIMEOUT", "takes too long");
    }
}
