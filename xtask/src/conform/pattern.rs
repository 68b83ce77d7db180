//! Expected output whose lines are patterns, for output that differs from run to run.
//!
//! In such a file a character of a regular expression is active only behind a backslash (`\.\+`
//! stands for `.+`), and a line of eight `#` for any number of lines.

use anyhow::Result;
use regex::bytes::RegexBuilder;

/// The line that stands for any lines.
const ANY_LINES: &[u8] = b"########\n";

/// Whether the output matches the pattern, line by line to the end of both.
pub fn matches(pattern: &[u8], output: &[u8]) -> Result<bool> {
    // The last line may lack its end; even an output of nothing has that line.
    let mut output = output.to_owned();
    if !output.ends_with(b"\n") {
        output.push(b'\n');
    }
    let mut lines = output.split_inclusive(|byte| *byte == b'\n');
    let mut skipping = false;
    for wanted in pattern.split_inclusive(|byte| *byte == b'\n') {
        if wanted == ANY_LINES {
            skipping = true;
            continue;
        }
        // Bytes, not characters: the output may be anything.
        let regex = RegexBuilder::new(&regex_of(wanted)).unicode(false).multi_line(true).build()?;
        loop {
            let Some(line) = lines.next() else { return Ok(false) };
            // A line that is the very same passes, whatever it means as a pattern.
            match (regex.is_match(line) || (!skipping && line == wanted), skipping) {
                (true, _) => break,
                (false, true) => {}
                (false, false) => return Ok(false),
            }
        }
        skipping = false;
    }
    Ok(skipping || lines.next().is_none())
}

/// A line of the pattern as a regular expression for the start of a line.
fn regex_of(line: &[u8]) -> String {
    let mut regex = String::from("\\A");
    let mut escaped = false;
    for c in String::from_utf8_lossy(line).chars() {
        match (escaped, c) {
            (true, c) => {
                regex.push(c);
                escaped = false;
            }
            (false, '\\') => escaped = true,
            (false, '(' | ')' | '[' | ']' | '{' | '}' | '.' | '*' | '+' | '^' | '$') => {
                regex.push('\\');
                regex.push(c);
            }
            (false, '\n') => regex.push_str("\r*\n"),
            (false, c) => regex.push(c),
        }
    }
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, output: &str, expect: bool) {
        let verdict = matches(pattern.as_bytes(), output.as_bytes());
        assert_eq!(verdict.ok(), Some(expect), "{pattern:?} on {output:?}");
    }

    #[test]
    fn characters_stand_for_themselves() {
        check("a.b (c)\n", "a.b (c)\n", true);
        check("a.b\n", "axb\n", false);
        check("a\nb\n", "a\n", false);
        check("a\n", "a\nb\n", false);
        check("a\n", "a", true);
        check("a\n", "a\r\r\n", true);
        check("\n", "", true);
        check(">>> \\$\n", ">>> ", true);
        check(">>> \\$\n", ">>> x", false);
        check("# from \\x03.\n", "# from \\x03.\n", true);
    }

    #[test]
    fn a_backslash_makes_them_active() {
        check("x=\\.\\+;\n", "x=123;\n", true);
        check("x=\\\\d\\+ é\n", "x=123 é\n", true);
        check("x=\\[0-9\\]\\+\n", "x=12\n", true);
        check("x=\\[0-9\\]\\+\n", "x=\n", false);
    }

    #[test]
    fn eight_hashes_are_any_lines() {
        check("a\n########\nz\n", "a\nb\nc\nz\n", true);
        check("a\n########\nz\n", "a\nz\n", true);
        check("a\n########\nz\n", "a\nb\n", false);
        check("a\n########\n", "a\nb\nc\n", true);
    }
}
