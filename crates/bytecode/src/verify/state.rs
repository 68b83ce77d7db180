//! `State`: what is known at an instruction, and how it changes.

use super::async_with::form;
use super::kind::{Kind, Note};
use super::scratch::{Status, Tables};
use super::{Fault, FaultKind, Function};
use crate::{Instruction, Opcode, decode};

/// What is known at an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    /// Height of the evaluation stack.
    pub(super) depth: u32,
    /// The first note about slots that hold no plain value, 0 for none.
    pub(super) notes: u32,
    /// The innermost handler, 0 for none.
    pub(super) handler: u32,
}

impl State {
    pub(super) const START: Self = Self { depth: 0, notes: 0, handler: 0 };
}

/// Heights of the evaluation stack end here.
const HIGHEST: u32 = 0xffff;

/// The second look at code.
pub(super) struct Verifier<'f, 's> {
    pub(super) function: &'f Function<'f>,
    pub(super) tables: Tables<'s>,
    /// The instruction being visited.
    pub(super) at: u32,
    /// The instruction before it, through which it was reached, is `load_const_none`; or the
    /// instruction itself is, where it falls through.
    pub(super) loads_none: bool,
    pub(super) max_depth: u32,
    pub(super) max_height: u32,
    pub(super) max_handlers: u32,
}

/// What a slot that was popped held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Popped {
    Value,
    Other(Kind),
}

impl<'f, 's> Verifier<'f, 's> {
    pub(super) fn new(function: &'f Function<'f>, tables: Tables<'s>) -> Self {
        Self {
            function,
            tables,
            at: 0,
            loads_none: false,
            max_depth: 0,
            max_height: 0,
            max_handlers: 0,
        }
    }

    /// Marks where instructions start and where jumps go.
    pub(super) fn mark(&mut self) -> Result<(), Fault> {
        let code = self.function.code;
        self.tables.mark_target(0).map_err(|kind| Fault { at: 0, kind })?;
        let mut at = 0;
        while let Some((instruction, end)) = decode(code, at) {
            self.mark_one(instruction, at, end).map_err(|kind| Fault { at, kind })?;
            at = end;
        }
        self.tables.rank_targets().map_err(|kind| Fault { at, kind })
    }

    fn mark_one(
        &mut self,
        instruction: Instruction,
        at: usize,
        end: usize,
    ) -> Result<(), FaultKind> {
        self.tables.mark_start(at as u32)?;
        match instruction {
            Instruction::MakeFunction { child } | Instruction::MakeFunctionDefargs { child } => {
                return self.tables.mark_child(child, 0);
            }
            Instruction::MakeClosure { child, cells }
            | Instruction::MakeClosureDefargs { child, cells } => {
                return self.tables.mark_child(child, u32::from(cells));
            }
            _ => {}
        }
        let Some(jump) = instruction.jump() else { return Ok(()) };
        let target = end as i64 + i64::from(jump.offset);
        self.tables.mark_target(target)?;
        if instruction.opcode() == Opcode::SetupFinally
            && let Some(form) = form(self.function.code, target as u32)
        {
            self.tables.mark_target(i64::from(form.end))?;
        }
        Ok(())
    }

    /// Visits a target and what follows it, up to where it is known already or the flow ends.
    pub(super) fn run_from(&mut self, target: u32) -> Result<(), Fault> {
        self.at = target;
        self.loads_none = false;
        let mut state = State::START;
        loop {
            let at = self.at;
            let fault = |kind| Fault { at: at as usize, kind };
            if self.tables.is_target(at) {
                let (status, known) = self.tables.state(at).map_err(fault)?;
                if status != Status::Reached {
                    return Ok(());
                }
                self.tables.visit(at).map_err(fault)?;
                self.loads_none = false;
                state = known;
            }
            let (instruction, end) =
                decode(self.function.code, at as usize).ok_or(fault(FaultKind::End))?;
            let Some((after, end)) = self.step(state, instruction, end as u32).map_err(fault)?
            else {
                return Ok(());
            };
            self.loads_none = instruction.opcode() == Opcode::LoadConstNone;
            state = after;
            if end as usize >= self.function.code.len() {
                return Err(fault(FaultKind::End));
            }
            if self.tables.is_target(end) {
                state = self.fall_into(state, end).map_err(fault)?;
                self.meet(end, state).map_err(fault)?;
            }
            self.at = end;
        }
    }

    /// Notes that `target` is reached in this state.
    pub(super) fn meet(&mut self, target: u32, state: State) -> Result<(), FaultKind> {
        let (status, known) = self.tables.state(target)?;
        match status {
            Status::Unreached => self.tables.reach(target, state),
            Status::Closed => Err(FaultKind::Handlers),
            Status::Reached | Status::Visited => {
                let is_same = known.depth == state.depth && self.same_notes(known, state);
                match (is_same, known.handler == state.handler) {
                    (true, true) => Ok(()),
                    (true, false) => Err(FaultKind::Handlers),
                    _ => Err(FaultKind::Depth),
                }
            }
        }
    }

    /// As [`Verifier::meet`], for a jump from the instruction being visited.
    pub(super) fn meet_jump(
        &mut self,
        end: u32,
        offset: i32,
        state: State,
    ) -> Result<(), FaultKind> {
        let target = end.checked_add_signed(offset).ok_or(FaultKind::Jump)?;
        self.check_sides(self.at, target, state.handler)?;
        self.meet(target, state)
    }

    fn same_notes(&self, one: State, other: State) -> bool {
        let (mut one, mut other) = (one.notes, other.notes);
        while one != other {
            match (self.tables.note(one), self.tables.note(other)) {
                (Some(a), Some(b)) if a.place == b.place && a.kind == b.kind => {
                    (one, other) = (a.below, b.below);
                }
                _ => return false,
            }
        }
        true
    }

    /// Notes how much stack is needed. Each `finally` that runs may have one slot more than is
    /// counted.
    pub(super) fn note_height(&mut self, depth: u32, nesting: u32) -> Result<(), FaultKind> {
        let height = depth.saturating_add(nesting);
        if height > HIGHEST || nesting > self.function.max_handlers {
            return Err(FaultKind::Overflow);
        }
        self.max_height = self.max_height.max(height);
        Ok(())
    }

    /// How many handlers are open.
    pub(super) fn nesting(&self, state: State) -> u32 {
        self.tables.handler(state.handler).map_or(0, |handler| handler.nesting)
    }

    /// The height below which nothing may be touched.
    fn floor(&self, state: State) -> u32 {
        self.tables.handler(state.handler).map_or(0, |handler| handler.base)
    }

    /// The notes about slots below `depth`.
    pub(super) fn notes_below(&self, notes: u32, depth: u32) -> u32 {
        let mut notes = notes;
        while let Some(note) = self.tables.note(notes) {
            if note.place < depth {
                break;
            }
            notes = note.below;
        }
        notes
    }

    /// The note about the top of the stack.
    pub(super) fn top_note(&self, state: State) -> Option<Note> {
        let note = self.tables.note(state.notes)?;
        (note.place + note.kind.slots() == state.depth).then_some(note)
    }

    /// Pushes plain values.
    pub(super) fn push_values(&mut self, state: &mut State, count: u32) -> Result<(), FaultKind> {
        state.depth = state.depth.saturating_add(count);
        if state.depth > HIGHEST {
            return Err(FaultKind::Overflow);
        }
        self.max_depth = self.max_depth.max(state.depth);
        Ok(())
    }

    /// Pushes something that is no plain value.
    pub(super) fn push_kind(&mut self, state: &mut State, kind: Kind) -> Result<(), FaultKind> {
        let note = Note { place: state.depth, kind, below: state.notes };
        state.notes = self.tables.add_note(note)?;
        self.push_values(state, kind.slots())
    }

    /// Pushes what was popped.
    pub(super) fn push_again(
        &mut self,
        state: &mut State,
        popped: Popped,
    ) -> Result<(), FaultKind> {
        match popped {
            Popped::Other(Kind::Null) => self.push_kind(state, Kind::Null),
            Popped::Value | Popped::Other(Kind::Exception) => self.push_values(state, 1),
            Popped::Other(_) => Err(FaultKind::Kind),
        }
    }

    /// Pops one slot, whatever it holds, except for the cause of a `finally`.
    pub(super) fn pop_any(&mut self, state: &mut State) -> Result<Popped, FaultKind> {
        if state.depth <= self.floor(*state) {
            return Err(FaultKind::Underflow);
        }
        let Some(note) = self.top_note(*state) else {
            state.depth -= 1;
            return Ok(Popped::Value);
        };
        state.notes = note.below;
        match note.kind {
            Kind::Cause => return Err(FaultKind::Kind),
            Kind::Iterator(slots @ 2..) => {
                let rest = Note { kind: Kind::Iterator(slots - 1), ..note };
                state.notes = self.tables.add_note(rest)?;
            }
            _ => {}
        }
        state.depth -= 1;
        Ok(Popped::Other(note.kind))
    }

    /// Pops a value.
    pub(super) fn pop_value(&mut self, state: &mut State) -> Result<(), FaultKind> {
        self.pop_values(state, 1)
    }

    /// Pops so many values. However many: the time is that of the notes about them.
    pub(super) fn pop_values(&mut self, state: &mut State, count: u32) -> Result<(), FaultKind> {
        let depth = state.depth.checked_sub(count).ok_or(FaultKind::Underflow)?;
        if depth < self.floor(*state) {
            return Err(FaultKind::Underflow);
        }
        while let Some(note) = self.tables.note(state.notes) {
            if note.place + note.kind.slots() <= depth {
                break;
            }
            if note.kind != Kind::Exception {
                return Err(FaultKind::Kind);
            }
            state.notes = note.below;
        }
        state.depth = depth;
        Ok(())
    }

    /// A value must be on top, for reading.
    pub(super) fn check_value(&self, state: State) -> Result<(), FaultKind> {
        match self.top_note(state) {
            _ if state.depth == 0 => Err(FaultKind::Underflow),
            Some(note) if note.kind != Kind::Exception => Err(FaultKind::Kind),
            _ => Ok(()),
        }
    }

    /// Pops a value or a null.
    pub(super) fn pop_optional(&mut self, state: &mut State) -> Result<(), FaultKind> {
        match self.pop_any(state)? {
            Popped::Value | Popped::Other(Kind::Exception | Kind::Null) => Ok(()),
            Popped::Other(_) => Err(FaultKind::Kind),
        }
    }

    /// Pops the `self` of a method call.
    pub(super) fn pop_self(&mut self, state: &mut State) -> Result<(), FaultKind> {
        match self.pop_any(state)? {
            Popped::Other(Kind::Iterator(_) | Kind::Cause) => Err(FaultKind::Kind),
            _ => Ok(()),
        }
    }

    /// The four slots on top must be an iterator: one that `get_iter_stack` made, or null, an
    /// iterator object, null, null.
    pub(super) fn check_iterator(&self, state: State) -> Result<(), FaultKind> {
        let Some(first) = state.depth.checked_sub(crate::ITERATOR_SLOTS) else {
            return Err(FaultKind::Underflow);
        };
        if first < self.floor(state) {
            return Err(FaultKind::Underflow);
        }
        let top = self.top_note(state).ok_or(FaultKind::Kind)?;
        if top.kind == Kind::Iterator(crate::ITERATOR_SLOTS) {
            return Ok(());
        }
        let places = [state.depth - 1, state.depth - 2, first];
        let mut notes = state.notes;
        for place in places {
            let note = self.tables.note(notes).ok_or(FaultKind::Kind)?;
            if note.place != place || note.kind != Kind::Null {
                return Err(FaultKind::Kind);
            }
            notes = note.below;
        }
        Ok(())
    }

    /// The collection that `store_comp` adds to must be a value, and no hidden slot above it.
    pub(super) fn check_collection(&self, state: State, slot: u32) -> Result<(), FaultKind> {
        let mut notes = state.notes;
        while let Some(note) = self.tables.note(notes) {
            if note.place + note.kind.slots() <= slot {
                break;
            }
            if note.place <= slot || note.kind == Kind::Cause {
                return Err(FaultKind::Kind);
            }
            notes = note.below;
        }
        Ok(())
    }
}
