//! `conformance/expectations.toml`: the tests that do not pass, each with a reason.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "\
# The tests of MicroPython's suite that do not pass; every other test does.
#
# `cargo xtask conform --suite DIR` compares with this list and fails on any difference, better or
# worse; with `--bless` it rewrites the list, keeping reasons and explanations.
#
# result: skip (the test does not apply here), fail
# reason: unsupported (not there, maybe later), hardware (needs a device), deviation (different on
#         purpose), bug (to be mended)
";

/// Why a test does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// The feature is not there.
    Unsupported,
    /// It needs a device.
    Hardware,
    /// It is different on purpose.
    Deviation,
    /// It is to be mended.
    Bug,
}

/// How a test that does not pass ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It does not apply.
    Skip,
    /// It does something else.
    Fail,
}

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// How it ends.
    pub result: Outcome,
    /// Why, in one word.
    pub reason: Reason,
    /// Why, in a few words.
    pub why: String,
}

/// The list.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// Entries by test (`basics/name.py`).
    pub entries: BTreeMap<String, Entry>,
}

impl Expectations {
    /// Reads the list; a file that is not there is an empty one.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let entries: BTreeMap<String, Entry> = toml::from_str(text)?;
        if let Some((test, _)) = entries.iter().find(|(_, entry)| entry.why.trim().is_empty()) {
            bail!("{test} has no explanation");
        }
        Ok(Self { entries })
    }

    /// Writes the list.
    pub fn write(&self, path: &Path) -> Result<()> {
        std::fs::write(path, self.text()?).with_context(|| path.display().to_string())
    }

    fn text(&self) -> Result<String> {
        let mut text = HEAD.to_owned();
        let mut directory = "";
        for (test, entry) in &self.entries {
            let (here, _) = test.rsplit_once('/').unwrap_or(("", test));
            if here != directory {
                write!(text, "\n# {here}\n\n")?;
                directory = here;
            }
            let result = format!("{:?}", entry.result).to_lowercase();
            let reason = format!("{:?}", entry.reason).to_lowercase();
            let why = quoted(&entry.why);
            let test = quoted(test);
            writeln!(text, "[{test}]\nresult = \"{result}\"\nreason = \"{reason}\"\nwhy = {why}")?;
        }
        Ok(text)
    }

    /// What differs between the list and how a test ended now; `None` stands for a pass.
    pub fn surprise(&self, test: &str, now: Option<Outcome>) -> Option<String> {
        let listed = self.entries.get(test).map(|entry| entry.result);
        let said = |outcome: Option<Outcome>| match outcome {
            None => "passes",
            Some(Outcome::Skip) => "is skipped",
            Some(Outcome::Fail) => "fails",
        };
        let verb = said(now);
        (listed != now).then(|| match listed {
            None => format!("{test} {verb}"),
            Some(_) => format!("{test} {verb}, but is listed as one that {}", said(listed)),
        })
    }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(result: Outcome, why: &str) -> Entry {
        Entry { result, reason: Reason::Bug, why: why.into() }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut list = Expectations::default();
        list.entries.insert("basics/a.py".into(), entry(Outcome::Fail, "says \"x\\\u{1b}\""));
        list.entries.insert("io/b.py".into(), entry(Outcome::Skip, "no émail"));
        let text = list.text().expect("text");
        assert_eq!(Expectations::parse(&text).expect(&text), list);
    }

    #[test]
    fn an_entry_needs_a_known_reason_and_an_explanation() {
        let parse = |reason: &str, why: &str| {
            Expectations::parse(&format!(
                "[\"a.py\"]\nresult = \"fail\"\nreason = \"{reason}\"\nwhy = \"{why}\"\n"
            ))
        };
        assert!(parse("bug", "x").is_ok());
        assert!(parse("later", "x").is_err());
        assert!(parse("bug", " ").is_err());
    }

    #[test]
    fn every_difference_is_a_surprise() {
        let mut list = Expectations::default();
        list.entries.insert("a".into(), entry(Outcome::Fail, "x"));
        assert_eq!(list.surprise("a", Some(Outcome::Fail)), None);
        assert_eq!(list.surprise("b", None), None);
        let passes = list.surprise("a", None).expect("a surprise");
        assert_eq!(passes, "a passes, but is listed as one that fails");
        let skips = list.surprise("a", Some(Outcome::Skip)).expect("a surprise");
        assert_eq!(skips, "a is skipped, but is listed as one that fails");
        assert_eq!(list.surprise("b", Some(Outcome::Fail)).as_deref(), Some("b fails"));
    }
}
