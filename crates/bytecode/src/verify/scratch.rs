//! The verifier's working memory: words that the caller lends.
//!
//! ```text
//! word per child          its number of free variables, plus 1
//! bit per byte of code    the start of an instruction
//! bit per byte of code    something jumps there
//! word per 32 bytes       how many such targets are before
//! 5 words per target      offset   status, depth   notes   handler   next that is pending
//! 2 words per note        place, kind   below
//! 5 words per handler     target   base, purpose   notes   outer   nesting
//! ```

use super::handler::{Handler, Purpose};
use super::kind::{Kind, Note};
use super::state::State;
use super::{FaultKind, Function, Survey};

/// Words to work with, all zero at first.
pub trait Scratch {
    /// The word at a place; 0 beyond the end.
    fn word(&self, at: u32) -> u32;

    /// Sets a word; false beyond the end.
    fn set_word(&mut self, at: u32, word: u32) -> bool;
}

impl Scratch for &mut [u32] {
    fn word(&self, at: u32) -> u32 {
        self.get(at as usize).copied().unwrap_or(0)
    }

    fn set_word(&mut self, at: u32, word: u32) -> bool {
        self.get_mut(at as usize).map(|place| *place = word).is_some()
    }
}

const TARGET_WORDS: u32 = 5;
const NOTE_WORDS: u32 = 2;
const HANDLER_WORDS: u32 = 5;

/// How far a target has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Unreached,
    /// Its state is known, what follows is not visited yet.
    Reached,
    Visited,
    /// Nothing may come here.
    Closed,
}

/// The areas of the memory.
pub(super) struct Tables<'s> {
    scratch: &'s mut dyn Scratch,
    code_len: u32,
    n_children: u32,
    starts: u32,
    targets: u32,
    ranks: u32,
    states: u32,
    notes: u32,
    notes_end: u32,
    n_notes: u32,
    handlers: u32,
    handlers_end: u32,
    n_handlers: u32,
    /// The first pending target, counted from 1.
    pending: u32,
}

/// Words for a bit per byte of code.
const fn bit_words(code_len: u32) -> u32 {
    code_len / 32 + 1
}

/// All words that code with these figures needs.
pub(super) fn words(survey: &Survey, function: &Function<'_>) -> u32 {
    function.n_children
        + 3 * bit_words(function.code.len() as u32)
        + TARGET_WORDS * survey.n_targets
        + NOTE_WORDS * survey.n_notes
        + HANDLER_WORDS * survey.n_handlers
}

impl<'s> Tables<'s> {
    pub(super) fn new(
        survey: &Survey,
        function: &Function<'_>,
        scratch: &'s mut dyn Scratch,
    ) -> Self {
        let code_len = function.code.len() as u32;
        let starts = function.n_children;
        let targets = starts + bit_words(code_len);
        let ranks = targets + bit_words(code_len);
        let states = ranks + bit_words(code_len);
        let notes = states + TARGET_WORDS * survey.n_targets;
        let handlers = notes + NOTE_WORDS * survey.n_notes;
        Self {
            scratch,
            code_len,
            n_children: function.n_children,
            starts,
            targets,
            ranks,
            states,
            notes,
            notes_end: handlers,
            n_notes: 0,
            handlers,
            handlers_end: handlers + HANDLER_WORDS * survey.n_handlers,
            n_handlers: 0,
            pending: 0,
        }
    }

    fn set(&mut self, at: u32, word: u32) -> Result<(), FaultKind> {
        if self.scratch.set_word(at, word) { Ok(()) } else { Err(FaultKind::Scratch) }
    }

    fn bit(&self, area: u32, at: u32) -> bool {
        at < self.code_len && self.scratch.word(area + at / 32) >> (at % 32) & 1 != 0
    }

    fn set_bit(&mut self, area: u32, at: u32) -> Result<(), FaultKind> {
        let place = area + at / 32;
        let word = self.scratch.word(place) | 1 << (at % 32);
        self.set(place, word)
    }

    /// Notes that an instruction starts here.
    pub(super) fn mark_start(&mut self, at: u32) -> Result<(), FaultKind> {
        self.set_bit(self.starts, at)
    }

    /// Notes that a function is made of a child with so many cells.
    pub(super) fn mark_child(&mut self, child: u32, cells: u32) -> Result<(), FaultKind> {
        if child >= self.n_children {
            return Err(FaultKind::Index);
        }
        match self.scratch.word(child) {
            0 => self.set(child, cells + 1),
            known if known == cells + 1 => Ok(()),
            _ => Err(FaultKind::Cell),
        }
    }

    /// Notes that something jumps here.
    pub(super) fn mark_target(&mut self, at: i64) -> Result<(), FaultKind> {
        match u32::try_from(at) {
            Ok(at) if at < self.code_len => self.set_bit(self.targets, at),
            _ => Err(FaultKind::Jump),
        }
    }

    pub(super) fn is_target(&self, at: u32) -> bool {
        self.bit(self.targets, at)
    }

    /// Once all targets are marked: checks that they are instructions, and counts them.
    pub(super) fn rank_targets(&mut self) -> Result<(), FaultKind> {
        let mut count = 0;
        for word in 0..bit_words(self.code_len) {
            let targets = self.scratch.word(self.targets + word);
            if targets & !self.scratch.word(self.starts + word) != 0 {
                return Err(FaultKind::Jump);
            }
            self.set(self.ranks + word, count)?;
            count += targets.count_ones();
        }
        Ok(())
    }

    /// Where the state of a target is.
    fn state_at(&self, at: u32) -> Option<u32> {
        if !self.is_target(at) {
            return None;
        }
        let before = self.scratch.word(self.targets + at / 32) & ((1 << (at % 32)) - 1);
        let rank = self.scratch.word(self.ranks + at / 32) + before.count_ones();
        Some(self.states + TARGET_WORDS * rank)
    }

    /// What is known of a target.
    pub(super) fn state(&self, at: u32) -> Result<(Status, State), FaultKind> {
        let place = self.state_at(at).ok_or(FaultKind::Jump)?;
        let packed = self.scratch.word(place + 1);
        let status = match packed & 3 {
            0 => Status::Unreached,
            1 => Status::Reached,
            2 => Status::Visited,
            _ => Status::Closed,
        };
        let state = State {
            depth: packed >> 2,
            notes: self.scratch.word(place + 2),
            handler: self.scratch.word(place + 3),
        };
        Ok((status, state))
    }

    /// Notes the state in which a target is reached for the first time.
    pub(super) fn reach(&mut self, at: u32, state: State) -> Result<(), FaultKind> {
        let place = self.state_at(at).ok_or(FaultKind::Jump)?;
        self.set(place, at)?;
        self.set(place + 1, state.depth << 2 | 1)?;
        self.set(place + 2, state.notes)?;
        self.set(place + 3, state.handler)?;
        self.set(place + 4, self.pending)?;
        self.pending = place + 1;
        Ok(())
    }

    /// Notes that what follows a target is being visited.
    pub(super) fn visit(&mut self, at: u32) -> Result<(), FaultKind> {
        let place = self.state_at(at).ok_or(FaultKind::Jump)?;
        let packed = self.scratch.word(place + 1);
        self.set(place + 1, packed & !3 | 2)
    }

    /// Closes an offset, if it is a target.
    pub(super) fn close(&mut self, at: u32) -> Result<(), FaultKind> {
        let Some(place) = self.state_at(at) else { return Ok(()) };
        if self.scratch.word(place + 1) != 0 {
            return Err(FaultKind::Handlers);
        }
        self.set(place + 1, 3)
    }

    /// The offset of a target that is reached and not visited.
    pub(super) fn take_pending(&mut self) -> Option<u32> {
        while let Some(place) = self.pending.checked_sub(1) {
            self.pending = self.scratch.word(place + 4);
            if self.scratch.word(place + 1) & 3 == 1 {
                return Some(self.scratch.word(place));
            }
        }
        None
    }

    /// Adds a note; gives its number, from 1.
    pub(super) fn add_note(&mut self, note: Note) -> Result<u32, FaultKind> {
        let place = self.notes + NOTE_WORDS * self.n_notes;
        if place + NOTE_WORDS > self.notes_end {
            return Err(FaultKind::Scratch);
        }
        self.set(place, note.place << 8 | note.kind.to_bits())?;
        self.set(place + 1, note.below)?;
        self.n_notes += 1;
        Ok(self.n_notes)
    }

    /// A note by its number.
    pub(super) fn note(&self, number: u32) -> Option<Note> {
        let place = self.notes + NOTE_WORDS * number.checked_sub(1)?;
        let packed = self.scratch.word(place);
        let kind = Kind::from_bits(packed & 0xff);
        Some(Note { place: packed >> 8, kind, below: self.scratch.word(place + 1) })
    }

    /// Adds a handler; gives its number, from 1.
    pub(super) fn add_handler(&mut self, handler: Handler) -> Result<u32, FaultKind> {
        let place = self.handlers + HANDLER_WORDS * self.n_handlers;
        if place + HANDLER_WORDS > self.handlers_end {
            return Err(FaultKind::Scratch);
        }
        self.set(place, handler.target)?;
        self.set(place + 1, handler.base << 2 | handler.purpose as u32)?;
        self.set(place + 2, handler.notes)?;
        self.set(place + 3, handler.outer)?;
        self.set(place + 4, handler.nesting)?;
        self.n_handlers += 1;
        Ok(self.n_handlers)
    }

    /// A handler by its number.
    pub(super) fn handler(&self, number: u32) -> Option<Handler> {
        let place = self.handlers + HANDLER_WORDS * number.checked_sub(1)?;
        let packed = self.scratch.word(place + 1);
        let purpose = match packed & 3 {
            0 => Purpose::Except,
            1 => Purpose::Finally,
            2 => Purpose::With,
            _ => Purpose::AsyncWith,
        };
        Some(Handler {
            purpose,
            target: self.scratch.word(place),
            base: packed >> 2,
            notes: self.scratch.word(place + 2),
            outer: self.scratch.word(place + 3),
            nesting: self.scratch.word(place + 4),
        })
    }
}
