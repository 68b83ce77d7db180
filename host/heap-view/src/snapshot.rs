//! `Snapshot`: a heap as `gc.map()` describes it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;

/// Figures by name, as in `gc.info()`.
pub type Figures = BTreeMap<String, u64>;

/// A heap at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Snapshot {
    /// Its regions, in the heap's order.
    pub regions: Vec<Region>,
    /// Figures of the whole heap.
    pub figures: Figures,
    /// The events of `gc.log()`.
    pub log: Vec<Event>,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// Whether it is fast memory.
    pub fast: bool,
    /// First address.
    pub base: u64,
    /// Bytes in all.
    pub size: u64,
    /// Old objects are below this address.
    pub floor: u64,
    /// Bytes that a letter stands for.
    pub cell: u64,
    /// A letter for each piece of the region: which group most of it belongs to.
    pub letters: String,
    /// What there is of each group.
    pub groups: Vec<Group>,
    /// The objects that cannot move.
    pub pinned: Vec<Pinned>,
    /// Its figures.
    pub figures: Figures,
}

/// What there is of one group of kinds, or of free memory.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Group {
    /// Its letter in the map; `.` is free.
    pub letter: char,
    /// What it is.
    pub name: String,
    /// Objects, or runs.
    pub count: u64,
    /// Bytes in them.
    pub bytes: u64,
}

/// An object that cannot move.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Pinned {
    /// Where it is.
    pub address: u64,
    /// Its size in bytes.
    pub size: u64,
}

/// An allocation that did not go the first way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Event {
    /// Number since start-up.
    pub number: u64,
    /// Bytes asked for.
    pub request: u64,
    /// The region tried first.
    pub region: String,
    /// Bytes free there.
    pub free: u64,
    /// Longest run there.
    pub largest: u64,
    /// What became of it.
    pub outcome: String,
}

const TITLE: &str = "heap map of ";
const END: &str = "end of map";

impl Snapshot {
    /// Reads what `gc.map()` printed. What comes before and after it is skipped.
    pub fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines().map(str::trim_end).enumerate();
        if !lines.any(|(_, line)| line.starts_with(TITLE)) {
            bail!("there is no heap map in it: no line begins with {TITLE:?}");
        }
        let mut snapshot = Self::default();
        for (number, line) in lines {
            if line == END {
                return snapshot.checked();
            }
            snapshot.read_line(line).with_context(|| format!("line {}: {line:?}", number + 1))?;
        }
        bail!("the heap map is cut off: there is no line {END:?}")
    }

    fn read_line(&mut self, line: &str) -> Result<()> {
        if let Some(rest) = line.strip_prefix("region ") {
            self.regions.push(Region::parse(rest).context("not a region")?);
        } else if let Some(rest) = line.strip_prefix("heap ") {
            read_figures(&mut self.figures, rest)?;
        } else if let Some(rest) = line.strip_prefix("log ") {
            self.log.push(Event::parse(rest).context("not an event")?);
        } else {
            self.regions.last_mut().context("this belongs to no region")?.read_line(line)?;
        }
        Ok(())
    }

    fn checked(self) -> Result<Self> {
        ensure!(!self.regions.is_empty(), "the heap map has no regions");
        for region in &self.regions {
            let name = &region.name;
            ensure!(
                region.letters.len() as u64 == region.size.div_ceil(region.cell),
                "the map of {name} has {} letters, for {} bytes",
                region.letters.len(),
                region.size
            );
            let bytes: u64 = region.groups.iter().map(|group| group.bytes).sum();
            ensure!(bytes == region.size, "the groups of {name} are {bytes} bytes together");
        }
        Ok(self)
    }

    /// A figure of the whole heap; 0 if it is not there.
    pub fn figure(&self, name: &str) -> u64 {
        self.figures.get(name).copied().unwrap_or(0)
    }
}

/// Largest region that is believed: what values can refer to.
const LARGEST: u64 = 1 << 32;

/// Most letters that are believed.
const MOST_LETTERS: usize = 1 << 20;

impl Region {
    /// `NAME fast at 0xBASE: SIZE bytes, old below 0xFLOOR, CELL a letter`
    fn parse(rest: &str) -> Option<Self> {
        let (head, tail) = rest.split_once(": ")?;
        let mut words = head.split(' ');
        let (name, class, _, base) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let mut parts = tail.split(", ");
        let size = parts.next()?.strip_suffix(" bytes")?.parse().ok()?;
        let floor = parts.next()?.strip_prefix("old below ")?;
        let cell = parts.next()?.strip_suffix(" a letter")?.parse().ok()?;
        let is_sane = (1..LARGEST).contains(&size) && (1..LARGEST).contains(&cell);
        is_sane.then_some(Self {
            name: name.to_owned(),
            fast: class == "fast",
            base: address(base)?,
            size,
            floor: address(floor)?,
            cell,
            ..Self::default()
        })
    }

    fn read_line(&mut self, line: &str) -> Result<()> {
        if let Some(rest) = line.strip_prefix("figures ") {
            return read_figures(&mut self.figures, rest);
        }
        if let Some(rest) = line.strip_prefix("pinned at ") {
            self.pinned.push(Pinned::parse(rest).context("not a pinned object")?);
            return Ok(());
        }
        if let Some(count) = line.strip_prefix('(').and_then(|rest| rest.strip_suffix(" more)")) {
            return self.repeat(count.parse().context("not a count")?);
        }
        if let Some((address, letters)) = line.split_once(": ") {
            let known = u64::from_str_radix(address, 16).context("not an address")?;
            let expected = self.base + self.letters.len() as u64 * self.cell;
            ensure!(known == expected, "a line is missing before this one");
            ensure!(letters.bytes().all(|b| b.is_ascii_graphic()), "these are not letters");
            ensure!(self.letters.len() + letters.len() <= MOST_LETTERS, "this is too long");
            self.letters.push_str(letters);
            return Ok(());
        }
        self.groups.push(Group::parse(line).context("this is not understood")?);
        Ok(())
    }

    /// Repeats the last line of letters.
    fn repeat(&mut self, count: usize) -> Result<()> {
        const LINE: usize = 64;
        let start = self.letters.len().checked_sub(LINE).context("there is no line to repeat")?;
        let line = self.letters[start..].to_owned();
        let len = count.saturating_mul(LINE).saturating_add(self.letters.len());
        ensure!(len <= MOST_LETTERS, "this is too long");
        self.letters.push_str(&line.repeat(count));
        Ok(())
    }

    /// A figure of the region; 0 if it is not there.
    pub fn figure(&self, name: &str) -> u64 {
        self.figures.get(name).copied().unwrap_or(0)
    }

    /// Bytes in objects.
    pub fn used(&self) -> u64 {
        self.groups.iter().filter(|group| group.letter != '.').map(|group| group.bytes).sum()
    }
}

impl Group {
    /// `LETTER COUNT BYTES NAME`
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(4, ' ');
        let letter = words.next()?.chars().next()?;
        let (count, bytes) = (words.next()?.parse().ok()?, size(words.next()?)?);
        Some(Self { letter, name: words.next()?.to_owned(), count, bytes })
    }
}

impl Pinned {
    /// `0xADDRESS: SIZE`
    fn parse(rest: &str) -> Option<Self> {
        let (place, size) = rest.split_once(": ")?;
        Some(Self { address: address(place)?, size: self::size(size)? })
    }
}

impl Event {
    /// `NUMBER REQUEST REGION FREE LARGEST OUTCOME`
    fn parse(rest: &str) -> Option<Self> {
        let mut words = rest.splitn(6, ' ');
        Some(Self {
            number: words.next()?.parse().ok()?,
            request: words.next()?.parse().ok()?,
            region: words.next()?.to_owned(),
            free: words.next()?.parse().ok()?,
            largest: words.next()?.parse().ok()?,
            outcome: words.next()?.to_owned(),
        })
    }
}

/// `0x20033000`
fn address(text: &str) -> Option<u64> {
    let address = u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()?;
    (address < LARGEST).then_some(address)
}

/// Bytes of a memory of 32 bits: however many lines there are, their sum is a `u64`.
fn size(text: &str) -> Option<u64> {
    text.parse::<u32>().ok().map(u64::from)
}

/// `name=1 other=2`
fn read_figures(into: &mut Figures, rest: &str) -> Result<()> {
    for pair in rest.split_whitespace() {
        let (name, figure) = pair.split_once('=').context("not a figure")?;
        let figure: u32 = figure.parse().context("not a number")?;
        into.insert(name.to_owned(), figure.into());
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A heap of two regions, as a board prints it.
    pub(crate) const TEXT: &str = "\
>>> gc.map()\r
heap map of 12288 bytes\r
region sram fast at 0x20033000: 4096 bytes, old below 0x20033800, 32 a letter\r
20033000: DDDDSSSSBBBBTTTTLLLLDDDDAAAAAAAA#AAAAAAAoooo....................\r
20033800: TTTTTTTT........................................................\r
. 3 2216 free\r
A 2 500 buffer\r
D 9 400 dict\r
T 40 980 tuple\r
pinned at 0x20033400: 64\r
figures base=536883200 total=4096 used=1880 free=2216 max_free=1792 pinned=64 fragmentation=191\r
region ospi large at 0x68000000: 8192 bytes, old below 0x68000000, 64 a letter\r
68000000: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r
(1 more)\r
A 1 8192 buffer\r
figures base=1744830464 total=8192 used=8192 free=0 max_free=0 pinned=0 fragmentation=0\r
heap total=12288 used=10072 free=2216 max_free=1792\r
heap max_block=2212 minor=12 full=3 cycles=2 slices=40 last_pause=6520 longest_pause=90000\r
log 7 8208 ospi 0 0 failed\r
log 8 100 sram 2216 1792 fell back\r
end of map\r
>>> ";

    #[test]
    fn a_map_is_understood() {
        let heap = Snapshot::parse(TEXT).unwrap();
        let [sram, ospi] = &heap.regions[..] else { panic!("{heap:?}") };
        assert_eq!((sram.name.as_str(), sram.fast, sram.base), ("sram", true, 0x2003_3000));
        assert_eq!((sram.size, sram.floor, sram.cell), (4096, 0x2003_3800, 32));
        assert_eq!((sram.letters.len(), sram.used()), (128, 1880));
        assert_eq!(sram.pinned, [Pinned { address: 0x2003_3400, size: 64 }]);
        assert_eq!(sram.figure("fragmentation"), 191);
        assert_eq!(ospi.letters, "A".repeat(128));
        assert_eq!((heap.figure("minor"), heap.figure("max_block")), (12, 2212));
        assert_eq!(heap.log[1].outcome, "fell back");
        assert_eq!((heap.log[0].request, heap.log[0].region.as_str()), (8208, "ospi"));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        for (damage, replacement, expect) in [
            ("end of map\r\n>>> ", "", "cut off"),
            ("heap map of", "", "there is no heap map"),
            ("8192 bytes", "0 bytes", "not a region"),
            ("(1 more)", "(999999999999 more)", "too long"),
            ("(1 more)", "", "not understood"),
            ("(1 more)\r\n", "", "has 64 letters"),
            ("20033800: ", "20033c00: ", "a line is missing"),
            ("T 40 980", "T 40 981", "are 4097 bytes"),
            ("total=12288", "total", "not a figure"),
            ("0x20033400: 64", "nowhere", "not a pinned object"),
            ("log 7", "log x", "not an event"),
            // What memory of 32 bits cannot have: sums of it need not fit.
            ("A 1 8192", "A 1 18446744073709551615", "not understood"),
            ("A 1 8192", "A 1 4294967296", "not understood"),
            ("0x20033400: 64", "0x20033400: 18446744073709551615", "not a pinned object"),
            ("pinned=64", "pinned=18446744073709551615", "not a number"),
        ] {
            let text = TEXT.replacen(damage, replacement, 1);
            let error = format!("{:#}", Snapshot::parse(&text).unwrap_err());
            assert!(error.contains(expect), "{damage}: {error}");
        }
        let cut = (0..TEXT.len()).filter_map(|len| TEXT.get(..len)).map(Snapshot::parse);
        assert!(cut.filter(Result::is_ok).count() < 10);
    }
}
