//! `timeline`: what happened lately: memory in use, collections, pauses, fallbacks.

use crate::history::{Change, History};
use crate::picture::WIDTH;
use crate::svg::{Svg, bytes, number};

const MARGIN: f64 = 88.0;
/// Right of the lanes: what the lines are called.
const RIGHT: f64 = 64.0;
const PLOT: f64 = WIDTH - MARGIN - RIGHT;
/// The seconds that are shown.
const SPAN: f64 = 120.0;

/// Seconds between two changes that are too far apart for a line between them.
const GAP: f64 = 3.0;

/// A lane: its upper edge, and its height.
type Lane = (f64, f64);

const USED: Lane = (26.0, 96.0);
const COLLECTIONS: Lane = (154.0, 44.0);
const PAUSES: Lane = (230.0, 64.0);
const EVENTS: Lane = (326.0, 44.0);
const HEIGHT: f64 = 396.0;

/// The outcomes of `gc.log()`, with their classes.
const OUTCOMES: [(&str, &str); 5] = [
    ("fell back", "fellback"),
    ("collected", "collected"),
    ("compacted", "compacted"),
    ("failed", "failed"),
    ("missing", "failed"),
];

/// Draws a history.
pub fn timeline(history: &History) -> Svg {
    let mut svg = Svg::new(WIDTH, HEIGHT, "Collections and memory in use over time");
    let changes: Vec<&Change> = history.changes().collect();
    let end = changes.last().map_or(0.0, |change| change.time);
    let x_of = |time: f64| MARGIN + PLOT * (1.0 - (end - time) / SPAN);
    let shown: Vec<&Change> =
        changes.into_iter().filter(|change| end - change.time <= SPAN).collect();
    draw_frame(&mut svg);
    draw_used(&mut svg, history, &shown, x_of);
    draw_collections(&mut svg, &shown, x_of);
    draw_pauses(&mut svg, &shown, x_of);
    draw_events(&mut svg, &shown, x_of);
    svg
}

/// The lanes, and the seconds below them.
fn draw_frame(svg: &mut Svg) {
    for ((top, height), title) in [
        (USED, "In use"),
        (COLLECTIONS, "Collections"),
        (PAUSES, "Pauses, in bytes of work"),
        (EVENTS, "Not served the first way"),
    ] {
        svg.text("h", (0.0, top - 10.0), title);
        svg.rect("lane", (MARGIN, top), (PLOT, height), "");
    }
    let bottom = EVENTS.0 + EVENTS.1;
    for step in 0..=4 {
        let back = SPAN * f64::from(4 - step) / 4.0;
        let x = MARGIN + PLOT * (1.0 - back / SPAN);
        let label = if back == 0.0 { "now".to_owned() } else { format!("−{back:.0} s") };
        svg.path("grid", &format!("M{x:.1} {:.1}V{bottom:.1}", USED.0));
        svg.text("mid", (x, bottom + 15.0), label);
    }
}

/// How much of each region is in use, in shares of it.
fn draw_used(svg: &mut Svg, history: &History, shown: &[&Change], x_of: impl Fn(f64) -> f64) {
    let (top, height) = USED;
    for (share, label) in [(0.0, "0"), (0.5, "50 %"), (1.0, "100 %")] {
        let y = top + height * (1.0 - share);
        svg.path("grid", &format!("M{MARGIN} {y:.1}H{:.1}", MARGIN + PLOT));
        svg.text("address", (MARGIN - 8.0, y + 4.0), label);
    }
    let regions = history.last().map_or(&[][..], |heap| &heap.regions);
    // Names that would lie over each other are moved apart.
    let mut labels: Vec<(f64, &str, &str)> = Vec::new();
    for (idx, region) in regions.iter().enumerate() {
        let class = if region.fast { "fast" } else { "large" };
        let mut line = String::new();
        let mut last = None;
        for change in shown {
            let Some(&(used, size)) = change.used.get(idx) else { continue };
            let share = used as f64 / size.max(1) as f64;
            let (x, y) = (x_of(change.time), top + height * (1.0 - share));
            // While nobody looked, nobody knows.
            let goes_on = last.is_some_and(|(_, time)| change.time - time < GAP);
            let command = if goes_on { 'L' } else { 'M' };
            line += &format!("{command}{x:.1} {y:.1}");
            last = Some((y, change.time));
        }
        if let Some((y, _)) = last {
            svg.path(&format!("line {class}"), &line);
            labels.push((y, class, &region.name));
        }
    }
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = f64::MIN;
    for (y, class, name) in labels {
        let y = f64::max(y + 4.0, lowest + 12.0);
        svg.text(&format!("small {class}"), (MARGIN + PLOT + 6.0, y), name);
        lowest = y;
    }
}

/// Height of a bar on a logarithmic scale from 1 to `most`.
fn log_height(value: u64, most: f64, height: f64) -> f64 {
    if value == 0 {
        return 0.0;
    }
    ((value as f64).log10().max(0.0) / most.log10() * height).clamp(2.0, height)
}

/// Bars: collections of all objects, in slices and at once, stand on those of young ones.
fn draw_collections(svg: &mut Svg, shown: &[&Change], x_of: impl Fn(f64) -> f64) {
    let (top, height) = COLLECTIONS;
    let count = |change: &&Change| change.minor + change.cycles + change.full;
    let most = shown.iter().map(count).max().unwrap_or(0).max(4);
    svg.text("address", (MARGIN - 8.0, top + 9.0), number(most));
    svg.text("address", (MARGIN - 8.0, top + height), "0");
    for change in shown {
        let x = x_of(change.time) - 1.5;
        let scale = height / most as f64;
        let title = format!(
            "{} of young objects, {} of all, {} in slices; {} moved",
            change.minor,
            change.full,
            change.cycles,
            bytes(change.moved)
        );
        let mut y = top + height;
        let counts = [(change.minor, "minor"), (change.cycles, "cycle"), (change.full, "full")];
        for (count, class) in counts {
            if count > 0 {
                let bar = (count as f64 * scale).max(1.5);
                y -= bar;
                svg.rect(class, (x, y), (3.0, bar), &title);
            }
        }
    }
    let entries = [("minor", "young objects"), ("cycle", "in slices"), ("full", "all objects")];
    legend(svg, top - 10.0, &entries);
}

fn draw_pauses(svg: &mut Svg, shown: &[&Change], x_of: impl Fn(f64) -> f64) {
    /// More than a full heap of 8 MB makes.
    const MOST: f64 = 1e8;
    let (top, height) = PAUSES;
    for power in [2, 4, 6, 8] {
        let value = 10_f64.powi(power);
        let y = top + height - value.log10() / MOST.log10() * height;
        svg.path("grid", &format!("M{MARGIN} {y:.1}H{:.1}", MARGIN + PLOT));
        let label = ["100 B", "10 KB", "1 MB", "100 MB"].get(power as usize / 2 - 1);
        svg.text("address", (MARGIN - 8.0, y + 4.0), label.unwrap_or(&""));
    }
    for change in shown.iter().filter(|change| change.pause > 0) {
        let class = match (change.full, change.minor) {
            (0, 0) => "cycle",
            (0, _) => "minor",
            _ => "full",
        };
        let bar = log_height(change.pause, MOST, height);
        let title = format!("the last collection or slice: {}", bytes(change.pause));
        svg.rect(class, (x_of(change.time) - 1.5, top + height - bar), (3.0, bar), &title);
    }
}

/// A disc for each event of `gc.log()`, a row for each outcome.
fn draw_events(svg: &mut Svg, shown: &[&Change], x_of: impl Fn(f64) -> f64) {
    let (top, height) = EVENTS;
    let row = height / OUTCOMES.len() as f64;
    let y_of = |outcome: &str| {
        let place = OUTCOMES.iter().position(|&(name, _)| name == outcome);
        top + row * (place.unwrap_or(OUTCOMES.len() - 1) as f64 + 0.5)
    };
    for (name, _) in OUTCOMES {
        svg.text("address", (MARGIN - 8.0, y_of(name) + 3.5), name);
    }
    for change in shown {
        for event in &change.events {
            let class = OUTCOMES.iter().find(|&&(name, _)| name == event.outcome);
            let class = class.map_or("failed", |&(_, class)| class);
            let title = format!(
                "{}: {} asked for in {}, {} free there, longest run {}",
                event.outcome,
                bytes(event.request),
                event.region,
                bytes(event.free),
                bytes(event.largest)
            );
            svg.disc(class, (x_of(change.time), y_of(&event.outcome)), 3.5, &title);
        }
    }
}

fn legend(svg: &mut Svg, y: f64, entries: &[(&str, &str)]) {
    let mut x = MARGIN + 40.0;
    for (class, label) in entries {
        svg.rect(class, (x, y - 8.0), (9.0, 9.0), "");
        svg.text("small", (x + 13.0, y), label);
        x += label.len() as f64 * 6.4 + 32.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Snapshot;
    use crate::snapshot::tests::TEXT;

    #[test]
    fn what_happens_is_drawn() {
        let mut history = History::default();
        for turn in 0..4 {
            let text = TEXT
                .replace("minor=12", &format!("minor={}", 12 + turn * 2))
                .replace("full=3", &format!("full={}", 3 + turn / 2))
                .replace("cycles=2", &format!("cycles={}", 2 + turn / 3))
                .replace("log 8", &format!("log {}", 8 + turn));
            history.add(f64::from(turn), Snapshot::parse(&text).unwrap());
        }
        let svg = timeline(&history).fragment();
        // Besides the one of the legend, and as many of pauses.
        let count = |class: &str| svg.matches(&format!("<rect class=\"{class}\"")).count();
        assert_eq!((count("minor"), count("full")), (1 + 3 + 2, 1 + 1 + 1), "{svg}");
        // A cycle ended, but no pause was a slice alone.
        assert_eq!(count("cycle"), 1 + 1, "{svg}");
        assert!(svg.contains("2 of young objects, 1 of all, 0 in slices"), "{svg}");
        assert_eq!(svg.matches("<circle class=\"fellback\"").count(), 3);
        assert!(svg.contains("fell back: 100 B asked for in sram"), "{svg}");
        assert!(svg.contains("<path class=\"line fast\" d=\"M"), "{svg}");
    }

    #[test]
    fn slices_alone_are_pauses() {
        let mut history = History::default();
        for turn in 0..3 {
            let text = TEXT.replace("slices=40", &format!("slices={}", 40 + turn));
            history.add(f64::from(turn), Snapshot::parse(&text).unwrap());
        }
        let svg = timeline(&history).fragment();
        assert_eq!(svg.matches("<rect class=\"cycle\"").count(), 1 + 2, "{svg}");
    }

    #[test]
    fn bars_have_a_logarithmic_height() {
        assert!(log_height(0, 1e8, 64.0) == 0.0);
        assert!(log_height(1, 1e8, 64.0) == 2.0);
        assert!((log_height(10_000, 1e8, 64.0) - 32.0).abs() < 0.01);
        assert!(log_height(u64::MAX, 1e8, 64.0) == 64.0);
    }

    #[test]
    fn an_empty_history_can_be_drawn() {
        assert!(timeline(&History::default()).fragment().contains("now"));
    }
}
