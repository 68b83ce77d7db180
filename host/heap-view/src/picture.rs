//! `picture`: the regions of a heap, to scale and in detail.

use crate::snapshot::{Region, Snapshot};
use crate::svg::{Svg, bytes, number};

/// Width of a drawing.
pub const WIDTH: f64 = 1120.0;
/// Left of the maps: the addresses.
const MARGIN: f64 = 88.0;
const MAP: f64 = WIDTH - MARGIN;
const SCALE_BAR: f64 = 34.0;
const GROUP_BAR: f64 = 14.0;
/// Lines of a map.
const ROW: f64 = 8.0;

/// Draws a heap.
pub fn picture(heap: &Snapshot) -> Svg {
    let details: f64 = heap.regions.iter().map(detail_height).sum();
    let scale = 34.0 + SCALE_BAR + 24.0;
    let mut svg = Svg::new(WIDTH, scale + details, "The memory of the board, region by region");
    draw_to_scale(&mut svg, heap);
    let mut y = scale;
    for region in &heap.regions {
        draw_region(&mut svg, region, y);
        y += detail_height(region);
    }
    svg
}

/// The class that colours a letter, and whether free memory is mixed with it.
fn class_of(letter: u8) -> (String, bool) {
    match letter {
        b'.' => ("free".to_owned(), false),
        b'#' => ("pinned".to_owned(), false),
        b'?' => ("unseen".to_owned(), false),
        _ if letter.is_ascii_alphabetic() => {
            let class = format!("k{}", char::from(letter.to_ascii_uppercase()));
            (class, letter.is_ascii_lowercase())
        }
        _ => ("kX".to_owned(), false),
    }
}

/// Runs of equal letters: where each begins, and how many there are.
fn runs(letters: &[u8]) -> Vec<(usize, usize, u8)> {
    let mut runs: Vec<(usize, usize, u8)> = Vec::new();
    for (at, &letter) in letters.iter().enumerate() {
        match runs.last_mut() {
            Some((_, len, last)) if *last == letter => *len += 1,
            _ => runs.push((at, 1, letter)),
        }
    }
    runs
}

/// What a run of letters is, in words.
fn described(region: &Region, at: usize, len: usize, letter: u8) -> String {
    let first = region.base + at as u64 * region.cell;
    let last = (first + len as u64 * region.cell).min(region.base + region.size);
    let upper = char::from(letter.to_ascii_uppercase());
    let name = match letter {
        b'#' => "pinned",
        b'.' => "free",
        _ => region.groups.iter().find(|group| group.letter == upper).map_or("", |g| &g.name),
    };
    let mixed = if letter.is_ascii_lowercase() { ", partly free" } else { "" };
    format!("{name}{mixed}: 0x{first:08x} to 0x{last:08x}, {}", bytes(last - first))
}

/// All regions at one scale, side by side.
fn draw_to_scale(svg: &mut Svg, heap: &Snapshot) {
    const GAP: f64 = 12.0;
    let total: u64 = heap.regions.iter().map(|region| region.size).sum();
    let room = WIDTH - GAP * heap.regions.len().saturating_sub(1) as f64;
    svg.text("h", (0.0, 14.0), "All memory, to scale");
    let y = 26.0;
    let mut x = 0.0;
    // A label needs more room than a small region has: the next one goes on behind it.
    let mut free_from = 0.0;
    for region in &heap.regions {
        let width = room * region.size as f64 / total.max(1) as f64;
        svg.rect("free", (x, y), (width, SCALE_BAR), "");
        let cells = region.letters.len().max(1) as f64;
        for (at, len, letter) in runs(region.letters.as_bytes()) {
            let (class, mixed) = class_of(letter);
            if class != "free" {
                let class = if mixed { format!("{class} mixed") } else { class };
                let at_x = x + width * at as f64 / cells;
                svg.rect(&class, (at_x, y), (width * len as f64 / cells, SCALE_BAR), "");
            }
        }
        let label = format!("{} {}", region.name, bytes(region.size));
        let label_x = f64::max(x, free_from);
        svg.rect("frame", (x, y), (width, SCALE_BAR), &label);
        svg.text("small", (label_x, y + SCALE_BAR + 13.0), &label);
        free_from = label_x + label.len() as f64 * 6.6 + 10.0;
        x += width + GAP;
    }
}

/// Letters in a line of the drawing.
fn columns(region: &Region) -> usize {
    match region.letters.len() {
        0..256 => 32,
        256..1536 => 64,
        _ => 128,
    }
}

fn rows(region: &Region) -> usize {
    region.letters.len().div_ceil(columns(region))
}

fn detail_height(region: &Region) -> f64 {
    22.0 + GROUP_BAR + 8.0 + 20.0 + rows(region) as f64 * ROW + 34.0
}

/// A region: its figures, its groups and its map.
fn draw_region(svg: &mut Svg, region: &Region, top: f64) {
    let class = if region.fast { "fast" } else { "large" };
    svg.text("h", (0.0, top + 12.0), format!("{} ({class})", region.name));
    let fragmentation = region.figure("fragmentation");
    let mut figures = format!(
        "{} of {} in use · {} free · longest run {} · fragmentation {}.{} %",
        bytes(region.used()),
        bytes(region.size),
        bytes(region.size - region.used().min(region.size)),
        bytes(region.figure("max_free")),
        fragmentation / 10,
        fragmentation % 10,
    );
    if !region.pinned.is_empty() {
        let size = region.pinned.iter().map(|pinned| pinned.size).sum();
        figures += &format!(" · {} pinned in {}", bytes(size), region.pinned.len());
    }
    svg.text("end", (WIDTH, top + 12.0), figures);
    draw_groups(svg, region, top + 22.0);
    draw_map(svg, region, top + 22.0 + GROUP_BAR + 28.0);
}

/// How much there is of each group: a bar, and a legend below it.
fn draw_groups(svg: &mut Svg, region: &Region, y: f64) {
    let mut groups: Vec<_> = region.groups.iter().filter(|group| group.letter != '.').collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.bytes));
    svg.rect("free", (0.0, y), (WIDTH, GROUP_BAR), "free");
    let (mut x, mut legend) = (0.0, 0.0);
    for group in groups {
        let width = WIDTH * group.bytes as f64 / region.size.max(1) as f64;
        let (class, _) = class_of(group.letter as u8);
        let text = format!("{}: {} in {}", group.name, bytes(group.bytes), number(group.count));
        svg.rect(&class, (x, y), (width, GROUP_BAR), &text);
        x += width;
        let label = format!("{} {}", group.name, bytes(group.bytes));
        let room = label.len() as f64 * 6.4 + 26.0;
        if legend + room <= WIDTH {
            svg.rect(&class, (legend, y + GROUP_BAR + 7.0), (9.0, 9.0), &text);
            svg.text("small", (legend + 13.0, y + GROUP_BAR + 15.5), label);
            legend += room;
        }
    }
    svg.rect("frame", (0.0, y), (WIDTH, GROUP_BAR), "");
}

/// What lies where: lines of letters as pieces of colour.
fn draw_map(svg: &mut Svg, region: &Region, top: f64) {
    let columns = columns(region);
    let width = MAP / columns as f64;
    let letters = region.letters.as_bytes();
    for (row, line) in letters.chunks(columns).enumerate() {
        let y = top + row as f64 * ROW;
        if row % 4 == 0 {
            let address = region.base + (row * columns) as u64 * region.cell;
            svg.text("address", (MARGIN - 8.0, y + 7.0), format!("{address:08x}"));
        }
        for (at, len, letter) in runs(line) {
            let (class, mixed) = class_of(letter);
            let class = if mixed { format!("{class} mixed") } else { class };
            let (x, w) = (MARGIN + at as f64 * width, len as f64 * width);
            if mixed {
                svg.rect("free", (x, y), (w, ROW - 1.0), "");
            }
            let title = described(region, row * columns + at, len, letter);
            svg.rect(&class, (x, y), (w, ROW - 1.0), &title);
        }
    }
    // Where the young objects begin.
    let cells = region.floor.saturating_sub(region.base) / region.cell.max(1);
    let is_inside = region.floor > region.base && region.floor < region.base + region.size;
    if is_inside {
        let (row, column) = (cells as usize / columns, cells as usize % columns);
        let (x, y) = (MARGIN + column as f64 * width, top + row as f64 * ROW);
        svg.rect(
            "floor",
            (x - 1.0, y - 2.0),
            (2.0, ROW + 3.0),
            "old objects end, young ones begin",
        );
    }
    let note =
        format!("each piece is {}; the upright bar is where old objects end", bytes(region.cell));
    let y = top + rows(region) as f64 * ROW + 13.0;
    svg.text("small faint", (MARGIN, y), note);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::tests::TEXT;

    /// The widths of all rectangles of a class.
    fn widths(svg: &str, class: &str) -> Vec<f64> {
        let mark = format!("<rect class=\"{class}\" ");
        let rest = svg.lines().filter(|line| line.starts_with(&mark));
        let width = |line: &str| line.split_once("width=\"")?.1.split_once('"')?.0.parse().ok();
        rest.filter_map(width).collect()
    }

    #[test]
    fn regions_are_drawn_to_scale() {
        let heap = Snapshot::parse(TEXT).unwrap();
        let svg = picture(&heap).fragment();
        let frames = widths(&svg, "frame");
        // Both to scale, then a bar of groups for each.
        let [sram, ospi, _, _] = frames[..] else { panic!("{frames:?}") };
        assert!((ospi / sram - 2.0).abs() < 0.01, "{sram} {ospi}");
    }

    #[test]
    fn every_letter_is_drawn_once() {
        let heap = Snapshot::parse(TEXT).unwrap();
        for region in &heap.regions {
            let mut svg = Svg::new(WIDTH, 100.0, "");
            draw_map(&mut svg, region, 0.0);
            let text = svg.fragment();
            let of = |class: &str| widths(&text, class).iter().sum::<f64>();
            let piece = MAP / columns(region) as f64;
            let count = |letter: char| region.letters.matches(letter).count() as f64;
            for (class, letter) in
                [("kA", 'A'), ("kD", 'D'), ("kT", 'T'), ("kO mixed", 'o'), ("pinned", '#')]
            {
                let wanted = count(letter) * piece;
                assert!((of(class) - wanted).abs() < 0.2, "{class}: {} of {wanted}", of(class));
            }
            let free = (count('.') + count('o')) * piece;
            assert!((of("free") - free).abs() < 0.2);
        }
    }

    #[test]
    fn pieces_say_what_they_are() {
        let heap = Snapshot::parse(TEXT).unwrap();
        let svg = picture(&heap).fragment();
        for title in [
            "<title>buffer: 0x68000000 to 0x68000800, 2048 B</title>",
            "<title>dict: 400 B in 9</title>",
            "pinned: 0x20033400 to 0x20033420, 32 B",
            "partly free",
            "1880 B of 4096 B in use",
            "fragmentation 19.1 %",
            "old objects end, young ones begin",
        ] {
            assert!(svg.contains(title), "{title}: {svg}");
        }
    }

    #[test]
    fn an_empty_heap_can_be_drawn() {
        assert!(picture(&Snapshot::default()).fragment().ends_with("</svg>\n"));
    }
}
