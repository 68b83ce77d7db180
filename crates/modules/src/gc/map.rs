//! `gc.map()`: what lies where, as text.
//!
//! The text is for people and for programs alike: `octopy heap` reads it, from a file or from a
//! running virtual board. It is made line by line, without memory of the heap, so that a line can
//! be printed before the next one is made. MEMORY.md says what the lines mean.
//!
//! ```text
//! heap map of 8704000 bytes
//! region sram fast at 0x20033000: 315392 bytes, old below 0x20033000, 512 a letter
//! 20033000: DDDBBBDDSSS...
//! (4 more)
//! D 132 10368 dict
//! pinned at 0x20034560: 1024
//! figures base=536883200 total=315392 ...
//! heap total=8704000 used=5246696 ...
//! log 53 9437192 ospi 289408 289408 failed
//! end of map
//! ```

use super::{events, figures};
use octopy_heap::{Block, Blocks, Heap, Kind};
use octopy_vm::{Out, PyResult, Qstr, ShortText, Vm, q};

/// Letters in a line.
const LINE: usize = 64;

/// Most letters for a region, unless said otherwise: 16 lines.
const CELLS: u32 = 1024;

/// Fewest bytes that a letter stands for.
const LEAST_CELL: u32 = 16;

/// Figures of the heap in a line.
const FIGURES: usize = 6;

/// What kinds of objects are told apart: a letter and a word. Free memory comes first.
const GROUPS: [(u8, &str); 11] = [
    (b'.', "free"),
    (b'A', "buffer"),
    (b'B', "code"),
    (b'D', "dict"),
    (b'L', "list"),
    (b'N', "number"),
    (b'O', "object"),
    (b'S', "text"),
    (b'T', "tuple"),
    (b'X', "other"),
    (b'?', "not looked at"),
];

/// The group of what has not been looked at.
const UNSEEN: usize = GROUPS.len() - 1;

/// A power of two, so that a place needs no check.
const PLACES: usize = 16;
const _: () = assert!(GROUPS.len() <= PLACES);

/// The group that objects of a kind belong to: its place in [`GROUPS`].
const fn group_of(kind: Kind) -> u8 {
    match kind {
        Kind::Filler => 0,
        Kind::Buffer | Kind::ByteArray | Kind::Array | Kind::MemoryView => 1,
        Kind::Code | Kind::Function | Kind::Generator | Kind::Cell | Kind::BoundMethod => 2,
        Kind::Table | Kind::Dict | Kind::Set | Kind::FrozenSet | Kind::DictView => 3,
        Kind::Words | Kind::Items | Kind::List => 4,
        Kind::Int | Kind::Float | Kind::Complex => 5,
        Kind::Class | Kind::Instance | Kind::Exception | Kind::Module | Kind::Super => 6,
        Kind::Str | Kind::Bytes => 7,
        Kind::Tuple => 8,
        Kind::Range
        | Kind::Slice
        | Kind::Iterator
        | Kind::Property
        | Kind::StaticMethod
        | Kind::ClassMethod
        | Kind::Native
        | Kind::NativeState
        | Kind::NativeBytes => 9,
    }
}

/// What comes next in the text.
#[derive(Debug, Clone, Copy)]
enum Part {
    Title,
    Region,
    Letters,
    Groups(usize),
    Pinned(usize),
    RegionFigures,
    Figures(usize),
    Log(u32),
    End,
    Nothing,
}

/// The map as it is being made.
#[derive(Debug)]
pub struct HeapMap {
    /// Most letters for a region.
    cells: u32,
    /// Objects that may still be looked at.
    looks: u32,
    part: Part,
    region: usize,
    /// Where the region ends.
    end: u32,
    /// The bytes that a letter stands for.
    cell: u32,
    /// Where the next letter begins.
    address: u32,
    blocks: Blocks,
    /// The group of the block that the walk is in, and its bytes that are still to be shown.
    group: usize,
    left: u32,
    /// Blocks of each group in this region.
    counts: [u32; PLACES],
    /// And their bytes.
    bytes: [u32; PLACES],
    letters: [u8; LINE],
    /// Where the line of letters begins.
    line_at: u32,
    /// How many lines like the last one there have been since.
    repeated: u32,
    /// A line of letters waits until those are accounted for.
    is_held: bool,
    text: ShortText,
}

impl HeapMap {
    /// A map with at most `cells` letters for each region, for which at most so many objects are
    /// looked at.
    pub fn new(heap: &Heap, cells: u32, looks: u32) -> Self {
        Self {
            cells: cells.max(1),
            looks,
            part: Part::Title,
            region: 0,
            end: 0,
            cell: 0,
            address: 0,
            blocks: Blocks::of(heap, 0),
            group: 0,
            left: 0,
            counts: [0; PLACES],
            bytes: [0; PLACES],
            letters: [0; LINE],
            line_at: 0,
            repeated: 0,
            is_held: false,
            text: ShortText::new(),
        }
    }

    /// The next line, without its end; `None` behind the last one. The heap must be as it was.
    pub fn line(&mut self, heap: &Heap) -> Option<&[u8]> {
        self.text = ShortText::new();
        while self.text.bytes().is_empty() {
            match self.part {
                Part::Title => {
                    self.text.push_numbers("heap map of %u bytes", &[heap.info().total]);
                    self.part = Part::Region;
                }
                Part::Region => self.begin_region(heap),
                Part::Letters => self.letters(heap),
                Part::Groups(group) => self.group(group),
                Part::Pinned(n) => self.pinned(heap, n),
                Part::RegionFigures => self.region_figures(heap),
                Part::Figures(first) => self.figures(heap, first),
                Part::Log(number) => self.event(heap, number),
                Part::End => {
                    self.text.push(b"end of map");
                    self.part = Part::Nothing;
                }
                Part::Nothing => return None,
            }
        }
        Some(self.text.bytes())
    }

    fn begin_region(&mut self, heap: &Heap) {
        let Some(info) = heap.region_info(self.region) else {
            self.part = Part::Figures(0);
            return;
        };
        self.cell = LEAST_CELL;
        while info.total.div_ceil(self.cell) > self.cells {
            self.cell *= 2;
        }
        self.blocks = Blocks::of(heap, self.region);
        self.left = 0;
        self.address = info.base;
        self.end = info.base + info.total;
        self.counts = [0; PLACES];
        self.bytes = [0; PLACES];
        self.letters = [0; LINE];
        self.part = Part::Letters;
        self.text.push(b"region ");
        self.text.push(info.name.as_bytes());
        self.text.push(if info.fast { b" fast" } else { b" large" });
        let floor = self.blocks.floor(heap);
        let numbers = [info.base, info.total, floor, self.cell];
        self.text.push_numbers(" at 0x%X: %u bytes, old below 0x%X, %u a letter", &numbers);
    }

    /// A line of letters, or how many there have been like the last one.
    fn letters(&mut self, heap: &Heap) {
        if !self.is_held {
            let before = self.letters;
            self.fill_line(heap);
            if self.letters == before {
                self.repeated += 1;
                return;
            }
            if self.repeated > 0 {
                self.text.push_numbers("(%u more)", &[self.repeated]);
                self.repeated = 0;
                self.is_held = true;
                return;
            }
        }
        self.is_held = false;
        let count = self.letters.iter().take_while(|&&letter| letter != 0).count();
        if count == 0 {
            self.part = Part::Groups(0);
            return;
        }
        self.text.push_numbers("%X: ", &[self.line_at]);
        self.text.push(self.letters.get(..count).unwrap_or_default());
    }

    /// Makes the next line of letters: an empty one at the region's end.
    fn fill_line(&mut self, heap: &Heap) {
        self.line_at = self.address;
        let mut letters = [0; LINE];
        for letter in &mut letters {
            if self.address >= self.end {
                break;
            }
            *letter = self.letter(heap);
        }
        self.letters = letters;
    }

    /// The letter for the next piece of the region.
    fn letter(&mut self, heap: &Heap) -> u8 {
        let first = self.address;
        let end = self.end.min(first.saturating_add(self.cell));
        let bytes = self.measure(heap, end);
        self.address = end;
        for (total, bytes) in self.bytes.iter_mut().zip(bytes) {
            *total += bytes;
        }
        if heap.is_pinned_between(self.region, first, end) {
            return b'#';
        }
        let mut most = (0, b'.');
        for (bytes, (letter, _)) in bytes.iter().zip(GROUPS).skip(1) {
            if *bytes > most.0 {
                most = (*bytes, letter);
            }
        }
        let is_mixed = bytes[0] > (end - first) / 4;
        if is_mixed { most.1.to_ascii_lowercase() } else { most.1 }
    }

    /// The bytes of each group between `address` and `end`.
    //
    // This loop is what a map costs: it has no calls and no checks for each object.
    fn measure(&mut self, heap: &Heap, end: u32) -> [u32; PLACES] {
        let mut bytes = [0; PLACES];
        let mut counts = self.counts;
        let mut blocks = self.blocks;
        let mut group = self.group;
        let mut looks = self.looks;
        let mut at = self.address + self.left;
        if at < end {
            bytes[group % PLACES] = self.left;
            while let Some((block, found)) = next_block(heap, &mut blocks, &mut looks) {
                group = found;
                counts[group % PLACES] += 1;
                at = block.address + block.size;
                if at >= end {
                    bytes[group % PLACES] += end - block.address;
                    break;
                }
                bytes[group % PLACES] += block.size;
            }
        } else {
            bytes[group % PLACES] = end - self.address;
        }
        self.left = at.saturating_sub(end);
        self.group = group;
        self.looks = looks;
        self.blocks = blocks;
        self.counts = counts;
        bytes
    }

    /// How much there is of a group.
    fn group(&mut self, group: usize) {
        let (Some((letter, name)), Some(count), Some(bytes)) =
            (GROUPS.get(group), self.counts.get(group), self.bytes.get(group))
        else {
            self.part = Part::Pinned(0);
            return;
        };
        if *count > 0 {
            self.text.push(&[*letter]);
            self.text.push_numbers(" %u %u ", &[*count, *bytes]);
            self.text.push(name.as_bytes());
        }
        self.part = Part::Groups(group + 1);
    }

    /// Where a pinned object is.
    fn pinned(&mut self, heap: &Heap, n: usize) {
        let mut pinned = None;
        let mut count = 0;
        heap.for_each_pinned(self.region, &mut |object, size| {
            if count == n {
                pinned = Some([object, size]);
            }
            count += 1;
        });
        match pinned {
            Some(numbers) => {
                self.text.push_numbers("pinned at 0x%X: %u", &numbers);
                self.part = Part::Pinned(n + 1);
            }
            None => self.part = Part::RegionFigures,
        }
    }

    fn region_figures(&mut self, heap: &Heap) {
        self.part = Part::Region;
        let Some(info) = heap.region_info(self.region) else { return };
        self.region += 1;
        self.text.push(b"figures");
        for (name, number) in figures::REGION.into_iter().zip(figures::region_figures(&info)) {
            self.figure(name, number);
        }
        self.figure(q::fragmentation, octopy_heap::fragmentation(info.free, info.max_free));
        self.figure(q::pinned, heap.pinned_bytes(self.region - 1));
    }

    /// A few figures of the whole heap.
    fn figures(&mut self, heap: &Heap, first: usize) {
        if first >= figures::HEAP.len() {
            self.part = Part::Log(heap.log_end().saturating_sub(events::LONGEST));
            return;
        }
        self.text.push(b"heap");
        let numbers = figures::heap_figures(&heap.info());
        for (name, number) in figures::HEAP.into_iter().zip(numbers).skip(first).take(FIGURES) {
            self.figure(name, number);
        }
        self.part = Part::Figures(first + FIGURES);
    }

    fn figure(&mut self, name: Qstr, figure: u32) {
        self.text.push(b" ");
        self.text.push(name.rom_text().unwrap_or_default().as_bytes());
        self.text.push_numbers("=%u", &[figure]);
    }

    /// An event of `gc.log()`, with its outcome last.
    fn event(&mut self, heap: &Heap, number: u32) {
        if number >= heap.log_end() {
            self.part = Part::End;
            return;
        }
        self.part = Part::Log(number + 1);
        let Some(entry) = heap.log_entry(number) else { return };
        self.text.push_numbers("log %u %u ", &[entry.number, entry.request]);
        self.text.push(heap.region_name(entry.region).as_bytes());
        self.text.push_numbers(" %u %u ", &[entry.free, entry.largest]);
        self.text.push(events::outcome_text(entry.outcome).as_bytes());
    }
}

/// The next block and its group.
#[inline(always)]
fn next_block(heap: &Heap, blocks: &mut Blocks, looks: &mut u32) -> Option<(Block, usize)> {
    if *looks == 0
        && let Some(rest) = blocks.rest()
    {
        return Some((rest, UNSEEN));
    }
    *looks = looks.saturating_sub(1);
    let block = blocks.next(heap)?;
    Some((block, usize::from(group_of(block.kind))))
}

/// `gc.map([cells[, looks]])`: 1024 cells and all looks if not given.
pub(super) fn map(vm: &mut Vm, cells: Option<u32>, looks: Option<u32>) -> PyResult<()> {
    let mut map = HeapMap::new(&vm.heap, cells.unwrap_or(CELLS), looks.unwrap_or(u32::MAX));
    while let Some(line) = map.line(&vm.heap) {
        vm.write(Out::Console, line)?;
        vm.write(Out::Console, b"\n")?;
        vm.stop_if_interrupted()?;
    }
    Ok(())
}
