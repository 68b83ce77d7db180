//! Running a program: all ways to match at once, character by character.
//!
//! The time is a multiple of the text's length times the program's, whatever the pattern, and
//! there is no recursion. The scratch memory is one Buffer:
//!
//! ```text
//! a bit for each byte of the program: was here at this character
//! the stack of ways to try:  place (or the number of a save and bit 31), position
//! the saves of the way that is being followed
//! two lists of ways that wait for a character:  place, saves
//! ```

use super::compile::{
    ANY, CHAR, CLASS, END, JUMP, MATCH, NOT_CLASS, SAVE, START, TRY_NEXT, TRY_THERE,
};
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::first_char;
use octopy_vm::{Kind, Local, PyResult, Vm};

/// No position.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Marks a stack entry that sets a save back.
const SET_BACK: u32 = 1 << 31;

/// Characters between looks for Ctrl-C.
const PATIENCE: u32 = 128;

/// What a regex is run with.
#[derive(Clone, Copy)]
pub(super) struct Job {
    /// A Bytes object.
    pub(super) program: Local,
    pub(super) saves: u32,
    pub(super) waiting: u32,
    pub(super) text: BufferLook,
    /// Whether the text is of characters, not of bytes.
    pub(super) is_text: bool,
}

struct Machine {
    job: Job,
    scratch: Local,
    marks: u32,
    stack: u32,
    depth: u32,
    current: u32,
    /// Start and number of ways of both lists; the first is the one that is run.
    lists: [(u32, u32); 2],
}

/// Looks for a match from `start` on, or just there. The positions that it saves are in the pushed
/// Buffer; `None` if there is no match.
pub(super) fn run(vm: &mut Vm, job: Job, start: u32, anchored: bool) -> PyResult<Option<Local>> {
    let found = vm.alloc(Kind::Buffer, job.saves)?;
    let mark = vm.mark();
    let bytes = vm.heap.raw(vm.heap.get(job.program), 0);
    let marks = bytes.div_ceil(32);
    let list = job.waiting * (1 + job.saves);
    let stack = bytes + 2;
    let words = marks + stack + job.saves + 2 * list;
    let scratch = vm.alloc(Kind::Buffer, words)?;
    let current = marks + stack;
    let first = current + job.saves;
    let mut machine = Machine {
        job,
        scratch,
        marks,
        stack: marks,
        depth: 0,
        current,
        lists: [(first, 0), (first + list, 0)],
    };
    let is_match = machine.search(vm, start, anchored, found)?;
    vm.release(mark);
    Ok(is_match.then_some(found))
}

impl Machine {
    fn word(&self, vm: &Vm, at: u32) -> u32 {
        vm.heap.raw(vm.heap.get(self.scratch), at)
    }

    fn set(&self, vm: &Vm, at: u32, word: u32) {
        vm.heap.poke_raw(vm.heap.get(self.scratch), at, word);
    }

    fn byte(&self, vm: &Vm, at: u32) -> u8 {
        vm.heap.data(vm.heap.get(self.job.program)).get(at as usize).copied().unwrap_or(MATCH)
    }

    fn search(&mut self, vm: &mut Vm, start: u32, anchored: bool, found: Local) -> PyResult<bool> {
        // Each of many short searches looks, too.
        vm.stop_if_interrupted()?;
        let end = self.job.text.len;
        let mut at = start;
        let mut is_match = false;
        let mut patience = PATIENCE;
        loop {
            if !is_match && (at == start || !anchored) {
                for n in 0..self.job.saves {
                    self.set(vm, self.current + n, NOWHERE);
                }
                self.follow(vm, 0, 0, at);
            }
            let ways = self.lists[0].1;
            if ways == 0 && (is_match || anchored) {
                return Ok(is_match);
            }
            for n in 0..self.marks {
                self.set(vm, n, 0);
            }
            let (code, len) = self.char_at(vm, at);
            is_match |= self.step(vm, at, code, len, found);
            self.lists = [self.lists[1], (self.lists[0].0, 0)];
            if at >= end {
                return Ok(is_match);
            }
            at += len;
            patience -= 1;
            if patience == 0 {
                patience = PATIENCE;
                vm.check_interrupt()?;
            }
        }
    }

    /// The character at a position and its length; at the end, none of length 0.
    fn char_at(&self, vm: &Vm, at: u32) -> (Option<u32>, u32) {
        let bytes = vm.buffer_bytes(&self.job.text).get(at as usize..).unwrap_or_default();
        match bytes.first() {
            None => (None, 0),
            Some(&byte) if !self.job.is_text => (Some(u32::from(byte)), 1),
            Some(_) => {
                let (code, len) = first_char(bytes);
                (Some(code), len as u32)
            }
        }
    }

    /// Runs the ways of the first list over a character into the second; says whether one of them
    /// is a match, which ends those after it.
    fn step(&mut self, vm: &Vm, at: u32, code: Option<u32>, len: u32, found: Local) -> bool {
        let (start, count) = self.lists[0];
        let saves = self.job.saves;
        for way in 0..count {
            let way = start + way * (1 + saves);
            let pc = self.word(vm, way);
            let op = self.byte(vm, pc);
            if op == MATCH {
                for n in 0..saves {
                    vm.heap.poke_raw(vm.heap.get(found), n, self.word(vm, way + 1 + n));
                }
                return true;
            }
            let Some(code) = code else { continue };
            let (fits, size) = match op {
                CHAR => (self.char_of(vm, pc + 1) == code, 4),
                ANY => (true, 1),
                _ => {
                    let count = u32::from(self.byte(vm, pc + 1));
                    let inside = (0..count).any(|n| {
                        let low = self.char_of(vm, pc + 2 + 6 * n);
                        (low..=self.char_of(vm, pc + 5 + 6 * n)).contains(&code)
                    });
                    (inside == (op == CLASS), 2 + 6 * count)
                }
            };
            if fits {
                for n in 0..saves {
                    self.set(vm, self.current + n, self.word(vm, way + 1 + n));
                }
                self.follow(vm, 1, pc + size, at + len);
            }
        }
        false
    }

    fn char_of(&self, vm: &Vm, at: u32) -> u32 {
        let byte = |n| u32::from(self.byte(vm, at + n));
        byte(0) | byte(1) << 8 | byte(2) << 16
    }

    fn push(&mut self, vm: &Vm, what: u32, position: u32) {
        let at = self.stack + 2 * self.depth;
        if at + 1 < self.current {
            self.set(vm, at, what);
            self.set(vm, at + 1, position);
            self.depth += 1;
        }
    }

    /// Follows a way from `pc` until it waits for a character, with all that branches off it.
    fn follow(&mut self, vm: &Vm, list: usize, pc: u32, at: u32) {
        self.push(vm, pc, 0);
        while let Some(depth) = self.depth.checked_sub(1) {
            self.depth = depth;
            let entry = self.stack + 2 * depth;
            let (what, position) = (self.word(vm, entry), self.word(vm, entry + 1));
            if what & SET_BACK != 0 {
                self.set(vm, self.current + (what & !SET_BACK), position);
            } else {
                self.follow_one(vm, list, what, at);
            }
        }
    }

    fn follow_one(&mut self, vm: &Vm, list: usize, mut pc: u32, at: u32) {
        loop {
            let mark = self.word(vm, pc / 32);
            if mark & 1 << (pc % 32) != 0 {
                return;
            }
            self.set(vm, pc / 32, mark | 1 << (pc % 32));
            let there = || {
                let offset = i16::from_le_bytes([self.byte(vm, pc + 1), self.byte(vm, pc + 2)]);
                (pc + 3).wrapping_add_signed(i32::from(offset))
            };
            match self.byte(vm, pc) {
                JUMP => pc = there(),
                TRY_NEXT => {
                    let other = there();
                    self.push(vm, other, 0);
                    pc += 3;
                }
                TRY_THERE => {
                    let there = there();
                    self.push(vm, pc + 3, 0);
                    pc = there;
                }
                SAVE => {
                    let save = u32::from(self.byte(vm, pc + 1));
                    self.push(vm, SET_BACK | save, self.word(vm, self.current + save));
                    self.set(vm, self.current + save, at);
                    pc += 2;
                }
                START if at == 0 => pc += 1,
                END if at == self.job.text.len => pc += 1,
                CHAR | ANY | CLASS | NOT_CLASS | MATCH => return self.wait(vm, list, pc),
                _ => return,
            }
        }
    }

    /// Adds the way that is being followed to a list.
    fn wait(&mut self, vm: &Vm, list: usize, pc: u32) {
        let saves = self.job.saves;
        let Some((start, count)) = self.lists.get_mut(list) else { return };
        if *count >= self.job.waiting {
            return;
        }
        let way = *start + *count * (1 + saves);
        *count += 1;
        self.set(vm, way, pc);
        for n in 0..saves {
            self.set(vm, way + 1 + n, self.word(vm, self.current + n));
        }
    }
}
