//! From a pattern to a program.
//!
//! An instruction is a byte and its operands; offsets are 16 bits, counted from the end of the
//! instruction; characters are 24 bits.
//!
//! ```text
//! CHAR char   ANY   CLASS n (low high)*   NOT_CLASS n (low high)*   MATCH     wait for a character
//! JUMP offset   TRY_NEXT offset   TRY_THERE offset   SAVE n   START   END     take none
//! ```

use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::{bytearray, first_char};
use octopy_vm::{Local, Out, PyResult, Raised, Vm};

pub(super) const CHAR: u8 = 0;
pub(super) const ANY: u8 = 1;
pub(super) const CLASS: u8 = 2;
pub(super) const NOT_CLASS: u8 = 3;
pub(super) const MATCH: u8 = 4;
pub(super) const JUMP: u8 = 5;
/// Goes on behind itself; if that fails, at its offset.
pub(super) const TRY_NEXT: u8 = 6;
/// Goes on at its offset; if that fails, behind itself.
pub(super) const TRY_THERE: u8 = 7;
pub(super) const SAVE: u8 = 8;
pub(super) const START: u8 = 9;
pub(super) const END: u8 = 10;

/// How deep groups nest.
const MAX_DEPTH: u32 = 16;

/// The last code point.
const LAST: u32 = 0x10_ffff;

/// A pattern being compiled.
pub(super) struct Compiler {
    pattern: BufferLook,
    is_text: bool,
    at: u32,
    /// A builder.
    program: Local,
    /// Places to save: two a group, the whole match being group 0.
    pub(super) saves: u32,
    /// Instructions that wait for a character.
    pub(super) waiting: u32,
}

#[cold]
fn wrong(vm: &mut Vm) -> Raised {
    vm.raise_value("error in regex")
}

impl Compiler {
    pub(super) fn new(pattern: BufferLook, is_text: bool, program: Local) -> Self {
        Self { pattern, is_text, at: 0, program, saves: 2, waiting: 1 }
    }

    /// Compiles the whole pattern.
    pub(super) fn run(&mut self, vm: &mut Vm) -> PyResult<()> {
        self.emit(vm, &[SAVE, 0])?;
        self.alternatives(vm, 0)?;
        if self.peek(vm).is_some() {
            return Err(wrong(vm));
        }
        self.emit(vm, &[SAVE, 1, MATCH])
    }

    /// The character at the current place and its length.
    fn peek_char(&self, vm: &Vm) -> Option<(u32, u32)> {
        let bytes = vm.buffer_bytes(&self.pattern).get(self.at as usize..).unwrap_or_default();
        match (bytes.first(), self.is_text) {
            (None, _) => None,
            (Some(&byte), false) => Some((u32::from(byte), 1)),
            (Some(_), true) => {
                let (code, len) = first_char(bytes);
                Some((code, len as u32))
            }
        }
    }

    fn peek(&self, vm: &Vm) -> Option<u8> {
        vm.buffer_byte(&self.pattern, self.at)
    }

    fn eat(&mut self, vm: &Vm, byte: u8) -> bool {
        let found = self.peek(vm) == Some(byte);
        self.at += u32::from(found);
        found
    }

    fn next_char(&mut self, vm: &mut Vm) -> PyResult<u32> {
        match self.peek_char(vm) {
            Some((code, len)) => {
                self.at += len;
                Ok(code)
            }
            None => Err(wrong(vm)),
        }
    }

    fn len(&self, vm: &Vm) -> u32 {
        vm.heap.raw(vm.heap.get(self.program), bytearray::LEN)
    }

    fn emit(&mut self, vm: &mut Vm, bytes: &[u8]) -> PyResult<()> {
        vm.write(Out::Builder(self.program), bytes)
    }

    fn emit_char(&mut self, vm: &mut Vm, code: u32) -> PyResult<()> {
        let [low, mid, high, _] = code.to_le_bytes();
        self.emit(vm, &[low, mid, high])
    }

    fn set(&mut self, vm: &Vm, at: u32, byte: u8) {
        let buffer = vm.heap.word(vm.heap.get(self.program), bytearray::BUFFER);
        if let Some(cell) = vm.heap.buffer(buffer).get(at as usize) {
            cell.set(byte);
        }
    }

    fn byte(&self, vm: &Vm, at: u32) -> u8 {
        let buffer = vm.heap.word(vm.heap.get(self.program), bytearray::BUFFER);
        vm.heap.buffer(buffer).get(at as usize).map_or(0, core::cell::Cell::get)
    }

    /// Sets the offset of the instruction at `at` so that it leads to `target`.
    fn aim(&mut self, vm: &mut Vm, at: u32, target: u32) -> PyResult<()> {
        let offset = i64::from(target) - i64::from(at) - 3;
        let Ok(offset) = i16::try_from(offset) else {
            return Err(vm.raise_value("regex too complex"));
        };
        let [low, high] = offset.to_le_bytes();
        self.set(vm, at + 1, low);
        self.set(vm, at + 2, high);
        Ok(())
    }

    /// Inserts an instruction with an offset at `at`. Offsets between later instructions stay right.
    fn insert(&mut self, vm: &mut Vm, at: u32, op: u8) -> PyResult<()> {
        let old = self.len(vm);
        self.emit(vm, &[0; 3])?;
        let buffer = vm.heap.word(vm.heap.get(self.program), bytearray::BUFFER);
        vm.heap.copy_bytes(buffer, at, buffer, at + 3, old - at);
        self.set(vm, at, op);
        Ok(())
    }

    /// Alternatives between `|`, to the end of the pattern or group.
    fn alternatives(&mut self, vm: &mut Vm, depth: u32) -> PyResult<()> {
        // The jumps behind the alternatives are a chain through their offsets.
        let mut chain = 0;
        loop {
            let start = self.len(vm);
            while !matches!(self.peek(vm), None | Some(b'|' | b')')) {
                self.piece(vm, depth)?;
            }
            if !self.eat(vm, b'|') {
                break;
            }
            self.insert(vm, start, TRY_NEXT)?;
            let jump = self.len(vm);
            let Ok(link) = u16::try_from(chain) else {
                return Err(vm.raise_value("regex too complex"));
            };
            let [low, high] = link.to_le_bytes();
            self.emit(vm, &[JUMP, low, high])?;
            self.aim(vm, start, jump + 3)?;
            chain = jump;
        }
        let end = self.len(vm);
        while chain != 0 {
            let jump = chain;
            chain =
                u32::from(u16::from_le_bytes([self.byte(vm, jump + 1), self.byte(vm, jump + 2)]));
            self.aim(vm, jump, end)?;
        }
        Ok(())
    }

    /// An atom with its quantifier.
    fn piece(&mut self, vm: &mut Vm, depth: u32) -> PyResult<()> {
        let start = self.len(vm);
        self.atom(vm, depth)?;
        let Some(quantifier @ (b'*' | b'+' | b'?')) = self.peek(vm) else { return Ok(()) };
        self.at += 1;
        let lazy = self.eat(vm, b'?');
        let enter = if lazy { TRY_THERE } else { TRY_NEXT };
        match quantifier {
            b'+' => {
                let again = self.len(vm);
                let op = if lazy { TRY_NEXT } else { TRY_THERE };
                self.emit(vm, &[op, 0, 0])?;
                self.aim(vm, again, start)
            }
            b'?' => {
                self.insert(vm, start, enter)?;
                let end = self.len(vm);
                self.aim(vm, start, end)
            }
            _ => {
                self.insert(vm, start, enter)?;
                let jump = self.len(vm);
                self.emit(vm, &[JUMP, 0, 0])?;
                self.aim(vm, jump, start)?;
                self.aim(vm, start, jump + 3)
            }
        }
    }

    fn atom(&mut self, vm: &mut Vm, depth: u32) -> PyResult<()> {
        let code = self.next_char(vm)?;
        match u8::try_from(code).unwrap_or(0) {
            b'^' => self.emit(vm, &[START]),
            b'$' => self.emit(vm, &[END]),
            b'.' => {
                self.waiting += 1;
                self.emit(vm, &[ANY])
            }
            b'(' => self.group(vm, depth + 1),
            b'[' => self.class(vm),
            b'*' | b'+' | b'?' => Err(wrong(vm)),
            b'\\' => {
                let code = self.next_char(vm)?;
                if let Some((ranges, negated)) = named(code) {
                    let at = self.open_class(vm, negated)?;
                    self.ranges(vm, at, ranges, false)
                } else {
                    self.literal(vm, code)
                }
            }
            _ => self.literal(vm, code),
        }
    }

    fn literal(&mut self, vm: &mut Vm, code: u32) -> PyResult<()> {
        self.waiting += 1;
        self.emit(vm, &[CHAR])?;
        self.emit_char(vm, code)
    }

    fn group(&mut self, vm: &mut Vm, depth: u32) -> PyResult<()> {
        let saves = if self.eat(vm, b'?') {
            if !self.eat(vm, b':') {
                return Err(wrong(vm));
            }
            None
        } else {
            let first = self.saves;
            self.saves += 2;
            u8::try_from(first).ok()
        };
        if depth > MAX_DEPTH || self.saves > 0x100 {
            return Err(vm.raise_value("regex too complex"));
        }
        if let Some(first) = saves {
            self.emit(vm, &[SAVE, first])?;
        }
        self.alternatives(vm, depth)?;
        if !self.eat(vm, b')') {
            return Err(wrong(vm));
        }
        match saves {
            Some(first) => self.emit(vm, &[SAVE, first + 1]),
            None => Ok(()),
        }
    }

    /// Begins a class without ranges; gives the place of their number.
    fn open_class(&mut self, vm: &mut Vm, negated: bool) -> PyResult<u32> {
        self.waiting += 1;
        self.emit(vm, &[if negated { NOT_CLASS } else { CLASS }, 0])?;
        Ok(self.len(vm) - 1)
    }

    fn range(&mut self, vm: &mut Vm, count_at: u32, low: u32, high: u32) -> PyResult<()> {
        let Some(count) = self.byte(vm, count_at).checked_add(1) else {
            return Err(vm.raise_value("regex too complex"));
        };
        self.set(vm, count_at, count);
        self.emit_char(vm, low)?;
        self.emit_char(vm, high)
    }

    /// The ranges of a named class, or what lies between them.
    fn ranges(
        &mut self,
        vm: &mut Vm,
        count_at: u32,
        ranges: &[(u8, u8)],
        between: bool,
    ) -> PyResult<()> {
        let mut after = 0;
        for &(low, high) in ranges {
            if between {
                self.range(vm, count_at, after, u32::from(low) - 1)?;
                after = u32::from(high) + 1;
            } else {
                self.range(vm, count_at, u32::from(low), u32::from(high))?;
            }
        }
        if between { self.range(vm, count_at, after, LAST) } else { Ok(()) }
    }

    /// What stands behind `[`.
    fn class(&mut self, vm: &mut Vm) -> PyResult<()> {
        let negated = self.eat(vm, b'^');
        let count_at = self.open_class(vm, negated)?;
        while !self.eat(vm, b']') {
            let mut low = self.next_char(vm)?;
            if low == u32::from(b'\\') {
                low = self.next_char(vm)?;
                if let Some((ranges, negated)) = named(low) {
                    self.ranges(vm, count_at, ranges, negated)?;
                    continue;
                }
            }
            let mut high = low;
            let rest = vm.buffer_bytes(&self.pattern).get(self.at as usize..).unwrap_or_default();
            if rest.first() == Some(&b'-') && rest.get(1).is_some_and(|&byte| byte != b']') {
                self.at += 1;
                high = self.next_char(vm)?;
                if high == u32::from(b'\\') {
                    high = self.next_char(vm)?;
                }
            }
            self.range(vm, count_at, low, high)?;
        }
        Ok(())
    }
}

/// The ranges of `\d`, `\s` and `\w`, and whether the letter means all but them.
fn named(letter: u32) -> Option<(&'static [(u8, u8)], bool)> {
    let letter = u8::try_from(letter).ok()?;
    let ranges: &[(u8, u8)] = match letter | 0x20 {
        b'd' => &[(b'0', b'9')],
        b's' => &[(b'\t', b'\r'), (b' ', b' ')],
        b'w' => &[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')],
        _ => return None,
    };
    Some((ranges, letter.is_ascii_uppercase()))
}
