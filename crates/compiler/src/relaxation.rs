//! Relaxation: jumps take their short form where it fits.
//!
//! Jumps forward are written in the long form, because their distance is not known yet. When a
//! unit is complete, those that fit are shortened, which brings others nearer, until nothing
//! changes; then the code is moved together and the line table written. What comes out is the
//! shortest code, and the same that MicroPython's compiler finds in as many passes.
//!
//! A jump that is shortened gets one byte shorter, so an offset moves by the number of shortened
//! jumps before it. Their offsets are the only memory that this takes: a word each, in the Labels
//! area, where the unit's own labels are done with. A jump depends only on those that it jumps
//! over, and one that may become short does not jump far, so a round is linear.
//!
//! INVARIANT: until then, the operand of a jump may be too large for the long form. Such a *far*
//! jump has `FAR` taken from its opcode, and its operand is the distance modulo 15 bits.

use octopy_bytecode::Opcode;
use octopy_bytecode::emit::is_signed_jump;
use octopy_bytecode::lines::write_step;
use octopy_bytecode::operand::read_uint;
use octopy_syntax::Area;

use crate::Host;
use crate::compiler::Compiler;
use crate::unit::AreaSink;
use crate::workspace::Workspace;

/// Whether it is done at all; else the line table is written at once.
pub(crate) const RELAXES: bool = cfg!(feature = "short-jumps");

/// The difference between the opcodes of a jump and of a far one. No other opcode is below.
const FAR: u8 = 0x40;

/// In the list of jumps: this one is shortened.
const SHORT: u32 = 1 << 31;

/// No jump over so many bytes can become short, even if all of them are jumps.
const NEAR: u32 = 0x100;

/// A far jump, relative to the end of its long form. `None` if it is so far that no shortening of
/// what lies between helps: of three bytes one can go at most.
pub(crate) fn far_jump(opcode: u8, distance: i32) -> Option<[u8; 3]> {
    let limit = if is_signed_jump(opcode) { 0x6000 } else { 0xc000 };
    let [low, high] = long_operand(distance & 0x7fff);
    let near_enough = RELAXES && (-limit..limit).contains(&distance);
    near_enough.then_some([opcode - FAR, low, high])
}

const fn long_operand(bits: i32) -> [u8; 2] {
    [0x80 | (bits & 0x7f) as u8, (bits >> 7) as u8]
}

/// A jump as it stands in the code.
#[derive(Debug, Clone, Copy)]
struct Jump {
    at: u32,
    opcode: u8,
    is_long: bool,
    is_far: bool,
    target: u32,
}

impl Jump {
    /// The jump at an offset.
    fn read(code: &[u8], at: u32) -> Self {
        let byte = |n| code.get((at + n) as usize).copied().unwrap_or(0);
        let is_far = byte(0) < FAR;
        let opcode = if is_far { byte(0) + FAR } else { byte(0) };
        let is_long = byte(1) & 0x80 != 0;
        let signed = is_signed_jump(opcode);
        let low = i32::from(byte(1) & 0x7f);
        let bits = if is_long { low | i32::from(byte(2)) << 7 } else { low };
        let distance = match (is_far, signed) {
            (true, true) if bits < 0x4000 => bits - 0x8000,
            (true, true) => bits,
            (true, false) => bits + 0x8000,
            (false, true) => bits - if is_long { 0x4000 } else { 0x40 },
            (false, false) => bits,
        };
        let jump = Self { at, opcode, is_long, is_far, target: 0 };
        Self { target: jump.end().wrapping_add_signed(distance), ..jump }
    }

    /// Where its distance ends, and counts from.
    fn end(self) -> u32 {
        self.at + if self.is_long { 3 } else { 2 }
    }

    /// Where the next instruction is: an `unwind_jump` has a second operand.
    fn next(self) -> u32 {
        self.end() + u32::from(self.opcode == Opcode::UnwindJump as u8)
    }

    fn goes_back(self) -> bool {
        self.target <= self.at
    }

    /// Whether it may become short.
    fn is_near(self) -> bool {
        self.is_long && self.target.abs_diff(self.at) < NEAR
    }

    /// Whether its short form fits if what it jumps over has lost so many bytes.
    fn fits_short(self, lost: u32) -> bool {
        let distance = self.target as i32 - self.end() as i32;
        let lost = lost as i32;
        let distance = if self.goes_back() { distance + 1 + lost } else { distance - lost };
        let range = if is_signed_jump(self.opcode) { -0x40..0x40 } else { 0..0x80 };
        range.contains(&distance)
    }

    /// Its bytes, of which the last only counts if it is long, when its ends have moved; `None` if
    /// it is too far.
    fn bytes(self, end: u32, target: u32, is_long: bool) -> Option<[u8; 3]> {
        let distance = target as i32 - end as i32;
        let signed = is_signed_jump(self.opcode);
        if !is_long {
            let bits = if signed { distance + 0x40 } else { distance };
            return Some([self.opcode, bits as u8, 0]);
        }
        let bits = if signed { distance + 0x4000 } else { distance };
        let [low, high] = long_operand(bits);
        (0..0x8000).contains(&bits).then_some([self.opcode, low, high])
    }
}

/// The first jump of complete instructions, from `at` on.
fn find_jump(code: &[u8], at: u32) -> Option<Jump> {
    const CLOSURES: [u8; 2] = [Opcode::MakeClosure as u8, Opcode::MakeClosureDefargs as u8];
    let mut at = at as usize;
    while let Some(&byte) = code.get(at) {
        match byte {
            0x10..0x40 => {
                at += 1;
                while code.get(at).is_some_and(|byte| byte & 0x80 != 0) {
                    at += 1;
                }
                at += usize::from(CLOSURES.contains(&byte));
            }
            ..0x50 => return Some(Jump::read(code, at as u32)),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The shortened jumps of a unit: a part of the Labels area, in order.
#[derive(Debug, Clone, Copy)]
struct Shortened {
    first: u32,
    end: u32,
}

impl Shortened {
    /// Where an offset goes.
    fn moved<H: Host + ?Sized>(self, host: &Workspace<'_, H>, offset: u32) -> u32 {
        let (mut low, mut high) = (self.first, self.end);
        while low < high {
            let middle = low.midpoint(high);
            if host.word(Area::Labels, middle) < offset {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        offset - (low - self.first)
    }
}

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Shortens the jumps of the complete unit and writes its line table.
    pub(crate) fn relax(&mut self) {
        if self.host.failed() {
            return;
        }
        self.host.truncate(Area::Labels, self.unit.labels_start);
        let some_are_far = self.list_jumps();
        let shortened = self.shorten();
        if some_are_far || shortened.first < shortened.end {
            self.move_together(shortened);
        }
        self.write_lines(shortened);
    }

    /// The unit's code.
    fn code(&self) -> &[u8] {
        let code = self.host.bytes(Area::Code);
        code.get(self.unit.code_start as usize..).unwrap_or_default()
    }

    /// Lists the jumps that may become short; says whether some are far.
    fn list_jumps(&mut self) -> bool {
        let mut some_are_far = false;
        let mut at = 0;
        while let Some(jump) = find_jump(self.code(), at) {
            some_are_far |= jump.is_far;
            if jump.is_near() {
                self.host.push_word(Area::Labels, jump.at);
            }
            at = jump.next();
        }
        some_are_far
    }

    /// Shortens what can be, and keeps only that in the list.
    fn shorten(&mut self) -> Shortened {
        let first = self.unit.labels_start;
        let end = self.host.len(Area::Labels);
        // What a jump goes over lies mostly behind it, so that mostly one round does it all.
        while (first..end).rev().fold(false, |changed, idx| self.shorten_one(first, idx) | changed)
        {
        }
        let mut kept = first;
        for idx in first..end {
            let entry = self.host.word(Area::Labels, idx);
            if entry & SHORT != 0 {
                self.host.set_word(Area::Labels, kept, entry & !SHORT);
                kept += 1;
            }
        }
        self.host.truncate(Area::Labels, kept);
        Shortened { first, end: kept }
    }

    /// Shortens one jump if it fits now; says whether it did.
    fn shorten_one(&mut self, first: u32, idx: u32) -> bool {
        let at = self.host.word(Area::Labels, idx);
        if at & SHORT != 0 {
            return false;
        }
        let jump = Jump::read(self.code(), at);
        let mut lost = 0;
        let mut other = idx;
        loop {
            other = if jump.goes_back() { other.wrapping_sub(1) } else { other + 1 };
            if other < first || other >= self.host.len(Area::Labels) {
                break;
            }
            let entry = self.host.word(Area::Labels, other);
            let place = entry & !SHORT;
            if if jump.goes_back() { place < jump.target } else { place >= jump.target } {
                break;
            }
            lost += entry >> 31;
        }
        let fits = jump.fits_short(lost);
        if fits {
            self.host.set_word(Area::Labels, idx, at | SHORT);
        }
        fits
    }

    /// Moves the code together, and points the jumps to where things are now.
    fn move_together(&mut self, shortened: Shortened) {
        let start = self.unit.code_start;
        let mut next = shortened.first;
        let (mut at, mut from, mut to) = (0, 0, 0);
        while let Some(jump) = find_jump(self.code(), at) {
            self.host.move_down(Area::Code, start + from, start + to, jump.at - from);
            to += jump.at - from;
            let is_next = next < shortened.end && self.host.word(Area::Labels, next) == jump.at;
            next += u32::from(is_next);
            let is_long = jump.is_long && !is_next;
            let end = to + if is_long { 3 } else { 2 };
            let target = shortened.moved(&self.host, jump.target);
            let Some(bytes) = jump.bytes(end, target, is_long) else {
                return self.far();
            };
            for (byte, place) in bytes.into_iter().zip(to..end) {
                self.host.set_byte(Area::Code, start + place, byte);
            }
            (at, from, to) = (jump.next(), jump.end(), end);
        }
        let rest = self.here() - from;
        self.host.move_down(Area::Code, start + from, start + to, rest);
        self.host.truncate(Area::Code, start + to + rest);
    }

    /// Writes the line table behind the steps that it is made of, so that these are what the unit
    /// has below it.
    fn write_lines(&mut self, shortened: Shortened) {
        let steps_end = self.host.len(Area::Lines);
        let mut at = self.unit.lines_start as usize;
        let (mut offset, mut last) = (0, 0);
        while at < steps_end as usize {
            let steps = self.host.bytes(Area::Lines);
            let bytes = read_uint(steps, &mut at).unwrap_or(0);
            let Some(lines) = read_uint(steps, &mut at) else { break };
            offset += bytes;
            let here = shortened.moved(&self.host, offset);
            let Ok(()) = write_step(here - last, lines, &mut AreaSink(&mut self.host, Area::Lines));
            last = here;
        }
        self.unit.lines_start = steps_end;
    }
}
