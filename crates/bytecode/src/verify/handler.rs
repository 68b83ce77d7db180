//! `Handler`: a `setup_*` that was met, and the rules of entering and leaving.
//!
//! A handler is *guarding* in the code before its target and *running* from there on.

use super::FaultKind;
use super::kind::Kind;
use super::state::{State, Verifier};
use crate::operand::Unwinding;
use crate::{ITERATOR_SLOTS, UNWIND_SLOTS};

/// What a handler is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Except,
    Finally,
    With,
    /// A `finally` whose code is that of an `async with`.
    AsyncWith,
}

/// A handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Handler {
    pub(super) purpose: Purpose,
    /// Where its code starts.
    pub(super) target: u32,
    /// Height of the stack that it is entered with: nothing below is touched while it is open.
    pub(super) base: u32,
    /// Notes about that stack.
    pub(super) notes: u32,
    /// The handler around it, 0 for none.
    pub(super) outer: u32,
    /// How many there are, itself included.
    pub(super) nesting: u32,
}

impl Handler {
    /// Height of the stack once it is left.
    const fn height_after(self) -> u32 {
        match self.purpose {
            Purpose::Except | Purpose::Finally => self.base,
            Purpose::With => self.base.saturating_sub(2),
            Purpose::AsyncWith => self.base.saturating_sub(1),
        }
    }
}

impl Verifier<'_, '_> {
    /// The innermost handler.
    pub(super) fn innermost(&self, state: State) -> Result<Handler, FaultKind> {
        self.tables.handler(state.handler).ok_or(FaultKind::Handlers)
    }

    /// Enters a handler whose code is at `target`; the state is that of the code it guards.
    pub(super) fn enter(
        &mut self,
        state: &mut State,
        purpose: Purpose,
        target: u32,
    ) -> Result<(), FaultKind> {
        let outer = self.tables.handler(state.handler);
        let handler = Handler {
            purpose,
            target,
            base: state.depth,
            notes: state.notes,
            outer: state.handler,
            nesting: outer.map_or(0, |handler| handler.nesting) + 1,
        };
        self.max_handlers = self.max_handlers.max(handler.nesting);
        state.handler = self.tables.add_handler(handler)?;
        self.note_height(state.depth + UNWIND_SLOTS, handler.nesting)?;
        let mut raised = *state;
        let kind = if purpose == Purpose::Except { Kind::Exception } else { Kind::Cause };
        self.push_kind(&mut raised, kind)?;
        if purpose == Purpose::AsyncWith {
            return self.enter_async_with(*state);
        }
        self.check_sides(self.at, target, handler.outer)?;
        self.meet(target, raised)
    }

    /// The state once the innermost handler is left.
    pub(super) fn left(&self, mut state: State, handler: Handler) -> State {
        state.depth = handler.height_after();
        state.notes = self.notes_below(handler.notes, state.depth);
        state.handler = handler.outer;
        state
    }

    /// Whether the code at `at` is the handler's own.
    pub(super) const fn is_running(handler: Handler, at: u32) -> bool {
        at >= handler.target
    }

    /// Handlers that stay open must be guarding or running at both ends of a step.
    pub(super) fn check_sides(&self, from: u32, to: u32, open: u32) -> Result<(), FaultKind> {
        let mut next = open;
        while let Some(handler) = self.tables.handler(next) {
            if Self::is_running(handler, from) != Self::is_running(handler, to) {
                return Err(FaultKind::Handlers);
            }
            next = handler.outer;
        }
        Ok(())
    }

    /// `end_finally`: nothing but the cause is above the handler's stack.
    pub(super) fn end_finally(&self, state: State) -> Result<State, FaultKind> {
        let handler = self.innermost(state)?;
        let kind = match handler.purpose {
            Purpose::Except => Kind::Exception,
            Purpose::Finally => Kind::Cause,
            Purpose::With | Purpose::AsyncWith => return Err(FaultKind::Handlers),
        };
        self.check_cause(state, handler, kind)?;
        Ok(self.left(state, handler))
    }

    /// `with_cleanup`, and the `end_finally` that follows it.
    pub(super) fn with_cleanup(&self, state: State) -> Result<State, FaultKind> {
        let handler = self.innermost(state)?;
        if handler.purpose != Purpose::With {
            return Err(FaultKind::Handlers);
        }
        self.check_cause(state, handler, Kind::Cause)?;
        Ok(self.left(state, handler))
    }

    fn check_cause(&self, state: State, handler: Handler, kind: Kind) -> Result<(), FaultKind> {
        let top = self.tables.note(state.notes);
        let is_there = top.is_some_and(|note| note.place == handler.base && note.kind == kind);
        if !Self::is_running(handler, self.at) || state.depth != handler.base + 1 || !is_there {
            return Err(FaultKind::Handlers);
        }
        Ok(())
    }

    /// `pop_except_jump`: only `except` is left so, with the stack that it was entered with.
    pub(super) fn pop_except(&self, state: State) -> Result<State, FaultKind> {
        let handler = self.innermost(state)?;
        if handler.purpose != Purpose::Except || state.depth != handler.base {
            return Err(FaultKind::Handlers);
        }
        Ok(self.left(state, handler))
    }

    /// The state after leaving so many handlers, and an iterator if that is asked for.
    pub(super) fn unwound(&mut self, state: State, unwind: Unwinding) -> Result<State, FaultKind> {
        let mut state = state;
        for _ in 0..unwind.handlers & 0x7f {
            let handler = self.innermost(state)?;
            // The code of a `with` is `with_cleanup` alone.
            if handler.purpose == Purpose::With && Self::is_running(handler, self.at) {
                return Err(FaultKind::Handlers);
            }
            state = self.left(state, handler);
        }
        if unwind.handlers & 0x80 != 0 {
            self.check_iterator(state)?;
            for _ in 0..ITERATOR_SLOTS {
                self.pop_any(&mut state)?;
            }
        }
        Ok(state)
    }

    /// Falling into the code of a handler is how a `finally` runs when nothing happened: behind a
    /// `load_const_none`.
    pub(super) fn fall_into(&mut self, state: State, to: u32) -> Result<State, FaultKind> {
        let Some(handler) = self.tables.handler(state.handler) else { return Ok(state) };
        if handler.target != to || Self::is_running(handler, self.at) {
            self.check_sides(self.at, to, state.handler)?;
            return Ok(state);
        }
        let is_finally = matches!(handler.purpose, Purpose::Finally | Purpose::With);
        if !is_finally || !self.loads_none || state.depth != handler.base + 1 {
            return Err(FaultKind::Handlers);
        }
        self.check_sides(self.at, to, handler.outer)?;
        let mut state = state;
        self.pop_value(&mut state)?;
        self.push_kind(&mut state, Kind::Cause)?;
        Ok(state)
    }
}
