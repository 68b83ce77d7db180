//! A benchmark: a Python file that prints figures, or one whose `run(turns)` is timed.
//!
//! The latter says how many turns in a line `# turns: N`.

use anyhow::{Context, Result, bail};
use std::path::Path;

const TURNS: &str = "# turns: ";

/// A benchmark.
#[derive(Debug)]
pub struct Program {
    /// The file's name without its ending.
    pub name: String,
    text: String,
    turns: Option<u32>,
}

impl Program {
    /// The programs of a folder whose names contain `filter`, by name.
    pub fn all(folder: &Path, filter: &str) -> Result<Vec<Self>> {
        let mut programs = Vec::new();
        for file in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = file?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_none_or(|ending| ending != "py") || !name.contains(filter) {
                continue;
            }
            let text = std::fs::read_to_string(&path)?;
            programs.push(Self::new(name, text)?);
        }
        programs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(programs)
    }

    fn new(name: String, text: String) -> Result<Self> {
        let turns = match text.lines().find_map(|line| line.strip_prefix(TURNS)) {
            Some(turns) => Some(turns.parse().with_context(|| format!("{name}: {turns:?} turns"))?),
            None if text.contains("\ndef run(") => bail!("{name} does not say how many turns"),
            None => None,
        };
        Ok(Self { name, text, turns })
    }

    /// What is run.
    pub fn source(&self) -> String {
        let Self { name, text, turns } = self;
        let Some(turns) = turns else { return text.clone() };
        format!(
            "{text}\n\nimport time\nstarted = time.ticks_us()\nresult = run({turns})\n\
             took = time.ticks_diff(time.ticks_us(), started)\n\
             print('us', took, '{name}')\nprint('result', result)\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_in_a_comment() {
        let program = Program::new(
            "twice".into(),
            "# Twice.\n# turns: 7\n\ndef run(n): return 2 * n\n".into(),
        );
        let source = program.unwrap().source();
        assert!(source.contains("\nresult = run(7)\n"), "{source}");
        assert!(source.contains("print('us', took, 'twice')"), "{source}");
        assert!(Program::new("n".into(), "# turns: many\n".into()).is_err());
        assert!(Program::new("n".into(), "\ndef run(n): pass\n".into()).is_err());
        let plain = Program::new("plain".into(), "print('us', 1, 'a')\n".into()).unwrap();
        assert_eq!(plain.source(), "print('us', 1, 'a')\n");
    }

    #[test]
    fn every_program_of_ours_can_be_read() {
        let bench = crate::root().join("bench");
        let programs = Program::all(&bench.join("programs"), "").unwrap();
        assert!(programs.len() >= 12 && programs.iter().all(|program| program.turns.is_some()));
        assert!(programs.windows(2).all(|two| two[0].name < two[1].name));
        let memory = Program::all(&bench.join("memory"), "").unwrap();
        assert!(memory.len() >= 4 && memory.iter().all(|program| program.turns.is_none()));
        assert_eq!(Program::all(&bench.join("programs"), "tree").unwrap().len(), 1);
    }
}
