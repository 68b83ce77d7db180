//! What a benchmark prints: lines `UNIT FIGURE NAME`, and results that must be equal everywhere.

use anyhow::{Context, Result, bail};

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Microseconds.
    Micros,
    /// Per cent of what would be best.
    Percent,
    /// Bytes.
    Bytes,
}

impl Unit {
    fn named(name: &str) -> Option<Self> {
        match name {
            "us" => Some(Self::Micros),
            "%" => Some(Self::Percent),
            "B" => Some(Self::Bytes),
            _ => None,
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Micros => "µs",
            Self::Percent => "%",
            Self::Bytes => "bytes",
        }
    }

    /// Whether higher figures are better.
    pub fn more_is_better(self) -> bool {
        self == Self::Percent
    }
}

/// The figures of one run, or the best of several.
#[derive(Debug, Default, PartialEq)]
pub struct Figures {
    figures: Vec<(String, Unit, f64)>,
    /// The lines that begin with `result`.
    pub results: Vec<String>,
}

impl Figures {
    /// Reads a program's output; every line of it must be understood.
    pub fn parse(output: &str) -> Result<Self> {
        let mut read = Self::default();
        for line in output.lines() {
            let line = line.trim_end();
            let wrong = || format!("{line:?} is no figure");
            let (unit, rest) = line.split_once(' ').with_context(wrong)?;
            if unit == "result" {
                read.results.push(rest.to_owned());
                continue;
            }
            let (figure, name) = rest.split_once(' ').with_context(wrong)?;
            let unit = Unit::named(unit).with_context(wrong)?;
            let figure: f64 = figure.parse().with_context(wrong)?;
            if !figure.is_finite() || figure < 0.0 {
                bail!(wrong());
            }
            read.figures.push((name.to_owned(), unit, figure));
        }
        Ok(read)
    }

    /// The figures of one unit, in the order in which they came.
    pub fn of(&self, unit: Unit) -> impl Iterator<Item = (&str, f64)> {
        let same = self.figures.iter().filter(move |(_, other, _)| *other == unit);
        same.map(|(name, _, figure)| (name.as_str(), *figure))
    }

    /// Takes over what is new or better in another run.
    pub fn keep_best(&mut self, run: Self) {
        for (name, unit, figure) in run.figures {
            match self.figures.iter_mut().find(|(n, u, _)| *n == name && *u == unit) {
                Some((_, _, best)) if unit.more_is_better() => *best = best.max(figure),
                Some((_, _, best)) => *best = best.min(figure),
                None => self.figures.push((name, unit, figure)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Figures {
        Figures::parse(text).expect("figures")
    }

    #[test]
    fn lines_are_figures_or_results() {
        let read = parse("us 12.5 making lists\r\n% 99 largest\nresult (1, 'x')\n");
        assert_eq!(read.of(Unit::Micros).collect::<Vec<_>>(), [("making lists", 12.5)]);
        assert_eq!(read.of(Unit::Percent).collect::<Vec<_>>(), [("largest", 99.0)]);
        assert_eq!(read.results, ["(1, 'x')"]);
        assert_eq!(parse(""), Figures::default());
    }

    #[test]
    fn other_lines_are_errors() {
        for wrong in
            ["hello", "us", "us 5", "us five a", "s 5 a", "us -1 a", "us nan a", "us inf a"]
        {
            assert!(Figures::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_best_of_all_runs_is_kept() {
        let mut best = parse("us 5 a\n% 50 b");
        best.keep_best(parse("us 7 a\n% 60 b\nus 1 c"));
        best.keep_best(parse("us 4 a\n% 55 b\nus 2 c"));
        assert_eq!(best.of(Unit::Micros).collect::<Vec<_>>(), [("a", 4.0), ("c", 1.0)]);
        assert_eq!(best.of(Unit::Percent).collect::<Vec<_>>(), [("b", 60.0)]);
    }
}
