//! Figures of ours and of a peer side by side, as ratios with their geometric mean.
//!
//! A ratio below 1 always speaks for us.

/// Figures of one kind.
#[derive(Debug, Default)]
pub struct Comparison {
    /// What the figures are, for example `instructions`.
    pub unit: String,
    /// Whether there is somebody to compare with.
    pub has_peer: bool,
    /// One row per thing measured.
    pub rows: Vec<Row>,
}

/// One thing measured; `None` where it could not be.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Our figure.
    pub ours: Option<f64>,
    /// The peer's figure.
    pub theirs: Option<f64>,
    /// Whether higher figures are better; the ratio is then the other way round.
    pub more_is_better: bool,
}

impl Row {
    /// Ours by the peer's, or the other way round if more is better.
    pub fn ratio(&self) -> Option<f64> {
        let (ours, theirs) = (self.ours?, self.theirs?);
        let (over, under) = if self.more_is_better { (theirs, ours) } else { (ours, theirs) };
        if over > 0.0 && under > 0.0 { Some(over / under) } else { None }
    }
}

impl Comparison {
    /// The geometric mean of all ratios.
    pub fn mean(&self) -> Option<f64> {
        geometric_mean(self.rows.iter().filter_map(Row::ratio))
    }

    /// The figures as a table for people.
    pub fn table(&self) -> String {
        let cell = |figure: Option<f64>| figure.map_or("-".into(), short);
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0).max(18) + 2;
        let mut out = format!("{:<width$}{:>10}", self.unit, "ours");
        if self.has_peer {
            out += &format!("{:>12}{:>8}", "peer", "ratio");
        }
        out.push('\n');
        for row in &self.rows {
            out += &format!("{:<width$}{:>10}", row.name, cell(row.ours));
            if self.has_peer {
                let ratio = row.ratio().map_or("-".into(), ratio_text);
                out += &format!("{:>12}{ratio:>8}", cell(row.theirs));
            }
            out.push('\n');
        }
        if let Some(mean) = self.mean() {
            out += &format!(
                "{:<width$}{:>10}{:>12}{:>8}\n",
                "geometric mean",
                "",
                "",
                ratio_text(mean)
            );
        }
        out
    }
}

/// The geometric mean of positive numbers; `None` of none.
pub fn geometric_mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = numbers.fold((0.0, 0_u32), |(sum, count), n| (sum + n.ln(), count + 1));
    if count == 0 { None } else { Some((sum / f64::from(count)).exp()) }
}

/// A ratio with at least one digit that says something.
fn ratio_text(ratio: f64) -> String {
    if ratio < 0.095 { format!("{ratio:.3}") } else { format!("{ratio:.2}") }
}

/// A figure with as many digits as say something.
fn short(figure: f64) -> String {
    if figure < 10.0 { format!("{figure:.2}") } else { format!("{figure:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, ours: Option<f64>, theirs: Option<f64>, more_is_better: bool) -> Row {
        Row { name: name.into(), ours, theirs, more_is_better }
    }

    #[test]
    fn ratios_below_one_speak_for_us() {
        let check = |row: Row, expect| assert_eq!(row.ratio(), expect, "{row:?}");
        check(row("time", Some(50.0), Some(100.0), false), Some(0.5));
        check(row("largest block", Some(100.0), Some(50.0), true), Some(0.5));
        check(row("ours is missing", None, Some(50.0), false), None);
        check(row("peer's is missing", Some(1.0), None, false), None);
        check(row("nothing to divide by", Some(1.0), Some(0.0), false), None);
        check(row("no logarithm", Some(0.0), Some(1.0), false), None);
    }

    #[test]
    fn the_mean_is_geometric() {
        let mean = |numbers: &[f64]| geometric_mean(numbers.iter().copied());
        assert_eq!(mean(&[]), None);
        assert!((mean(&[0.5, 2.0]).unwrap() - 1.0).abs() < 1e-12);
        assert!((mean(&[1.0, 10.0, 100.0]).unwrap() - 10.0).abs() < 1e-12);
    }

    #[test]
    fn a_table_has_ratios_and_their_mean() {
        let rows =
            vec![row("one", Some(50.0), Some(100.0), false), row("two", None, Some(7.0), false)];
        let text = Comparison { unit: "instructions".into(), has_peer: true, rows }.table();
        let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
        assert_eq!(rows[0], ["instructions", "ours", "peer", "ratio"]);
        assert_eq!(rows[1], ["one", "50", "100", "0.50"]);
        assert_eq!(rows[2], ["two", "-", "7.00", "-"]);
        assert_eq!(rows[3], ["geometric", "mean", "0.50"]);
    }

    #[test]
    fn without_a_peer_there_is_nothing_to_compare() {
        let rows = vec![row("one", Some(50.0), None, false)];
        let text = Comparison { unit: "µs".into(), has_peer: false, rows }.table();
        let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
        assert_eq!(rows, [vec!["µs", "ours"], vec!["one", "50"]]);
    }
}
