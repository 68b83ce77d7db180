//! What a script says that it prints: `# expect:` and `# raises:` comments.
//!
//! `# expect: TEXT` stands on the line that causes the output; the texts in order are the whole
//! output. `# raises: TEXT` is the last line of the traceback that ends the script. `# expect:`
//! without a text is an empty line.

use crate::raw_repl::Output;

/// What a script must write.
#[derive(Debug, PartialEq, Eq)]
pub struct Expectation {
    lines: Vec<String>,
    raises: Option<String>,
}

impl Expectation {
    /// Reads the comments of a script.
    pub fn of(source: &str) -> Self {
        let comment = |line: &str, mark: &str| {
            let (_, text) = line.split_once(mark)?;
            Some(text.strip_prefix(' ').unwrap_or(text).to_owned())
        };
        Self {
            lines: source.lines().filter_map(|line| comment(line, "# expect:")).collect(),
            raises: source.lines().find_map(|line| comment(line, "# raises:")),
        }
    }

    /// What is wrong with an output, if anything.
    pub fn judge(&self, output: &Output) -> Option<String> {
        let raised = output.error.trim_end().lines().last().map(str::trim_end);
        if raised != self.raises.as_deref() {
            return Some(match &self.raises {
                Some(wanted) => format!("raised {raised:?} instead of {wanted:?}"),
                None => format!("raised\n{}", output.error.trim_end()),
            });
        }
        let came: Vec<&str> = output.out.lines().collect();
        let differs = |at: usize| came.get(at).copied() != self.lines.get(at).map(String::as_str);
        let at = (0..came.len().max(self.lines.len())).find(|at| differs(*at))?;
        let show = |line: Option<&str>| line.map_or("the end".into(), |text| format!("{text:?}"));
        Some(format!(
            "output line {}: {} instead of {}",
            at + 1,
            show(came.get(at).copied()),
            show(self.lines.get(at).map(String::as_str)),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, out: &str, error: &str, expect: Option<&str>) {
        let output = Output { out: out.into(), error: error.into() };
        let verdict = Expectation::of(source).judge(&output);
        assert_eq!(verdict.as_deref(), expect, "{source}");
    }

    #[test]
    fn output_is_compared_line_by_line() {
        let source = "print(1)  # expect: 1\nprint()  # expect:\nprint('x') # expect: x\n";
        check(source, "1\r\n\r\nx\r\n", "", None);
        check(source, "1\r\n\r\ny\r\n", "", Some("output line 3: \"y\" instead of \"x\""));
        check(source, "1\r\n\r\n", "", Some("output line 3: the end instead of \"x\""));
        check(source, "1\r\n\r\nx\r\nz", "", Some("output line 4: \"z\" instead of the end"));
    }

    #[test]
    fn the_last_line_of_a_traceback_is_compared() {
        let error = "Traceback (most recent call last):\r\n  File …\r\nValueError: no\r\n";
        check("f()  # raises: ValueError: no", "", error, None);
        let verdict = "raised None instead of \"ValueError: no\"";
        check("f()  # raises: ValueError: no", "", "", Some(verdict));
        assert!(
            Expectation::of("f()")
                .judge(&Output { out: "".into(), error: error.into() })
                .is_some_and(|verdict| verdict.contains("ValueError: no"))
        );
    }
}
