//! `octopy heap`: a picture of a heap, from what `gc.map()` printed.

use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use octopy_heap_view::{STYLE, Snapshot, picture};

/// Draws what gc.map() printed, or says it in numbers.
///
/// For a board at a serial port: mpremote exec "import gc; gc.map()" > map.txt
/// A virtual board shows itself: octopy board --watch
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "octopy heap", bin_name = "octopy heap")]
pub struct HeapOptions {
    /// The file with what gc.map() printed; - is standard input.
    map: PathBuf,
    /// Write a picture.
    #[arg(short, value_name = "FILE.svg")]
    output: Option<PathBuf>,
}

impl HeapOptions {
    /// Writes the picture, or returns the numbers as text.
    pub fn run(&self) -> Result<String> {
        let name = self.map.display();
        let text = read(&self.map).with_context(|| format!("cannot read {name}"))?;
        let heap = Snapshot::parse(&text).with_context(|| format!("{name} is not understood"))?;
        let Some(output) = &self.output else {
            return Ok(summary(&heap));
        };
        let svg = picture(&heap).file(STYLE);
        std::fs::write(output, svg)
            .with_context(|| format!("cannot write {}", output.display()))?;
        Ok(String::new())
    }
}

fn read(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(path)?;
    }
    // What a tool has put around the map may be in any encoding.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The figures of each region and its groups, the largest first.
fn summary(heap: &Snapshot) -> String {
    let mut text = String::new();
    for region in &heap.regions {
        let class = if region.fast { "fast" } else { "large" };
        let fragmentation = region.figure("fragmentation");
        let _ = writeln!(
            text,
            "{} ({class}, 0x{:08x}): {} of {} bytes in use, longest free run {}, \
             fragmentation {}.{} %",
            region.name,
            region.base,
            region.used(),
            region.size,
            region.figure("max_free"),
            fragmentation / 10,
            fragmentation % 10
        );
        let mut groups: Vec<_> = region.groups.iter().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.bytes));
        for group in groups {
            let share = group.bytes as f64 * 100.0 / region.size as f64;
            let _ = writeln!(
                text,
                "{:>12} bytes {share:>5.1} %  {} in {}",
                group.bytes, group.name, group.count
            );
        }
        for pinned in &region.pinned {
            let _ = writeln!(text, "{:>12} bytes pinned at 0x{:08x}", pinned.size, pinned.address);
        }
    }
    text
}
