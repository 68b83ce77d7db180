//! `size BOARD [--full] [--save|--compare] [--symbols N] [--frames N]`: where flash and stack go.

use crate::firmware::Board;
use crate::image::{Image, Symbol, crate_of};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const USAGE: &str = "size BOARD [--full] [--save|--compare] [--symbols N] [--frames N]";

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let mut args = args.iter().map(String::as_str);
    let name = args.next().with_context(|| format!("usage: {USAGE}"))?;
    let (mut full, mut save, mut compare) = (false, false, false);
    let (mut symbols, mut frames) = (30, 0);
    while let Some(option) = args.next() {
        match option {
            "--full" => full = true,
            "--save" => save = true,
            "--compare" => compare = true,
            "--symbols" => symbols = args.next().context("--symbols needs a number")?.parse()?,
            "--frames" => frames = args.next().context("--frames needs a number")?.parse()?,
            _ => bail!("unknown option {option}; usage: {USAGE}"),
        }
    }
    let mut board = Board::named(name)?;
    if full {
        board = board.with_all_modules();
    }
    board.build(None)?;
    let image = Image::read(&board.elf(None)?)?;
    let saved = crate::root().join("target/size").join(format!("{name}.tsv"));
    if compare {
        print!("{}", comparison(&read_saved(&saved)?, &by_symbol(&image)));
    } else {
        print!("{}", crate_table(&image));
        print!("{}", symbol_table(&image, symbols));
        print!("{}", frame_table(&image, frames));
    }
    if save {
        write_saved(&saved, &by_symbol(&image))?;
        println!("saved to {}", saved.display());
    }
    board.report()
}

/// Whether a section counts as flash.
fn flash_sections(image: &Image) -> impl Fn(&&Symbol) -> bool {
    let names: Vec<String> =
        image.sections.iter().filter(|s| s.flash > 0).map(|s| s.name.clone()).collect();
    move |symbol| names.contains(&symbol.section)
}

/// Bytes of flash by crate. What has no symbol (string constants, padding) stands by section.
fn crate_table(image: &Image) -> String {
    let mut crates: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut named: BTreeMap<&str, u64> = BTreeMap::new();
    for symbol in image.symbols.iter().filter(flash_sections(image)) {
        let entry = crates.entry(crate_of(&symbol.name)).or_default();
        match symbol.section.as_str() {
            ".text" => entry.0 += symbol.size,
            _ => entry.1 += symbol.size,
        }
        *named.entry(&symbol.section).or_default() += symbol.size;
    }
    let mut rows: Vec<_> = crates.into_iter().collect();
    rows.sort_by_key(|(_, (text, data))| std::cmp::Reverse(text + data));
    let mut out = format!("{:<28}{:>8}{:>8}{:>8}\n", "crate", "code", "data", "flash");
    for (name, (text, data)) in rows {
        let _ = writeln!(out, "{name:<28}{text:>8}{data:>8}{:>8}", text + data);
    }
    for section in image.sections.iter().filter(|section| section.flash > 0) {
        let rest = section.flash.saturating_sub(named.get(&*section.name).copied().unwrap_or(0));
        if rest > 0 {
            let name = format!("(unnamed in {})", section.name);
            let _ = writeln!(out, "{name:<28}{:>8}{:>8}{rest:>8}", "", "");
        }
    }
    out + "\n"
}

/// The biggest symbols, in flash and RAM alike.
fn symbol_table(image: &Image, count: usize) -> String {
    let mut symbols: Vec<&Symbol> = image.symbols.iter().collect();
    symbols.sort_by_key(|symbol| std::cmp::Reverse(symbol.size));
    let mut out = String::new();
    for symbol in symbols.iter().take(count) {
        let _ = writeln!(out, "{:>8} {:<8} {}", symbol.size, symbol.section, symbol.name);
    }
    out + "\n"
}

/// The functions that take the most stack.
fn frame_table(image: &Image, count: usize) -> String {
    let mut symbols: Vec<&Symbol> = image.symbols.iter().collect();
    symbols.sort_by_key(|symbol| std::cmp::Reverse(symbol.frame));
    let rows = symbols.iter().take(count);
    rows.map(|symbol| format!("{:>8} stack    {}\n", symbol.frame, symbol.name)).collect()
}

/// Bytes by name; equal names (instances of one generic) together.
fn by_symbol(image: &Image) -> BTreeMap<String, u64> {
    let mut sizes = BTreeMap::new();
    for symbol in &image.symbols {
        *sizes.entry(symbol.name.clone()).or_default() += symbol.size;
    }
    sizes
}

/// What changed from one set of sizes to another, biggest change first.
fn comparison(old: &BTreeMap<String, u64>, new: &BTreeMap<String, u64>) -> String {
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut rows = Vec::new();
    let mut total = 0;
    for name in names {
        let size = |sizes: &BTreeMap<String, u64>| sizes.get(name).map_or(0, |n| *n as i64);
        let change = size(new) - size(old);
        total += change;
        if change != 0 {
            rows.push((change, size(new), name));
        }
    }
    rows.sort_by_key(|(change, _, name)| (std::cmp::Reverse(change.abs()), *name));
    let mut out = format!("{:>8}{:>8}\n", "change", "now");
    for (change, now, name) in rows {
        let _ = writeln!(out, "{change:>+8}{now:>8} {name}");
    }
    let _ = writeln!(out, "{total:>+8}         in all\n");
    out
}

fn read_saved(path: &PathBuf) -> Result<BTreeMap<String, u64>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: nothing saved yet (--save)", path.display()))?;
    text.lines()
        .map(|line| {
            let (size, name) = line.split_once('\t').context("a damaged line")?;
            Ok((name.to_owned(), size.parse()?))
        })
        .collect()
}

fn write_saved(path: &Path, sizes: &BTreeMap<String, u64>) -> Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    let text: String = sizes.iter().map(|(name, size)| format!("{size}\t{name}\n")).collect();
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_names_what_grew_shrank_and_went() {
        let sizes = |list: &[(&str, u64)]| {
            list.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect()
        };
        let old = sizes(&[("a", 10), ("b", 20), ("gone", 5)]);
        let new = sizes(&[("a", 10), ("b", 12), ("new", 7)]);
        let text = comparison(&old, &new);
        let words: Vec<Vec<&str>> =
            text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[1], ["-8", "12", "b"]);
        assert_eq!(words[2], ["+7", "7", "new"]);
        assert_eq!(words[3], ["-5", "0", "gone"]);
        assert_eq!(words[4], ["-6", "in", "all"]);
    }
}
